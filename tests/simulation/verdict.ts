import Database from 'better-sqlite3';
import { card } from '../../src/blocks/card.ts';
import type { EffectKind, Lane } from '../../src/incident/effects.ts';
import { fold } from '../../src/incident/fold.ts';
import { ended, type Incident } from '../../src/incident/incident.ts';
import type { PageOrder } from '../../src/incident/page-order.ts';
import { pageStillWanted } from '../../src/incident/page-order.ts';
import { pageKeyOf } from '../../src/incident/paging-out.ts';
import { screenOf } from '../../src/outbox/context.ts';
import { laneNumbers } from '../../src/store/sqlite-incidents.ts';
import type { OutboxState } from '../../src/store/store.ts';
import { misfolded } from '../support/folded.ts';
import type { Accepted, Plan } from './simulate.ts';
import type { Posted } from './slack.ts';
import type { WeatherName } from './weather.ts';
import type { SimulatedWorld } from './world.ts';

/** What is to be said of a run. */
export interface Verdict {
  /** One line for everything that was lost. */
  lost: string[];
  /** Copies beyond the first, by the lane that posted them. */
  doubled: Partial<Record<Lane, number>>;
  /** One line for everything that is there more often than what Slack took too late explains. */
  repeated: string[];
  misordered: string[];
  /** Every other invariant that did not hold, each line with its number in reliability.md 3.11. */
  broken: string[];
  posts: number;
  pages: number;
  /** From being obliged to being taken, of the slowest page, ms; time without a process does not count. */
  pageMsMax: number;
}

/** A row of the outbox, as it is at the end. */
interface Row {
  id: number;
  ref: string;
  incident: number | null;
  kind: EffectKind;
  lane: Lane;
  queue: string | null;
  state: OutboxState;
  error: string | null;
  createdAt: number;
  effect: { order?: PageOrder; user?: string };
}

interface Evidence {
  world: SimulatedWorld;
  incidents: Incident[];
  rows: Row[];
  /** Messages by the row that posted them, in the order in which Slack took them. */
  copies: Map<string, Posted[]>;
}

const incidentsMax = 100;
const final: readonly OutboxState[] = ['done', 'cancelled'];
/** Done means that the message stands there. The others edit, or post only where nothing stands yet. */
const alwaysPosts: readonly EffectKind[] = ['page', 'say', 'tell'];
/** From the claim of a page to its call: a DM may have to be opened first, which may take as long as a call may. */
const inFlightMs = 12_000;
/**
 * What is taken later than this may be there beside one that was made again (reliability.md 3.5; a page: lanes.ts). Said
 * once more, by itself: a verdict that read the lanes would follow every mistake in them.
 */
const tooLateMs: Readonly<Record<Lane, number>> = {
  ...{ page: 1_500, pagerduty: 1_000, 'pagerduty-remarks': 10_000 },
  ...{ channel: 10_000, furnishing: 10_000, announcement: 60_000, chatter: 60_000 },
};
/** A beat, and one more where the store failed in the first. */
const beatsMs = 10_000;
const pagerDutyIsWell: readonly WeatherName[] = ['none', 'outage'];
/** reliability.md 3.11, I10. */
const postsMax = { perMs: 10_000, count: 10 };
/** Longer away than this is caught up with (engine.ts). */
const awayMs = 120_000;

