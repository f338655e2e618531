import { expect, test } from 'vitest';
import { type StartBot, startBotHere } from '../../src/sandbox/bot.ts';
import type { World, WorldOptions } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

const searchKey = 'searchKey'.padEnd(32, '0');
const services = [
  { name: 'payments', id: 'PPAYMNT', policy: 'payments-policy' },
  { name: 'search', id: 'PSEARCH', policy: 'search-policy', routingKey: searchKey },
];

const fileWith = (ofSearch: string): string => `
teams:
  payments: { onCall: { startsOn: '2026-01-05', primary: [U0BEA], secondary: [U0CAI] } }
catchAllTeam: payments
services:
  payments: { team: payments, pagerduty: [PPAYMNT] }
  search: { team: payments${ofSearch} }
`;

type Environment = Parameters<StartBot>[0]['environment'];

const withEnvironment =
  (changes: Partial<Environment>): StartBot =>
  (boot, clock, log) =>
    startBotHere({ ...boot, environment: { ...boot.environment, ...changes } }, clock, log);

/** Ana declares that search is down, in Slack. */
async function declared(ofSearch: string, more: Partial<WorldOptions> = {}, entries: object = {}) {
  const world = await start({
    pagerduty: { ...account, services },
    incidentFile: fileWith(ofSearch),
    ...more,
  });
  const declare = async () => {
    await world.slack.as('ana').command('/incident declare', { in: 'general' });
    await world.settle();
    const how = { 'How bad is it for users?': 'SEV1 critical', Service: 'search' };
    await world.slack.as('ana').submit({ 'What is broken?': 'Search is empty', ...how, ...entries });
    await world.settle();
  };
  return { world, declare };
}

const opened = (world: World) =>
  world.pagerduty.incidents.map(({ title, service }) => [title, service.summary]);
const routes = (world: World): string[] => world.pagerduty.calls.map(({ route }) => route);
const room = (world: World): string => world.slack.channel('inc-').transcript();

test('a service with a routing key of its own: PagerDuty opens its incident there, by an event', async () => {
  const { world, declare } = await declared(`, routingKey: ${searchKey}`);
  await declare();
  expect(opened(world)).toEqual([['SEV1 Search is empty (INC-1)', 'search']]);
  expect(world.pagerduty.paged()).toEqual(['dana at 02:00']);
  expect(routes(world)).not.toContain('POST /incidents');
  expect(room(world)).toContain('PagerDuty is calling Dana.');
});

test('a service with a PagerDuty id: opened on that very service, in the name of whoever declared it, with its priority', async () => {
  const { world, declare } = await declared(', pagerduty: [PSEARCH]');
  await declare();
  expect(opened(world)).toEqual([['SEV1 Search is empty (INC-1)', 'search']]);
  expect(world.pagerduty.callsTo('POST /incidents').map(({ from }) => from)).toEqual(['ana@example.com']);
  expect(routes(world)).not.toContain('POST /v2/enqueue');
  expect(world.pagerduty.incidents[0]?.priority?.summary).toBe('P1');
  expect(room(world).match(/PagerDuty is calling Dana\./g)).toHaveLength(1);
  // Our own page is no alert of the monitoring's.
  expect(room(world)).not.toContain('firing');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.pagerduty.incidents[0]?.status).toBe('acknowledged');
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
  const types = world.store.timeline(1).map(({ fact }) => fact.type);
  for (const echo of ['alert-attached', 'alert-changed', 'alert-remark']) expect(types).not.toContain(echo);
});

test.each([{ status: 500 }, { reset: true, when: 'after' }] as const)(
  'opening it meets %o: PagerDuty has one incident, and pages once',
  async (fault) => {
    const { world, declare } = await declared(', pagerduty: [PSEARCH]');
    world.pagerduty.faults.next('POST /incidents', fault);
    await declare();
    await world.pass('2m');
    expect(opened(world)).toEqual([['SEV1 Search is empty (INC-1)', 'search']]);
    expect(world.pagerduty.paged()).toHaveLength(1);
    expect(Object.keys(world.store.incident(1)?.alerts ?? {})).toHaveLength(1);
  },
);

test('PagerDuty does not know the service: the key for everything pages, rather than nobody', async () => {
  const { world, declare } = await declared(', pagerduty: [PGONE99]');
  await declare();
  expect(opened(world)).toEqual([['SEV1 Search is empty (INC-1)', 'payments']]);
  expect(world.pagerduty.paged()).toEqual(['bea at 02:00']);
});

test('neither key nor token: Slack alone pages, and nothing waits for PagerDuty', async () => {
  const none = { pagerdutyRoutingKey: null, pagerdutyApiToken: null, pagerdutyFromEmail: null };
  const { world, declare } = await declared(', pagerduty: [PSEARCH]', { startBot: withEnvironment(none) });
  await declare();
  expect([opened(world), world.pagerduty.calls]).toEqual([[], []]);
  expect(world.slack.as('bea').dm()).toContain('Search is empty');
  expect(room(world)).not.toContain('PagerDuty');
});

