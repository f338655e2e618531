import type { By } from './by.ts';
import type { Place } from './incident.ts';
import type { Topic } from './topic.ts';

/** `star`: a quote for the postmortem. `pin`: a key event. `hide`: not in the timeline's view, an export or the draft. */
export type Mark = 'star' | 'hide' | 'pin';

/**
 * Which entry: the row it comes from (a person pointed at it in the timeline), or the message (a person reacted to it).
 * `message`: what that row is, where it is one. By row the mark goes on or off for everybody; by message it is one person's, and stands while anybody's does.
 */
export type MarkedEntry = { seq: number; message?: Place } | Place;

interface Marking {
  by: By;
  mark: Mark;
  on: boolean;
  entry: MarkedEntry;
}

export type MarkCommand = Marking & { type: 'mark-entry' };

export type MarkFact = Marking & { type: 'entry-marked' };

/** Marks live in the timeline alone, like the words they are about, and are never refused: what they mean is read. */
export const marks: Topic<MarkCommand, MarkFact> = {
  decide: { 'mark-entry': (_incident, command) => [{ ...command, type: 'entry-marked' }] },
  evolve: { 'entry-marked': (incident) => incident },
  effects: { 'entry-marked': () => [] },
};
