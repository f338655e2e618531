import type { ModalView } from '@slack/types';
import { type Incident, type Role, roles } from '../incident/incident.ts';
import { chosen, chosenUser, type FormValues, field, modal, type Parsed, select, someone } from './form.ts';
import type { Screen } from './message.ts';
import { lines, nameOf } from './rich-text.ts';
import { idOf, roleWord } from './wording.ts';

/** Who holds which role, and a way to change one. `initial`: what the caller already said. */
export function roleModal(
  incident: Incident,
  screen: Screen,
  initial: { role?: Role; user?: string } = {},
): ModalView {
  const choices = roles.map((role) => ({
    value: role,
    label: roleWord(role, screen),
    description: holder(incident, role, screen),
  }));
  return modal(
    'role',
    {
      title: `Roles of ${idOf(incident)}`,
      submit: 'Assign',
      metadata: { incident: incident.id },
    },
    lines(...roles.map((role) => `${roleWord(role, screen)}: ${holder(incident, role, screen)}`)),
    field('role', 'Role', select(choices, initial.role ?? null)),
    field('user', 'Who', someone(initial.user ?? null), {
      optional: true,
      hint: 'Empty: nobody holds the role any more.',
    }),
  );
}

function holder(incident: Incident, role: Role, screen: Screen): string {
  const user = incident.roles[role]?.user;
  return user === undefined ? 'nobody' : nameOf(user, screen);
}

/** `user` null: the role is dropped. */
export function parseRole(values: FormValues): Parsed<{ role: Role; user: string | null }> {
  const role = roles.find((one) => one === chosen(values, 'role'));
  return role === undefined
    ? { errors: { role: 'Choose a role.' } }
    : { ok: { role, user: chosenUser(values, 'user') } };
}
