import type { Browser, Page } from 'playwright-core';
import type { World } from '../src/sandbox/start.ts';
import { servePage } from '../src/sandbox/web/server.ts';
import { playLong } from '../src/sandbox/web/stories.ts';
import { openWorkshop } from '../src/sandbox/web/workshop.ts';
import { findChromium, howToGetOne, launchChromium } from '../tests/browser/chromium.ts';
import { type Figure, median } from './figure.ts';

/** Messages on a short page and on a long one, both of the same conversation. */
const [few, many] = [50, 2_000];
const rounds = 7;
const blockedMsMax = 100;
/** For forty times as many messages. */
const blockedRatioMax = 10;
const startsAt = Date.UTC(2026, 2, 2, 2, 0);
/** The wheel turns so often, so far each time, px. */
const [turns, turnPx] = [12, 4_000];

/** What is waited for is asked cheaply, in the page: a locator would look at every message, and block the page itself. */
const script = `(() => {
  const framesMax = 2_000;
  globalThis.frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  globalThis.shown = async (words) => {
    for (let frames = 0; frames < framesMax; frames += 1) {
      if (document.querySelector('#messages').lastElementChild.textContent.includes(words)) return;
      await frame();
    }
    throw new Error(words + ' does not show');
  };
})()`;

/** The task that kept the page's main thread busy longest: the processor's time, and the wall clock's, ms. */
interface Task {
  busyMs: number;
  wallMs: number;
}

type Act = (page: Page, world: World, channel: string, round: number) => Promise<void>;

const shown = (page: Page, words: string): Promise<void> => page.evaluate(`shown(${JSON.stringify(words)})`);

/** What happens on a page while somebody looks at it. */
const acts: Record<string, Act> = {
  'new message': async (page, { slack }, channel, round) => {
    await slack.as('cai').say(`News ${round} of ${page.url()}`, { in: channel });
    await shown(page, `News ${round} of`);
  },
  edit: async (page, { slack }, channel, round) => {
    await slack.as('cai').edit(/News/, `Corrected ${round}`, { in: channel });
    await shown(page, `Corrected ${round}`);
  },
  reaction: async (page, { slack }, channel) => {
    await slack.as('bea').react('tada', /Corrected/, { in: channel });
    await shown(page, '🎉');
  },
  scrolling: async (page) => {
    await page.mouse.move(640, 450);
    for (const direction of [-1, 1]) {
      for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, direction * turnPx);
    }
  },
};

/** How long the sandbox's page does not answer while it changes and scrolls: a long conversation beside a short one. */
export async function page(): Promise<Figure[]> {
  if (!findChromium()) {
    console.error(`The page is not measured. ${howToGetOne}`);
    return [];
  }
  const browser = await launchChromium();
  const { room, control, close } = await openWorkshop({ now: () => startsAt, startsAt });
  const server = await servePage(room, control, { port: 0, host: '127.0.0.1' });
  try {
    await playLong(room.world, () => undefined, many);
    const channel = room.world.slack.channel('inc-').id;
    const longestOn = (last: number) =>
      longestTasks(browser, `${server.url}/as/ana/in/${channel}?last=${last}`, room.world, channel);
    return figuresOf(await longestOn(few), await longestOn(many));
  } finally {
    await browser.close();
    await server.close();
    await close();
  }
}

/** The longest task of each round of each act. The first round warms the page up. */
async function longestTasks(
  browser: Browser,
  url: string,
  world: World,
  channel: string,
): Promise<Map<string, Task[]>> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript(script);
  const tab = await context.newPage();
  await tab.goto(url);
  const longest = new Map(Object.keys(acts).map((name) => [name, [] as Task[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, act] of Object.entries(acts)) {
      await browser.startTracing(tab, { categories: ['toplevel'] });
      await act(tab, world, channel, round);
      await tab.evaluate('frame().then(frame)');
      const task = longestIn(await browser.stopTracing());
      if (round > 0) longest.get(name)?.push(task);
    }
  }
  await context.close();
  return longest;
}

/** An event of Chromium's trace format; times in microseconds, `tdur` without what others did meanwhile. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
}

function longestIn(trace: Buffer): Task {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  );
  const tasks = traceEvents.filter((event) => /RunTask$/.test(event.name) && mains.has(threadOf(event)));
  if (tasks.length === 0) throw new Error('The trace holds no task of the page');
  return {
    busyMs: Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
    wallMs: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1000,
  };
}

function figuresOf(short: Map<string, Task[]>, long: Map<string, Task[]>): Figure[] {
  const slowest = (tasks: readonly Task[]) => Math.max(...tasks.map(({ busyMs }) => busyMs));
  const all = [...long.values()].flat();
  const typical = (blocked: Map<string, Task[]>) =>
    Math.max(...[...blocked.values()].map((tasks) => median(tasks.map(({ busyMs }) => busyMs))));
  const detail = [...long].map(([name, tasks]) => `${name} ${slowest(tasks).toFixed(0)}`).join(', ');
  const wallMs = Math.max(...all.map((task) => task.wallMs));
  return [
    {
      name: `page of ${many} messages, longest task`,
      measured: slowest(all),
      bar: blockedMsMax,
      unit: 'ms',
      detail: `of ${rounds} rounds: ${detail}; ${wallMs.toFixed(0)} ms by the wall clock of this machine`,
    },
    {
      name: `page of ${many} messages, of ${few}`,
      measured: typical(long) / typical(short),
      bar: blockedRatioMax,
      unit: 'x',
      detail: `${typical(long).toFixed(1)} ms against ${typical(short).toFixed(1)} ms, medians of the slowest act`,
    },
  ];
}
