import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { readIncidentFile } from '../../src/config/incident-file.ts';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { type Lanes, standardLanes } from '../../src/outbox/lanes.ts';
import { movableClock } from '../../src/sandbox/clock.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { type Deed, people, type Who } from './deeds.ts';
import { born, quiet } from './life.ts';

/** The clock of production looks this often. */
export const beatMs = 5_000;
/** No process comes back sooner. */
export const bootMs = 1_000;
/** Beats of one wait at which something is due. */
const beatsMax = 5_000;

/** On call in turn: Bea, Cai, Dan. Reminders that page nobody are off, so that only what pages is left. */
const incidentFile = `
teams:
  payments: { onCall: { startsOn: '2026-03-02', primary: [U0BEA, U0CAI, U0DAN] } }
targets: { engineering-manager: U0EVE, vp-engineering: U0FINN, cto: U0GUS, director: U0HAL, team-lead: U0IDA }
services: { payments: { team: payments } }
severities: { 1: { updateEvery: 15m }, 2: { updateEvery: none }, 3: { updateEvery: none } }
declaring: { max: 1000, window: 10m }
cadence:
  noCommander: 1000h
  noComms: 1000h
  severityUnsure: none
  undecidedTriage: none
  stillInvestigating: none
  commanderSilent: { 1: none, 2: none }
  channelSilent: none
  monitoringSilent: none
  monitoringLong: none
  commanderFatigue: none
`;

const { config, problems } = readIncidentFile(incidentFile);
if (!config) throw new Error(JSON.stringify(problems));

/** Pages, what follows from them, and the channel: the rest waits, and pages must not wait for it. */
const shut = { concurrency: 0, graceMs: 0, backoffMaxMs: 1, attemptsMax: 1 };
const lanes: Lanes = {
  ...standardLanes,
  furnishing: shut,
  announcement: shut,
  'pagerduty-remarks': shut,
  chatter: shut,
};

/** A phone that rang: `at` epoch ms. */
export interface Rang {
  at: number;
  who: Who;
  incident: number;
  /** The rung, counted from 0; null outside the ladder. */
  step: number | null;
  why: string;
}

export const idOf = (who: Who): string => `U0${who.toUpperCase()}`;

/** Where everything would leave the house: Slack takes every call and answers at once. */
function boundary(now: () => number) {
  const posted: { at: number; channel: string; ts: string }[] = [];
  let n = 0;
  const answer = (method: string, args: URLSearchParams): Record<string, unknown> => {
    if (method === 'conversations.create') return { channel: { id: `C${++n}`, name: args.get('name') } };
    if (method !== 'chat.postMessage') return {};
    const channel = args.get('channel') ?? '';
    const ts = `${Math.floor(now() / 1000)}.${String(++n).padStart(6, '0')}`;
    posted.push({ at: now(), channel, ts });
    return { channel, ts };
  };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    const method = url.slice(url.lastIndexOf('/') + 1);
    const body = answer(method, new URLSearchParams(typeof init?.body === 'string' ? init.body : ''));
    return Response.json({ ok: true, ...body });
  };
  const slack = new WebClient('xoxb-model', {
    slackApiUrl: 'http://slack.invalid/api/',
    retryConfig: { retries: 0 },
    logger: quiet,
    fetch,
  });
  return { slack, posted };
}

type Life = ReturnType<typeof born>;

/** What a deed is to the engine. */
export function commandOf(deed: Extract<Deed, { on: number }>, now: number): Command {
  const by = person(idOf(deed.who));
  switch (deed.does) {
    case 'acknowledge':
      return { type: 'acknowledge', by, onCall: false, confirmed: true };
    case 'give back':
      return { type: 'unacknowledge', by };
    case "can't":
      return { type: 'decline', by };
    case 'still on it':
      return { type: 'confirm-still-on-it', by };
    case 'cancel':
      return { type: 'cancel', by, why: 'false alarm' };
    case 'escalate now':
      return { type: 'escalate', by, text: '' };
    case 'page':
      return { type: 'escalate', by, text: '', target: { kind: 'user', user: idOf(deed.whom) } };
    case 'set severity':
      return { type: 'change-severity', by, to: deed.to, reason: '' };
    case 'post an update':
      return { type: 'post-update', by, happening: 'still down', impact: '', doing: '', nextAt: null };
    case 'snooze updates':
      return { type: 'snooze-nudge', by, rule: 'update-due', untilAt: now + deed.forMs };
    case 'pause':
      return { type: 'pause', by, untilAt: now + deed.forMs, why: '' };
    case 'write': {
      const author = { user: idOf(deed.who), app: null };
      const ts = `${now / 1000}.${deed.on}`;
      const message = { channel: 'C1', ts, author, text: 'hm', files: [], threadTs: null, happenedAt: now };
      return { type: 'record-message', ...message };
    }
  }
}

