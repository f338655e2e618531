import type { KnownBlock } from '@slack/types';
import { callWords, type NamedCall, whyWords } from './calls.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, bullets, date, flat, type Line, lines, nameOf, type Piece } from './rich-text.ts';
import { count, list } from './wording.ts';

/** `error` is Slack's or PagerDuty's own word, empty where there was none; `at` epoch ms. */
interface Call extends NamedCall {
  incident: number | null;
  error: string;
  at: number;
}

/** `row`: its number in the outbox, for the two buttons. */
export interface FailedCall extends Call {
  row: number;
}

/** What is not over: it is tried again, or nobody knows whether it arrived, or it waits for Slack or PagerDuty to take it. */
export interface OpenCall extends Call {
  state: 'pending' | 'unknown' | 'parked';
}

/** What the process knows about its own health. Times epoch ms, null: not yet. */
export interface DoctorReport {
  /** Calls that will not be tried again, newest first. */
  failed: FailedCall[];
  /** Calls that were begun and go on by themselves, newest first. */
  open: OpenCall[];
  /** Held back because the token is not accepted, or because Slack does not answer. */
  parked: number;
  isSlackAway?: boolean;
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
const problemsShownMax = 15;

/** What is wrong or waiting, in words, each with its cure; or that all is well. */
export function doctorMessage(report: DoctorReport, screen: Screen): Message {
  const wrong = complaints(report, screen);
  const verdict = wrong.length === 0 ? 'All is well.' : `${count(wrong.length, 'thing')} to look at.`;
  return message(
    escaped(`${verdict} Tocsin ${report.version}`),
    lines(bold(verdict)),
    bullets(...wrong),
    ...report.failed.slice(0, callsShownMax).flatMap((one) => failedCall(one, screen)),
    bullets(...report.open.slice(0, callsShownMax).map((one) => callLine(one, fates[one.state], screen))),
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
  // Those in doubt and those held back are counted by themselves.
  const again = report.open.filter(({ state }) => state === 'pending').length;
  const found: Line[] = [
    report.parked > 0 && heldWords(report),
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
    report.failed.length > 0 &&
      `${count(report.failed.length, 'call')} failed for good, listed below. Retry when the cause is mended, or discard what nobody needs any more.`,
    again > 0 && `${count(again, 'call')} went wrong and will be tried again, listed below.`,
    report.unknown > 0 &&
      `${count(report.unknown, 'call')} may or may not have arrived: that is being looked up.`,
    report.waiting >= waitingMany &&
      `${report.waiting} messages wait: Slack slows us down, or is away. They go out in order of urgency.`,
    ...report.problems.slice(0, problemsShownMax).map((problem) => oneLine(problem, 400)),
    report.problems.length > problemsShownMax &&
      `${report.problems.length - problemsShownMax} more of that kind: read the log.`,
  ];
  return found.filter(Boolean);
}

/** What it was, and the two things that a person may do with it. */
function failedCall(call: FailedCall, screen: Screen): (KnownBlock | null)[] {
  const target = { incident: call.incident ?? 0, id: String(call.row) };
  const what = oneLine(callWords(call, screen), 60);
  return [
    bullets(callLine(call, 'failed', screen)),
    actions(
      button('Retry', 'retry-call', target, { spoken: `Retry ${what}` }),
      button('Discard', 'discard-call', target, { spoken: `Discard ${what}` }),
    ),
  ];
}

/** What the person reads who pressed one of them. */
export const callMended = (how: 'retry' | 'discard', command: string): string =>
  how === 'retry'
    ? `It is tried again now; whether it arrived before is looked up first. What became of it: ${command} doctor`
    : 'Discarded: it is not tried again, and no longer listed.';

/** Somebody else was quicker. `by` null: nobody knows who. */
export function callMendedBefore(
  before: { how: 'retry' | 'discard'; by: string; at: number } | null,
  screen: Screen,
): Message {
  if (before === null) {
    const words = 'Somebody has seen to this call already. Nothing changed.';
    return message(words, lines(words));
  }
  const done = before.how === 'retry' ? 'Already retried by ' : 'Already discarded by ';
  const words: Piece[] = [
    done,
    nameOf(before.by, screen),
    ' at ',
    date(before.at, screen),
    '. Nothing changed.',
  ];
  return message(flat(screen, ...words), lines(words));
}

const heldWords = ({ parked, isSlackAway }: DoctorReport): string =>
  isSlackAway
    ? `${count(parked, 'message')} held back until Slack is back: nothing is lost.`
    : `${count(parked, 'message')} held back: Slack does not accept our token. Install the app again, put the new token in SLACK_BOT_TOKEN, and restart.`;

const fates: Readonly<Record<OpenCall['state'], string>> = {
  pending: 'waits for its next try',
  unknown: 'may or may not have arrived',
  parked: 'is held back',
};

const callLine = (call: Call, fate: string, screen: Screen): Line => [
  date(call.at, screen),
  call.incident === null ? ' ' : ` INC-${call.incident}: `,
  `${oneLine(callWords(call, screen), 120)} ${fate}${whyWords(call.error)}`,
];
