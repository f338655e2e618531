import { expect, test } from 'vitest';
import { type StartBot, startBotHere } from '../../src/sandbox/bot.ts';
import { defaultIncidentFile, type World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

const down = { title: 'Checkout is down', service: 'payments', priority: 'P1' } as const;
const channel = (world: World): string => world.slack.channel('inc-').transcript();
const facts = (world: World) => world.store.timeline(1).map(({ fact }) => fact.type);
const puts = (world: World) => world.pagerduty.callsTo('PUT /incidents/{id}');

/** The same account, in which PagerDuty itself waits an hour between two levels. */
const slow = {
  ...account,
  policies: (account.policies ?? []).map((policy) => ({
    ...policy,
    levels: policy.levels.map((level) => ({ ...level, timeoutMinutes: 60 })),
  })),
};

async function alerted(more: Parameters<typeof start>[0] = {}) {
  const world = await start({ pagerduty: account, ...more });
  const alert = await world.pagerduty.trigger(down);
  await world.settle();
  const status = () => world.pagerduty.ticket(alert).incident.status;
  return { world, alert, status };
}

test('an acknowledgement in Slack is one in PagerDuty, by the same person, and its webhook is no news', async () => {
  const { world, alert, status } = await alerted();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(status()).toBe('acknowledged');
  expect(puts(world).map(({ from }) => from)).toEqual(['bea@example.com']);
  expect(world.pagerduty.ticket(alert).acknowledgers.map(({ user }) => user.summary)).toEqual(['Bea']);
  expect(facts(world).filter((type) => type === 'alert-changed' || type === 'acknowledged')).toEqual([
    'acknowledged',
  ]);
  await world.pass('5m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00']);
  expect(puts(world)).toHaveLength(1);
});

test('given back in Slack, PagerDuty pages the next level and nobody twice', async () => {
  const { world, status } = await alerted();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.pass('1m');
  await world.slack.as('bea').command('/incident unack', { in: 'inc-' });
  await world.settle();
  expect(status()).toBe('triggered');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:01']);
  expect(facts(world)).not.toContain('alert-changed');
  expect(facts(world)).not.toContain('alert-remark');
  expect(channel(world)).toContain('Paged @cai');
});

test('resolved in Slack is resolved in PagerDuty; reopened is reopened, and as somebody has it nobody is paged', async () => {
  const { world, status } = await alerted();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  await world.slack.as('bea').command('/incident resolve rollback fixed it', { in: 'inc-' });
  await world.settle();
  expect(status()).toBe('resolved');
  await world.slack.as('bea').command('/incident reopen it is back', { in: 'inc-' });
  await world.settle();
  expect(status()).toBe('acknowledged');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00']);
});

test('canceled in Slack as a false alarm is resolved in PagerDuty', async () => {
  const { world, status } = await alerted();
  await world.slack.as('bea').command('/incident cancel a test of the probe', { in: 'inc-' });
  await world.settle();
  expect(status()).toBe('resolved');
});

test('whoever has no user in PagerDuty acts there as the configured one, and a note names them', async () => {
  const { world, alert, status } = await alerted({
    pagerduty: { ...account, users: ['ana', 'cai', 'dana', { name: 'bea', email: 'bea@elsewhere.example' }] },
  });
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(status()).toBe('acknowledged');
  const { notes } = world.pagerduty.ticket(alert);
  expect(notes.map(({ text }) => text)).toEqual(['Acknowledged in Slack by bea (Tocsin INC-1)']);
  expect(facts(world)).not.toContain('alert-remark');
  // PagerDuty shows the configured user, who is Ana. Here she is credited with nothing.
  expect(puts(world).map(({ from }) => from)).toEqual(['bea@example.com', world.pagerduty.fromEmail]);
  await world.pass('5m');
  expect(world.store.incident(1)?.acknowledged?.by).toEqual({ kind: 'person', user: 'U0BEA' });
  expect(JSON.stringify(world.store.timeline(1))).not.toMatch(/Ana|U0ANA/);
});

test('the ladder goes on through the incident that PagerDuty has: by its levels, and nobody rings twice at a step', async () => {
  const { world } = await alerted({ pagerduty: slow });
  await world.pass('6m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05']);
  await world.pass('5m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05', 'dana at 02:10']);
  expect(facts(world)).not.toContain('alert-remark');
  expect(puts(world).map(({ body }) => body)).toEqual([
    { incident: { type: 'incident_reference', escalation_level: 2 } },
    { incident: { type: 'incident_reference', escalation_level: 3 } },
  ]);
});

test('whom PagerDuty has paged by its own policy in the same minute is not paged by it again', async () => {
  const { world } = await alerted();
  await world.pass('6m');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:05']);
  expect(world.slack.as('cai').pushes()[0]).toContain('SEV1 Checkout is down');
});

