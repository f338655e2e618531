import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

/** A call that hangs is given up after this; who waits for it is late by as much. */
const hangMs = 2_000;
/** So long a page may take meanwhile, in real time. */
const meanwhile = { timeout: hangMs - 500 };
const enqueue = 'POST /v2/enqueue';

/** When Slack was told to page each of them, to the minute: `bea at 02:00`. */
function pagedInSlack(world: World): string[] {
  return world.store.timeline(1).flatMap(({ at, fact }) => {
    if (fact.type !== 'page-delivered') return [];
    return [`${world.store.person(fact.user)?.name} at ${new Date(at).toISOString().slice(11, 16)}`];
  });
}

const declared = (world: World) =>
  world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });

test('PagerDuty hangs on every call: Slack pages the primary and the secondary on time', async () => {
  const world = await start({ pagerduty: account, slackTimeoutMs: hangMs });
  world.pagerduty.faults.always(enqueue, 'timeout');
  await declared(world);
  await expect.poll(() => pagedInSlack(world), meanwhile).toEqual(['bea at 02:00']);
  await world.pass('5m');
  expect(pagedInSlack(world)).toEqual(['bea at 02:00', 'cai at 02:05']);
  expect(world.pagerduty.pages).toEqual([]);
  world.pagerduty.faults.clear();
  await world.pass('2m');
  expect(world.pagerduty.pages.map(({ who }) => who)).toContain('bea');
});

test('Slack hangs on every message: PagerDuty rings the primary on time, and Slack is told when it is back', async () => {
  const world = await start({ pagerduty: account, slackTimeoutMs: hangMs });
  world.slack.faults.always('chat.postMessage', 'timeout');
  await declared(world);
  await expect.poll(() => world.pagerduty.paged(), meanwhile).toEqual(['bea at 02:00']);
  expect(pagedInSlack(world)).toEqual([]);
  world.slack.faults.clear();
  await world.pass('1m');
  expect(pagedInSlack(world)).toEqual(['bea at 02:00']);
});
