import { expect, test } from 'vitest';
import { leanFetch } from '../../src/outbox/lean-fetch.ts';
import { pagerDutyClient } from '../../src/pagerduty/rest.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

test('in a whole world PagerDuty escalates by itself, and what is done by REST reaches the channel', async () => {
  const { world, rest } = await withClient();
  const { id } = await world.pagerduty.trigger({ title: 'Checkout latency', service: 'payments' });
  await world.settle();
  const channel = world.slack.channels().find((name) => name.startsWith('inc-')) ?? '';
  await world.pass('6m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05']);
  await rest.acknowledge(id, 'cai@example.com');
  await world.settle();
  expect(world.slack.channel(channel).transcript()).toContain('Cai (in PagerDuty) has it. Paging stopped.');
  expect(world.pagerduty.deliveries.map(({ status, type }) => `${type} ${status}`)).toEqual([
    'incident.triggered delivered',
    'incident.escalated delivered',
    'incident.acknowledged delivered',
  ]);
  await world.pass('30m');
  expect(world.pagerduty.paged()).toHaveLength(2);
});

async function withClient() {
  const world = await start({ pagerduty: account });
  const { token, fromEmail, apiUrl, eventsUrl } = world.pagerduty;
  const { rest } = pagerDutyClient({
    token,
    fromEmail,
    routingKey: world.pagerduty.routingKey(),
    apiUrl,
    eventsUrl,
    fetch: leanFetch,
    clock: world.clock,
    timeoutMs: 5_000,
  });
  if (!rest) throw new Error('no client');
  return { world, rest };
}