/** Judges the world as it is now. */
export function verdictOn(world: SimulatedWorld, accepted: readonly Accepted[], { weather }: Plan): Verdict {
  const store = world.store();
  const incidents = store.list({ limit: incidentsMax });
  const copies = grouped(world.far.slack.posted, ({ ref }) => ref);
  const rows = rowsOf(world);
  const evidence = { world, incidents, rows, copies };
  const pages = pageTimes(evidence);
  const slow = weather === 'none' ? pages.filter(({ ms }) => ms > beatsMs) : [];
  return {
    lost: [
      ...inputsLost(evidence, accepted),
      ...rowsLost(evidence),
      ...cardsLost(evidence),
      ...pagesOutLost(evidence),
    ],
    doubled: doubles(evidence),
    repeated: repeats(evidence),
    misordered: misorderedIn(evidence),
    broken: [
      ...misfolded(store).map((line) => `I7 ${line}`),
      ...ticksWrong(evidence),
      ...slow.map(({ row, ms }) => `I8 page ${row.id} went out after ${ms} ms`),
      ...(pagerDutyIsWell.includes(weather) ? pagesOutLate(evidence) : []),
      ...pagesUnwanted(evidence),
      ...world.far.slack.early.map((line) => `I10 ${line}`),
      ...bursts(world.far.slack.posted),
      ...catchUps(evidence),
      ...world.reports.filter((line) => /nothing follows|things due at once/.test(line)),
    ],
    posts: world.far.slack.posted.length,
    pages: pages.length,
    pageMsMax: Math.max(0, ...pages.map(({ ms }) => ms)),
  };
}

function rowsOf(world: SimulatedWorld): Row[] {
  const database = new Database(world.path, { readonly: true });
  const lanes = new Map(Object.entries(laneNumbers).map(([lane, n]) => [n, lane as Lane]));
  const read = database.prepare(
    "select id, ref, incident, json_extract(effect, '$.kind') as kind, lane, queue, state, error, created_at as createdAt, effect from outbox order by id",
  );
  const rows = read.all() as (Omit<Row, 'lane' | 'effect'> & { lane: number; effect: string })[];
  database.close();
  return rows.map((row) => ({
    ...row,
    lane: lanes.get(row.lane)!,
    effect: JSON.parse(row.effect) as Row['effect'],
  }));
}

/** I1: what was accepted is in the timeline, once. */
function inputsLost({ world, incidents }: Evidence, accepted: readonly Accepted[]): string[] {
  const store = world.store();
  const entries = incidents.flatMap(({ id }) => store.timeline(id));
  const byCause = grouped(entries, ({ cause }) => cause);
  const missing = accepted.flatMap(({ input, facts }) => {
    const found = byCause.get(input.cause)?.length ?? 0;
    const isOpening = input.cause.startsWith('opening');
    const isRight = facts > 0 ? found === facts : !isOpening || found > 0;
    return isRight ? [] : [`I1 ${input.cause} made ${facts} facts, of which ${found} are kept`];
  });
  const repeated = [...byCause].filter(([, [first, ...others]]) => others.some(({ at }) => at !== first!.at));
  return [...missing, ...repeated.map(([cause]) => `I1 ${cause} was acted on twice`)];
}

/** I2 and I3: nothing waits any more or was given up, and what is done is to be seen. */
function rowsLost({ rows, copies }: Evidence): string[] {
  return rows.flatMap((row) => {
    const name = `row ${row.id} (${row.kind} for INC-${row.incident})`;
    if (!final.includes(row.state)) return [`I2 ${name} is ${row.state}: ${row.error}`];
    const isSeen = copies.has(row.ref) || !alwaysPosts.includes(row.kind) || row.state !== 'done';
    return isSeen ? [] : [`I3 ${name} is done, and nobody sees it`];
  });
}

/** The card says what holds at the end, in a channel of its own. */
function cardsLost({ world, incidents }: Evidence): string[] {
  const { ws } = world.far.slack;
  const screen = screenOf(world.life().context('channel'));
  return incidents.flatMap((incident) => {
    if (incident.visibility !== 'channel') return [];
    const place = incident.places.card;
    const channel = place && ws.channels.get(place.channel);
    const message = channel?.messages.find(({ ts }) => ts === place?.ts);
    if (!message) return [`I3 INC-${incident.id} has no card`];
    const { text } = card(incident, screen);
    return message.text === text ? [] : [`I3 the card says "${message.text}", where "${text}" holds`];
  });
}

