import { mkdirSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import type { World } from '../../src/sandbox/start.ts';
import { servePage } from '../../src/sandbox/web/server.ts';
import { openWorkshop } from '../../src/sandbox/web/workshop.ts';
import { launchChromium } from './chromium.ts';

/**
 * `npm run screenshots`: makes the README's pictures anew from what the bot sends, in docs/screenshots. Always the same
 * night, so they change only when the bot or the page does.
 */

const folder = 'docs/screenshots';
/** A Monday. */
const startsAt = Date.parse('2026-03-02T02:00:00Z');

/** From the alert to the moment in which nobody keeps the others informed. */
async function badNight({ slack, pagerduty, pass, settle }: World): Promise<string> {
  await pagerduty.trigger({
    title: 'Checkout is down',
    service: 'payments',
    urgency: 'high',
    priority: 'P1',
  });
  await settle();
  const channel = slack.channel('inc-').id;
  const inside = { in: channel };
  const [ana, cai] = [slack.as('ana'), slack.as('cai')];
  await pass('6m');
  for (const person of [ana, cai]) await person.join(channel);
  await cai.click('Acknowledge', inside);
  await cai.say('All card payments fail since release 512. Rolling it back.', inside);
  await pass('4m');
  await ana.command('/incident role commander @ana', inside);
  await pass('6m');
  await ana.command('/incident update Card payments fail for everybody. Rolling back release 512.', inside);
  await cai.say('Rollback is at 40%, errors go down', inside);
  await pass('5m');
  return channel;
}

/** And to its end. */
async function goodMorning({ slack, pass, settle }: World, channel: string): Promise<void> {
  const inside = { in: channel };
  await slack.as('cai').say('Rollback is out, error rate is back to normal.', inside);
  await pass('5m');
  await slack.as('ana').command('/incident resolve rollback of release 512', inside);
  await settle();
}

/** `paddingPx`: so much of what stands around it. */
async function shoot(where: Locator, name: string, paddingPx = 0): Promise<void> {
  const page = where.page();
  await where.scrollIntoViewIfNeeded();
  await page.mouse.move(0, 0);
  const box = await where.boundingBox();
  if (!box) throw new Error(`${name} is not on the page`);
  const clip = {
    x: box.x - paddingPx,
    y: box.y - paddingPx,
    width: box.width + 2 * paddingPx,
    height: box.height + 2 * paddingPx,
  };
  const path = `${folder}/${name}.png`;
  await page.screenshot({ path, clip, animations: 'disabled', caret: 'hide', scale: 'css' });
  console.log(path);
}

const newest = (page: Page, words: string): Locator =>
  page.locator('#messages > li').filter({ hasText: words }).last();

async function declareForm(page: Page): Promise<Locator> {
  await page.locator('#compose').fill('/incident declare');
  await page.keyboard.press('Enter');
  const form = page.locator('dialog.bk-modal');
  await form.getByLabel('What is broken?').fill('Checkout is down');
  await form.getByText('SEV1').click();
  return form;
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const browser = await launchChromium();
  const workshop = await openWorkshop({ now: () => startsAt, startsAt });
  const { room, control } = workshop;
  const server = await servePage(room, control, { port: 0, host: '127.0.0.1' });
  const context = await browser.newContext({
    viewport: { width: 980, height: 820 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(`${server.url}/as/ana/`);
  const form = await declareForm(page);
  await shoot(form, 'modal');
  await form.getByRole('button', { name: 'Not now' }).click();
  await form.waitFor({ state: 'detached' });
  const channel = await badNight(room.world);
  await page.goto(`${server.url}/as/ana/in/${channel}`);
  await shoot(page.locator('#messages > li.pinned').first(), 'card');
  await shoot(newest(page, 'There is no comms lead'), 'nudge');
  await page.goto(`${server.url}/as/ana/in/home`);
  await shoot(page.locator('#home > .bk'), 'home', 16);
  await goodMorning(room.world, channel);
  await page.goto(`${server.url}/as/ana/in/${channel}`);
  await shoot(newest(page, 'Postmortem draft: '), 'draft');
  await browser.close();
  await server.close();
  await workshop.close();
}

await main();
