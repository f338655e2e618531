import { expect, test } from 'vitest';
import { office, thrownBy } from './office.ts';

const event = {
  dedupKey: 'INC-7',
  summary: 'Checkout is down',
  source: 'tocsin',
  severity: 'critical',
} as const;

test('a page by events wakes the one on call, and is said again at no cost', async () => {
  const { pagerduty, events } = await office();
  const link = { href: 'https://acme.slack.com/archives/C1', text: '#inc-7' };
  await events.trigger({ ...event, details: { severity: 'SEV1' }, link });
  await events.trigger(event);
  expect(pagerduty.paged()).toEqual(['bea at 02:00']);
  const { incident, alerts } = pagerduty.ticket('INC-7');
  expect([incident.title, incident.urgency, alerts.length, alerts[0]?.details]).toEqual([
    'Checkout is down',
    'high',
    2,
    { severity: 'SEV1' },
  ]);
  expect(pagerduty.calls[0]?.body).toMatchObject({ client: 'Tocsin', client_url: link.href, links: [link] });
  await events.acknowledge('INC-7');
  expect(incident.status).toBe('acknowledged');
  await events.resolve('INC-7');
  expect(incident.status).toBe('resolved');
  await events.acknowledge('INC-99');
});

test('texts are cut to what PagerDuty takes, and none is empty', async () => {
  const { pagerduty, events } = await office();
  const details = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`key ${n}`, 'x'.repeat(20_000)]));
  await events.trigger({ ...event, summary: '🔥'.repeat(2_000), details });
  await events.trigger({ ...event, dedupKey: 'INC-8', summary: ' ', source: '' });
  expect(pagerduty.calls.map(({ status }) => status)).toEqual([202, 202]);
  expect(pagerduty.ticket('INC-7').incident.title).toMatch(/^(🔥)+…$/u);
  expect(pagerduty.ticket('INC-8').incident.title).toBe('An incident');
});

test.each(['', 'x'.repeat(256)])(
  'a key that PagerDuty would not take is a mistake of ours',
  async (dedupKey) => {
    const { pagerduty, events } = await office();
    expect(await thrownBy(events.trigger({ ...event, dedupKey }))).toBeInstanceOf(RangeError);
    expect(pagerduty.calls).toEqual([]);
  },
);
