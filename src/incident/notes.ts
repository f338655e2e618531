import type { By } from './by.ts';
import { clean } from './text.ts';
import type { Topic } from './topic.ts';

/** `happenedAt` epoch ms: now, or earlier when back-dated. */
export type NoteCommand = { type: 'add-note'; by: By; text: string; happenedAt: number };

export type NoteFact = { type: 'note-added'; by: By; text: string; happenedAt: number };

export const notes: Topic<NoteCommand, NoteFact> = {
  decide: {
    'add-note': (_incident, command, now) => {
      const text = clean(command.text);
      if (text === '') return { refused: 'empty', what: 'the note' };
      if (command.happenedAt > now) return { refused: 'in-the-future' };
      return [{ type: 'note-added', by: command.by, text, happenedAt: command.happenedAt }];
    },
  },
  evolve: { 'note-added': (incident) => incident },
  effects: { 'note-added': () => [] },
};
