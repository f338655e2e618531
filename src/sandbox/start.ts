import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { parseDuration } from '../config/duration.ts';
import type { Environment } from '../config/environment.ts';
import type { Store } from '../store/store.ts';
import type { Bot, StartBot } from './bot.ts';
import { startBotHere } from './bot.ts';
import { type MovableClock, movableClock } from './clock.ts';
import { type PagerDuty, type PagerDutyOptions, startPagerDuty } from './pagerduty.ts';
import { type Slack, type SlackOptions, startSlack } from './slack.ts';

/** Who is on call in a world that says nothing else: Bea, then Cai; Dana manages, Eve is VP, Finn CTO. */
export const defaultIncidentFile = `
teams:
  payments:
    onCall: { startsOn: '2026-01-05', primary: [U0BEA], secondary: [U0CAI] }
    targets: { engineering-manager: [U0DANA], team-lead: [U0DANA] }
catchAllTeam: payments
targets: { vp-engineering: [U0EVE], cto: [U0FINN], director: [U0EVE] }
phones: [{ name: Night desk, number: '+49 30 1234567' }]
services:
  payments: { team: payments, pagerduty: [PPAYMNT], runbook: 'https://runbooks.example.com/payments' }
`;

export interface WorldOptions {
  /** When the world begins, e.g. `2026-03-02T02:00Z`. */
  at: string;
  /** `incident.yml` of this world. */
  incidentFile?: string;
  slack?: Partial<Omit<SlackOptions, 'clock'>>;
  /** Who is on call there and so on. Without it PagerDuty sends webhooks and nobody calls it. */
  pagerduty?: Omit<PagerDutyOptions, 'clock' | 'secrets'>;
  /** The database; default one of its own that goes with the world. */
  databaseFile?: string;
  slackTimeoutMs?: number;
  /** How Slack's words reach the bot. Default: http. */
  transport?: 'http' | 'socket';
  log?: Logger;
  /** Default: in this process. */
  startBot?: StartBot;
  /** A clock that goes by itself; `at` is then not used. */
  clock?: MovableClock;
  /** Without a bot: it is started elsewhere, or not at all. */
  botless?: boolean;
}

export interface World {
  readonly slack: Slack;
  readonly pagerduty: PagerDuty;
  readonly clock: MovableClock;
  readonly store: Store;
  readonly port: number;
  /** Time goes by, e.g. `5m`: the clock ticks, what is due happens, everything said arrives. */
  pass(duration: string): Promise<void>;
  /** As on a wall clock: so many ms go by and what is due begins, and nobody waits for it. Not during a `pass`. */
  flow(ms: number): Promise<void>;
  /** Everything under way has arrived; no time goes by. */
  settle(): Promise<void>;
  /** One beat of the bot's heart, now. `pass` does this by itself. */
  tick(): Promise<void>;
  /** `kill -9` for a bot in a process of its own; `restart` brings it back. */
  kill(): Promise<void>;
  /** The bot ends and comes back on the same database; `away` goes by in between. */
  restart(away?: string): Promise<void>;
  stop(): Promise<void>;
}

const tickMs = 5_000;
/** Without anything due, the heart still beats this often: a longer pause would look like an absence. */
const heartbeatMs = 60_000;
const stepsMax = 100_000;
/** Rounds of "has everything arrived?" before a world that never rests is called broken. */
const roundsMax = 500;

export const sandboxWebhookSecret = 'sandbox-webhook-secret';

export const environmentFor = (
  slack: Slack,
  databaseFile: string,
  transport: 'http' | 'socket' = 'http',
  /** One that listens, and has a service. */
  pagerduty: PagerDuty | null = null,
): Environment => ({
  slackBotToken: slack.botToken,
  slackSigningSecret: transport === 'http' ? slack.signingSecret : null,
  slackAppToken: transport === 'socket' ? slack.appToken : null,
  slackApiUrl: slack.apiUrl,
  port: 0,
  databaseFile,
  incidentConfig: { path: './incident.yml', from: 'default' },
  pagerdutyWebhookSecrets: [pagerdutySecret],
  ...pagerdutyVariables(pagerduty),
  webhookSecret: sandboxWebhookSecret,
  healthToken: null,
  heartbeatUrl: null,
  logLevel: 'silent',
});

function pagerdutyVariables(pagerduty: PagerDuty | null) {
  return {
    pagerdutyApiToken: pagerduty?.token ?? null,
    pagerdutyFromEmail: pagerduty?.fromEmail ?? null,
    pagerdutyRoutingKey: pagerduty?.routingKey() ?? null,
    pagerdutyApiUrl: pagerduty?.apiUrl ?? 'https://api.pagerduty.com/',
    pagerdutyEventsUrl: pagerduty?.eventsUrl ?? 'https://events.pagerduty.com/v2/',
  };
}

