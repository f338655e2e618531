import { escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, bullets, date, type Line, lines, type Piece } from './rich-text.ts';
import { count, list } from './wording.ts';

/** What the process knows about its own health. Times epoch ms, null: not yet. */
export interface DoctorReport {
  /** Calls that will not be tried again, newest first. `error` is Slack's or PagerDuty's own word. */
  failed: { what: string; incident: number | null; error: string; at: number }[];
  /** Calls that were tried and go out later by themselves, newest first. `waits`: how, in a word. */
  stalled: { what: string; waits: string; incident: number | null; error: string; at: number }[];
  /** Held back because the token is not accepted. */
  parked: number;
  waiting: number;
  /** Sent, and nobody knows whether they arrived: being looked up. */
  unknown: number;
  lastSlackEventAt: number | null;
  lastPagerDutyEventAt: number | null;
  lastTickAt: number | null;
  /** As configured, and whether we can write there is among `problems`. */
  announceChannel: string | null;
  missingScopes: string[];
  version: string;
  /** Anything else, in words, with its cure. */
  problems: string[];
}

/** The tick runs every few seconds; this long without one, the clock stands still. */
const tickLateMs = 60_000;
/** A queue of this many is worth a word. */
const waitingMany = 50;
/** Of each kind. */
const callsShownMax = 5;
/** Room for what is wrong and its cure. */
const errorLengthMax = 220;
const problemsShownMax = 15;

/** What is wrong or waiting, in words, each with its cure; or that all is well. */
export function doctorMessage(report: DoctorReport, screen: Screen): Message {
  const wrong = complaints(report, screen);
  const verdict = wrong.length === 0 ? 'All is well.' : `${count(wrong.length, 'thing')} to look at.`;
  return message(
    escaped(`${verdict} Tocsin ${report.version}`),
    lines(bold(verdict)),
    bullets(...wrong),
    bullets(
      ...report.failed.slice(0, callsShownMax).map((one) => callLine(one, 'failed', screen)),
      ...report.stalled.slice(0, callsShownMax).map((one) => callLine(one, one.waits, screen)),
    ),
    lines(
      ['Last word from Slack: ', ...moment(report.lastSlackEventAt, screen)],
      ['Last word from PagerDuty: ', ...moment(report.lastPagerDutyEventAt, screen)],
      ['Last tick of the clock: ', ...moment(report.lastTickAt, screen)],
      `Waiting to go out: ${report.waiting}`,
      `Announce channel: ${oneLine(report.announceChannel ?? '', 80, 'none')}`,
      `Version ${oneLine(report.version, 40, 'unknown')}`,
    ),
  );
}

const moment = (at: number | null, screen: Screen): Piece[] =>
  at === null ? ['none yet'] : [date(at, screen)];

function complaints(report: DoctorReport, screen: Screen): Line[] {
  const { missingScopes, lastTickAt } = report;
  const found: Line[] = [
    report.parked > 0 &&
      `${count(report.parked, 'message')} held back: Slack does not accept our token. Install the app again and put the new token in.`,
    missingScopes.length > 0 &&
      `The app lacks ${count(missingScopes.length, 'permission')}: ${list(missingScopes.map((scope) => oneLine(scope, 60)))}. Install it again from manifest.yml.`,
    lastTickAt !== null &&
      screen.now - lastTickAt > tickLateMs && [
        'The clock stands still since ',
        date(lastTickAt, screen),
        ': nobody is escalated to. Restart the process and read its log.',
      ],
    report.announceChannel === null &&
      'No announce channel is configured: set announceChannel in incident.yml.',
    report.failed.length > 0 && `${count(report.failed.length, 'call')} failed for good, listed below.`,
    report.stalled.length > 0 &&
      `${count(report.stalled.length, 'call')} went wrong and will be tried again, listed below.`,
    report.unknown > 0 &&
      `${count(report.unknown, 'message')} may or may not have arrived; that is being looked up.`,
    report.waiting >= waitingMany &&
      `${report.waiting} messages wait: Slack slows us down, or is away. They go out in order of urgency.`,
    ...report.problems.slice(0, problemsShownMax).map((problem) => oneLine(problem, 400)),
    report.problems.length > problemsShownMax &&
      `${report.problems.length - problemsShownMax} more of that kind: read the log.`,
  ];
  return found.filter(Boolean);
}

const callLine = (call: DoctorReport['failed'][number], fate: string, screen: Screen): Line => [
  date(call.at, screen),
  call.incident === null ? ' ' : ` INC-${call.incident}: `,
  `${oneLine(call.what, 120, 'a call')} ${fate} (${oneLine(call.error, errorLengthMax, 'no reason given')})`,
];
