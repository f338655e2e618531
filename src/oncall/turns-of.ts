import { type Address, sameAddress } from './address.ts';
import { type Desk, onDuty } from './desk.ts';
import { type Place, places } from './schedule.ts';

/** From `from` up to (not including) `until`, epoch ms. */
export interface OwnTurn {
  team: string;
  place: Place;
  from: number;
  until: number;
}

/** So many stretches are looked through. */
const stretchesMax = 100;

/** The turns of one person from `at` (epoch ms) on, soonest first, at most `turnsMax`; the first may have begun long ago. */
export function turnsOf(desk: Desk, user: string, at: number, turnsMax: number): OwnTurn[] {
  const me: Address = { kind: 'user', value: user };
  const turns: OwnTurn[] = [];
  let from = at;
  for (let looked = 0; looked < stretchesMax; looked += 1) {
    const duty = onDuty(desk, from);
    if (!duty) break;
    const place = places.find((one) => duty[one] && sameAddress(duty[one], me));
    const last = turns.at(-1);
    const goesOn = last && last.place === place && last.until === from;
    if (!goesOn && turns.length >= turnsMax) break;
    if (goesOn) last.until = duty.until;
    else if (place) turns.push({ team: desk.team, place, from, until: duty.until });
    from = duty.until;
    if (!Number.isFinite(from)) break;
  }
  return turns;
}
