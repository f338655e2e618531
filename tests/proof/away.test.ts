import { expect, onTestFinished, test } from 'vitest';
import { defaultIncidentFile, startWorld, type World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { diceOf } from '../simulation/dice.ts';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

const [secondMs, minuteMs, hourMs] = [1_000, 60_000, 3_600_000];
/** Where nothing is due, time goes by in steps of this. */
const stepMs = minuteMs;
/** Longer than any backlog may take; then it is not waited for any more. */
const clearWithinMs = 30 * minuteMs;
/** Goal 3 of the README. */
const bars = { pageMs: 5 * secondMs, urgentMs: 15 * secondMs, clearMs: 10 * minuteMs, posts: 3 };
/** Incidents that a person declares before somebody else does. */
const perPerson = 10;
const people = Array.from({ length: 12 }, (_, n) => `p${n}`);

/** PagerDuty itself waits an hour between two levels: whoever rings before that, rings because we say so. */
const slow = {
  ...account,
  policies: (account.policies ?? []).map((policy) => ({
    ...policy,
    levels: policy.levels.map((level) => ({ ...level, timeoutMinutes: 60 })),
  })),
};

const away: [words: string, hours: number, incidents: number][] =
  profile.name === 'full'
    ? [
        ['1 h', 1, 100],
        ['17 h', 17, 100],
      ]
    : [
        ['1 h', 1, 20],
        ['17 h', 17, 6],
      ];

test.each(away)(
  'Slack is away for %s, and sends none of its events later',
  async (words, hours, incidents) => {
    const world = await startWorld({
      at: '2026-03-02T02:00Z',
      pagerduty: slow,
      incidentFile: `${defaultIncidentFile}\ndeclaring: { max: 1000, window: 10m }\n`,
      slack: { people: ['ana', 'bea', 'cai', 'dana', 'eve', 'finn', ...people] },
    });
    onTestFinished(() => world.stop());
    await incidentsOpen(world, incidents);
    const gone = await leave(world, hours * hourMs);
    const back = await comeBack(world);
    const pages = pagesOf(world, gone);
    const posts = postsOf(world, back);
    const read = readOf(world, gone);
    const seen = [
      `${pages.due} pages due: ${pages.lost} lost, p99 ${pages.p99Ms / secondMs} s after they were due`,
      `first page ${back.urgentMs / secondMs} s after the return, all clear after ${Math.round(back.clearMs / secondMs)} s`,
      `${posts.most} posts and ${posts.notes} notes an incident at most, ${posts.pages} pages a person and incident`,
      `${back.early} calls before their Retry-After (${back.limited} were sent away)`,
      `${read.wanted} messages, replies, edits and deletions: ${read.lost} lost, ${read.doubled} doubled; ${back.dead} calls given up`,
    ];
    proved({
      goal: 3,
      tried: `${incidents} open incidents, Slack away for ${words} without replay`,
      seen: seen.join('; '),
      bar: '0 lost, 5 s; 15 s, 600 s; 3 and 1, 1; 0; 0, 0, 0',
      holds:
        pages.due > 0 &&
        pages.lost === 0 &&
        pages.p99Ms <= bars.pageMs &&
        back.urgentMs <= bars.urgentMs &&
        back.clearMs <= bars.clearMs &&
        posts.most <= bars.posts &&
        posts.notes === 1 &&
        posts.fewestNotes === 1 &&
        posts.pages <= 1 &&
        back.early === 0 &&
        read.lost === 0 &&
        read.doubled === 0 &&
        back.dead === 0,
    });
  },
);

/** Every fourth is a SEV1 that nobody has; the others are in somebody's hands, with words and a thread in each. */
async function incidentsOpen(world: World, incidents: number): Promise<void> {
  const { slack } = world;
  const isWild = (n: number): boolean => n % 4 === 0;
  const inTurn = [...Array(incidents).keys()].sort((a, b) => Number(isWild(a)) - Number(isWild(b)));
  for (const [turn, n] of inTurn.entries()) {
    const by = people[Math.floor(turn / perPerson) % people.length]!;
    await slack.as(by).command(`/incident declare sev${isWild(n) ? 1 : 3} Fault ${n}`, { in: 'general' });
    // As fast as Slack lets us make channels: the last ones are young when it goes.
    await world.pass(isWild(n) ? '2s' : '4s');
    if (isWild(n)) continue;
    const id = turn + 1;
    await slack.as('bea').command(`/incident INC-${id} ack`, { in: 'general' });
    const { channel } = world.store.incident(id) ?? {};
    if (!channel) continue;
    await slack.as(by).say(`It is ${n} now`, { in: channel.name });
    await slack.as(by).say(`Since when ${n}?`, { in: channel.name, thread: /It is/ });
    await slack.as(by).say(`The password is hunter${n}`, { in: channel.name });
  }
}

interface Gone {
  fromAt: number;
  toAt: number;
  /** Incidents in which people wrote, replied, edited and deleted meanwhile. */
  written: number[];
}

async function leave(world: World, lastsMs: number): Promise<Gone> {
  const { slack, clock, store } = world;
  slack.connect(null);
  slack.faults.always('*', { status: 503 });
  const fromAt = clock.now();
  const dice = diceOf(seed, `away for ${lastsMs}`);
  const written: number[] = [];
  const writing = store
    .list({ open: true, limit: 1_000 })
    .filter(({ severity, channel }) => severity === 3 && channel)
    .map(({ id }) => ({ id, at: fromAt + dice.between(minuteMs, lastsMs - 10 * minuteMs) }))
    .sort((a, b) => a.at - b.at);
  for (const { id, at } of writing) {
    await goOn(world, at);
    await write(world, id);
    written.push(id);
  }
  await goOn(world, fromAt + lastsMs);
  return { fromAt, toAt: clock.now(), written };
}

async function write({ slack, store }: World, id: number): Promise<void> {
  const incident = store.incident(id)!;
  const by = people.find(
    (one) => incident.declaredBy.kind === 'person' && slack.userId(one) === incident.declaredBy.user,
  )!;
  const there = { in: incident.channel!.name };
  await slack.as(by).say('Rolling back', there);
  await slack.as(by).say('Thanks', { ...there, thread: /It is/ });
  await slack.as(by).edit(/It is/, 'It is worse now', there);
  await slack.as(by).delete(/hunter/, there);
}

/** Time goes by, from one thing that is due to the next. */
async function goOn(world: World, until: number): Promise<void> {
  const { clock, store } = world;
  while (clock.now() < until) {
    const now = clock.now();
    const dueAt = store.nextDueAt() ?? until;
    await world.flow(Math.max(secondMs, Math.min(until, now + stepMs, dueAt > now ? dueAt : until) - now));
    await world.settle();
  }
}

interface Back {
  at: number;
  clearAt: number;
  urgentMs: number;
  clearMs: number;
  /** Calls that were sent away, and calls made before they might be. */
  limited: number;
  early: number;
  dead: number;
}

async function comeBack(world: World): Promise<Back> {
  const { slack, clock, store } = world;
  const at = clock.now();
  slack.faults.clear();
  slack.connect(`http://127.0.0.1:${world.port}`);
  const isBusy = (): boolean => {
    const { waiting, unknown, parked } = store.outboxReport(1);
    return waiting + unknown + parked > 0;
  };
  await world.pass('15s');
  while (isBusy() && clock.now() < at + clearWithinMs) await world.pass('5s');
  const clearAt = clock.now();
  const calls = slack.calls.filter((call) => call.at >= at);
  const urgent = calls.find(({ method, ok, args }) => method === 'chat.postMessage' && ok && isDirect(args));
  const sentAway = calls.filter(({ retryAfter }) => retryAfter !== undefined);
  return {
    at,
    clearAt,
    urgentMs: (urgent?.at ?? Number.POSITIVE_INFINITY) - at,
    clearMs: clearAt - at,
    limited: sentAway.length,
    early: sentAway.filter((call) =>
      calls
        .slice(calls.indexOf(call) + 1)
        .some(
          (next) =>
            next.method === call.method &&
            (call.method !== 'chat.postMessage' || next.args.channel === call.args.channel) &&
            next.at > call.at &&
            next.at < call.at + call.retryAfter! * secondMs,
        ),
    ).length,
    dead: store.outboxReport(1).dead,
  };
}

const isDirect = ({ channel }: Record<string, unknown>): boolean => String(channel).startsWith('D');

/**
 * Everybody whom a rung of a ladder called for the first time meanwhile, and whom PagerDuty knows: how long after the rung
 * was due PagerDuty was told to ring them. Infinity: it never was.
 */
function pagesOf({ slack, store, pagerduty }: World, { fromAt, toAt }: Gone) {
  const known = new Map(['bea', 'cai', 'dana'].map((who) => [slack.userId(who), who]));
  const late = store.list({ limit: 1_000 }).flatMap((incident) => {
    const called = new Set<string>();
    let dueAt: number | null = null;
    return store.timeline(incident.id).flatMap(({ at, fact }) => {
      if (fact.type !== 'people-paged' || fact.order.step === null) return [];
      const rungAt = dueAt ?? fact.order.orderedAt;
      dueAt = fact.order.nextAt;
      return fact.people.flatMap(({ user }) => {
        const who = known.get(user);
        if (!who || called.has(who)) return [];
        called.add(who);
        if (at < fromAt || at >= toAt) return [];
        const page = pagerduty.pages.find(
          ({ who: rung, incidentId }) => rung === who && incidentId in incident.alerts,
        );
        return [page ? page.at - rungAt : Number.POSITIVE_INFINITY];
      });
    });
  });
  const reached = late.filter(Number.isFinite).sort((a, b) => a - b);
  return {
    due: late.length,
    lost: late.length - reached.length,
    p99Ms: reached[Math.max(0, Math.ceil(reached.length * 0.99) - 1)] ?? Number.POSITIVE_INFINITY,
  };
}

function postsOf({ slack, store }: World, { at, clearAt }: Back) {
  const posts = slack
    .callsTo('chat.postMessage')
    .filter((call) => call.ok && call.at >= at && call.at <= clearAt);
  const counts = store.list({ limit: 1_000 }).map(({ channel }) => {
    const here = posts.filter(({ args }) => args.channel === channel?.id);
    return {
      posts: here.length,
      notes: here.filter(({ args }) => String(args.text).includes('was away')).length,
    };
  });
  const direct = posts.filter(({ args }) => isDirect(args));
  const pages = new Map<string, number>();
  for (const { args } of direct) {
    const key = `${String(args.channel)} ${/Fault \d+/.exec(String(args.text))?.[0]}`;
    pages.set(key, (pages.get(key) ?? 0) + 1);
  }
  return {
    most: Math.max(...counts.map((one) => one.posts)),
    notes: Math.max(...counts.map((one) => one.notes)),
    fewestNotes: Math.min(...counts.map((one) => one.notes)),
    pages: Math.max(0, ...pages.values()),
  };
}

/** What people wrote and took back meanwhile, as the timelines have it: each once. */
function readOf({ store }: World, { written }: Gone) {
  const wanted = written.flatMap((id) => {
    const facts = store.timeline(id).map(({ fact }) => fact);
    const said = (words: string) =>
      facts.filter((fact) => fact.type === 'message-posted' && fact.text === words).length;
    const edited = facts.filter(
      (fact) => fact.type === 'message-edited' && fact.text === 'It is worse now',
    ).length;
    return [
      said('Rolling back'),
      said('Thanks'),
      edited,
      facts.filter(({ type }) => type === 'message-deleted').length,
    ];
  });
  expect(wanted.length).toBeGreaterThan(0);
  return {
    wanted: wanted.length,
    lost: wanted.filter((times) => times === 0).length,
    doubled: wanted.filter((times) => times > 1).length,
  };
}
