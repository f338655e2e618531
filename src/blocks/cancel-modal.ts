import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import { type FormValues, field, modal, type Parsed, writing, written } from './form.ts';
import { lines } from './rich-text.ts';
import { idOf, titleOf } from './wording.ts';

/** It was nothing: stops everything, and can be undone for a day. */
export function cancelModal(incident: Incident): ModalView {
  return modal(
    'cancel',
    {
      title: `Cancel ${idOf(incident)}`,
      submit: 'Cancel incident',
      metadata: { incident: incident.id },
    },
    lines(
      `"${titleOf(incident, 120)}" was a false alarm or went away by itself. Paging stops; no postmortem follows.`,
    ),
    field('why', 'Why?', writing({ lengthMax: 300, placeholder: 'False alarm: the probe was wrong' }), {
      optional: true,
    }),
  );
}

export const parseCancel = (values: FormValues): Parsed<{ why: string }> => ({
  ok: { why: written(values, 'why') },
});