export const pagerdutySecret = 'sandbox-pagerduty-secret';

/** A Slack, a PagerDuty and the real bot between them, on one movable clock: the second composition root. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const clock = options.clock ?? movableClock(Date.parse(options.at));
  const { transport = 'http' } = options;
  const slack = await startSlack({ people, ...options.slack, clock, socketMode: transport === 'socket' });
  const pagerduty = startPagerDuty({ ...options.pagerduty, clock, secrets: [pagerdutySecret] });
  if (options.pagerduty) await pagerduty.listen();
  const folder = options.databaseFile ? null : mkdtempSync(join(tmpdir(), 'tocsin-'));
  const databaseFile = options.databaseFile ?? join(folder ?? '', 'tocsin.db');
  let bot: Bot | null = null;
  let tickedAt = clock.now();

  async function boot(): Promise<void> {
    const { incidentFile = defaultIncidentFile, slackTimeoutMs } = options;
    // Otherwise a bot that opens its socket at the start would find nobody there.
    if (transport === 'socket') slack.connect('by socket');
    const called = options.pagerduty ? pagerduty : null;
    const environment = environmentFor(slack, databaseFile, transport, called);
    bot = await (options.startBot ?? startBotHere)(
      { environment, incidentFile, slackTimeoutMs },
      clock,
      options.log,
    );
    tickedAt = clock.now();
    slack.connect(`http://127.0.0.1:${bot.port}`);
    pagerduty.connect(`http://127.0.0.1:${bot.port}/webhooks/pagerduty`);
    await settle();
  }

  async function halt(): Promise<void> {
    // Sockets are the bot's to close: it acknowledges first. Whatever is left open then belongs to a dead bot.
    if (transport === 'http') slack.connect(null);
    pagerduty.connect(null);
    await bot?.stop();
    slack.connect(null);
    bot = null;
  }

  /** Nothing arrives any more: neither side has a request in flight, and the outbox has nothing it may send now. */
  async function settle(): Promise<void> {
    let calls = -1;
    for (let round = 0; round < roundsMax; round += 1) {
      await bot?.idle();
      await slack.quiet();
      await pagerduty.quiet();
      const made = slack.calls.length + pagerduty.calls.length;
      if (calls === made) return;
      calls = made;
    }
    throw new Error('the world does not come to rest');
  }

  async function pass(duration: string): Promise<void> {
    const until = clock.now() + durationOf(duration);
    for (let step = 0; clock.now() < until && step < stepsMax; step += 1) {
      const wakeAt = Math.min(clock.nextWakeAt() ?? until, bot?.nextWakeAt() ?? until);
      const next = Math.max(Math.min(until, nextTickAt(), wakeAt), clock.now() + 1);
      await bot?.follow(next);
      clock.set(next);
      await settle();
      if (bot && clock.now() >= nextTickAt()) await tick();
    }
  }

  async function flow(ms: number): Promise<void> {
    const at = clock.now() + ms;
    // A bot that hangs does not hold up the time: that is how Slack comes to see that it does not answer.
    void bot?.follow(at).catch(() => {});
    clock.set(Math.max(at, clock.now()));
    if (!bot || clock.now() < nextTickAt()) return;
    tickedAt = clock.now();
    // A beat that fails is the bot's to tell.
    void bot.tick().catch(() => {});
  }

  async function tick(): Promise<void> {
    tickedAt = clock.now();
    await bot?.tick();
    await settle();
  }

  /** The next tick that may find something: when it is due, on the grid of ticks if it was due before, at the latest a heartbeat on. */
  function nextTickAt(): number {
    const dueAt = bot?.nextDueAt() ?? Number.POSITIVE_INFINITY;
    if (dueAt > tickedAt && dueAt < tickedAt + heartbeatMs) return dueAt;
    const wanted = dueAt > tickedAt ? tickedAt + heartbeatMs : tickedAt + 1;
    return Math.ceil(wanted / tickMs) * tickMs;
  }

  if (!options.botless) await boot();
  return {
    slack,
    pagerduty,
    clock,
    get store() {
      if (!bot?.store) throw new Error('the bot is not running, or not in this process');
      return bot.store;
    },
    get port() {
      return bot?.port ?? 0;
    },
    pass,
    flow,
    settle,
    tick,
    kill: async () => {
      await bot?.kill();
    },
    restart: async (away) => {
      await halt();
      if (away) clock.set(clock.now() + durationOf(away));
      await boot();
    },
    stop: async () => {
      await halt();
      await slack.close();
      pagerduty.close();
      if (folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const people = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'];

function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms === undefined) throw new Error(`${text} is no duration: write 30s, 5m, 2h or 1d`);
  return ms;
}
