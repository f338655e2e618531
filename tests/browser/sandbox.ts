import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Room } from '../../src/sandbox/web/room.ts';
import { servePage } from '../../src/sandbox/web/server.ts';
import { openWorkshop, type Workshop } from '../../src/sandbox/web/workshop.ts';
import { isWithoutBrowser, launchChromium } from './chromium.ts';

/** A Monday, 02:00 in UTC. */
export const openedAt = Date.parse('2026-03-02T02:00:00Z');

/** A test that needs a browser. Waiting for what appears is Playwright's own; `patienceMs` bounds it. */
export const browserTest = test.skipIf(isWithoutBrowser());
const patienceMs = 30_000;
export const wide = { width: 1280, height: 900 };

let browser: Browser | null = null;
/** What no page may do, whatever a test is about: see `watched`. */
export const misdeeds: string[] = [];

beforeAll(async () => {
  browser = isWithoutBrowser() ? null : await launchChromium();
});
afterAll(() => browser?.close());
afterEach(() => {
  expect(misdeeds.splice(0)).toEqual([]);
});

/** Asks other hosts, breaks a rule of the page's own content security policy, or throws. */
function watched(context: BrowserContext): void {
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isHere = ['127.0.0.1', 'localhost'].includes(hostname) || ['data:', 'blob:'].includes(protocol);
    if (!isHere) misdeeds.push(`asked ${request.url()}`);
  });
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) misdeeds.push(message.text());
  });
  context.on('weberror', (thrown) => misdeeds.push(`threw ${thrown.error().message}`));
}

/** Somebody in front of a browser of their own; it is closed with the test. */
export async function openTab(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  if (!browser) throw new Error('There is no browser: write browserTest instead of test.');
  const context = await browser.newContext({ viewport: wide, ...options });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(patienceMs);
  watched(context);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

export interface Sandbox {
  room: Room;
  url: string;
  /** A browser of this person, at a path below `/as/<handle>/`, e.g. `dm/tocsin` or `in/home`. */
  as(handle: string, path?: string, options?: BrowserContextOptions): Promise<Page>;
  /** The newest channel whose name begins so, as a path. */
  pathOf(channel: string): string;
  /** What the test itself did in Slack has arrived everywhere. */
  settled(): Promise<void>;
}

/** The page served on a port of its own with the real bot behind it, in this process. The clock stands at 02:00. */
export async function openSandbox(): Promise<Sandbox> {
  return serveRoom(await openWorkshop({ now: () => openedAt, startsAt: openedAt }));
}

/** Serves any room, until the test ends. */
export async function serveRoom({ room, control, close }: Workshop): Promise<Sandbox> {
  onTestFinished(close);
  const page = await servePage(room, control, { port: 0, host: '127.0.0.1' });
  onTestFinished(() => page.close());
  return {
    room,
    url: page.url,
    as: (handle, path = '', options = {}) => openTab(`${page.url}/as/${handle}/${path}`, options),
    pathOf: (channel) => `in/${room.world.slack.channel(channel).id}`,
    settled: async () => {
      await room.idle();
      await room.world.settle();
      room.changed();
    },
  };
}

/** What stands there, as words; retries until it fits. */
export const reads = (where: Locator) =>
  expect.poll(async () => (await where.innerText()).replaceAll(/\s+/g, ' '));

/** The conversation or Home. */
export const main = (page: Page): Locator => page.locator('#main');

/** The newest message with these words in it. */
export const message = (page: Page, words: string | RegExp): Locator =>
  page.locator('#messages > li').filter({ hasText: words }).last();

/** The incident's card: pinned in its channel. */
export const card = (page: Page): Locator => page.locator('#messages > li.pinned').first();

export const modal = (page: Page): Locator => page.locator('dialog.bk-modal');

export const press = (where: Page | Locator, name: string): Promise<void> =>
  where.getByRole('button', { name, exact: true }).click();

/** Chooses from the ⋯ of a message. */
export async function choose(where: Locator, name: string): Promise<void> {
  await where.locator('[data-opens-menu]').click();
  await where.getByRole('menuitem', { name, exact: true }).click();
}

/** Types into the conversation's composer and sends it. */
export async function say(page: Page, words: string): Promise<void> {
  await page.locator('#compose').fill(words);
  await page.locator('#composer').getByRole('button', { name: 'Send' }).click();
}

/** A conversation in the list at the left. */
export const channelLink = (page: Page, name: RegExp): Locator =>
  page.getByRole('navigation', { name: 'Channels and messages' }).getByRole('link', { name });

export const walkTo = (page: Page, name: RegExp): Promise<void> => channelLink(page, name).click();
