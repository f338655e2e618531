import type { Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { MetaKey, Space, Store } from '../store/store.ts';
import {
  type AuditFacts,
  audit,
  type Finding,
  type FindingWord,
  holds,
  overdueMsMax,
  pageLateMs,
} from './audit.ts';
import { figuresOf, type Moment } from './figures.ts';
import { heartbeat } from './heartbeat.ts';
import { sampler } from './sample.ts';
import { watchSignatures } from './signatures.ts';

/** How often we look at ourselves, and beat outside when all is well (reliability.md section 3.10). */
const auditEveryMs = 60_000;
/** People are told in the announce channel this often at most. */
const alarmEveryMs = 3_600_000;

/** What the rest of the process knows of itself. Times epoch ms. */
export interface Standing {
  tickedAt: number | null;
  /** By what is wrong, in words with the cure. */
  problems: ReadonlyMap<string, string>;
}

export interface WatchDeps {
  store: Store;
  clock: Clock;
  version: string;
  standing: Standing;
  /** Called every minute while all is well; null: nobody waits for it. */
  heartbeatUrl: string | null;
  /** Asks Slack whether it still knows us; what it says goes into `standing`. Null: nobody watches, so nobody asks. */
  probe: (() => Promise<void>) | null;
  /** Tells people what they must mend. Rejects where it could not. */
  alarm: (words: string) => Promise<void>;
  /** The longest that the event loop kept somebody waiting since it was last asked, ms. */
  lagMs?: () => number;
  /** Adds the figures that every process has. */
  processFigures?: (register: Registry) => void;
  /** With the slash. */
  command: string;
  report: (problem: string, error?: unknown) => void;
}

/** One look at ourselves. `tookMs` is what it cost whoever waited. */
interface Look {
  at: number;
  findings: Finding[];
  space: Space | null;
}

export type Watchman = ReturnType<typeof watchman>;

/** Looks at Tocsin from inside once a minute, says what it finds to who asks, and beats outside while all is well. */
export function watchman(deps: WatchDeps) {
  const { store, clock, report } = deps;
  const startedAt = clock.now();
  const monitor = heartbeat({ url: deps.heartbeatUrl, now: clock.now, report });
  const sample = sampler({ store, since: runningSince(deps, startedAt), report });
  const signatures = watchSignatures(clock.now);
  const figures = figuresOf(deps.version, () => momentOf(deps, last));
  deps.processFigures?.(figures.register);
  const tell = teller(deps, startedAt);
  let last: Look | null = null;
  let looking: Promise<void> | null = null;

  async function look(): Promise<void> {
    await deps.probe?.();
    const space = await store.watch.space().catch(() => null);
    const facts = factsOf(deps, startedAt, {
      space,
      unlike: sample.take(),
      unheard: monitor.problem(),
      refused: { slack: signatures.problem('slack'), pagerduty: signatures.problem('pagerduty') },
    });
    last = { at: facts.now, findings: audit(facts), space };
    if (holds(last.findings)) await monitor.beat();
    await tell(last.findings);
  }

  return {
    ...figures,
    signed: signatures.signed,
    /** To be called with every beat of the clock, whether that succeeded or not; makes nobody wait. */
    tick(): void {
      const now = clock.now();
      if (looking || Math.abs(now - (last?.at ?? startedAt)) < auditEveryMs) return;
      looking = look()
        .catch((error: unknown) => {
          last = { at: now, findings: [unaudited], space: null };
          report('Tocsin could not look at itself', error);
        })
        .finally(() => {
          looking = null;
        });
    },
    /** For `/incident doctor`, beside what it sees by itself. */
    words: (): string[] =>
      (last?.findings ?? []).filter(({ word }) => !knownToDoctor.includes(word)).map(({ says }) => says),
    /** `/healthz`: whether all is well, and everything that somebody who mends it wants to know. No words of people. */
    health: () => healthOf(deps, startedAt, last),
    idle: async (): Promise<void> => {
      await looking;
    },
  };
}

/** It says these in words of its own. */
const knownToDoctor: readonly FindingWord[] = [
  'tick-late',
  'store-failing',
  'slack-away',
  // Whoever asks it was heard.
  'slack-refused',
  'page-parked',
  'dead-calls',
  'wal-large',
];

/** Whoever finds these out tells them, or nobody can. */
const toldElsewhere: readonly FindingWord[] = ['tick-late', 'store-failing', 'slack-away'];

const unaudited: Finding = {
  word: 'store-failing',
  silences: true,
  says: 'Tocsin cannot look at itself: the database could not be read. Read the log.',
};

const metaTime = (store: Pick<Store, 'meta'>, key: MetaKey): number | null => {
  const stored = store.meta(key);
  return stored ? Number(stored) : null;
};

/** Since when this version writes here, epoch ms. */
function runningSince({ store, version, report }: WatchDeps, now: number): number {
  const stored = store.meta('version');
  const known = stored ? (JSON.parse(stored) as { version: string; since: number }) : null;
  if (known?.version === version) return known.since;
  store
    .saveMeta('version', JSON.stringify({ version, since: now }))
    .catch((error: unknown) => report('the version could not be written down', error));
  return now;
}

function factsOf(
  { store, clock, standing, lagMs }: WatchDeps,
  startedAt: number,
  seen: Pick<AuditFacts, 'space' | 'unlike' | 'refused' | 'unheard'>,
): AuditFacts {
  const now = clock.now();
  const before = now - overdueMsMax;
  const overdue = [...store.due(before, 1), ...store.dueDesks(before, 1)].map(({ dueAt }) => dueAt);
  return {
    ...seen,
    now,
    startedAt,
    lastTickAt: standing.tickedAt,
    storeProblem: standing.problems.get('clock') ?? null,
    slackProblem: standing.problems.get('slack') ?? null,
    overdueAt: overdue.length === 0 ? null : Math.min(...overdue),
    lanes: store.watch.lanes(now, now - pageLateMs),
    lastBackupAt: metaTime(store, 'last-backup'),
    lagMs: lagMs?.() ?? null,
  };
}

/** Calls that failed for good, and whatever silences the heartbeat, are told in the announce channel, once an hour. */
function teller({ store, clock, command, alarm, report }: WatchDeps, startedAt: number) {
  let toldAt = Number.NEGATIVE_INFINITY;
  let failuresToldAt = startedAt;
  return async (findings: readonly Finding[]): Promise<void> => {
    const now = clock.now();
    if (Math.abs(now - toldAt) < alarmEveryMs) return;
    const failed = store.watch.failedSince(failuresToldAt);
    const said = [
      ...findings
        .filter(({ silences, word }) => silences && !toldElsewhere.includes(word))
        .map(({ says }) => says),
      ...(failed > 0
        ? [
            `${failed === 1 ? 'A call' : `${failed} calls`} to Slack or PagerDuty failed for good: ${command} doctor shows what, and tries again.`,
          ]
        : []),
    ];
    if (said.length === 0) return;
    try {
      await alarm(said.join(' '));
      toldAt = now;
      failuresToldAt = now + 1;
    } catch (error) {
      report('Slack did not take the alarm; it is tried again in a minute', error);
    }
  };
}

function momentOf({ store, clock, standing }: WatchDeps, last: Look | null): Moment {
  const now = clock.now();
  const findings = last?.findings ?? [];
  const silencing = findings.filter(({ silences }) => silences).length;
  return {
    now,
    lanes: store.watch.lanes(now, now - pageLateMs),
    openBySeverity: store.watch.openBySeverity(),
    lastTickAt: standing.tickedAt,
    lastBackupAt: metaTime(store, 'last-backup'),
    findings: { silencing, others: findings.length - silencing },
  };
}

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const ageOf = (at: number | null, now: number): number | null =>
  at === null ? null : Math.round((now - at) / 1_000);

function healthOf({ store, clock, version, standing }: WatchDeps, startedAt: number, last: Look | null) {
  const now = clock.now();
  // A clock that stands still audits nothing any more.
  const isStale = now - (last?.at ?? startedAt) > 2 * auditEveryMs;
  const findings = last?.findings ?? [];
  const lastBackupAt = metaTime(store, 'last-backup');
  return {
    ok: !isStale && holds(findings),
    version,
    uptimeSeconds: ageOf(startedAt, now),
    audit: { at: isoOf(last?.at ?? null), isStale, findings },
    problems: Object.fromEntries(standing.problems),
    lanes: Object.fromEntries(
      store.watch
        .lanes(now, now - pageLateMs)
        .map(({ lane, oldestAt, sendingSinceAt: _since, ...counts }) => [
          lane,
          { ...counts, oldestAgeSeconds: ageOf(oldestAt, now) },
        ]),
    ),
    lastTickAt: isoOf(standing.tickedAt),
    lastSlackEventAt: isoOf(metaTime(store, 'last-slack-event')),
    lastPagerDutyWebhookAt: isoOf(metaTime(store, 'last-pagerduty-event')),
    backup: { at: isoOf(lastBackupAt), ageSeconds: ageOf(lastBackupAt, now) },
    disk: last?.space ?? null,
  };
}
