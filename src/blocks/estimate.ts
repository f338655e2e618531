import type { KnownBlock } from '@slack/types';
import { type Level, levels } from '../incident/classify.ts';
import { chosen, type FormValues, field, select } from './form.ts';
import { capital } from './wording.ts';

/** What a person estimates where nothing was measured: how bad, and how soon it must be mended. */
export interface Estimate {
  impact: Level;
  urgency: Level;
}

const choices = levels.map((level) => ({ value: level, label: capital(level) }));

/** Two drop-downs; both or neither. */
export const estimateFields: readonly KnownBlock[] = [
  field('impact', 'Impact on users', select(choices), {
    optional: true,
    hint: 'With the urgency it gives a priority, P1 to P4: that decides the severity if you are not sure and have no numbers.',
  }),
  field('urgency', 'Urgency', select(choices), { optional: true }),
];

const levelOf = (value: string | null): Level | null => levels.find((level) => level === value) ?? null;

/** Null when neither was chosen; half an estimate is an error at the field that is missing, put into `errors`. */
export function parseEstimate(values: FormValues, errors: Record<string, string>): Estimate | null {
  const impact = levelOf(chosen(values, 'impact'));
  const urgency = levelOf(chosen(values, 'urgency'));
  if (impact !== null && urgency !== null) return { impact, urgency };
  if (impact !== null) errors.urgency = 'Choose the urgency too, or leave the impact out.';
  if (urgency !== null) errors.impact = 'Choose the impact too, or leave the urgency out.';
  return null;
}
