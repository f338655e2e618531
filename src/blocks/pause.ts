import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import { isOpen } from '../incident/incident.ts';
import { type FormValues, field, modal, type Parsed, writing, written } from './form.ts';
import { actions, button, type Message, message, oneLine, type Screen } from './message.ts';
import { date, flat, type Line, lines, type Piece } from './rich-text.ts';
import { parseUntil, untilFields } from './until.ts';
import { byWords, idOf, lineLengthMax } from './wording.ts';

/** In minutes. */
const lengths = [30, 60, 120, 240, 480] as const;

/** No reminders for a while: how long, and why. `why` was typed already. */
export function pauseModal(incident: Incident, why: string): ModalView {
  return modal(
    'pause',
    { title: `Pause ${idOf(incident)}`, submit: 'Pause', metadata: { incident: incident.id } },
    lines('Nobody is reminded of anything meanwhile. A new page, a raise or a new alert ends the pause.'),
    ...untilFields(lengths, 120),
    field('why', 'Why', writing({ initial: why, placeholder: 'Waiting for the vendor', lengthMax: 300 }), {
      optional: true,
    }),
  );
}

/** `untilAt` epoch ms. */
export function parsePause(values: FormValues, now: number): Parsed<{ untilAt: number; why: string }> {
  const until = parseUntil(values, lengths, now);
  return 'errors' in until ? until : { ok: { ...until.ok, why: written(values, 'why') } };
}

/** `Paused until 09:00 by Ana: waiting for the vendor`; null when it is not paused. */
export function pausedLine(incident: Incident, screen: Screen): Piece[] | null {
  const { paused } = incident;
  if (!paused || !isOpen(incident)) return null;
  const why = oneLine(paused.why, lineLengthMax, '');
  return [
    'Paused until ',
    date(paused.untilAt, screen),
    ` by ${byWords(paused.by, screen)}${why && `: ${why}`}`,
  ];
}

/** For whoever paused it. */
export function pausedReply(incident: Incident, screen: Screen): Message {
  const said: Line[] = [
    pausedLine(incident, screen),
    'Nobody is reminded meanwhile. A new page, a raise or a new alert ends the pause.',
  ];
  return message(
    `${idOf(incident)}: ${flat(screen, ...(pausedLine(incident, screen) ?? []))}`,
    lines(...said),
    actions(button('Resume now', 'resume', { incident: incident.id })),
  );
}
