import type { App, Logger, Receiver, ReceiverEvent } from '@slack/bolt';
import type { Clock } from '../clock.ts';
import { commitFirst } from './commit-first.ts';
import { SlackRefusal } from './identity.ts';
import { type Farewell, type Line, LineEnded, openLine } from './socket-line.ts';
import type { Transport } from './transport.ts';

export interface SocketOptions {
  /** `xapp-…` */
  appToken: string;
  /** Ends with a slash. */
  apiUrl: string;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  logger: Logger;
  timeoutMs: number;
  /** What a failed call means: `final`, a human must mend the token; `afterMs`, Slack says when to come back. */
  fault: (error: unknown) => { word: string; final: boolean; afterMs: number };
  /** Something came in; call the result once it is answered. */
  entered: () => () => void;
  /** What is wrong with the socket, in words with a cure; null: it is open. */
  onState: (problem: string | null) => void;
  report: (problem: string, error?: unknown) => void;
}

/** A line that lived so long was a good one: the next is opened at once, however this one ended. */
const steadyMs = 10_000;
/** The first failure is followed at once; then 1 s, 2 s, 4 s … up to this. */
const pauseMsMax = 30_000;
/** After these a new line ends the same way: as if so many tries had failed already. */
const hopeless: Readonly<Record<string, number>> = { link_disabled: 6, too_many_websockets: 6 };
/** Slack recycles its servers every few hours, and says so ten seconds ahead. */
const isRoutine = (farewell: Farewell): boolean => farewell === 'warning' || farewell === 'refresh_requested';

/**
 * Socket Mode: we keep a line open, and a second one before the first is closed, so that nobody's command falls between
 * them. A failure never ends the process once it runs: PagerDuty and what is to be said go on without a socket.
 */
export function slackOverSocket(options: SocketOptions): Transport {
  const commits = commitFirst();
  const lines = lineKeeper(options, (event) => hearCounted(event));
  let app: App | null = null;

  /** Counted until it is answered, or until it is clear that it will not be. */
  async function hearCounted(event: ReceiverEvent): Promise<void> {
    if (!app) throw new Error('nobody listens yet');
    let left: (() => void) | null = options.entered();
    const leave = (): void => {
      left?.();
      left = null;
    };
    const ack: ReceiverEvent['ack'] = (response) => event.ack(response).finally(leave);
    await commits.hear(app, { ...event, ack }).finally(leave);
  }

  const receiver: Receiver = {
    init: (bolt) => {
      app = bolt;
    },
    start: lines.start,
    stop: lines.stop,
  };
  return {
    receiver,
    listener: null,
    idle: () => Promise.all([commits.idle(), lines.opening()]).then(() => undefined),
    start: lines.start,
    stop: lines.stop,
  };
}

/** Keeps one line open, two for a moment. */
function lineKeeper(options: SocketOptions, hear: (event: ReceiverEvent) => Promise<void>) {
  const { clock, random, onState } = options;
  const stopped = new AbortController();
  const open = new Set<Line>();
  /** Tries since a line was a good one. */
  let tries = 0;
  /** Slack asked us not to come back before; epoch ms. */
  let notBefore = 0;
  let opening: Promise<unknown> = Promise.resolve();

  async function attempt(): Promise<Line> {
    tries += 1;
    const line = await openLine({ ...options, hear });
    open.add(line);
    void line.gone.then(() => open.delete(line));
    onState(null);
    return line;
  }

  /** One try; null when it failed and trying again may help. Throws `SlackRefusal`. */
  async function tryOnce(): Promise<Line | null> {
    const tried = attempt();
    opening = tried.catch(() => undefined);
    try {
      return await tried;
    } catch (error) {
      const { problem, afterMs, final } = diagnose(options, error);
      notBefore = clock.now() + afterMs;
      if (error instanceof LineEnded) tries = Math.max(tries, hopeless[error.farewell] ?? 0);
      if (open.size === 0) onState(problem);
      if (final) throw new SlackRefusal(problem);
      options.report(problem, error);
      return null;
    }
  }

  /** Opens the next line whenever one says goodbye; ends with `stop`. */
  async function keep(first: Line | null): Promise<void> {
    let leaving: Line | null = null;
    for (let line = first; !stopped.signal.aborted; line = await nextLine()) {
      if (!line) continue;
      void leaving?.close();
      leaving = line;
      await bidden(line);
    }
    // Opened while we were stopping.
    await Promise.all([...open].map((line) => line.close()));
  }

  async function nextLine(): Promise<Line | null> {
    await clock.sleepUntil(Math.max(notBefore, clock.now() + pauseMs(tries, random())), stopped.signal);
    if (stopped.signal.aborted) return null;
    // A refusal stands among the problems; somebody may mend it while we go on asking.
    return tryOnce().catch(() => null);
  }

  /** Until the line says goodbye. */
  async function bidden(line: Line): Promise<void> {
    const openedAt = clock.now();
    const farewell = await line.farewell;
    if (stopped.signal.aborted) return;
    if (isRoutine(farewell) || clock.now() - openedAt >= steadyMs) tries = 0;
    tries = Math.max(tries, hopeless[farewell] ?? 0);
    if (isRoutine(farewell)) return;
    onState(words(farewell));
    void line.close();
  }

  return {
    start: async (): Promise<void> => {
      const first = await tryOnce();
      void keep(first);
    },
    stop: async (): Promise<void> => {
      stopped.abort();
      await Promise.all([...open].map((line) => line.close()));
    },
    opening: () => opening,
  };
}

function pauseMs(tries: number, random: number): number {
  if (tries < 2) return 0;
  const ceiling = Math.min(1_000 * 2 ** Math.min(tries - 2, 20), pauseMsMax);
  return Math.ceil(ceiling * (0.5 + random / 2));
}

function diagnose({ fault }: SocketOptions, error: unknown) {
  if (error instanceof LineEnded) return { problem: words(error.farewell), afterMs: 0, final: false };
  const { word, final, afterMs } = fault(error);
  return { problem: final ? refusal(word) : words(word), afterMs, final };
}

const refusal = (word: string): string =>
  `Slack refuses SLACK_APP_TOKEN (${word}): make an app-level token (xapp-…) with the scope connections:write under Basic Information of the Slack app, and put it in.`;

function words(why: Farewell): string {
  if (why === 'link_disabled')
    return 'Socket Mode is switched off in the Slack app: switch it on there, or take SLACK_APP_TOKEN out and let Slack call over HTTP.';
  if (why === 'too_many_websockets')
    return 'Slack allows ten sockets for one app, and all are taken: another process uses this SLACK_APP_TOKEN. Stop it, or give it an app of its own.';
  return `The socket to Slack is down (${why}): nothing that is typed in Slack arrives. Tocsin keeps trying; PagerDuty and pages go on.`;
}
