import { expect } from 'vitest';
import { actions } from '../sandbox/web-desk.ts';
import { button } from '../sandbox/world.ts';
import {
  browserTest,
  card,
  channelLink,
  main,
  openSandbox,
  openTab,
  press,
  reads,
  say,
  walkTo,
} from './sandbox.ts';
import { openSmallRoom } from './small-bot.ts';
import { runSandbox } from './whole-sandbox.ts';

browserTest('Slack goes down and comes back: the page says so, and the incident opens once', async () => {
  const { as } = await openSandbox();
  const ana = await as('ana', '?side=weather');
  await press(ana, 'Down');
  await reads(ana.locator('#top')).toContain('Slack is down for the bot');
  await say(ana, '/incident declare sev1 Checkout is down');
  await reads(main(ana)).toContain('Only visible to you');
  await press(ana, '+1m');
  await reads(ana.locator('#top')).toContain('02:01');
  expect(await channelLink(ana, /inc-/).count()).toBe(0);
  await press(ana, 'Fine');
  await press(ana, '+5m');
  await walkTo(ana, /inc-/);
  await reads(card(ana)).toContain('SEV1 · Checkout is down · INC-1');
  expect(await ana.locator('#messages > li.pinned').count()).toBe(1);
  expect(await channelLink(ana, /inc-/).count()).toBe(1);
});

browserTest(
  'a press that the bot does not answer within three seconds: this app did not respond',
  async () => {
    const { post, ana, acted } = await openSmallRoom(({ body }) =>
      body.type === 'block_actions' ? { hangs: true } : undefined,
    );
    await press(ana, '▶ run');
    const where = await post([actions(button('Go', 'el'))]);
    await press(where, 'Go');
    await expect.poll(acted).toHaveLength(1);
    await where.locator('[aria-busy=true]').waitFor();
    await reads(where.getByRole('alert')).toContain('This app did not respond');
    expect(await where.locator('[aria-busy=true]').count()).toBe(0);
  },
);

browserTest(
  'the bot is killed in the middle of its work and started again: nothing is there twice',
  async () => {
    const ana = await openTab(`${await runSandbox()}/as/ana/?side=weather`);
    await press(ana, 'Kill it in the middle of its work');
    await say(ana, '/incident declare sev1 Checkout is down');
    await reads(ana.locator('#top')).toContain('Bot stopped');
    await say(ana, '/incident list');
    await reads(main(ana)).toContain('/incident failed with the error dispatch_failed');
    await press(ana, 'Start it');
    await reads(ana.locator('#top')).toContain('Bot ready');
    await press(ana, '+1m');
    await walkTo(ana, /inc-/);
    await reads(card(ana)).toContain('SEV1 · Checkout is down · INC-1');
    await press(ana, '+1m');
    await reads(main(ana)).toContain('Paged @bea');
    expect(await ana.locator('#messages > li').filter({ hasText: 'INC-1 Investigating' }).count()).toBe(1);
  },
);