/** PagerDuty heard of every page that went through it, and of its end. */
function pagesOutLost({ world, incidents, rows }: Evidence): string[] {
  return incidents.flatMap((incident) => {
    const told = rows.some(
      ({ kind, state, incident: id }) =>
        kind === 'pagerduty-trigger' && state === 'done' && id === incident.id,
    );
    const there = world.far.pagerduty.incidents.get(pageKeyOf(incident) ?? '');
    if (!told) return [];
    if (!there) return [`I3 PagerDuty never heard of INC-${incident.id}`];
    const isOver = !ended(incident.status) || there.state === 'resolved';
    return isOver ? [] : [`I3 PagerDuty still has INC-${incident.id} ${there.state}`];
  });
}

/** Copies of messages, beyond the first. */
function doubles({ rows, copies }: Evidence): Verdict['doubled'] {
  const doubled: Verdict['doubled'] = {};
  for (const { ref, lane } of rows) {
    const extra = (copies.get(ref)?.length ?? 1) - 1;
    if (extra > 0) doubled[lane] = (doubled[lane] ?? 0) + extra;
  }
  return doubled;
}

/** I8: whatever becomes of Slack, phones ring within a beat through a PagerDuty that is well. */
function pagesOutLate({ world, incidents, rows }: Evidence): string[] {
  return incidents.flatMap((incident) => {
    const told = rows.find(({ kind, incident: id }) => kind === 'pagerduty-trigger' && id === incident.id);
    const there = world.far.pagerduty.incidents.get(pageKeyOf(incident) ?? '');
    if (told?.state !== 'done' || there?.opened !== 1) return [];
    const ms = there.openedAt - told.createdAt - awayWithin(world, told.createdAt, there.openedAt);
    return ms > beatsMs ? [`I8 PagerDuty rang for INC-${incident.id} after ${ms} ms`] : [];
  });
}

/**
 * I3, the other way round: nobody reads a message twice, no incident has two channels, PagerDuty opens one. But
 * each that Slack took too late may be there beside another.
 */
function repeats({ world, incidents, rows, copies }: Evidence): string[] {
  const messages = rows.flatMap(({ id, ref, kind, lane }) => {
    const all = copies.get(ref) ?? [];
    const tooLate = all.filter(({ lateMs }) => lateMs > tooLateMs[lane]).length;
    return all.length > 1 + tooLate
      ? [`I3 row ${id} (${kind}) is there ${all.length} times, ${tooLate} of them taken too late`]
      : [];
  });
  const ours = [...world.far.slack.ws.channels.values()].filter(({ name }) => name.startsWith('inc-'));
  const wanted = incidents.filter(({ channel }) => channel !== null).length;
  const keys = [...world.far.pagerduty.incidents].filter(([, { opened }]) => opened > 1);
  return [
    ...messages,
    ...(ours.length > wanted ? [`I3 ${ours.length} channels for ${wanted} incidents`] : []),
    ...keys.map(([key, { opened }]) => `I3 PagerDuty opened ${key} ${opened} times`),
  ];
}

/** I5: the card first, then everything in the order in which it was obliged. */
function misorderedIn({ incidents, rows, copies }: Evidence): string[] {
  return incidents.flatMap(({ id, channel }) => {
    const inChannel = rows
      .filter(({ queue }) => queue === `channel:${id}`)
      .flatMap((row) => {
        const [first] = copies.get(row.ref) ?? [];
        return first && first.channel === channel?.id ? [{ row, ts: first.ts }] : [];
      })
      .sort((one, other) => (one.ts < other.ts ? -1 : 1));
    const [first] = inChannel;
    const wrong = first && first.row.kind !== 'card' ? [`I5 INC-${id} begins with ${first.row.kind}`] : [];
    const said = inChannel.filter(({ row }) => row.lane === 'chatter');
    const swapped = said.filter(({ row }, n) => n > 0 && row.id < said[n - 1]!.row.id);
    return [...wrong, ...swapped.map(({ row }) => `I5 row ${row.id} of INC-${id} came after a later one`)];
  });
}

