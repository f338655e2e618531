import { duration } from '../../blocks/wording.ts';
import { userOf } from '../../incident/by.ts';
import type { Incident } from '../../incident/incident.ts';
import { stepsOf, targetsOf, tellingAt } from '../../incident/ladder.ts';
import type { Paged, PageOrder } from '../../incident/page-order.ts';
import { type Address, isMachine, machineName, parseAddress } from '../../oncall/address.ts';
import { directoryNow } from '../../oncall/directory.ts';
import type { SourceState } from '../../oncall/duties.ts';
import { writtenAs } from '../../oncall/known-members.ts';
import { type Resolution, resolveTarget, rotationTargets, targetWords } from '../../oncall/targets.ts';
import type { Context, Performer } from '../context.ts';
import { done } from '../context.ts';

/** Open incidents looked at for "a storm told them already". */
const openMax = 200;
/** Incidents that somebody has, looked at for "they already have one": the worst of them decide. */
const heldMax = 20;

/** What a target makes of its people, as page and channel say it: "primary for payments". */
function standingOf(context: Context, incident: Incident, name: string): string {
  const address = parseAddress(name);
  if (address) return address.kind === 'group' ? groupWords(context, address.value) : '';
  const { team, viaCatchAll, source } = resolution(context, incident, name);
  const words = targetWords(name).replace(/^on-call /, '');
  const { teams } = context.config();
  const ofTeam = team !== null && Object.hasOwn(teams, team) && teams[team]?.targets[name]?.length;
  const isOnCall = rotationTargets.some((target) => target === name);
  if (team === null || !(isOnCall || ofTeam)) return words;
  const place = viaCatchAll
    ? `${words} for ${team}, the catch-all: ${whyCatchAll(context, incident.service)}`
    : `${words} for ${team}`;
  return `${place}${lastKnownWords(source, context.clock.now())}`;
}

/** PagerDuty is away, and this is what it said before. */
function lastKnownWords(source: SourceState | undefined, now: number): string {
  if (!source || source.failingSince === null || source.answeredAt === null) return '';
  return `, last known from PagerDuty ${duration(Math.max(60_000, now - source.answeredAt))} ago`;
}

/** A page waits for no name. */
function groupWords({ people }: Context, group: string): string {
  const name = people.name(group);
  return name === group ? '' : `in the group ${name}`;
}

function whyCatchAll(context: Context, service: string | null): string {
  if (service === null) return 'no team owns this';
  const { services } = context.config();
  const owner = Object.hasOwn(services, service) ? services[service]?.team : undefined;
  return owner === undefined ? `no team owns ${service}` : `${owner} has no on-call list`;
}

const resolution = (context: Context, incident: Incident, name: string): Resolution =>
  resolveTarget(name, {
    service: incident.service,
    config: directoryNow(context),
    at: context.clock.now(),
  });

/** A target becomes people at the moment it fires, from the configuration as it is now. */
export const resolvePage: Performer<'resolve-page'> = {
  send: async (context, { order }, { incident }) => {
    context.freshenDuties();
    const { people, webhooks, missing } = await peopleFor(context, incident, order);
    const isNobody = people.length + webhooks.length === 0;
    const withSecondary = [...people, ...(await secondaryOfTheBusy(context, incident, order, people))];
    const toldInStorm = stormTold(context, incident, order);
    const told = new Set(toldInStorm.map(({ user }) => user));
    await context.people.learn([...withSecondary.map(({ user }) => user), ...ladderUsers(context, incident)]);
    return done({
      type: 'note-targets',
      order,
      people: withSecondary.filter(({ user }) => !told.has(user)),
      missing,
      askedInstead: isNobody ? standIns(incident) : [],
      toldInStorm: withSecondary.flatMap(({ user }) => toldInStorm.find((one) => one.user === user) ?? []),
      ...(webhooks.length > 0 && { webhooks }),
      ...(isNobody && { laterReaches: laterReaches(context, incident, order) }),
    });
  },
};

interface Found {
  people: Paged[];
  /** Machines, by name. */
  webhooks: string[];
  /** Why to nobody, or not to all. */
  missing: string | null;
}

