import { expect, test } from 'vitest';
import { botWith } from '../support/bot-with.ts';
import { start } from '../support/world.ts';

const month = 30 * 86_400_000;

test('a machine whose clock was set is in the doctor’s report, with the cure, until it is right again', async () => {
  const skew = { clockAheadMs: 0, wallAheadMs: 3 * 60_000 };
  const world = await start({ startBot: botWith(skew) });
  const ana = world.slack.as('ana');
  await world.tick();
  expect(await ana.command('/incident doctor', { in: 'general' })).toContain(
    "This machine's clock was set 3 min ahead. Tocsin goes on by the time that has really passed, so nobody is paged early; if the clock is right, restart Tocsin to take its time.",
  );
  skew.wallAheadMs = 0;
  await world.tick();
  expect(await ana.command('/incident doctor', { in: 'general' })).toContain('All is well.');
});

test('what Slack signs is judged by the machine’s clock: counting a month ahead, Tocsin still hears people', async () => {
  const world = await start({ startBot: botWith({ clockAheadMs: month, wallAheadMs: 0 }) });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(world.slack.as('bea').pushes()[0]).toContain('SEV1 Checkout is down');
});

test.each([
  ['counting a month ahead', { clockAheadMs: month, wallAheadMs: 0 }],
  ['on a machine that is a month ahead', { clockAheadMs: 0, wallAheadMs: month }],
])('%s, Tocsin takes no alert of PagerDuty for an old one', async (_what, skew) => {
  const world = await start({ startBot: botWith(skew) });
  await world.pagerduty.trigger({ title: 'Checkout is down', service: 'PPAYMNT', assignees: ['bea'] });
  await world.settle();
  expect(world.store.incident(1)?.title).toBe('Checkout is down');
  expect(world.store.quarantined()).toBe(0);
});
