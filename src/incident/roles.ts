import { acknowledgeFacts } from './acknowledgement.ts';
import { announced } from './announced.ts';
import type { By } from './by.ts';
import { userOf } from './by.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Incident, Role } from './incident.ts';
import { isOpen } from './incident.ts';
import { whenEnded } from './refusal.ts';
import type { Decision, Topic } from './topic.ts';

export type RoleCommand =
  /** `onlyIfVacant`: a Take button; two people may press it at once, and the second is told who was first. */
  | {
      type: 'assign-role';
      by: By;
      role: Role;
      user: string;
      timeZone: string | null;
      onlyIfVacant: boolean;
      /** This holder counts as vacant: they were silent. */
      insteadOf?: string;
    }
  | { type: 'drop-role'; by: By; role: Role };

export type RoleFact =
  | {
      type: 'role-assigned';
      by: By;
      role: Role;
      user: string;
      before: string | null;
      timeZone: string | null;
      /** It was offered to them, by this person; `by` is who accepted. */
      handedOverBy?: By;
    }
  | { type: 'role-dropped'; by: By; role: Role; user: string };

/** Facts of somebody getting a role. Taking command oneself also acknowledges; being given it does not. */
export function takeRole(
  incident: Incident,
  role: Role,
  user: string,
  by: By,
  timeZone: string | null,
): Fact[] {
  const assigned: Fact = {
    type: 'role-assigned',
    by,
    role,
    user,
    before: incident.roles[role]?.user ?? null,
    timeZone,
  };
  const acknowledges = role === 'commander' && userOf(by) === user && !incident.acknowledged;
  return acknowledges ? [assigned, ...acknowledgeFacts(incident, by)] : [assigned];
}

function assign(incident: Incident, command: Extract<RoleCommand, { type: 'assign-role' }>): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const held = incident.roles[command.role];
  if (held?.user === command.user) {
    return { refused: 'already-has-role', role: command.role, user: command.user };
  }
  if (held && command.onlyIfVacant && held.user !== command.insteadOf) {
    return { refused: 'role-taken', role: command.role, user: held.user, at: held.at };
  }
  return takeRole(incident, command.role, command.user, command.by, command.timeZone);
}

export const roleTopic: Topic<RoleCommand, RoleFact> = {
  decide: {
    'assign-role': assign,
    'drop-role': (incident, command) => {
      if (!isOpen(incident)) return whenEnded(incident);
      const held = incident.roles[command.role];
      if (!held) return { refused: 'role-vacant', role: command.role };
      return [{ type: 'role-dropped', by: command.by, role: command.role, user: held.user }];
    },
  },
  evolve: {
    'role-assigned': (incident, fact, at) => ({
      ...incident,
      roles: { ...incident.roles, [fact.role]: { user: fact.user, at, timeZone: fact.timeZone } },
      vacantSince: vacancy(incident, fact.role, null),
      members: [...new Set([...incident.members, fact.user])],
      nudges: freshNudge(incident, fact.role),
    }),
    'role-dropped': (incident, fact, at) => {
      const { [fact.role]: _dropped, ...roles } = incident.roles;
      return { ...incident, roles, vacantSince: vacancy(incident, fact.role, at) };
    },
  },
  effects: {
    'role-assigned': (fact, after) => {
      const invited: Effect[] = after.channel ? [{ kind: 'invite', users: [fact.user] }] : [];
      return [
        { kind: 'card' },
        ...invited,
        { kind: 'say', about: fact },
        { kind: 'tell', user: fact.user, about: fact },
        ...(fact.handedOverBy && fact.before
          ? [{ kind: 'tell', user: fact.before, about: fact } as const]
          : []),
        ...led(fact.role, after),
      ];
    },
    'role-dropped': (fact, after) => [
      { kind: 'card' },
      { kind: 'say', about: fact },
      ...led(fact.role, after),
    ],
  },
};

const vacancy = (incident: Incident, role: Role, at: number | null): Incident['vacantSince'] =>
  role === 'commander' || role === 'comms' ? { ...incident.vacantSince, [role]: at } : incident.vacantSince;

/** Somebody took the role: its nudge starts afresh should it become vacant again. */
function freshNudge(incident: Incident, role: Role): Incident['nudges'] {
  const rule = role === 'commander' ? 'no-commander' : role === 'comms' ? 'no-comms' : null;
  if (!rule) return incident.nudges;
  const { [rule]: _answered, ...rules } = incident.nudges.rules;
  return { ...incident.nudges, rules };
}

/** The topic and the announcement name who leads. */
function led(role: Role, incident: Incident): Effect[] {
  if (role !== 'commander') return [];
  return [{ kind: 'topic' }, ...announced(incident)];
}
