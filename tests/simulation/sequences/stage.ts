import type { Incident as Ticket } from '../../../src/sandbox/pagerduty-events.ts';
import type { World } from '../../../src/sandbox/start.ts';
import type { Plain } from './reference.ts';
import type { Step, Who } from './steps.ts';

/** Incidents of one sequence; more titles there are not. */
const titles = [
  'Checkout fails',
  'Printers jam',
  'Login loops',
  'Search crawls',
  'Mail bounces',
  'Maps vanish',
];
/** Of what is known of one incident, to tell titles of private ones from words that anybody may say. */
export const privateWord = 'Xylophone';

/** `first`: as it was written, `text`: as it reads now. */
export type Said = { first: string; text: string; in: string; by: Who; incident: number; isGone: boolean };

/** The world of one sequence, and all that must be true of it. */
export interface Stage {
  world: World;
  /** By number, from 1. */
  plain: Map<number, Plain>;
  /** Alerts by the incident that they opened. */
  tickets: Map<number, { ticket: Ticket; state: 'triggered' | 'acknowledged' | 'resolved' }>;
  said: Said[];
  /** Texts of notes and follow-ups that were taken, with who gave them: each must be in the timelines once. */
  given: { type: 'note-added' | 'followup-added'; text: string; by: Who }[];
  wrong: string[];
  count: number;
}

export type About = Extract<Step, { on: number }>;

export const titleOf = ({ plain }: Stage): string | undefined => titles[plain.size];

/** Whom a step is about: of those there are. */
export const idOf = ({ plain }: Stage, on: number): number => (on % plain.size) + 1;

export const maySee = ({ world }: Stage, id: number, who: Who): boolean =>
  world.store.incident(id)?.members.includes(world.slack.userId(who)) === true;
