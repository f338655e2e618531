import { type ChildProcess, fork } from 'node:child_process';
import type { Bot, BotBoot, StartBot } from './bot.ts';
import { startBotHere } from './bot.ts';
import { movableClock } from './clock.ts';

/** What we ask of a bot in a process of its own. */
type Ask =
  | { do: 'start'; boot: BotBoot; at: number }
  | { do: 'follow'; at: number }
  | { do: 'idle' | 'tick' | 'stop' };

/** How it stands there after that. Times epoch ms, Infinity for never. */
interface State {
  port: number;
  dueAt: number;
  wakeAt: number;
}

type Answer = { id: number } & ({ state: State } | { error: string });

/** With this argument the program is the bot: see `serveBot`. */
export const botArgument = '--bot';

/**
 * Starts bots in processes of their own, so that they can be killed: `program` is run again with `botArgument`, and
 * must call `serveBot`. Their clocks follow the world's. The first `ready` processes are loaded ahead, all at once.
 */
export function botProcessOf(program: string, ready: number): StartBot {
  const forked = () => fork(program, [botArgument], { serialization: 'advanced' });
  const spares = Array.from({ length: ready }, forked);
  for (const spare of spares) keepWaiting(spare, false);
  return async (boot, clock) => {
    const child = spares.shift() ?? forked();
    keepWaiting(child, true);
    const line = lineTo(child);
    await line.ask({ do: 'start', boot, at: clock.now() });
    const bot: Bot = {
      port: line.state.port,
      store: null,
      idle: () => line.ask({ do: 'idle' }),
      tick: () => line.ask({ do: 'tick' }),
      follow: (at) => line.ask({ do: 'follow', at }),
      nextDueAt: () => line.state.dueAt,
      nextWakeAt: () => line.state.wakeAt,
      stop: async () => {
        await line.ask({ do: 'stop' });
        child.kill();
        await line.ended;
      },
      kill: async () => {
        child.kill('SIGKILL');
        await line.ended;
      },
    };
    return bot;
  };
}

/** Whether our process waits for this one to end. */
function keepWaiting(child: ChildProcess, isWaiting: boolean): void {
  const how = isWaiting ? 'ref' : 'unref';
  child[how]();
  child.channel?.[how]();
}

/** Questions to the child, answered in any order. A dead child answers nothing: then every question is over at once. */
function lineTo(child: ChildProcess) {
  const open = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const line = {
    state: { port: 0, dueAt: Number.POSITIVE_INFINITY, wakeAt: Number.POSITIVE_INFINITY },
    ended: new Promise<void>((resolve) => child.once('exit', () => resolve())),
    ask: (ask: Ask): Promise<void> =>
      new Promise((resolve, reject) => {
        if (!child.connected) return resolve();
        lastId += 1;
        open.set(lastId, { resolve, reject });
        child.send({ id: lastId, ask }, (error) => error && resolve());
      }),
  };
  let lastId = 0;
  child.on('message', (answer: Answer) => {
    const asked = open.get(answer.id);
    open.delete(answer.id);
    if ('error' in answer) return asked?.reject(new Error(answer.error));
    line.state = answer.state;
    asked?.resolve();
  });
  void line.ended.then(() => {
    line.state = { ...line.state, dueAt: Number.POSITIVE_INFINITY, wakeAt: Number.POSITIVE_INFINITY };
    for (const { resolve } of open.values()) resolve();
    open.clear();
  });
  return line;
}

/** The other end: the bot, doing what it is told until its parent goes. */
export function serveBot(): void {
  const clock = movableClock(0);
  let bot: Bot | null = null;

  async function obey(ask: Ask): Promise<State> {
    if (ask.do === 'start' || ask.do === 'follow') clock.set(ask.at);
    if (ask.do === 'start') bot = await startBotHere(ask.boot, clock);
    if (!bot) throw new Error('the bot was not started');
    if (ask.do === 'idle' || ask.do === 'tick' || ask.do === 'stop') await bot[ask.do]();
    const isOver = ask.do === 'stop';
    return {
      port: bot.port,
      dueAt: isOver ? Number.POSITIVE_INFINITY : bot.nextDueAt(),
      wakeAt: clock.nextWakeAt() ?? Number.POSITIVE_INFINITY,
    };
  }

  process.on('disconnect', () => process.exit());
  process.on('message', ({ id, ask }: { id: number; ask: Ask }) => {
    obey(ask).then(
      (state) => process.send?.({ id, state } satisfies Answer),
      (error: unknown) => process.send?.({ id, error: String(error) } satisfies Answer),
    );
  });
}
