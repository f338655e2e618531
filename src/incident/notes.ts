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

/** What led to an incident may be older than it, but not by more: a longer way back is a slip of the finger. */
const backMsMax = 30 * 86_400_000;

export const notes: Topic<NoteCommand, NoteFact> = {
  decide: {
    'add-note': (incident, command, now) => {
      const text = clean(command.text);
      if (text === '') return { refused: 'empty', what: 'the note' };
      if (command.happenedAt > now) return { refused: 'in-the-future' };
      const earliestAt = incident.times.startedAt - backMsMax;
      if (command.happenedAt < earliestAt) return { refused: 'too-long-ago', earliestAt, maxMs: backMsMax };
      const { by, happenedAt, source } = command;
      return [{ type: 'note-added', by, text, happenedAt, ...(source && { source }) }];
    },
  },
  evolve: { 'note-added': (incident) => incident },
  effects: { 'note-added': () => [] },
};