test('a token and no key, and a service that PagerDuty does not have: Slack alone, which is asked whether it rings', async () => {
  const { world, declare } = await declared('', { startBot: withEnvironment({ pagerdutyRoutingKey: null }) });
  await declare();
  expect(opened(world)).toEqual([]);
  expect(world.slack.callsTo('dnd.info').length + world.slack.callsTo('dnd.teamInfo').length).toBeGreaterThan(
    0,
  );
});

test('events alone: the channel hears once that PagerDuty has the page', async () => {
  const none = { pagerdutyApiToken: null, pagerdutyFromEmail: null, pagerdutyWebhookSecrets: [] };
  const { world, declare } = await declared(`, routingKey: ${searchKey}`, {
    startBot: withEnvironment(none),
  });
  await declare();
  await world.pass('6m');
  expect(room(world).match(/The page is with PagerDuty\./g)).toHaveLength(1);
});

test('made private later: PagerDuty loses the title, and hears no more of what is written', async () => {
  const { world, declare } = await declared(', pagerduty: [PSEARCH]', {
    incidentFile: `${fileWith(', pagerduty: [PSEARCH]')}\npagerduty: { notes: true }\n`,
  });
  await declare();
  const ana = world.slack.as('ana');
  await ana.command('/incident private yes', { in: 'inc-' });
  await world.settle();
  const there = world.pagerduty.incidents[0];
  expect(there?.title).toBe('SEV1 private incident (INC-1)');
  expect(JSON.stringify(world.slack.callsTo('chat.postMessage'))).toContain(
    'Its title in PagerDuty is replaced; the alert inside keeps the words of the page.',
  );
  await ana.command('/incident INC-1 update The index leaked', { in: 'general' });
  await ana.command('/incident INC-1 sev 2 less', { in: 'general' });
  await world.settle();
  const said = JSON.stringify(world.pagerduty.calls.slice(-10).map(({ body }) => body));
  expect(
    there &&
      world.pagerduty
        .ticket(there)
        .notes.map(({ text }) => text)
        .join(),
  ).not.toContain('leaked');
  expect(said).not.toContain('leaked');
});

test('made private while the page is on its way: the title that it brought goes as soon as PagerDuty says which incident it is', async () => {
  const { world, declare } = await declared(`, routingKey: ${searchKey}`);
  world.pagerduty.next('hold', 5);
  await declare();
  await world.slack.as('ana').command('/incident private yes', { in: 'inc-' });
  await world.settle();
  expect(world.pagerduty.incidents[0]?.title).toContain('Search is empty');
  await world.pagerduty.release({ inOrder: true });
  await world.settle();
  expect(world.pagerduty.incidents[0]?.title).toBe('SEV1 private incident (INC-1)');
});

test('born private: neither title, summary, update nor request for help tells what it is about', async () => {
  const { world, declare } = await declared(
    ', pagerduty: [PSEARCH]',
    { incidentFile: `${fileWith(', pagerduty: [PSEARCH]')}\npagerduty: { notes: true }\n` },
    { Private: true },
  );
  await declare();
  const ana = world.slack.as('ana');
  await ana.command('/incident INC-1 update The index leaked', { in: 'general' });
  await ana.command('/incident INC-1 resolve we closed the index', { in: 'general' });
  await world.settle();
  const sent = JSON.stringify(world.pagerduty.calls.map(({ body }) => body));
  for (const word of ['empty', 'leaked', 'closed the index']) expect(sent).not.toContain(word);
  expect(opened(world)).toEqual([['SEV1 private incident (INC-1)', 'search']]);
});

test('what PagerDuty named itself keeps its name when the incident becomes private', async () => {
  const { world } = await declared(', pagerduty: [PSEARCH]');
  await world.pagerduty.trigger({ title: 'p99 too high', service: 'search', priority: 'P1' });
  await world.settle();
  await world.slack.as('bea').command('/incident private yes', { in: 'inc-' });
  await world.settle();
  expect(world.pagerduty.incidents[0]?.title).toBe('p99 too high');
});

test('events cannot give back what they acknowledged: the channel says so, with the cure, and Slack goes on', async () => {
  const none = { pagerdutyApiToken: null, pagerdutyFromEmail: null };
  const { world, declare } = await declared(`, routingKey: ${searchKey}`, {
    startBot: withEnvironment(none),
  });
  await declare();
  const bea = world.slack.as('bea');
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.pagerduty.incidents[0]?.status).toBe('acknowledged');
  await bea.command('/incident unack', { in: 'inc-' });
  await world.settle();
  expect(room(world)).toContain('Paged @cai');
  expect(room(world).match(/without an API token it cannot be given back there/g)).toHaveLength(1);
  expect(room(world)).toContain('To mend it: set PAGERDUTY_API_TOKEN');
});
