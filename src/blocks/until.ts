import type { InputBlock } from '@slack/types';
import { pauseMsMax } from '../incident/pause.ts';
import { aTime, chosen, chosenTime, type FormValues, field, type Parsed, radio } from './form.ts';
import { duration } from './wording.ts';

/** Two fields: a few lengths (in minutes) in one tap, and any other time. */
export function untilFields(lengths: readonly number[], initial: number): InputBlock[] {
  const choices = lengths.map((minutes) => ({ value: String(minutes), label: duration(minutes * 60_000) }));
  return [
    field('length', 'For how long?', radio(choices, String(initial))),
    field('until', 'Or until', aTime(), {
      optional: true,
      hint: 'A time here counts instead of the choice above.',
    }),
  ];
}

/** `untilAt` epoch ms. */
export function parseUntil(
  values: FormValues,
  lengths: readonly number[],
  now: number,
): Parsed<{ untilAt: number }> {
  const until = chosenTime(values, 'until');
  if (until !== null) {
    if (until <= now) return { errors: { until: 'That time has passed. Choose a later one.' } };
    return until - now > pauseMsMax
      ? { errors: { until: `Choose a time within ${duration(pauseMsMax)}.` } }
      : { ok: { untilAt: until } };
  }
  const minutes = lengths.find((length) => String(length) === chosen(values, 'length'));
  return minutes === undefined
    ? { errors: { length: 'Choose one.' } }
    : { ok: { untilAt: now + minutes * 60_000 } };
}
