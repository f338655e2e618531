import { idOf, type Reference, reference } from './pagerduty-events.ts';
import type { PagerDutyAbility } from './pagerduty-rules.ts';

export interface PagerDutyUser {
  id: string;
  name: string;
  email: string;
  timeZone: string;
  /** An observer may look and not touch. */
  isObserver: boolean;
}

export interface Shift {
  user: string;
  /** Epoch ms; `endAt` not included. */
  startAt: number;
  endAt: number;
}

export interface Schedule {
  id: string;
  name: string;
  rotation: { users: readonly string[]; startsAt: number; shiftMs: number } | null;
  /** Instead of the rotation; the last one that fits counts. */
  overrides: Shift[];
}

type Target = { user: string } | { schedule: string };

interface Level {
  timeoutMs: number;
  targets: readonly Target[];
}

export interface EscalationPolicy {
  id: string;
  name: string;
  levels: readonly Level[];
  /** How often it begins anew after the last level. */
  repeat: number;
}

export interface Service {
  id: string;
  name: string;
  policy: EscalationPolicy;
  /** Integration key for Events v2. */
  routingKey: string;
}

/** Names are handles; ids are made of them unless given. */
export interface AccountOptions {
  /** Default: ana, bea, cai, dana, eve, finn, with the e-mails they have in Slack. */
  users?: readonly (string | ({ name: string } & Partial<PagerDutyUser>))[];
  schedules?: readonly { name: string; id?: string; rotation?: Schedule['rotation']; shifts?: Shift[] }[];
  policies?: readonly {
    name: string;
    id?: string;
    levels: readonly { timeoutMinutes?: number; targets: readonly Target[] }[];
    repeat?: number;
  }[];
  services?: readonly { name: string; id?: string; policy?: string; routingKey?: string }[];
  /** From the most severe. Default: P1 to P5. */
  priorities?: readonly string[];
  /** What its plan does not include. */
  lacks?: readonly PagerDutyAbility[];
}

export interface Account {
  users: PagerDutyUser[];
  schedules: Schedule[];
  policies: EscalationPolicy[];
  services: Service[];
  priorities: readonly string[];
  lacks: ReadonlySet<PagerDutyAbility>;
}

const PEOPLE = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'];
const TIMEOUT_MINUTES = 30;
/** Of a service that nobody described: PagerDuty wakes whom its alert names, and nobody else. */
const NO_POLICY: EscalationPolicy = { id: 'PDEFAULT', name: 'Default', levels: [], repeat: 0 };

export function accountFrom(options: AccountOptions): Account {
  const policies = (options.policies ?? []).map((one) => ({
    id: one.id ?? idOf(one.name),
    name: one.name,
    levels: one.levels.map(({ timeoutMinutes = TIMEOUT_MINUTES, targets }) => {
      return { timeoutMs: timeoutMinutes * 60_000, targets };
    }),
    repeat: one.repeat ?? 0,
  }));
  return {
    users: (options.users ?? PEOPLE).map(userFrom),
    schedules: (options.schedules ?? []).map((one) => ({
      id: one.id ?? idOf(one.name),
      name: one.name,
      rotation: one.rotation ?? null,
      overrides: [...(one.shifts ?? [])],
    })),
    policies: [...policies, NO_POLICY],
    services: (options.services ?? []).map((one) => serviceFrom(one, policies)),
    priorities: options.priorities ?? ['P1', 'P2', 'P3', 'P4', 'P5'],
    lacks: new Set(options.lacks),
  };
}

function userFrom(option: string | ({ name: string } & Partial<PagerDutyUser>)): PagerDutyUser {
  const given = typeof option === 'string' ? { name: option } : option;
  const { name } = given;
  return {
    id: idOf(name),
    email: `${name}@example.com`,
    timeZone: 'Etc/UTC',
    isObserver: false,
    ...given,
  };
}

function serviceFrom(
  one: NonNullable<AccountOptions['services']>[number],
  policies: readonly EscalationPolicy[],
): Service {
  const policy = one.policy === undefined ? NO_POLICY : policies.find(({ name }) => name === one.policy);
  if (!policy) throw new Error(`PagerDuty has no escalation policy ${one.policy}`);
  const id = one.id ?? idOf(one.name);
  return { id, name: one.name, policy, routingKey: one.routingKey ?? routingKeyOf(id) };
}