test('whoever is in no level of the policy is asked to respond, and the request is no news', async () => {
  const users = ['ana', 'bea', 'cai', 'dana', 'eve'];
  const { world, alert } = await alerted({ pagerduty: { ...slow, users } });
  await world.pass('21m');
  expect(world.pagerduty.pages.at(-1)).toMatchObject({ who: 'eve', why: 'responder' });
  expect(world.pagerduty.ticket(alert).responders.map(({ message }) => message)).toEqual([
    'SEV1 Checkout is down (INC-1): please help (Tocsin INC-1)',
  ]);
  expect(facts(world)).not.toContain('alert-remark');
});

test('a person escalates by name: PagerDuty pages them as that person', async () => {
  const { world } = await alerted({ pagerduty: slow });
  await world.slack.as('bea').command('/incident escalate @dana we need the schema', { in: 'inc-' });
  await world.settle();
  await world.slack.as('bea').submit({});
  await world.settle();
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'dana at 02:00']);
  expect(puts(world).map(({ from }) => from)).toEqual(['bea@example.com']);
});

test('somebody has it and asks for one more: they are asked to respond, and nothing is taken from whoever has it', async () => {
  const { world, alert, status } = await alerted({ pagerduty: slow });
  const bea = world.slack.as('bea');
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  await bea.command('/incident escalate @dana we need the schema', { in: 'inc-' });
  await world.settle();
  await bea.submit({});
  await world.settle();
  expect(world.pagerduty.ticket(alert).responders.map(({ user }) => user.name)).toEqual(['dana']);
  expect(status()).toBe('acknowledged');
  expect(world.store.incident(1)?.acknowledged).not.toBeNull();
});

test('a raise needs a new acknowledgement: PagerDuty keeps the old one until somebody else rings, and takes the new one', async () => {
  const { world, status } = await alerted({ pagerduty: slow });
  const bea = world.slack.as('bea');
  await bea.command('/incident sev 2 fewer users', { in: 'inc-' });
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  await bea.command('/incident sev 1 everybody', { in: 'inc-' });
  await world.settle();
  expect([status(), world.pagerduty.paged()]).toEqual(['acknowledged', ['bea at 02:00']]);
  await world.pass('6m');
  expect([status(), world.pagerduty.paged()]).toEqual(['triggered', ['bea at 02:00', 'cai at 02:05']]);
  await world.slack.as('cai').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(status()).toBe('acknowledged');
});

test('the severity that a person sets is the priority there, and its webhook is no news', async () => {
  const { world, alert } = await alerted();
  await world.slack.as('bea').command('/incident sev 3 one shop only', { in: 'inc-' });
  await world.settle();
  expect(world.pagerduty.ticket(alert).incident.priority?.summary).toBe('P3');
  expect(facts(world)).not.toContain('alert-remark');
  await world.pagerduty.priority(alert, 'P2', { by: 'dana' });
  await world.settle();
  expect(facts(world)).toContain('alert-remark');
  expect(world.store.incident(1)?.severity).toBe(3);
});

test.each([
  ['true', ['Update by bea\nWhat is happening: Rolling back (Tocsin INC-1)']],
  ['false', []],
])('status updates are notes there where incident.yml says notes: %s', async (notes, written) => {
  const incidentFile = `${defaultIncidentFile}\npagerduty: { notes: ${notes} }\n`;
  const { world, alert } = await alerted({ incidentFile });
  await world.slack.as('bea').command('/incident update Rolling back', { in: 'inc-' });
  await world.settle();
  expect(world.pagerduty.ticket(alert).notes.map(({ text }) => text)).toEqual(written);
  expect(facts(world)).not.toContain('alert-remark');
});

test('incident.yml says under which e-mail PagerDuty knows somebody', async () => {
  const users = ['ana', 'cai', { name: 'bea', email: 'bea@elsewhere.example' }, 'dana'];
  const incidentFile = `${defaultIncidentFile}\npagerduty: { users: { U0BEA: bea@elsewhere.example } }\n`;
  const { world } = await alerted({ pagerduty: { ...account, users }, incidentFile });
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(puts(world).map(({ from }) => from)).toEqual(['bea@elsewhere.example']);
});

test('what somebody does in PagerDuty after us is news, whatever we had told it', async () => {
  const { world, alert } = await alerted();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  await world.pass('1m');
  await world.pagerduty.unacknowledge(alert, { by: 'dana' });
  await world.settle();
  expect(channel(world)).toContain('Given back in PagerDuty');
  await world.pagerduty.acknowledge(alert, { by: 'cai' });
  await world.settle();
  expect(channel(world)).toContain('Cai (in PagerDuty) has it. Paging stopped.');
  expect(world.pagerduty.ticket(alert).incident.status).toBe('acknowledged');
});