/** I4: nobody is called for what was taken, or over, before the call was under way. */
function pagesUnwanted({ world, rows }: Evidence): string[] {
  const pages = new Map(rows.filter(({ kind }) => kind === 'page').map((row) => [row.ref, row]));
  return world.far.slack.asked.flatMap(({ ref, at }) => {
    const row = pages.get(ref);
    // What was ordered just now was wanted just now.
    if (!row?.effect.order || row.createdAt > at - inFlightMs) return [];
    const { order } = row.effect;
    const known = world
      .store()
      .timeline(row.incident!)
      .filter((entry) => entry.at <= at);
    // Whoever gave it back meanwhile made it wanted again.
    const meanwhile = known.map((entry) => entry.at).filter((one) => one > at - inFlightMs);
    const isWanted = [at - inFlightMs, ...meanwhile].some((until) =>
      pageStillWanted(fold(known.filter((entry) => entry.at <= until)), order),
    );
    return isWanted ? [] : [`I4 row ${row.id} paged ${row.effect.user}, who was not to be paged any more`];
  });
}

/** How long each page took. */
function pageTimes({ world, rows, copies }: Evidence): { row: Row; ms: number }[] {
  return rows.flatMap((row) => {
    const [first] = copies.get(row.ref) ?? [];
    if (row.kind !== 'page' || !first) return [];
    return [{ row, ms: first.at - row.createdAt - awayWithin(world, row.createdAt, first.at) }];
  });
}

const awayWithin = ({ away }: SimulatedWorld, fromAt: number, toAt: number): number =>
  away.reduce((sum, one) => sum + Math.max(0, Math.min(toAt, one.toAt) - Math.max(fromAt, one.fromAt)), 0);

/** I8: what is due happens within a beat of the clock, and never before. */
function ticksWrong({ world, incidents }: Evidence): string[] {
  const store = world.store();
  return incidents.flatMap(({ id }) =>
    store.timeline(id).flatMap(({ cause, at }) => {
      const dueAt = /^tick:\d+:.*:(\d+)$/.exec(cause)?.[1];
      if (dueAt === undefined) return [];
      const lateMs = at - Number(dueAt);
      if (lateMs < 0) return [`I8 ${cause} came ${-lateMs} ms early`];
      const present = lateMs - awayWithin(world, Number(dueAt), at);
      return present > beatsMs ? [`I8 ${cause} came ${present} ms late`] : [];
    }),
  );
}

/** I10: not more than a post a second and channel, over ten seconds. */
function bursts(posted: readonly Posted[]): string[] {
  const { perMs, count } = postsMax;
  return [...grouped(posted, ({ channel }) => channel)].flatMap(([channel, all]) => {
    const tooMany = all.find(({ at }, n) => n >= count && at - all[n - count]!.at < perMs);
    return tooMany ? [`I10 more than ${count} posts in ${channel} within ${perMs} ms`] : [];
  });
}

/** I11: whoever was away asks once, and pages each person once. */
function catchUps({ world, incidents, rows }: Evidence): string[] {
  const entries = incidents.flatMap(({ id }) => world.store().timeline(id));
  const ticks = entries.filter(({ cause }) => cause.startsWith('tick:'));
  const ofTheClock = new Set(
    ticks.flatMap(({ fact }) => (fact.type === 'page-ordered' ? [orderKey(fact)] : [])),
  );
  return world.away
    .filter(({ fromAt, toAt }) => toAt - fromAt > awayMs)
    .flatMap(({ toAt }) => {
      const caughtUp = rows.filter(({ createdAt }) => createdAt >= toAt && createdAt < toAt + beatsMs / 2);
      const asked = caughtUp.filter(({ kind }) => kind === 'nudge').map(({ incident }) => `INC-${incident}`);
      // What people ask for at that very moment comes on top.
      const paged = caughtUp.filter(
        ({ kind, effect }) => kind === 'page' && ofTheClock.has(orderKey(effect)),
      );
      const rung = paged.map(({ incident, effect }) => `${effect.user} for INC-${incident}`);
      return [
        ...twice(asked).map((what) => `I11 two prompts at once in ${what}`),
        ...twice(rung).map((what) => `I11 two pages at once to ${what}`),
      ];
    });
}

const orderKey = ({ order }: { order?: PageOrder }): string => JSON.stringify(order);

const twice = (list: readonly string[]): string[] => list.filter((one, n) => list.indexOf(one) !== n);

function grouped<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