/** Several targets are told at once, everybody once: as what the first of them says. */
async function peopleFor(context: Context, incident: Incident, { target }: PageOrder): Promise<Found> {
  if (target.kind === 'user')
    return { people: [{ user: target.user, standing: '' }], webhooks: [], missing: null };
  const names = [target.name, ...(target.also ?? [])];
  const asked = await Promise.allSettled(names.map((name) => behind(context, incident, name)));
  const found = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = asked.find((one) => one.status === 'rejected');
  // Whoever is known is told now; where nobody is, it is tried again.
  if (failed && found.every((one) => one.people.length + one.webhooks.length === 0)) throw failed.reason;
  const people = new Map<string, Paged>();
  for (const one of found.flatMap((part) => part.people)) {
    if (!people.has(one.user)) people.set(one.user, one);
  }
  const webhooks = [...new Set(found.flatMap((part) => part.webhooks))];
  const lost = names.filter((_, index) => asked[index]?.status === 'rejected').map(targetWords);
  const unsaid = lost.length > 0 ? [`Slack could not say who ${lost.join(', ')} is`] : [];
  const reasons = found.flatMap(({ missing }) => (missing === null ? [] : [missing]));
  const why = [...new Set([...unsaid, ...reasons])].join('; ');
  const isNobody = people.size + webhooks.length === 0;
  return {
    people: [...people.values()],
    webhooks,
    missing: why !== '' ? why : isNobody ? 'nobody was found' : null,
  };
}

async function behind(context: Context, incident: Incident, name: string): Promise<Found> {
  const { addresses, nobody } = resolution(context, incident, name);
  const { users, problem } = await reachable(
    context,
    addresses.filter((address) => !isMachine(address)),
  );
  const standing = standingOf(context, incident, name);
  return {
    people: users.map((user) => ({ user, standing })),
    webhooks: addresses.filter(isMachine).map(machineName),
    missing: problem ?? nobody ?? null,
  };
}

/** Does a later rung lead to somebody, as far as the configuration knows? */
function laterReaches(context: Context, incident: Incident, { step }: PageOrder): boolean {
  if (step === null) return false;
  const later = stepsOf(incident).slice(step + 1);
  return later
    .map((rung) => tellingAt(incident, rung, context.clock.now()))
    .filter(({ action }) => action !== 'ticket')
    .flatMap(targetsOf)
    .flatMap((name) => resolution(context, incident, name).addresses)
    .some(({ kind }) => kind !== 'phone');
}

/** Whoever the rungs would ring: the channel says by name who comes next. */
const ladderUsers = (context: Context, incident: Incident): string[] =>
  stepsOf(incident)
    .flatMap((step) => [step, step.inHours ?? step, step.outOfHours ?? step].flatMap(targetsOf))
    .flatMap((name) => resolution(context, incident, name).addresses)
    .flatMap(({ kind, value }) => (kind === 'user' ? [value] : []));

/** Nobody is configured: the person who declared is asked, and the announce channel (see `people-paged`). */
function standIns(incident: Incident): string[] {
  const declarer = userOf(incident.declaredBy);
  const known = incident.escalation.reached.some((reached) => reached.user === declarer);
  return declarer && !known ? [declarer] : [];
}

/** Slack users behind addresses, and in words which of the addresses lead to nobody in Slack. */
async function reachable(
  context: Context,
  addresses: readonly Address[],
): Promise<{ users: string[]; problem: string | null }> {
  const found = await Promise.all(
    addresses.map(async (address) => ({ address, users: await usersAt(context, address) })),
  );
  const users = [...new Set(found.flatMap((one) => one.users))];
  const lost = found.filter((one) => one.users.length === 0).map(({ address }) => address);
  const phones = lost.filter(({ kind }) => kind === 'phone').map(({ value }) => value);
  const unknown = lost.flatMap((address) =>
    address.kind === 'phone' ? [] : [strangerWords(context, address)],
  );
  const only = users.length > 0 ? 'also' : 'only a phone number is configured:';
  const words = [
    unknown.length > 0 ? `Slack does not know ${unknown.join(', ')}` : '',
    phones.length > 0 ? `${unknown.length > 0 ? '' : `${only} `}call ${phones.join(' or ')}` : '',
  ].filter((part) => part !== '');
  return { users, problem: words.length > 0 ? words.join('; ') : null };
}

