import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { pagerdutySecret, type World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const payments = { id: 'PPAYMNT', summary: 'Payments production' };
const down = { title: 'Checkout is down', service: payments, priority: 'P1', assignees: ['bea'] };
const channel = (world: World): string => world.slack.channel('inc-').transcript();
const incidents = (world: World) => world.slack.channels().filter((name) => name.startsWith('inc-'));
const statuses = (world: World) => world.pagerduty.deliveries.at(-1)?.attempts.map(({ outcome }) => outcome);
const answered = (status: number) => expect.objectContaining({ kind: 'answered', status });

test('a trigger opens an incident in triage, with a channel, a card that links to PagerDuty, and the rule of its severity', async () => {
  const world = await start();
  await world.pagerduty.trigger(down);
  await world.settle();
  expect(channel(world)).toContain(`SEV1 (provisional) · Checkout is down · INC-1
        Triage since 02:00
        Impact: not known yet
        Nobody has it. cai is paged 02:05.
        Declared 02:00 by PagerDuty
        Next update 02:15
        SEV1: PagerDuty priority P1 · PagerDuty: 1 of 1 alert firing`);
  expect(channel(world)).toContain(
    'Paged @bea (primary for payments): an alert came in, PagerDuty paged Bea.',
  );
  expect(world.slack.as('bea').dm()).toContain('Why: PagerDuty 02:00, it paged Bea, PagerDuty priority P1');
  expect(JSON.stringify(world.slack.callsTo('chat.postMessage'))).toContain(
    'https://sandbox.pagerduty.com/incidents/',
  );
  expect(JSON.stringify(world.slack.callsTo('bookmarks.add'))).toContain(
    'https://sandbox.pagerduty.com/incidents/',
  );
});

test('the clock goes on where PagerDuty began: nobody again within 5 min, then the next step', async () => {
  const world = await start();
  await world.pagerduty.trigger(down);
  await world.settle();
  const once = world.slack.as('bea').pushes();
  await world.pass('4m');
  expect([world.slack.as('bea').pushes(), world.slack.as('cai').pushes()]).toEqual([once, []]);
  await world.pass('1m');
  await world.pass('5s');
  expect(world.slack.as('cai').pushes()[0]).toContain('SEV1 Checkout is down');
});

test.each([
  ['P1', 'high', 1, 'PagerDuty priority P1'],
  ['P2', 'low', 2, 'PagerDuty priority P2'],
  ['P3', 'high', 3, 'PagerDuty priority P3'],
  ['P4', 'high', 4, 'PagerDuty priority P4'],
  ['P5', 'high', 4, 'PagerDuty priority P5'],
  [undefined, 'high', 2, 'PagerDuty urgency high'],
  [undefined, 'low', 3, 'PagerDuty urgency low'],
] as const)(
  'priority %s and urgency %s make SEV%i, provisional, because of %s',
  async (priority, urgency, severity, rule) => {
    const world = await start();
    await world.pagerduty.trigger({ ...down, priority, urgency });
    await world.settle();
    expect(world.store.incident(1)).toMatchObject({
      severity,
      severityReason: rule,
      provisional: true,
      status: 'triage',
    });
  },
);

test('everything PagerDuty says is in the timeline; who has it there has it here', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger(down);
  await world.pass('1m');
  await world.pagerduty.escalate(alert, { to: ['cai'], by: 'bea' });
  await world.pagerduty.acknowledge(alert, { by: 'cai' });
  await world.pass('1m');
  expect(channel(world)).toContain('Cai (in PagerDuty) has it. Paging stopped.');
  expect(world.slack.as('bea').dm()).toContain('Stand down: Cai (in PagerDuty) has it (02:01)');
  await world.pagerduty.unacknowledge(alert);
  await world.settle();
  expect(channel(world)).toContain('Given back in PagerDuty: Cai (in PagerDuty) does not have it any more.');
  expect(channel(world)).toContain('Paged @cai');
  await world.pagerduty.reassign(alert, { to: ['dana'], by: 'cai' });
  await world.pagerduty.priority(alert, 'P2', { by: 'dana' });
  await world.pagerduty.annotate(alert, 'rolling back 512', { by: 'dana' });
  const sent = {
    type: 'incident',
    id: alert.id,
    service: payments,
    escalation_policy: { summary: 'Night desk' },
  };
  await world.pagerduty.send('incident.delegated', 'incident', sent);
  await world.settle();
  const bea = world.slack.as('bea');
  const said = await bea.command('/incident timeline 30', { in: 'inc-' });
  for (const line of [
    'Bea (in PagerDuty): escalated to Cai',
    'Cai (in PagerDuty): alert acknowledged',
    'PagerDuty: alert triggered',
    'Cai (in PagerDuty): reassigned to Dana',
    'Dana (in PagerDuty): priority now: PagerDuty priority P2',
    'Dana (in PagerDuty): note: rolling back 512',
    'PagerDuty: delegated to Night desk',
  ]) {
    expect(`${said}${bea.reads()}`).toContain(line);
  }
  expect(channel(world)).toContain('SEV2 (provisional) · Checkout is down');
});

test('a second alert of the service joins; a worse one raises the severity and pages anew', async () => {
  const world = await start();
  await world.pagerduty.trigger({ ...down, priority: 'P3' });
  await world.pass('1m');
  await world.pagerduty.trigger({ ...down, title: 'Refunds are down', priority: 'P3' });
  await world.settle();
  expect(channel(world)).toContain('PagerDuty: 2 of 2 alerts firing');
  await world.pagerduty.trigger({ ...down, title: 'Everything is down' });
  await world.settle();
  expect(incidents(world)).toHaveLength(1);
  expect(channel(world)).toContain('PagerDuty raised it from SEV3 to SEV1: PagerDuty priority P1.');
  expect(world.slack.as('bea').pushes().at(-1)).toContain('SEV1 Checkout is down');
});