/** 32 characters, as a real one has. */
function routingKeyOf(id: string): string {
  return `R0${id}`.padEnd(32, '0').slice(0, 32);
}

/** By handle, id or e-mail. Throws where a test names nobody. */
export function accountUser(account: Account, who: string): PagerDutyUser {
  const user = account.users.find(({ id, name, email }) => [id, name, email].includes(who));
  if (!user) throw new Error(`PagerDuty has no user ${who}`);
  return user;
}

/** A person's screen name, as Slack's sandbox makes it of a handle. */
export function personName(user: PagerDutyUser): string {
  return user.name.charAt(0).toUpperCase() + user.name.slice(1);
}

export function userReference(user: PagerDutyUser): Reference {
  return reference('user', user.id, personName(user));
}

export function policyReference(policy: EscalationPolicy): Reference {
  return reference('escalation_policy', policy.id, policy.name);
}

/** The service of that id or name; one that nobody described has no escalation of its own. */
export function serviceOf(account: Account, { id, summary }: { id: string; summary: string }): Service {
  const known = account.services.find((one) => one.id === id || one.name === summary);
  return known ?? { id, name: summary, policy: NO_POLICY, routingKey: routingKeyOf(id) };
}

/** Who is woken at a level (from 1) of the policy at that time (epoch ms). */
export function wokenAt(
  account: Account,
  policy: EscalationPolicy,
  level: number,
  at: number,
): PagerDutyUser[] {
  const targets = policy.levels[level - 1]?.targets ?? [];
  const names = targets.flatMap((target) => {
    if ('user' in target) return [target.user];
    const name = dutyAt(scheduleNamed(account, target.schedule), at);
    return name === null ? [] : [name];
  });
  return [...new Set(names)].map((name) => accountUser(account, name));
}

export function scheduleNamed(account: Account, name: string): Schedule {
  const schedule = account.schedules.find((one) => one.name === name || one.id === name);
  if (!schedule) throw new Error(`PagerDuty has no schedule ${name}`);
  return schedule;
}

function dutyAt({ rotation, overrides }: Schedule, at: number): string | null {
  const override = overrides.findLast((one) => one.startAt <= at && at < one.endAt);
  if (override) return override.user;
  if (!rotation || rotation.users.length === 0 || at < rotation.startsAt) return null;
  const turn = Math.floor((at - rotation.startsAt) / rotation.shiftMs);
  return rotation.users[turn % rotation.users.length] ?? null;
}

/** So many changes of duty are looked at. */
const TURNS_MAX = 2_000;

/** The shifts of a schedule that touch the range, each in its whole length. */
export function shiftsOf(schedule: Schedule, startAt: number, endAt: number): Shift[] {
  const shifts: Shift[] = [];
  const edges = edgesOf(schedule, startAt, endAt);
  for (const [at, edge] of edges.entries()) {
    const next = edges[at + 1];
    if (next === undefined) break;
    const user = dutyAt(schedule, edge);
    const last = shifts.at(-1);
    if (user === null) continue;
    if (last?.user === user && last.endAt === edge) last.endAt = next;
    else shifts.push({ user, startAt: edge, endAt: next });
  }
  return shifts.filter((one) => one.startAt < endAt && one.endAt > startAt);
}

/** Times at which somebody else may be on duty, from the shift before the range to the one after it. */
function edgesOf({ rotation, overrides }: Schedule, startAt: number, endAt: number): number[] {
  const edges = overrides.flatMap((one) => [one.startAt, one.endAt]);
  if (rotation) {
    const { startsAt, shiftMs } = rotation;
    const first = Math.max(0, Math.floor((startAt - startsAt) / shiftMs));
    for (let turn = first; turn < first + TURNS_MAX; turn += 1) {
      edges.push(startsAt + turn * shiftMs);
      if (startsAt + turn * shiftMs > endAt) break;
    }
  }
  return [...new Set(edges)].sort((a, b) => a - b);
}
