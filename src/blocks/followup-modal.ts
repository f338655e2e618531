import type { KnownBlock, ModalView } from '@slack/types';
import type { Followup } from '../incident/followups.ts';
import { followupLengthMax } from '../incident/followups.ts';
import type { Incident } from '../incident/incident.ts';
import { cleanLine } from '../incident/text.ts';
import { readWhen, type Zone } from '../oncall/when.ts';
import {
  chosen,
  chosenUser,
  type FormValues,
  field,
  modal,
  type Parsed,
  radio,
  someone,
  writing,
  written,
} from './form.ts';
import { oneLine } from './message.ts';
import { lines } from './rich-text.ts';
import { whenProblem } from './when-words.ts';
import { idOf, lineLengthMax } from './wording.ts';

/** What shall be done, by whom, by when. `text`: what the caller already said. */
export const followupModal = (incident: Incident, text = ''): ModalView =>
  modal(
    'followup',
    {
      title: `Follow-up of ${idOf(incident)}`,
      submit: 'Add',
      metadata: { incident: incident.id },
    },
    ...followupFields(text),
  );

/** The same questions, wherever a follow-up comes from. */
export const followupFields = (text: string): KnownBlock[] => [
  field(
    'text',
    'What needs to be done?',
    writing({ initial: text, lengthMax: followupLengthMax, placeholder: 'Add a limit to the retries' }),
  ),
  field('owner', 'Who does it?', someone(), { optional: true }),
  field('due', 'By when?', writing({ placeholder: 'friday, 9 Mar, in 3d' }), {
    optional: true,
    hint: 'Whoever does it is reminded two days before, and weekly once it is late.',
  }),
];

/** `dueAt` epoch ms, read in `zone`, which is the writer's. */
export function parseFollowup(
  values: FormValues,
  now: number,
  zone: Zone,
): Parsed<{ text: string; owner: string | null; dueAt: number | null }> {
  const text = cleanLine(written(values, 'text'));
  const typed = written(values, 'due');
  const due = typed === '' ? { at: null } : readWhen(typed, now, zone);
  const errors = {
    ...(text === '' && { text: 'Write a few words.' }),
    ...('problem' in due && { due: whenProblem(typed, due.problem) }),
  };
  if (Object.keys(errors).length > 0 || 'problem' in due) return { errors };
  return { ok: { text, owner: chosenUser(values, 'owner'), dueAt: due.at } };
}

const dayMs = 86_400_000;

/** How long a reminder can wait. */
const lengths = [
  { value: '1', label: 'Until tomorrow' },
  { value: '3', label: '3 days' },
  { value: '7', label: 'A week' },
] as const;

/** Silences the reminders of one follow-up for some days. */
export const followupSnoozeModal = (incident: Incident, followup: Followup): ModalView =>
  modal(
    'followup-snooze',
    {
      title: `Snooze in ${idOf(incident)}`,
      submit: 'Snooze',
      metadata: { incident: incident.id, followup: followup.n },
    },
    lines(`Follow-up ${followup.n}: ${oneLine(followup.text, lineLengthMax)}`),
    field('length', 'Nobody is reminded of it for', radio(lengths, '1')),
  );

/** `untilAt` epoch ms. */
export function parseFollowupSnooze(values: FormValues, now: number): Parsed<{ untilAt: number }> {
  const length = lengths.find(({ value }) => value === chosen(values, 'length'));
  return length
    ? { ok: { untilAt: now + Number(length.value) * dayMs } }
    : { errors: { length: 'Choose one.' } };
}
