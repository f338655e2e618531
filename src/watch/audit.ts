import type { LaneReport, Space } from '../store/store.ts';

/** What can be seen of Tocsin from inside at one moment. Times epoch ms; null: nobody knows, or not yet. */
export interface AuditFacts {
  now: number;
  startedAt: number;
  lastTickAt: number | null;
  /** The store, or the clock that writes to it, failed lately, in words. */
  storeProblem: string | null;
  /** Slack does not know us, or does not answer, in words. */
  slackProblem: string | null;
  /** What they sign does not fit, and nothing of theirs is accepted, in words. */
  refused: { slack: string | null; pagerduty: string | null };
  /** The monitor outside does not take our heartbeat, in words. */
  unheard: string | null;
  /** The longest overdue incident, and desk. */
  overdueAt: number | null;
  lanes: readonly LaneReport[];
  /** Incidents whose stored state is not what their facts make of them. `old`: declared under an earlier version. */
  unlike: { now: number; old: number };
  lastBackupAt: number | null;
  space: Space | null;
  /** The longest that the event loop kept somebody waiting since the last audit. */
  lagMs: number | null;
}

export type FindingWord =
  | 'tick-late'
  | 'store-failing'
  | 'slack-away'
  | 'slack-refused'
  | 'pagerduty-refused'
  | 'heartbeat-unheard'
  | 'overdue'
  | 'page-late'
  | 'page-parked'
  | 'call-stuck'
  | 'state-differs'
  | 'state-differs-old'
  | 'dead-calls'
  | 'backup-late'
  | 'backup-missing'
  | 'disk-nearly-full'
  | 'wal-large'
  | 'loop-slow';

/**
 * One thing that is not as it must be, in words with the cure. `silences`: the heartbeat stops for it, because somebody
 * might not be paged; the others are for daylight. It names no incident: whoever reads it may see none.
 */
export interface Finding {
  word: FindingWord;
  silences: boolean;
  says: string;
}

/** Nothing that is due waits longer for the clock; it beats every few seconds (reliability.md section 3.10). */
export const overdueMsMax = 60_000;
/** The same for a page and Slack or PagerDuty. */
export const pageLateMs = 60_000;
/** The longest call is many requests of ten seconds each: a history that is read page by page. */
const sendingMsMax = 600_000;
/** A backup is made every quarter of an hour: after so long several failed. */
const backupLateMs = 7_200_000;
/** Whoever restores loses so much: nobody wants that. */
const backupMissingMs = 24 * 3_600_000;
/** SQLite and its backup need room to work in. */
const freeBytesMin = 256 * 1024 * 1024;
/** Somebody reads for long and keeps it from shrinking (reliability.md section 2). */
const walBytesMax = 64 * 1024 * 1024;
/** Slack wants an answer within three seconds. */
const lagMsMax = 1_000;

type Judge = (facts: AuditFacts) => Finding | null;

const found = (word: FindingWord, silences: boolean, says: string): Finding => ({ word, silences, says });

const many = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

const pages: readonly string[] = ['page', 'pagerduty'];

const judges: readonly Judge[] = [
  ({ now, startedAt, lastTickAt }) =>
    now - (lastTickAt ?? startedAt) > overdueMsMax
      ? found(
          'tick-late',
          true,
          'The clock stands still: nobody is escalated to. Restart the process and read its log.',
        )
      : null,
  ({ storeProblem }) => (storeProblem === null ? null : found('store-failing', true, storeProblem)),
  ({ slackProblem }) => (slackProblem === null ? null : found('slack-away', true, slackProblem)),
  ({ now, overdueAt }) =>
    overdueAt !== null && now - overdueAt > overdueMsMax
      ? found(
          'overdue',
          true,
          'Something is due for more than a minute, and the clock does not do it: read the log, and look after your open incidents yourself.',
        )
      : null,
  ({ lanes }) => {
    const late = lanes.reduce((sum, { latePages }) => sum + latePages, 0);
    return late > 0
      ? found(
          'page-late',
          true,
          `${many(late, 'page')} did not go out within a minute: tell people another way, and look whether Slack and PagerDuty are up.`,
        )
      : null;
  },
  ({ lanes }) => {
    const parked = lanes.reduce((sum, lane) => sum + (pages.includes(lane.lane) ? lane.parked : 0), 0);
    return parked > 0
      ? found(
          'page-parked',
          true,
          `Held back: ${many(parked, 'page')}, because Slack or PagerDuty does not take them. The doctor says why; tell people another way meanwhile.`,
        )
      : null;
  },
  ({ now, lanes }) =>
    lanes.some(({ sendingSinceAt: at }) => at !== null && now - at > sendingMsMax)
      ? found(
          'call-stuck',
          true,
          'A call has been under way for more than ten minutes: restart the process; it looks what became of it.',
        )
      : null,
  ({ unlike }) =>
    unlike.now > 0
      ? found(
          'state-differs',
          true,
          `${many(unlike.now, 'incident')} differ from what their own timelines say: a fault of Tocsin, or of the disk. The log names them; please report it.`,
        )
      : null,
  // A stranger can bring these about, and must not be able to wake anybody by it.
  ({ refused: { slack } }) => (slack === null ? null : found('slack-refused', false, slack)),
  ({ refused: { pagerduty } }) => (pagerduty === null ? null : found('pagerduty-refused', false, pagerduty)),
  ({ unheard }) => (unheard === null ? null : found('heartbeat-unheard', false, unheard)),
  ({ unlike }) =>
    unlike.old > 0
      ? found(
          'state-differs-old',
          false,
          `${many(unlike.old, 'incident')} from before the last upgrade would be read differently today. The log names them; please report it.`,
        )
      : null,
  ({ lanes }) => {
    const dead = lanes.reduce((sum, lane) => sum + lane.dead, 0);
    return dead > 0
      ? found('dead-calls', false, `${many(dead, 'call')} failed for good: the doctor lists them.`)
      : null;
  },
  ({ now, startedAt, lastBackupAt }) => {
    const ageMs = now - Math.max(lastBackupAt ?? 0, startedAt);
    if (ageMs > backupMissingMs)
      return found(
        'backup-missing',
        true,
        'No backup has succeeded for more than a day: see the log, and free space on the disk.',
      );
    return ageMs > backupLateMs
      ? found(
          'backup-late',
          false,
          'No backup has succeeded for more than two hours: see the log, and free space on the disk.',
        )
      : null;
  },
  ({ space }) =>
    space && space.freeBytes < freeBytesMin
      ? found(
          'disk-nearly-full',
          false,
          `The disk has ${Math.floor(space.freeBytes / 1_048_576)} MB left: when it is full, nothing can be recorded. Free some.`,
        )
      : null,
  ({ space }) =>
    space && space.walBytes > walBytesMax
      ? found(
          'wal-large',
          false,
          `The database's write-ahead log has ${Math.floor(space.walBytes / 1_048_576)} MB: another program may be reading the database; end it.`,
        )
      : null,
  ({ lagMs }) =>
    lagMs !== null && lagMs > lagMsMax
      ? found(
          'loop-slow',
          false,
          `The process kept everybody waiting for ${(lagMs / 1_000).toFixed(1)} s: give the machine more room.`,
        )
      : null,
];

/** What is not as it must be, the gravest first. Pure. */
export const audit = (facts: AuditFacts): Finding[] =>
  judges.flatMap((judge) => judge(facts) ?? []).sort((a, b) => Number(b.silences) - Number(a.silences));

/** Nothing that might keep a person from being paged. */
export const holds = (findings: readonly Finding[]): boolean => !findings.some(({ silences }) => silences);