/**
 * The real engine, outbox and SQLite store on a clock that the caller moves; only Slack is played. `close` throws the
 * data away.
 */
export async function startCore(startAt: number) {
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(memory, 'tocsin-model-'));
  const path = join(folder, 'tocsin.db');
  const clock = movableClock(startAt);
  const { slack, posted } = boundary(clock.now);
  const rang = phones(posted);
  const troubles: string[] = [];
  const report = (problem: string) => void troubles.push(problem);
  let store = await openSqlite(path, startAt);
  for (const who of people) {
    const user = idOf(who);
    await store.savePerson({ user, name: who, timeZone: null, dm: `D${who}`, isMember: true, at: startAt });
  }
  let life: Life;
  let beatAt = startAt;
  let causes = 0;

  async function start(): Promise<void> {
    life = born({
      ...{ store, clock, config: config!, lanes, report },
      clients: { page: slack, rest: slack },
      identity: { botUser: 'U0BOT', botId: 'B0BOT', team: 'T0', url: '' },
      random: () => 0,
    });
    await life.engine.setSchedules(new Map([['payments', config!.teams.payments!.onCall!]]));
    await life.engine.tick();
    beatAt = clock.now();
    await life.outbox.start();
    await life.outbox.idle();
  }

  async function pass(ms: number): Promise<void> {
    const until = clock.now() + ms;
    for (let beats = 0; beats < beatsMax; beats += 1) {
      const dueAt = store.nextDueAt() ?? Number.POSITIVE_INFINITY;
      const at = beatAtOrAfter(startAt, Math.max(dueAt, beatAt + 1));
      if (at > until) break;
      clock.set(at);
      beatAt = at;
      // The beats before it found nothing due.
      await store.saveMeta('last-tick', String(at - beatMs));
      await life.engine.tick();
      await life.outbox.idle();
    }
    clock.set(until);
    beatAt = Math.max(beatAt, beatAtOrAfter(startAt, until + 1) - beatMs);
  }

  async function restart(awayMs: number): Promise<void> {
    await life.outbox.stop();
    store.close();
    clock.set(clock.now() + awayMs);
    store = await openSqlite(path, clock.now());
    await start();
  }

  async function act(deed: Deed): Promise<void> {
    const [cause, now] = [`deed:${++causes}`, clock.now()];
    if (deed.does === 'wait') return pass(deed.forMs);
    if (deed.does === 'restart') return restart(deed.awayMs);
    if (deed.does === 'die at') {
      await life.outbox.stop();
      await act(deed.deed);
      return restart(bootMs);
    }
    if (deed.does === 'declare') {
      const what = {
        title: 'Checkout is down',
        severity: deed.severity,
        severityReason: 'set when declared',
      };
      const declaration = { ...what, by: person(idOf(deed.who)), provisional: false, service: 'payments' };
      await life.engine.declare(declaration, cause);
    } else if (deed.does === 'override') {
      const { place, forMs } = deed;
      const cover = { by: idOf(deed.who), user: idOf(deed.who), place, from: now, until: now + forMs };
      await life.engine.handleDesk('payments', { type: 'override', ...cover }, cause);
    } else {
      await life.engine.handle(deed.on + 1, commandOf(deed, now), cause);
    }
  }

  await start();
  return {
    now: clock.now,
    troubles,
    act: async (deed: Deed): Promise<void> => {
      await act(deed);
      await life.outbox.idle();
    },
    /** Every phone that rang so far, in order. */
    rang: (): Rang[] => rang(store),
    close: async (): Promise<void> => {
      await life.outbox.stop();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first beat at or after `at`. */
export const beatAtOrAfter = (startAt: number, at: number): number =>
  startAt + Math.ceil((at - startAt) / beatMs) * beatMs;

/** What Slack was told to post in somebody's DM, of which the timeline knows what it was. Each post is looked up once. */
function phones(posted: { at: number; channel: string; ts: string }[]) {
  const rang: Rang[] = [];
  let heard = 0;
  return (store: Store): Rang[] => {
    if (heard === posted.length) return rang;
    const delivered = store.list({ limit: 100 }).flatMap(({ id }) => store.timeline(id));
    for (const { at, channel, ts } of posted.slice(heard)) {
      const who = people.find((one) => channel === `D${one}`);
      if (!who) continue;
      const entry = delivered.find(({ fact }) => fact.type === 'page-delivered' && fact.ts === ts);
      const order = entry?.fact.type === 'page-delivered' ? entry.fact.order : null;
      const why = order?.reason.why ?? 'nobody knows why';
      rang.push({ at, who, incident: entry?.incident ?? 0, step: order?.step ?? null, why });
    }
    heard = posted.length;
    return rang;
  };
}
