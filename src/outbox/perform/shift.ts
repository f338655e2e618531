import { shiftMessage } from '../../blocks/shift.ts';
import { clock, userOf } from '../../incident/by.ts';
import { type Incident, visibleTo } from '../../incident/incident.ts';
import { type Address, sameAddress } from '../../oncall/address.ts';
import { onDuty } from '../../oncall/desk.ts';
import type { ShiftChanged } from '../../oncall/desk-effects.ts';
import { directoryNow } from '../../oncall/directory.ts';
import { type Place, places } from '../../oncall/schedule.ts';
import { shiftReport } from '../../oncall/shift-report.ts';
import { resolveTarget } from '../../oncall/targets.ts';
import { isWorkingTime } from '../../oncall/working-hours.ts';
import { type Context, screenOf } from '../context.ts';
import { findPosted, post } from '../post.ts';
import type { DeskPerformer } from './desk.ts';
import { usersAt } from './targets.ts';

/** Open incidents that are looked at, and recent ones of any state, for what the shift had. */
const openMax = 500;
const recentMax = 200;

/** Does this team answer for it: its own service, or as the catch-all? */
function isOf(context: Context, team: string, { service }: Incident): boolean {
  const question = { service, config: directoryNow(context), at: context.clock.now() };
  return resolveTarget('oncall-primary', question).team === team;
}

/** Nobody for an empty place. */
const usersOf = (context: Context, member: Address | null): Promise<string[]> =>
  member ? usersAt(context, member) : Promise.resolve([]);

/** Between the desk and its incidents, nothing of it in Slack; each incident decides whether its page moves. */
export const movePages: DeskPerformer<'move-pages'> = {
  send: async (context, { about }, { desk, row }) => {
    const moved = places.filter((place) => !samePlace(about, place));
    if (moved.length === 0) return { did: 'cancelled', why: 'nobody changed places' };
    const open = context.store
      .list({ open: true, limit: openMax })
      .filter((one) => isOf(context, desk.team, one));
    for (const place of moved) {
      const from = await usersOf(context, about.before?.[place] ?? null);
      const to = await usersOf(context, about.after[place]);
      if (from.length === 0 || to.length === 0) continue;
      for (const { id } of open) {
        const command = { type: 'shift-changed', by: clock, place, from, to, at: about.after.since } as const;
        await context.engine.handle(id, command, `shift:${row.id}:${place}:${id}`);
      }
    }
    return { did: 'done' };
  },
};

function samePlace({ before, after }: ShiftChanged, place: Place): boolean {
  const [one, other] = [before?.[place] ?? null, after[place]];
  return one === null || other === null ? one === other : sameAddress(one, other);
}

/** The hand-over, to one who comes or goes. A group, or an address that Slack does not know, gets none. */
export const briefShift: DeskPerformer<'brief-shift'> = {
  send: async (context, { member, about }, job) => {
    const user = await readerOf(context, member);
    if (user === null) return { did: 'cancelled', why: 'no one person' };
    const message = await briefing(context, job.desk.team, { user, member, about });
    await post(context, job, { channel: await context.people.dm(user) }, message);
    return { did: 'done' };
  },
  find: async (context, { member }, job) => {
    const user = await readerOf(context, member);
    const channel = user === null ? null : await context.people.dm(user);
    return channel && (await findPosted(context, job, { channel })) ? { did: 'done' } : null;
  },
};

async function readerOf(context: Context, member: Address): Promise<string | null> {
  const [user, ...others] = member.kind === 'group' ? [] : await usersAt(context, member);
  return user !== undefined && others.length === 0 ? user : null;
}

async function briefing(
  context: Context,
  team: string,
  { user, member, about }: { user: string; member: Address; about: ShiftChanged },
) {
  const { store } = context;
  const mine = (incident: Incident) =>
    isOf(context, team, incident) && visibleTo(incident, user) && !incident.isTest;
  const open = store.list({ open: true, limit: openMax }).filter(mine);
  const known = new Set(open.map(({ id }) => id));
  const recent = store.list({ limit: recentMax }).filter((one) => !known.has(one.id) && mine(one));
  const { workingHours } = context.config();
  const report = shiftReport(
    [...open, ...recent].map(({ id, service }) => ({ service, entries: store.timeline(id) })),
    { from: about.before?.since ?? about.after.since, until: about.after.since },
    (at) => isWorkingTime(at, workingHours, workingHours.timeZone),
  );
  const desk = store.desk(team);
  const until = desk ? (onDuty(desk, about.after.since)?.until ?? null) : null;
  const named = [about.after.primary, about.after.secondary].flatMap((one) =>
    one?.kind === 'user' ? [one.value] : [],
  );
  const holders = open.flatMap(({ acknowledged }) => (acknowledged ? [userOf(acknowledged.by)] : []));
  await context.people.learn([...named, ...holders.filter((one) => one !== null)]);
  return shiftMessage({ team, member, about, until, open, report }, screenOf(context));
}
