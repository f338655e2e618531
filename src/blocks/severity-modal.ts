import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import type { Severity } from '../incident/severity-scale.ts';
import { chosen, type FormValues, field, modal, type Parsed, radio, writing, written } from './form.ts';
import type { Screen } from './message.ts';
import { lines } from './rich-text.ts';
import { type Definitions, severityChoices, severityOf } from './severity-choices.ts';
import { idOf, lineLengthMax, severityWhy } from './wording.ts';

/** Changes the severity, with the definitions. Choosing the same one confirms it. */
export function severityModal(incident: Incident, definitions: Definitions, screen: Screen): ModalView {
  return modal(
    'severity',
    {
      title: `Severity of ${idOf(incident)}`,
      submit: 'Set severity',
      metadata: { incident: incident.id },
    },
    lines(`Now ${severityWhy(incident, screen)}${incident.provisional ? ' (provisional)' : ''}`),
    field(
      'severity',
      'How bad is it for users?',
      radio(severityChoices(definitions), String(incident.severity)),
    ),
    field('reason', 'Why', writing({ lengthMax: lineLengthMax }), { optional: true }),
    lines('Raising it pages people again and needs a new acknowledgement. Lowering it pages nobody.'),
  );
}

export function parseSeverityModal(values: FormValues): Parsed<{ to: Severity; reason: string }> {
  const to = severityOf(chosen(values, 'severity'));
  return to === null
    ? { errors: { severity: 'Choose one.' } }
    : { ok: { to, reason: written(values, 'reason') } };
}
