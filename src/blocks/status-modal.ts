import type { ModalView } from '@slack/types';
import type { Incident, Status } from '../incident/incident.ts';
import { transitions } from '../incident/lifecycle.ts';
import { chosen, type FormValues, field, modal, type Parsed, radio, writing, written } from './form.ts';
import { lines } from './rich-text.ts';
import { idOf, statusWord } from './wording.ts';

const meanings: Partial<Record<Status, string>> = {
  investigating: 'we look for the cause',
  identified: 'we know the cause and work on the fix',
  monitoring: 'the fix is out, we watch whether it holds',
};

const offered = Object.keys(meanings) as Status[];

/** Where the incident can go from here; ends have modals of their own. */
export function statusModal(incident: Incident): ModalView {
  const choices = (isEnd(incident) ? offered : transitions[incident.status]).map((status) => ({
    value: status,
    label: statusWord(status),
    description: meanings[status],
  }));
  return modal(
    'status',
    {
      title: `Status of ${idOf(incident)}`,
      submit: 'Set status',
      metadata: { incident: incident.id },
    },
    lines(`Now ${statusWord(incident.status).toLowerCase()}.`),
    field('status', 'How far are we?', radio(choices)),
    field('note', 'A word about it', writing({ lengthMax: 300 }), { optional: true }),
  );
}

/** An ended incident offers the usual states; what is chosen is refused with its reason. */
const isEnd = (incident: Incident): boolean => transitions[incident.status].length === 0;

export function parseStatus(values: FormValues): Parsed<{ to: Status; note: string }> {
  const to = offered.find((status) => status === chosen(values, 'status'));
  return to === undefined
    ? { errors: { status: 'Choose one.' } }
    : { ok: { to, note: written(values, 'note') } };
}
