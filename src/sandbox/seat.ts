import type { Delivery } from './delivery.ts';
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
}

/** Narrows where somebody looks: a channel's name or its beginning, `dm`, `modal`, `home`; and words on the message. */
export interface Where {
  in?: string;
  on?: RegExp;
}
