import type { ExactHands } from './exact.ts';
import { exactHandsOf } from './exact.ts';
import type { Eyes } from './looking.ts';
import { eyesOf } from './looking.ts';
import type { Hands } from './pressing.ts';
import { handsOf } from './pressing.ts';
import type { Seat } from './seat.ts';
import type { Mouth } from './speaking.ts';
import { mouthOf } from './speaking.ts';

/** What one person can do, and see, in Slack. */
export interface Person extends Eyes, Hands, ExactHands, Mouth {
  readonly id: string;
  /** Opens a channel: commands and messages go there from now on, unless they say where. */
  goTo(channel: string): Person;
}

export function personOf(seat: Seat): Person {
  const person: Person = {
    id: seat.user.id,
    goTo: (channel) => {
      seat.at = channel;
      return person;
    },
    ...eyesOf(seat),
    ...handsOf(seat),
    ...exactHandsOf(seat),
    ...mouthOf(seat),
  };
  return person;
}
