import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { browserTest, modal, openSandbox, type Sandbox, say, wide } from './sandbox.ts';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** What somebody who does not see, or not well, cannot use. Lesser findings are opinions. */
interface Finding {
  id: string;
  impact: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Serious and critical findings, a line for each element. The script does not pass the page's own security policy. */
async function findingsOn(page: Page, rules: readonly string[]): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<Finding[]>(
    `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...(rules.length > 0 ? { runOnly: rules } : {}) })})
      .then(({ violations }) => violations)`,
  );
  return found
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** A SEV1 in full swing: talk, a reply, a reaction, a file, an alert, and what only Ana sees. */
async function busyNight(): Promise<Sandbox> {
  const sandbox = await openSandbox();
  const { slack, pagerduty } = sandbox.room.world;
  await pagerduty.trigger({ service: 'PPAYMNT', title: 'Cards fail', urgency: 'high', priority: 'P1' });
  await sandbox.settled();
  const ana = slack.as('ana').goTo('inc-');
  await ana.join('inc-');
  await slack.as('bea').click('Acknowledge', { in: 'inc-' });
  await ana.say('*All* cards fail, see <https://example.com/graph> `502` @bea');
  await ana.say('since release 512', { thread: /cards fail, see/ });
  await slack.as('bea').react('eyes', /cards fail, see/, { in: 'inc-' });
  await ana.command('/incident update Rolling back 512');
  await ana.command('/incident show');
  await sandbox.room.world.pass('40m');
  await slack.as('bea').command('/incident resolve rollback of 512', { in: 'inc-' });
  await sandbox.settled();
  return sandbox;
}

/** What a look changes; `rules`: all where none is named. */
const looks: [name: string, options: BrowserContextOptions, rules: readonly string[]][] = [
  ['light', { colorScheme: 'light', viewport: wide }, []],
  ['dark', { colorScheme: 'dark', viewport: wide }, ['color-contrast', 'link-in-text-block']],
  ['on a phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }, []],
];
/** How much wider than its window a page is, px. */
const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

browserTest.each(looks)(
  'nothing stands in the way of a screen reader or weak eyes: %s',
  async (_, options, rules) => {
    const { as, pathOf, room } = await busyNight();
    const inside = pathOf('inc-');
    const asked = room.world.slack
      .channel('inc-')
      .messages.find(({ text }) => text.includes('cards fail, see'));
    const views = {
      conversation: inside,
      home: 'in/home',
      thread: `${inside}?thread=${asked?.ts}`,
      page: 'dm/tocsin',
      ...Object.fromEntries(
        ['pagerduty', 'weather', 'stories', 'log', 'details'].map((side) => [side, `${inside}?side=${side}`]),
      ),
      profile: `${inside}?profile=U0BEA`,
    };
    const found: Record<string, string[]> = {};
    const ana = await as('ana', inside, options);
    for (const [name, path] of Object.entries(views)) {
      await ana.goto(new URL(`/as/ana/${path}`, ana.url()).href);
      found[name] = await findingsOn(ana, rules);
      expect(await ana.evaluate(beyond), `${name} is wider than the window by`).toBe(0);
    }
    await ana.goto(new URL('/as/ana/', ana.url()).href);
    await say(ana, '/incident declare');
    await modal(ana).waitFor();
    found.modal = await findingsOn(ana, rules);
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
  },
);
