import type { ModalView } from '@slack/types';
import type { Incident, NudgeRule } from '../incident/incident.ts';
import { type FormValues, modal, type Parsed } from './form.ts';
import { ruleWord } from './nudge-words.ts';
import { lines } from './rich-text.ts';
import { parseUntil, untilFields } from './until.ts';
import { capital, idOf } from './wording.ts';

/** In minutes. For good is what **Stop** is for. */
const lengths = [15, 30, 60, 120] as const;

/** Silences one rule of the clock for a while. */
export function snoozeModal(incident: Incident, rule: NudgeRule): ModalView {
  return modal(
    'snooze',
    {
      title: `Snooze in ${idOf(incident)}`,
      submit: 'Snooze',
      metadata: { incident: incident.id, rule },
    },
    lines(`"${capital(ruleWord(rule))}" stays silent. Paging is not affected.`),
    ...untilFields(lengths, 15),
  );
}

/** `untilAt` epoch ms. */
export const parseSnooze = (values: FormValues, now: number): Parsed<{ untilAt: number }> =>
  parseUntil(values, lengths, now);
