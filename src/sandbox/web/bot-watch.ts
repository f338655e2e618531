import { isObject, parseJson } from '../json.ts';
import type { Room } from './room.ts';

/** How the bot does, as anybody can see who asks its health route. */
export type BotState = 'ready' | 'not-ready' | 'no-answer' | 'stopped';

export interface BotWatch {
  readonly state: BotState;
  /** Why it is not ready, in its own words, or ''. */
  readonly why: string;
  /** It is killed at its next word to Slack. */
  readonly isDoomed: boolean;
  /** `http://127.0.0.1:port/readyz` */
  readonly healthUrl: string;
  /** `kill -9`, now. */
  kill(): Promise<void>;
  /** `kill -9` in the middle of its work: Slack has taken the bot's next message, the bot never learns of it. */
  killAtNextPost(): void;
  /** Starts it, or ends it and starts it again, on the same database. */
  start(): Promise<void>;
  /** A bot is there now: somebody started one. */
  isThere(): void;
  close(): void;
}

const askEveryMs = 2_000;
/** A bot that answers later than this is as good as away. */
const answerWithinMs = 1_500;

export function botWatchOf(
  room: Room,
  oneAtATime: (job: string, run: () => Promise<unknown>) => Promise<void>,
): BotWatch {
  const state = { state: 'ready' as BotState, why: '', isDoomed: false };
  let isAsking = false;
  const healthUrl = () => `http://127.0.0.1:${room.world.port}/readyz`;

  function set(now: BotState, why = ''): void {
    if (state.state === now && state.why === why) return;
    Object.assign(state, { state: now, why });
    room.changed();
  }

  async function ask(): Promise<void> {
    if (isAsking || state.state === 'stopped') return;
    isAsking = true;
    const { world } = room;
    const seen = await healthAt(healthUrl());
    isAsking = false;
    if (world === room.world && (state.state as BotState) !== 'stopped') set(seen.state, seen.why);
  }

  async function kill(): Promise<void> {
    await room.world.kill();
    state.isDoomed = false;
    set('stopped');
  }

  const asking = setInterval(() => void ask(), askEveryMs);
  asking.unref();
  return {
    get state() {
      return state.state;
    },
    get why() {
      return state.why;
    },
    get isDoomed() {
      return state.isDoomed;
    },
    get healthUrl() {
      return healthUrl();
    },
    kill,
    killAtNextPost: () => {
      state.isDoomed = true;
      room.changed();
      const unwatch = room.world.slack.watch(async ({ method }, moment) => {
        if (moment !== 'after' || method !== 'chat.postMessage') return;
        unwatch();
        if (state.isDoomed) await kill();
      });
    },
    start: async () => {
      state.isDoomed = false;
      // One that hangs would never end by itself, and whatever waits for it neither.
      if (state.state === 'no-answer') await room.world.kill();
      await oneAtATime('The bot starts …', () => room.world.restart());
      set('ready');
    },
    isThere: () => {
      state.isDoomed = false;
      set('ready');
    },
    close: () => clearInterval(asking),
  };
}

async function healthAt(url: string): Promise<{ state: BotState; why: string }> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerWithinMs) });
    if (answer.ok) return { state: 'ready', why: '' };
    const body = parseJson(await answer.text());
    const why = isObject(body) && Array.isArray(body.why) ? body.why.join('; ') : `HTTP ${answer.status}`;
    return { state: 'not-ready', why };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return { state: 'no-answer', why: isLate ? `it took more than ${answerWithinMs} ms` : 'nobody listens' };
  }
}
