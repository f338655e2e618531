import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

/** A call that hangs is given up after this; who waits for it is late by as much. */
const hangMs = 2_000;
/** So long a page may take meanwhile, in real time. */
const meanwhile = { timeout: hangMs - 500 };
const enqueue = 'POST /v2/enqueue';

/** One whose page hangs, and as many again as may page in a rush: were the lane one, these would have to wait. */
const incidents = [1, 2, 3];
const once = (told: string): string[] => incidents.map(() => told);

/** When Slack was told to page each of them, to the minute: `bea at 02:00`. */
function pagedInSlack(world: World): string[] {
  const entries = incidents.flatMap((id) => world.store.timeline(id));
  return entries.flatMap(({ at, fact }) => {
    if (fact.type !== 'page-delivered') return [];
    return [`${world.store.person(fact.user)?.name} at ${new Date(at).toISOString().slice(11, 16)}`];
  });
}

const declared = (world: World) =>
  world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });

test('PagerDuty hangs: Slack pages the primary meanwhile; while it stays away, the secondary on time', async () => {
  const world = await start({ pagerduty: account, slackTimeoutMs: hangMs });
  world.pagerduty.faults.always(enqueue, 'timeout');
  await declared(world);
  await expect.poll(() => world.pagerduty.callsTo(enqueue).length, meanwhile).toBe(1);
  await Promise.all([declared(world), declared(world)]);
  await expect.poll(() => pagedInSlack(world), meanwhile).toEqual(once('bea at 02:00'));
  // The clock stands still for whatever hangs: from here on it is refused at once.
  world.pagerduty.faults.clear();
  world.pagerduty.faults.always(enqueue, 'reset');
  await world.pass('5m');
  expect(pagedInSlack(world).sort()).toEqual([...once('bea at 02:00'), ...once('cai at 02:05')]);
  expect(world.pagerduty.pages).toEqual([]);
  world.pagerduty.faults.clear();
  await world.pass('2m');
  expect(world.pagerduty.pages.map(({ who }) => who)).toContain('bea');
});

test('Slack hangs on every page: PagerDuty rings for each incident on time, and Slack is told when it is back', async () => {
  const world = await start({ pagerduty: account, slackTimeoutMs: hangMs });
  world.slack.faults.always('chat.postMessage', 'timeout');
  await declared(world);
  const hanging = () =>
    world.slack.callsTo('chat.postMessage').filter(({ args }) => String(args.channel).startsWith('D'));
  await expect.poll(() => hanging().length, meanwhile).toBe(1);
  await Promise.all([declared(world), declared(world)]);
  await expect.poll(() => world.pagerduty.paged(), meanwhile).toEqual(once('bea at 02:00'));
  expect(pagedInSlack(world)).toEqual([]);
  world.slack.faults.clear();
  await world.pass('1m');
  expect(pagedInSlack(world)).toEqual(once('bea at 02:00'));
});
