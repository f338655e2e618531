import type { By } from './by.ts';
import type { MessageSource } from './incident.ts';
import { clean } from './text.ts';
import type { Topic } from './topic.ts';

/** `happenedAt` epoch ms: now, or earlier when back-dated. */
export type NoteCommand = {
  type: 'add-note';
  by: By;
  text: string;
  happenedAt: number;
  /** The message whose words these are. */
  source?: MessageSource;
};

export type NoteFact = {
  type: 'note-added';
  by: By;
  text: string;
  happenedAt: number;
  source?: MessageSource;
};

export const notes: Topic<NoteCommand, NoteFact> = {
  decide: {
    'add-note': (_incident, command, now) => {
      const text = clean(command.text);
      if (text === '') return { refused: 'empty', what: 'the note' };
      if (command.happenedAt > now) return { refused: 'in-the-future' };
      const { by, happenedAt, source } = command;
      return [{ type: 'note-added', by, text, happenedAt, ...(source && { source }) }];
    },
  },
  evolve: { 'note-added': (incident) => incident },
  effects: { 'note-added': () => [] },
};
