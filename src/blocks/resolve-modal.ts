import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import { type Fix, fixes } from '../incident/lifecycle.ts';
import {
  chosen,
  type FormValues,
  field,
  isTicked,
  modal,
  type Parsed,
  radio,
  ticks,
  writing,
  written,
} from './form.ts';
import { lines, link } from './rich-text.ts';
import { capital, firingWords, idOf } from './wording.ts';

/** `text`: what the caller already said. Asks how it was fixed, whether somebody looked, and which linked alerts still fire. */
export function resolveModal(incident: Incident, text = ''): ModalView {
  const firing = firingWords(incident);
  const source = incident.alertSource;
  return modal(
    'resolve',
    {
      title: `Resolve ${idOf(incident)}`,
      submit: 'Resolve',
      metadata: { incident: incident.id },
    },
    firing === null
      ? null
      : lines([`${firing} Sure that it is over? `, source && link('Look in PagerDuty', source.url)]),
    field('how', 'How was it fixed?', radio(fixes.map((fix) => ({ value: fix, label: capital(fix) })))),
    field('verified', 'Recovery', ticks([{ value: 'verified', label: 'I checked: users are fine again' }]), {
      optional: true,
    }),
    field('text', 'A sentence for the postmortem', writing({ lines: 'many', initial: text }), {
      optional: true,
    }),
  );
}

export function parseResolve(values: FormValues): Parsed<{ how: Fix; verified: boolean; text: string }> {
  const how = fixes.find((fix) => fix === chosen(values, 'how'));
  if (how === undefined) return { errors: { how: 'Choose one; "Other" is fine.' } };
  return { ok: { how, verified: isTicked(values, 'verified', 'verified'), text: written(values, 'text') } };
}
