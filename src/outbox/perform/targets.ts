import { userOf } from '../../incident/by.ts';
import type { Paged, PageOrder } from '../../incident/escalation.ts';
import type { Incident } from '../../incident/incident.ts';
import type { Address } from '../../oncall/address.ts';
import { type Resolution, resolveTarget, targetWords } from '../../oncall/targets.ts';
import type { Context, Performer } from '../context.ts';
import { done } from '../context.ts';

/** Open incidents looked at for "they already have one". */
const openMax = 200;

/** How the page addresses its reader: "on-call primary for payments". */
export function standingOf(context: Context, incident: Incident, order: PageOrder): string {
  if (order.target.kind === 'user') return '';
  const { team, viaCatchAll } = resolution(context, incident, order.target.name, order.orderedAt);
  const about = viaCatchAll || team === null ? (incident.service ?? team) : team;
  const words = targetWords(order.target.name);
  const unowned = viaCatchAll ? ' (nobody owns it: you are the catch-all)' : '';
  return about ? `${words} for ${about}${unowned}` : `${words}${unowned}`;
}

const resolution = (context: Context, incident: Incident, name: string, at: number): Resolution =>
  resolveTarget(name, { service: incident.service, config: context.config(), at });

/** A target becomes people at the moment it fires, from the configuration as it is now. */
export const resolvePage: Performer<'resolve-page'> = {
  send: async (context, { order }, { incident }) => {
    const named =
      order.target.kind === 'named'
        ? resolution(context, incident, order.target.name, context.clock.now())
        : null;
    const addresses: readonly Address[] =
      order.target.kind === 'user' ? [{ kind: 'user', value: order.target.user }] : (named?.addresses ?? []);
    const found = await reachable(context, addresses);
    const standing = standingOf(context, incident, order);
    const people: Paged[] = found.users.map((user) => ({ user, standing }));
    const withSecondary = [...people, ...(await secondaryOfTheBusy(context, incident, order, people))];
    const toldInStorm = stormTold(context, incident);
    const told = new Set(toldInStorm.map(({ user }) => user));
    await context.people.learn(withSecondary.map(({ user }) => user));
    const missing = found.users.length > 0 ? null : (found.problem ?? named?.nobody ?? 'nobody was found');
    return done({
      type: 'note-targets',
      order,
      people: withSecondary.filter(({ user }) => !told.has(user)),
      missing,
      askedInstead: missing === null ? [] : standIns(incident),
      toldInStorm: toldInStorm.filter(({ user }) => withSecondary.some((paged) => paged.user === user)),
    });
  },
};

/** Nobody is configured: the person who declared is asked, and the announce channel (see `people-paged`). */
function standIns(incident: Incident): string[] {
  const declarer = userOf(incident.declaredBy);
  const known = incident.escalation.reached.some((reached) => reached.user === declarer);
  return declarer && !known ? [declarer] : [];
}

async function reachable(
  context: Context,
  addresses: readonly Address[],
): Promise<{ users: string[]; problem: string | null }> {
  const users = await Promise.all(addresses.map((address) => usersAt(context, address)));
  const phones = addresses.filter((address) => address.kind === 'phone').map((address) => address.value);
  const all = [...new Set(users.flat())];
  if (all.length > 0) return { users: all, problem: null };
  if (phones.length > 0)
    return { users: all, problem: `only a phone number is configured: call ${phones.join(' or ')}` };
  const names = addresses.map((address) => address.value).join(', ');
  return { users: all, problem: addresses.length > 0 ? `Slack does not know ${names}` : null };
}

async function usersAt(context: Context, address: Address): Promise<string[]> {
  if (address.kind === 'user') return [address.value];
  if (address.kind === 'group') return context.people.ofGroup(address.value);
  if (address.kind === 'phone') return [];
  const user = await context.people.byEmail(address.value);
  return user ? [user] : [];
}

/** A primary who already has another SEV1-2 is paged together with the secondary (product.md section 7). */
async function secondaryOfTheBusy(
  context: Context,
  incident: Incident,
  order: PageOrder,
  people: Paged[],
): Promise<Paged[]> {
  if (order.target.kind !== 'named' || order.target.name !== 'oncall-primary' || order.action !== 'page')
    return [];
  const others = context.store.list({ open: true, limit: openMax });
  const busy = others.find(
    (other) =>
      other.id !== incident.id &&
      other.severity <= 2 &&
      people.some(({ user }) => other.acknowledged && userOf(other.acknowledged.by) === user),
  );
  if (!busy?.acknowledged) return [];
  const { addresses } = resolution(context, incident, 'oncall-secondary', context.clock.now());
  const { users } = await reachable(context, addresses);
  const holder = context.people.name(userOf(busy.acknowledged.by) ?? '');
  // A private incident is not named to people who may not see it.
  const what = busy.isPrivate ? 'another incident' : `INC-${busy.id} (SEV${busy.severity})`;
  const standing = targetWords('oncall-secondary');
  return users
    .filter((user) => people.every((paged) => paged.user !== user))
    .map((user) => ({ user, standing, note: `${holder} already has ${what}` }));
}

/** Whoever was paged for another incident of the same storm. */
function stormTold(context: Context, incident: Incident): { user: string; at: number }[] {
  const head = incident.stormOf === null ? null : context.store.incident(incident.stormOf);
  if (!head) return [];
  const others = [head, ...context.store.stormMembers(head.id)].filter((other) => other.id !== incident.id);
  return others.flatMap((other) => other.escalation.reached.map(({ user, at }) => ({ user, at })));
}
