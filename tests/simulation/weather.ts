import type { Dice } from './dice.ts';

/** What may go wrong with calls (reliability.md section 5, goal 1). */
export const weathers = ['none', 'errors', 'late', 'outage'] as const;
export type WeatherName = (typeof weathers)[number];

/** What becomes of one call. Times in ms from when it was made. */
export interface Fate {
  /** When the other side carries it out; null: never. */
  appliedAfterMs: number | null;
  /** When the caller hears of it. */
  heardAfterMs: number;
  /** What the caller hears in place of the answer itself. */
  hears: 'answer' | 'nothing' | { status: number; retryAfter?: number } | { error: string };
}

/** `storage`: where Slack takes the bytes of files. */
type FarSideName = 'slack' | 'storage' | 'pagerduty';

export interface Weather {
  /** `at`: epoch ms. */
  fate(call: { to: FarSideName; at: number }): Fate;
  /** From here on nothing goes wrong, epoch ms. */
  clearsAt: number;
}

const second = 1_000;
/** A call without an answer is given up after this, as in production. */
const patienceMs = 10 * second;
/** The longest that Slack was ever seen to sit on a call that it carried out all the same (fault matrix: "up to 60 s late"). */
const lateMsMax = 60 * second;
/** Slack and PagerDuty answer within this when all is well. */
const promptMsMax = 1_200;
/** An outage takes so much of the bad time: an hour of a long story. It begins early. */
const outagePart = 0.8;

/** Bad from the start until `endsAt`, epoch ms; an outage takes a part of that. */
export function weatherOf(name: WeatherName, dice: Dice, startAt: number, endsAt: number): Weather {
  const prompt = (): Fate => {
    const heardAfterMs = dice.chance(0.4) ? 0 : dice.between(1, promptMsMax);
    return { appliedAfterMs: dice.between(0, heardAfterMs), heardAfterMs, hears: 'answer' };
  };
  if (name === 'none') return { fate: prompt, clearsAt: startAt };
  if (name === 'outage') return outage(dice, startAt, endsAt, prompt);
  const bad = name === 'errors' ? errors : lateness;
  return {
    fate: ({ to, at }) => (at < endsAt ? (bad(dice, to) ?? prompt()) : prompt()),
    clearsAt: endsAt,
  };
}

/** One call in six: refused for its rate, or failed with an answer that tells nothing; half of those were carried out. */
function errors(dice: Dice, to: FarSideName): Fate | null {
  const roll = dice.next();
  const half = dice.chance(0.5) ? 0 : null;
  const afterMs = dice.between(0, promptMsMax);
  if (roll < 0.06)
    return told(null, afterMs, { status: 429, ...(dice.chance(0.9) && { retryAfter: dice.between(1, 30) }) });
  if (roll < 0.1) return told(half, afterMs, { status: dice.oneOf([500, 502, 503]) });
  // Storage knows no words of its own.
  if (roll < 0.13 && to === 'slack') return told(half, afterMs, { error: 'internal_error' });
  return roll < 0.16 ? told(half, patienceMs, 'nothing') : null;
}

/** One call in fourteen: carried out, and its answer lost, late, or the whole of it late. Events to PagerDuty are only lost: they carry a key. */
function lateness(dice: Dice, to: FarSideName): Fate | null {
  const roll = dice.next();
  const lateMs = dice.between(0, lateMsMax - 1);
  if (roll < 0.03) return told(0, patienceMs, 'nothing');
  if (roll < 0.05) return told(0, dice.between(promptMsMax, patienceMs - 1), 'answer');
  return roll < 0.07 ? told(to === 'pagerduty' ? 0 : lateMs, patienceMs, 'nothing') : null;
}

/** Slack fails three calls of ten, or all; PagerDuty is well. */
function outage(dice: Dice, startAt: number, endsAt: number, prompt: () => Fate): Weather {
  const outageMs = Math.floor((endsAt - startAt) * outagePart);
  const fromAt = startAt + dice.between(0, Math.floor((endsAt - startAt - outageMs) / 1.5));
  const failing = dice.chance(0.5) ? 0.3 : 1;
  const failed = (): Fate => {
    const half = failing < 1 && dice.chance(0.5) ? 0 : null;
    if (dice.chance(0.5)) return told(half, patienceMs, 'nothing');
    return told(half, dice.between(0, promptMsMax), { status: 503 });
  };
  const isBad = (at: number): boolean => at >= fromAt && at < fromAt + outageMs;
  return {
    fate: ({ to, at }) => (to !== 'pagerduty' && isBad(at) && dice.chance(failing) ? failed() : prompt()),
    clearsAt: fromAt + outageMs,
  };
}

const told = (appliedAfterMs: number | null, heardAfterMs: number, hears: Fate['hears']): Fate => ({
  appliedAfterMs,
  heardAfterMs: Math.max(heardAfterMs, hears === 'answer' ? (appliedAfterMs ?? 0) : 0),
  hears,
});