test('webhooks of ours that come late, after the next change of mind, change nothing', async () => {
  const { world, status } = await alerted({ pagerduty: slow });
  world.pagerduty.next('hold', 3);
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.pass('1m');
  await world.slack.as('bea').command('/incident unack', { in: 'inc-' });
  await world.settle();
  const told = facts(world).filter((type) => type === 'acknowledged' || type === 'unacknowledged');
  await world.pagerduty.release({ inOrder: true });
  await world.settle();
  expect(status()).toBe('triggered');
  expect(facts(world).filter((type) => type === 'acknowledged' || type === 'unacknowledged')).toEqual(told);
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:01']);
});

test('the alert tells the numbers: they confirm a provisional severity, or raise it, and never lower it', async () => {
  const world = await start({ pagerduty: account });
  const details = { error_rate: '62%', revenue_impacting: true, region: 'eu' };
  await world.pagerduty.trigger({ ...down, priority: 'P2', details });
  await world.settle();
  expect(world.store.incident(1)).toMatchObject({
    severity: 1,
    provisional: false,
    severityReason: 'error_rate 62 >= 50, revenue_impacting',
    impact: { errorRate: 62, revenueImpacting: true },
  });
  expect(channel(world)).toContain(
    'Tocsin raised it from SEV2 to SEV1: error_rate 62 >= 50, revenue_impacting.',
  );
});

test('declared in Slack, it pages through PagerDuty, and what PagerDuty opens for it is no second incident', async () => {
  const world = await start({ pagerduty: account });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00']);
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  const [incident] = world.pagerduty.incidents;
  expect(incident?.status).toBe('acknowledged');
  // Its priority is Ana's, who declared it; the acknowledgement is Bea's.
  expect(puts(world).map(({ from }) => from)).toEqual(['ana@example.com', 'bea@example.com']);
  expect(incident?.priority?.summary).toBe('P1');
});

test('our own incident is given back, resolved and opened again there as here', async () => {
  const world = await start({ pagerduty: slow });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.pass('1m');
  const [incident] = world.pagerduty.incidents;
  await world.slack.as('bea').command('/incident unack', { in: 'inc-' });
  await world.settle();
  expect(incident?.status).toBe('triggered');
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00', 'cai at 02:01']);
  await world.slack.as('cai').command('/incident resolve rollback fixed it', { in: 'inc-' });
  await world.settle();
  expect(incident?.status).toBe('resolved');
  await world.slack.as('cai').command('/incident reopen it is back', { in: 'inc-' });
  await world.settle();
  expect(incident?.status).toBe('triggered');
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
});

test('without an API token our own incidents still page, and are acknowledged and resolved by events', async () => {
  const world = await start({ pagerduty: account, startBot: withoutRest });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const [incident] = world.pagerduty.incidents;
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(incident?.status).toBe('acknowledged');
  await world.slack.as('bea').command('/incident resolve rollback fixed it', { in: 'inc-' });
  await world.settle();
  expect(incident?.status).toBe('resolved');
  expect(new Set(world.pagerduty.calls.map(({ route }) => route))).toEqual(new Set(['POST /v2/enqueue']));
});

test('a test incident pages nobody in PagerDuty, and a SEV3 tells Slack alone', async () => {
  const world = await start({ pagerduty: account });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare --test sev1 A drill', { in: 'general' });
  await ana.command('/incident declare sev3 A typo', { in: 'general' });
  await world.settle();
  expect(world.store.list({ limit: 10 })).toHaveLength(2);
  expect(world.pagerduty.incidents).toEqual([]);
});

test('a private incident pages without its title', async () => {
  const world = await start({ pagerduty: account });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV1 critical', Private: true };
  await ana.submit({ 'What is broken?': 'Ledger leaked', ...how });
  await world.settle();
  expect(world.store.incident(1)?.isPrivate).toBe(true);
  expect(world.pagerduty.incidents.map(({ title }) => title)).toEqual(['SEV1 private incident (INC-1)']);
});

test('somebody resolves our page in PagerDuty: it asks whether it is over, and the ladder goes on', async () => {
  const world = await start({ pagerduty: slow });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const [incident] = world.pagerduty.incidents;
  if (!incident) throw new Error('PagerDuty has no incident');
  await world.pagerduty.resolve(incident, { by: 'bea' });
  await world.settle();
  expect(channel(world)).toContain('Is it over?');
  await world.pass('6m');
  expect(channel(world)).toContain('Paged @cai');
  expect(world.store.incident(1)?.status).not.toBe('canceled');
});

const withoutRest: StartBot = (boot, clock, log) =>
  startBotHere(
    { ...boot, environment: { ...boot.environment, pagerdutyApiToken: null, pagerdutyFromEmail: null } },
    clock,
    log,
  );