/** Whom Slack does not know, and what helps with somebody of PagerDuty's. */
export function strangerWords({ store }: Context, { kind, value }: Address): string {
  if (kind !== 'pagerduty') return value;
  const person = store.pagerDutyPerson(value);
  if (person === null) return `${value} of PagerDuty, which does not tell their e-mail`;
  return `${person.name} of PagerDuty (${value}): write their Slack id with ${person.email ?? 'their e-mail'} under pagerduty.users in incident.yml`;
}

/** Slack users behind one address: none for a phone, or where Slack knows nobody. */
export async function usersAt(context: Context, address: Address): Promise<string[]> {
  if (address.kind === 'user') return [address.value];
  if (address.kind === 'phone' || isMachine(address)) return [];
  if (address.kind === 'pagerduty') return inSlack(context, address.value);
  if (address.kind === 'group') return context.people.ofGroup(address.value);
  const user = await context.people.byEmail(address.value);
  return user ? [user] : [];
}

/** A user of PagerDuty: as `incident.yml` says, else whoever has the same e-mail in Slack. PagerDuty is not asked here. */
async function inSlack({ store, config, people }: Context, id: string): Promise<string[]> {
  const email = store.pagerDutyPerson(id)?.email;
  if (!email) return [];
  const user = writtenAs(email, config().pagerduty.users) ?? (await people.byEmail(email));
  return user ? [user] : [];
}

/** A primary who already has another SEV1-2 is paged together with the secondary (product.md section 7). */
async function secondaryOfTheBusy(
  context: Context,
  incident: Incident,
  order: PageOrder,
  people: Paged[],
): Promise<Paged[]> {
  const { target } = order;
  const names = target.kind === 'named' ? [target.name, ...(target.also ?? [])] : [];
  // At a change of shift whoever was told already stays told.
  const isMove = order.reason.why === 'shift-changed';
  if (!names.includes('oncall-primary') || order.action !== 'page' || isMove) return [];
  const held = people.flatMap(({ user }) => context.store.heldBy(user, heldMax));
  const busy = held.find((other) => other.id !== incident.id && other.severity <= 2 && !other.isTest);
  if (!busy?.acknowledged) return [];
  const { addresses } = resolution(context, incident, 'oncall-secondary');
  const { users } = await reachable(context, addresses);
  const holder = context.people.name(userOf(busy.acknowledged.by) ?? '');
  // A private incident is not named to people who may not see it.
  const what = busy.isPrivate ? 'another incident' : `INC-${busy.id} (SEV${busy.severity})`;
  const standing = standingOf(context, incident, 'oncall-secondary');
  return users
    .filter((user) => people.every((paged) => paged.user !== user))
    .map((user) => ({ user, standing, note: `${holder} already has ${what}` }));
}

/**
 * Whoever the ladder told of another incident of the same storm: of those that machines opened before it began, and of
 * those listed since. A worse one than they heard of still rings; so does a page that a person asked for.
 */
function stormTold(context: Context, incident: Incident, order: PageOrder): { user: string; at: number }[] {
  const head = incident.stormOf === null ? null : context.store.incident(incident.stormOf);
  if (!head || order.step === null) return [];
  const since = head.times.declaredAt - context.config().machines.windowMs;
  const before = context.store
    .list({ open: true, limit: openMax })
    .filter(({ declaredBy, times }) => declaredBy.kind !== 'person' && times.declaredAt >= since);
  const others = new Map(
    [head, ...before, ...context.store.stormMembers(head.id)].map((one) => [one.id, one]),
  );
  others.delete(incident.id);
  return [...others.values()].flatMap((other) =>
    other.escalation.reached
      .filter((reached) => reached.severity <= incident.severity)
      .map(({ user, at }) => ({ user, at })),
  );
}
