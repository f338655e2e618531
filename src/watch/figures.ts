import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Lane } from '../incident/effects.ts';
import type { LaneReport } from '../store/store.ts';

/** How one call to Slack ended. `word`: `ok`, Slack's own word, `http_503`, or `no_answer`. */
export interface SlackCall {
  method: string;
  word: string;
  tookMs: number;
}

/** How one effect ended (outbox/outcome.ts). */
export interface Ended {
  lane: Lane;
  kind: string;
  how: string;
  ageMs: number | null;
}

/** What is true at the moment of a scrape. Seconds and bytes, as Prometheus wants them. */
export interface Moment {
  lanes: readonly LaneReport[];
  now: number;
  openBySeverity: readonly { severity: number; n: number }[];
  lastTickAt: number | null;
  lastBackupAt: number | null;
  findings: { silencing: number; others: number };
}

/** Slack's words are Slack's to invent: beyond so many they are all `other`. */
const wordsMax = 60;

const pageKinds: Readonly<Record<string, string>> = {
  page: 'slack',
  'call-webhook': 'webhook',
  'call-pagerduty': 'pagerduty',
  'pagerduty-trigger': 'pagerduty',
  'pagerduty-page': 'pagerduty',
};

const seconds = (ms: number): number => ms / 1_000;

/** Metrics of one process, in a register of their own. Names, units and labels: docs/monitoring.md. */
export function figuresOf(version: string, moment: () => Moment) {
  const register = new Registry();
  const events = eventsIn(register);
  /** As it was when this scrape began: every gauge shows the same one. */
  let scraped: Moment | null = null;
  momentsIn(register, () => {
    scraped ??= moment();
    return scraped;
  });
  const build = new Gauge({
    name: 'tocsin_build_info',
    help: 'Always 1; the label says which version runs.',
    labelNames: ['version'],
    registers: [register],
  });
  build.set({ version }, 1);
  return {
    register,
    ...events,
    /** `/metrics`, in Prometheus's text format. */
    metrics: (): Promise<string> => {
      scraped = null;
      return register.metrics();
    },
  };
}

function pagesIn(registers: Registry[]) {
  const pages = new Counter({
    name: 'tocsin_pages_sent_total',
    help: 'Pages that went out, by what carried them: slack, webhook, pagerduty.',
    labelNames: ['by'],
    registers,
  });
  const pageDelay = new Histogram({
    name: 'tocsin_page_delay_seconds',
    help: 'From when a page was obliged until the other side had taken it.',
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  });
  return { pages, pageDelay };
}

/** What is counted when it happens. */
function eventsIn(register: Registry) {
  const registers = [register];
  const { pages, pageDelay } = pagesIn(registers);
  const outcomes = new Counter({
    name: 'tocsin_outbox_outcomes_total',
    help: 'Calls of the outbox by lane and how they ended: done, cancelled, again, rate, unclear, config, refused.',
    labelNames: ['lane', 'outcome'],
    registers,
  });
  const slackCalls = new Histogram({
    name: 'tocsin_slack_call_duration_seconds',
    help: "Calls of Slack's Web API, by method and Slack's answer (ok, its error, http_<status>, no_answer).",
    labelNames: ['method', 'word'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const webhooks = new Counter({
    name: 'tocsin_pagerduty_webhooks_total',
    help: 'Webhooks of PagerDuty, by the status that answered them.',
    labelNames: ['status'],
    registers,
  });
  const refusals = new Counter({
    name: 'tocsin_http_refusals_total',
    help: 'Requests that got no further than the front door, by reason.',
    labelNames: ['reason'],
    registers,
  });
  const ticks = new Counter({
    name: 'tocsin_ticks_total',
    help: 'Beats of the clock: ok, failed.',
    labelNames: ['outcome'],
    registers,
  });
  const tickLateness = new Histogram({
    name: 'tocsin_due_lateness_seconds',
    help: 'How late the longest overdue thing was when a beat found it.',
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  });
  const words = new Set<string>();
  const bounded = (word: string): string => {
    if (words.size < wordsMax) words.add(word);
    return words.has(word) ? word : 'other';
  };
  return {
    ended({ lane, kind, how, ageMs }: Ended): void {
      outcomes.inc({ lane, outcome: how });
      const by = pageKinds[kind];
      if (by === undefined || how !== 'done') return;
      pages.inc({ by });
      if (ageMs !== null) pageDelay.observe(seconds(ageMs));
    },
    slackCalled: ({ method, word, tookMs }: SlackCall): void =>
      slackCalls.observe({ method, word: bounded(word) }, seconds(tookMs)),
    webhook: (status: number): void => webhooks.inc({ status: String(status) }),
    refused: (reason: string): void => refusals.inc({ reason }),
    ticked(outcome: 'ok' | 'failed', lateMs: number | null): void {
      ticks.inc({ outcome });
      if (lateMs !== null) tickLateness.observe(seconds(Math.max(0, lateMs)));
    },
  };
}

/** Of something that never was there is no age, and no sample. */
function setAge(age: Gauge, at: number | null, now: number): void {
  if (at === null) age.remove();
  else age.set(seconds(now - at));
}

/** What is looked at when somebody asks. */
function momentsIn(register: Registry, moment: () => Moment): void {
  const registers = [register];
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    set: (gauge: Gauge, now: Moment) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        set(this, moment());
      },
    });
  gauge(
    'tocsin_outbox_rows',
    'Calls that are not over, by lane and state.',
    ['lane', 'state'],
    (rows, { lanes }) => {
      for (const { lane, waiting, sending, unknown, parked, dead } of lanes)
        for (const [state, count] of Object.entries({ waiting, sending, unknown, parked, dead }))
          rows.set({ lane, state }, count);
    },
  );
  gauge(
    'tocsin_outbox_oldest_age_seconds',
    'Age of the oldest call that waits or is under way, by lane; 0: none.',
    ['lane'],
    (age, { lanes, now }) => {
      for (const { lane, oldestAt } of lanes)
        age.set({ lane }, oldestAt === null ? 0 : seconds(now - oldestAt));
    },
  );
  gauge(
    'tocsin_open_incidents',
    'Open incidents by severity; private ones and tests are not counted.',
    ['severity'],
    (open, { openBySeverity }) => {
      for (const severity of [1, 2, 3, 4])
        open.set({ severity }, openBySeverity.find((one) => one.severity === severity)?.n ?? 0);
    },
  );
  gauge(
    'tocsin_last_tick_age_seconds',
    'Since the clock last beat and wrote it down; absent: not yet.',
    [],
    (age, { lastTickAt, now }) => setAge(age, lastTickAt, now),
  );
  gauge(
    'tocsin_backup_age_seconds',
    'Since a backup last succeeded; absent: never.',
    [],
    (age, { lastBackupAt, now }) => setAge(age, lastBackupAt, now),
  );
  gauge(
    'tocsin_audit_findings',
    'What the last look at ourselves found: page (the heartbeat stops), daylight.',
    ['urgency'],
    (count, { findings }) => {
      count.set({ urgency: 'page' }, findings.silencing);
      count.set({ urgency: 'daylight' }, findings.others);
    },
  );
}
