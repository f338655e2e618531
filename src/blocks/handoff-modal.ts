import type { ModalView } from '@slack/types';
import { type Incident, type Role, roles } from '../incident/incident.ts';
import {
  chosen,
  chosenUser,
  type FormValues,
  field,
  modal,
  type Parsed,
  select,
  someone,
  writing,
  written,
} from './form.ts';
import type { Screen } from './message.ts';
import { lines, nameOf } from './rich-text.ts';
import { duration, idOf, roleWord } from './wording.ts';

export interface HandoffForm {
  role: Role;
  user: string;
  words: string;
}

/** Longest message to the person who is asked, in characters. */
const wordsLengthMax = 1_000;

/** Offers a held role to somebody. At least one role is held; `begun`: what the caller already said. */
export function handoffModal(
  incident: Incident,
  screen: Screen,
  begun: Partial<HandoffForm> = {},
): ModalView {
  const choices = roles.flatMap((role) => {
    const held = incident.roles[role];
    if (!held) return [];
    const since = duration(screen.now - held.at);
    return [
      { value: role, label: roleWord(role, screen), description: `${nameOf(held.user, screen)}, ${since}` },
    ];
  });
  return modal(
    'handoff',
    {
      title: `Hand over in ${idOf(incident)}`,
      submit: 'Offer it',
      metadata: { incident: incident.id },
    },
    field('role', 'Which role?', select(choices, begun.role ?? null)),
    field('user', 'To whom?', someone(begun.user ?? null), {
      hint: 'They are asked by direct message, with a briefing.',
    }),
    field(
      'words',
      'What should they know?',
      writing({ lines: 'many', lengthMax: wordsLengthMax, initial: begun.words }),
      { optional: true },
    ),
    lines('Whoever holds the role keeps it until the other one accepts.'),
  );
}

export function parseHandoff(values: FormValues): Parsed<HandoffForm> {
  const role = roles.find((one) => one === chosen(values, 'role'));
  const user = chosenUser(values, 'user');
  if (role === undefined) return { errors: { role: 'Choose a role.' } };
  if (user === null) return { errors: { user: 'Choose a person.' } };
  return { ok: { role, user, words: written(values, 'words') } };
}
