import type { ModalView } from '@slack/types';
import type { Incident, NudgeRule } from '../incident/incident.ts';
import { chosen, type FormValues, field, modal, type Parsed, radio } from './form.ts';
import { lines } from './rich-text.ts';
import { ruleWord } from './sentence.ts';
import { capital, duration, idOf } from './wording.ts';

/** In minutes. Longer is what **Stop** is for. */
const lengths = [15, 30, 60, 120] as const;

/** Silences one rule of the clock for a while. */
export function snoozeModal(incident: Incident, rule: NudgeRule): ModalView {
  const choices = lengths.map((minutes) => ({ value: String(minutes), label: duration(minutes * 60_000) }));
  return modal(
    'snooze',
    {
      title: `Snooze in ${idOf(incident)}`,
      submit: 'Snooze',
      metadata: { incident: incident.id, rule },
    },
    lines(`"${capital(ruleWord(rule))}" stays silent. Paging is not affected.`),
    field('length', 'For how long?', radio(choices, '15')),
  );
}

/** `untilAt` epoch ms. */
export function parseSnooze(values: FormValues, now: number): Parsed<{ untilAt: number }> {
  const minutes = lengths.find((length) => String(length) === chosen(values, 'length'));
  return minutes === undefined
    ? { errors: { length: 'Choose one.' } }
    : { ok: { untilAt: now + minutes * 60_000 } };
}
