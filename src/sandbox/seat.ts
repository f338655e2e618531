import type { Delivery } from './delivery.ts';
import type { Json } from './json.ts';
import type { User, Workspace } from './workspace.ts';

/** A person in front of Slack. */
export interface Seat {
  ws: Workspace;
  delivery: Delivery;
  user: User;
  /** The channel that is open in front of this person. */
  at: string;
  /** The version of the last ephemeral that this person had seen at the last act. */
  readUntil: number;
  /** What stood at a button because it failed, as a version and words. */
  told: { version: number; words: string } | null;
  /** Options that the app offered this person, by the spot that asked for them. */
  offered: Map<string, Json[]>;
}

/** Narrows where somebody looks: a channel's name or its beginning, `dm`, `modal`, `home`; and words on the message. */
export interface Where {
  in?: string;
  on?: RegExp;
}
