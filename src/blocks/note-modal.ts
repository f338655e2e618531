import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import { chosen, type FormValues, field, modal, type Parsed, select, writing, written } from './form.ts';
import { duration, idOf } from './wording.ts';

/** How far back, in minutes. */
const earlier = [0, 5, 10, 15, 30, 60, 120] as const;

/** Adds to the timeline, back-dated if wanted. */
export function noteModal(incident: Incident): ModalView {
  const choices = earlier.map((minutes) => ({
    value: String(minutes),
    label: minutes === 0 ? 'Just now' : `${duration(minutes * 60_000)} ago`,
  }));
  return modal(
    'note',
    {
      title: `Note for ${idOf(incident)}`,
      submit: 'Add note',
      metadata: { incident: incident.id },
    },
    field('text', 'What happened?', writing({ lines: 'many', placeholder: 'Rolled back release 512' })),
    field('when', 'When?', select(choices, '0')),
  );
}

/** `happenedAt` epoch ms. */
export function parseNote(values: FormValues, now: number): Parsed<{ text: string; happenedAt: number }> {
  const text = written(values, 'text');
  if (text === '') return { errors: { text: 'Write a few words.' } };
  const minutes = earlier.find((one) => String(one) === chosen(values, 'when')) ?? 0;
  return { ok: { text, happenedAt: now - minutes * 60_000 } };
}
