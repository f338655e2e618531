import { expect, test } from 'vitest';
import { ask, watchedWorld } from '../support/watched.ts';

test('/healthz says how everything stands, in figures and times', async () => {
  const { world } = await watchedWorld();
  await world.slack.as('ana').command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.pass('2m');
  const { status, text } = await ask(world);
  expect([status, JSON.parse(text)]).toMatchObject([
    200,
    {
      ok: true,
      version: 'sandbox',
      uptimeSeconds: 120,
      audit: { at: '2026-03-02T02:02:00.000Z', isStale: false, findings: [] },
      problems: {},
      lanes: {
        page: {
          waiting: 0,
          sending: 0,
          unknown: 0,
          parked: 0,
          dead: 0,
          latePages: 0,
          oldestAgeSeconds: null,
        },
      },
      lastTickAt: '2026-03-02T02:02:00.000Z',
      lastPagerDutyWebhookAt: null,
      backup: { at: null, ageSeconds: null },
      disk: {
        databaseBytes: expect.any(Number),
        walBytes: expect.any(Number),
        freeBytes: expect.any(Number),
      },
    },
  ]);
});

test('/metrics counts pages, calls, ticks and webhooks, and every line of it is well-formed', async () => {
  const { world } = await watchedWorld();
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  world.slack.faults.next('chat.postMessage', { error: 'is_archived' });
  await world.slack.as('ana').command('/incident update still looking', { in: 'inc-' });
  await world.pass('2m');
  await fetch(`http://127.0.0.1:${world.port}/webhooks/pagerduty`, { method: 'POST', body: '{}' });
  const { status, text } = await ask(world, '/metrics');
  expect(status).toBe(200);
  const figures = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of figures) expect(line).toMatch(/^tocsin_[a-z_]+(\{[^}]*\})? [-+]?[\d.e+-]+$/);
  const figure = (name: string) => Number(figures.find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
  expect(figure('tocsin_pages_sent_total{by="slack"}')).toBeGreaterThanOrEqual(1);
  expect(figure('tocsin_page_delay_seconds_count')).toBeGreaterThanOrEqual(1);
  expect(figure('tocsin_open_incidents{severity="1"}')).toBe(1);
  expect(figure('tocsin_outbox_rows{lane="page",state="waiting"}')).toBe(0);
  expect(figure('tocsin_ticks_total{outcome="ok"}')).toBeGreaterThanOrEqual(2);
  expect(
    figure('tocsin_slack_call_duration_seconds_count{method="chat.postMessage",word="is_archived"}'),
  ).toBe(1);
  expect(
    figure('tocsin_slack_call_duration_seconds_count{method="conversations.create",word="ok"}'),
  ).toBeGreaterThanOrEqual(1);
  expect(figures.filter((line) => line.startsWith('tocsin_pagerduty_webhooks_total{status="'))).toHaveLength(
    1,
  );
  expect(figure('tocsin_http_refusals_total{reason="unsigned"}')).toBe(1);
  expect(figure('tocsin_audit_findings{urgency="page"}')).toBe(0);
  expect(figure('tocsin_build_info{version="sandbox"}')).toBe(1);
});

test('a private incident is nowhere in either: no word of it, and not in the count of open ones', async () => {
  const { world, damage } = await watchedWorld();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev1 canary-title', { in: 'general' });
  await world.settle();
  await ana.command('/incident private', { in: 'inc-' });
  await ana.click('Make it private', { in: 'inc-' });
  await world.settle();
  expect(world.store.incident(1)?.isPrivate).toBe(true);
  damage("update incidents set state = json_set(state, '$.summary', 'canary-summary') where id = 1");
  world.slack.faults.next('conversations.setTopic', { error: 'canary_error' });
  await ana.command('/incident sev 2 canary-reason', { in: 'canary' }).catch(() => undefined);
  await world.pass('2m');
  const [health, metrics] = [await ask(world), await ask(world, '/metrics')];
  expect(health.text).toContain('"state-differs"');
  for (const { text } of [health, metrics]) {
    expect(text).not.toContain('canary-');
    expect(text).not.toContain('INC-1');
  }
  expect(metrics.text).toContain('tocsin_open_incidents{severity="1"} 0');
  expect(metrics.text).toContain('tocsin_open_incidents{severity="2"} 0');
});