test('a severity that a person set stands against a worse alert', async () => {
  const world = await start();
  await world.pagerduty.trigger({ ...down, priority: 'P3' });
  await world.settle();
  await world.slack.as('bea').command('/incident sev 3 one shop only', { in: 'inc-' });
  await world.pagerduty.trigger(down);
  await world.settle();
  expect(world.store.incident(1)?.severity).toBe(3);
});

test('PagerDuty repeats itself, even under another webhook id: nothing happens twice', async () => {
  const world = await start();
  await world.pagerduty.trigger(down);
  await world.settle();
  const [before, facts] = [channel(world), world.store.timeline(1).length];
  await world.pagerduty.redeliver();
  const body = world.pagerduty.deliveries.at(-1)?.body ?? '';
  expect(await deliver(world, body, { 'x-webhook-id': 'another' })).toBe(202);
  await world.settle();
  expect([channel(world), world.store.timeline(1).length]).toEqual([before, facts]);
});

/** A webhook as anybody could send it. */
async function deliver(world: World, body: string, headers: Record<string, string> = {}): Promise<number> {
  const signature = `v1=${createHmac('sha256', pagerdutySecret).update(body).digest('hex')}`;
  const response = await fetch(`http://127.0.0.1:${world.port}/webhooks/pagerduty`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-pagerduty-signature': signature, ...headers },
  });
  return response.status;
}

test('resolved before we hear that it fired: nothing is opened', async () => {
  const world = await start();
  world.pagerduty.next('hold', 2);
  const alert = await world.pagerduty.trigger(down);
  await world.pass('1m');
  await world.pagerduty.resolve(alert);
  await world.pagerduty.release();
  await world.settle();
  expect(incidents(world)).toEqual([]);
  await world.pass('1m');
  await world.pagerduty.reopen(alert);
  await world.settle();
  expect(incidents(world)).toHaveLength(1);
});

test('trigger and resolve arrive in the same moment, in either order: no alert is left firing', async () => {
  const world = await start();
  for (const order of ['as sent', 'reversed']) {
    world.pagerduty.next('hold', 2);
    const alert = await world.pagerduty.trigger({ ...down, service: order });
    await world.pass('1m');
    await world.pagerduty.resolve(alert);
    const bodies = world.pagerduty.deliveries.slice(-2).map(({ body }) => body);
    if (order === 'reversed') bodies.reverse();
    expect(await Promise.all(bodies.map((body) => deliver(world, body)))).toEqual([202, 202]);
    await world.settle();
    expect(world.store.linked('pagerduty', alert.id)?.alerts[alert.id]?.state ?? 'resolved').toBe('resolved');
  }
});

test('acknowledged before we hear that it fired: opened, and somebody has it; the late trigger changes nothing', async () => {
  const world = await start();
  world.pagerduty.next('hold');
  const alert = await world.pagerduty.trigger(down);
  await world.pass('10s');
  await world.pagerduty.acknowledge(alert, { by: 'cai' });
  await world.settle();
  expect(channel(world)).toContain('Cai (in PagerDuty) has it');
  await world.pagerduty.release();
  await world.settle();
  expect(world.store.incident(1)).toMatchObject({
    acknowledged: { by: { name: 'Cai' } },
    status: 'investigating',
  });
  expect(incidents(world)).toHaveLength(1);
});

test('signed but unreadable: kept once, however often it comes, and PagerDuty is content', async () => {
  const world = await start();
  world.pagerduty.next('broken-body');
  await world.pagerduty.trigger(down);
  expect(statuses(world)).toEqual([answered(202)]);
  for (let n = 0; n < 3; n++) expect(await deliver(world, '{"event": {}}')).toBe(202);
  expect(world.store.quarantined()).toBe(2);
  expect(incidents(world)).toEqual([]);
});

test('signed with another secret: put off with 503, and delivered once the secret is right; unsigned: 401', async () => {
  const world = await start();
  world.pagerduty.useSecrets(['the new one']);
  await world.pagerduty.trigger(down);
  expect(statuses(world)).toEqual([answered(503)]);
  world.pagerduty.useSecrets(['the new one', pagerdutySecret]);
  await world.pass('1m');
  expect(incidents(world)).toHaveLength(1);
  world.pagerduty.next('unsigned');
  await world.pagerduty.ping();
  expect(statuses(world)).toEqual([answered(401)]);
});

test('the database fails: 503, and PagerDuty delivers it later', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-broken-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const databaseFile = join(folder, 'tocsin.db');
  const world = await start({ databaseFile });
  const breaker = new Database(databaseFile);
  breaker.exec('alter table seen rename to lost');
  await world.pagerduty.trigger(down);
  expect(statuses(world)).toEqual([answered(503)]);
  breaker.exec('alter table lost rename to seen');
  breaker.close();
  await world.pass('1m');
  expect(statuses(world)).toEqual([answered(503), answered(202)]);
  expect(incidents(world)).toHaveLength(1);
});

test('Slack is away when the alert comes: it is committed, and goes out when Slack is back', async () => {
  const world = await start();
  world.slack.faults.always('*', { status: 503 });
  await world.pagerduty.trigger(down);
  expect(statuses(world)).toEqual([answered(202)]);
  await world.pass('3m');
  expect(incidents(world)).toEqual([]);
  world.slack.faults.clear();
  await world.pass('2m');
  expect(channel(world)).toContain('SEV1 (provisional) · Checkout is down · INC-1');
  expect(
    world.slack
      .as('bea')
      .dm()
      .match(/You are primary/g),
  ).toHaveLength(1);
});
