import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SlackOrder, SlackWord } from './slack-process.ts';

export type SlackCall = Extract<SlackWord, { call: unknown }>['call'];

/** Slack, in a process of its own. */
export interface SlackSide {
  apiUrl: string;
  botToken: string;
  signingSecret: string;
  /** Where events go. */
  connect(botUrl: string | null): void;
  /** What each Web API call takes from now on. */
  setLatency(latencyMs: number): void;
  /** The first call so far, or to come, of which `test` is true. */
  called(test: (call: SlackCall) => boolean, what: string): Promise<SlackCall>;
  /** Resolves once Slack has heard no call for this long. */
  quiet(ms: number): Promise<void>;
  /** Calls so far, in order. */
  heard(): readonly SlackCall[];
  /** Calls that Slack refused. */
  refused(): SlackCall[];
  stop(): void;
}

/** How long anything awaited here may take. */
const patienceMs = 30_000;

/** `people`: so many with handles from `r0` on, besides the default cast. */
export async function startSlackProcess(people = 100): Promise<SlackSide> {
  const program = fileURLToPath(new URL('./slack-process.ts', import.meta.url));
  const child = fork(program, [String(people)], { execArgv: ['--import', 'tsx'] });
  const calls: SlackCall[] = [];
  const waiting = new Set<(call: SlackCall) => void>();
  const ready = await new Promise<Extract<SlackWord, { ready: unknown }>['ready']>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Slack ended (${code})`)));
    child.on('message', (word: SlackWord) => {
      if ('ready' in word) return resolve(word.ready);
      calls.push(word.call);
      for (const wait of waiting) wait(word.call);
    });
  });
  const tell = (order: SlackOrder): void => void child.send(order);
  return {
    ...ready,
    connect: (botUrl) => tell({ connect: botUrl }),
    setLatency: (latencyMs) => tell({ latencyMs }),
    called: (test, what) => {
      const before = calls.find(test);
      return before ? Promise.resolve(before) : awaited(waiting, test, what);
    },
    quiet: async (ms) => {
      for (let heard = -1; heard < calls.length; await sleep(ms)) heard = calls.length;
    },
    heard: () => calls,
    refused: () => calls.filter(({ error }) => error !== undefined),
    stop: () => end(child),
  };
}

function awaited(
  waiting: Set<(call: SlackCall) => void>,
  test: (call: SlackCall) => boolean,
  what: string,
): Promise<SlackCall> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      waiting.delete(wait);
      reject(new Error(`Slack heard nothing of ${what} in ${patienceMs} ms`));
    }, patienceMs);
    const wait = (call: SlackCall): void => {
      if (!test(call)) return;
      waiting.delete(wait);
      clearTimeout(late);
      resolve(call);
    };
    waiting.add(wait);
  });
}

function end(child: ChildProcess): void {
  child.removeAllListeners();
  child.kill();
}
