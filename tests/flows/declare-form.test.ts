import { expect, test } from 'vitest';
import { defaultIncidentFile } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const incidentFile = `${defaultIncidentFile}  search: {}
  mail: {}
`;

const what = 'What is broken?';
const bad = 'How bad is it for users?';

async function form(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ incidentFile, ...options });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  return { world, ana };
}

async function declared(filled: Record<string, string | boolean | readonly string[]>) {
  const { world, ana } = await form();
  await ana.submit({ [what]: 'Checkout is down', [bad]: 'Not sure', ...filled });
  await world.settle();
  return { world, card: world.slack.channel('inc-').pins[0] ?? '', incident: world.store.incident(1) };
}

test('the form asks for what product.md names, and only title and severity must be filled in', async () => {
  const { world, ana } = await form();
  const modal = ana.modal() ?? '';
  for (const label of [
    what,
    bad,
    'What is known so far',
    'Service',
    'Which other services suffer?',
    'Category',
    'How was it noticed?',
    'I take command',
    'Private',
    'Started at',
    'Failing requests, %',
    'Affected users, %',
    'Impact on users',
    'Urgency',
  ]) {
    expect(modal, label).toContain(label);
  }
  await ana.submit({ [what]: 'Checkout is down', [bad]: 'SEV2 major' });
  await world.settle();
  expect(world.store.incident(1)?.severity).toBe(2);
});

test('category, services and how it was noticed are kept and shown', async () => {
  const { world } = await declared({
    Service: 'payments',
    'Which other services suffer?': ['search', 'mail'],
    Category: 'performance',
    'How was it noticed?': 'customer report',
  });
  const shown = await world.slack.as('bea').command('/incident show INC-1', { in: 'general' });
  expect(shown).toContain('Service: payments');
  expect(shown).toContain('Suffers too: search and mail');
  expect(shown).toContain('Category: performance');
  expect(shown).toContain('Noticed by: customer report');
});

test('"not sure" and nothing else known: a provisional SEV3', async () => {
  const { card } = await declared({});
  expect(card).toContain('SEV3 (provisional)');
  expect(card).toContain('not sure yet');
});

test.each([
  ['High', 'High', 1, 'P1'],
  ['High', 'Medium', 2, 'P2'],
  ['Medium', 'Medium', 3, 'P3'],
  ['Low', 'Low', 4, 'P4'],
] as const)(
  'impact %s and urgency %s decide when only they are known: SEV%i by %s',
  async (impact, urgency, severity, priority) => {
    const { incident } = await declared({ 'Impact on users': impact, Urgency: urgency });
    expect(incident?.severity).toBe(severity);
    expect(incident?.provisional).toBe(false);
    expect(incident?.severityReason).toBe(
      `${priority}: impact ${impact.toLowerCase()}, urgency ${urgency.toLowerCase()}`,
    );
  },
);

test('the matrix of the configuration decides, not ours', async () => {
  const matrix = 'priorityMatrix: { matrix: { low: { low: P1 } } }\n';
  const { world, ana } = await form({ incidentFile: `${incidentFile}${matrix}` });
  await ana.submit({ [what]: 'Odd', [bad]: 'Not sure', 'Impact on users': 'Low', Urgency: 'Low' });
  await world.settle();
  expect(world.store.incident(1)?.severity).toBe(1);
});

test('numbers go before the estimate, and the person’s own word goes before both', async () => {
  const numbers = { 'Failing requests, %': '6', 'Impact on users': 'High', Urgency: 'High' };
  const { incident } = await declared(numbers);
  expect(incident?.severityReason).toBe('error_rate 6 >= 5');
  const own = await declared({ ...numbers, [bad]: 'SEV4 low' });
  expect(own.incident?.severity).toBe(4);
});

test('numbers that match no rule leave it to the estimate', async () => {
  const { incident } = await declared({
    'Failing requests, %': '1',
    'Impact on users': 'High',
    Urgency: 'Medium',
  });
  expect(incident?.severity).toBe(2);
});

test('services that suffer too count: one that is critical makes it critical, several are dependent ones', async () => {
  const critical = await declared({
    Service: 'search',
    'Which other services suffer?': ['payments'],
    'Failing requests, %': '30',
  });
  expect(critical.incident?.severityReason).toContain('critical service payments');
  const several = await form({ incidentFile: `${incidentFile}  feed: {}\n` });
  await several.ana.submit({
    [what]: 'Odd',
    [bad]: 'Not sure',
    Service: 'search',
    'Which other services suffer?': ['search', 'mail', 'feed'],
    'Failing requests, %': '16',
  });
  await several.world.settle();
  expect(several.world.store.incident(1)?.alsoServices).toEqual(['mail', 'feed']);
  expect(several.world.store.incident(1)?.severityReason).toBe('error_rate 16 >= 5');
});

test.each([
  [{ 'Failing requests, %': '120' }, { 'Failing requests, %': 'Write a number from 0 to 100.' }],
  [{ 'Affected users, %': '101' }, { 'Affected users, %': 'Write a number from 0 to 100.' }],
  [{ 'Slowest 1% takes, ms': '99999999' }, { 'Slowest 1% takes, ms': 'Write milliseconds, like 2500.' }],
  [
    { 'How many other services suffer': '100000' },
    { 'How many other services suffer': 'Write a number of services.' },
  ],
  [{ 'Impact on users': 'High' }, { Urgency: 'Choose the urgency too, or leave the impact out.' }],
  [{ Urgency: 'Low' }, { 'Impact on users': 'Choose the impact too, or leave the urgency out.' }],
])(
  'a field that makes no sense is refused at the field, and what was typed stays: %o',
  async (filled, complaint) => {
    const { world, ana } = await form();
    const { errors } = await ana.submit({ [what]: 'Checkout is down', [bad]: 'Not sure', ...filled });
    expect(errors).toEqual(complaint);
    expect(ana.modal()).toContain('What is broken?: Checkout is down');
    expect(world.store.list({ limit: 5 })).toEqual([]);
  },
);

test('a time that has not come yet is refused at its field', async () => {
  const { world, ana } = await form();
  const later = String(Math.floor(world.clock.now() / 1000) + 3_600);
  expect(await ana.submit({ [what]: 'Odd', [bad]: 'Not sure', 'Started at': later })).toEqual({
    errors: { 'Started at': 'That has not happened yet. Choose an earlier time.' },
  });
});

test('declaring is limited to ten in ten minutes a person: it says so, tests count, and others go on', async () => {
  const world = await start();
  const ana = world.slack.as('ana').goTo('general');
  for (let n = 1; n <= 5; n += 1) await ana.command(`/incident declare sev4 Odd ${n}`);
  await world.pass('1m');
  for (let n = 6; n <= 10; n += 1) await ana.command(`/incident declare --test sev4 Odd ${n}`);
  await world.settle();
  expect(await ana.command('/incident declare sev1 All is down')).toBe(
    'You declared 10 incidents within 10 min, and that is the limit for one person. Nothing changed. From 02:10 UTC on you can declare again; until then somebody else can, or work on an open one: /incident list mine',
  );
  expect(world.store.list({ limit: 50 })).toHaveLength(10);
  await world.slack.as('bea').command('/incident declare sev4 Also odd', { in: 'general' });
  expect(world.store.list({ limit: 50 })).toHaveLength(11);
  expect(await ana.command('/incident INC-11 ack')).not.toContain('limit');
  await ana.command('/incident INC-11 ack');
  await world.pass('10m');
  expect(await ana.command('/incident declare sev4 Odd again')).toContain('INC-12 is declared');
});

test('the form that hits the limit keeps what was typed', async () => {
  const { world, ana } = await form({ incidentFile: `${incidentFile}declaring: { max: 1, window: 1h }\n` });
  await world.slack.as('ana').submit({ [what]: 'First', [bad]: 'SEV4 low' });
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const { errors } = await ana.submit({ [what]: 'Second', [bad]: 'SEV4 low' });
  expect(errors?.[what]).toContain('You declared 1 incident within 1 h');
  expect(ana.modal()).toContain('What is broken?: Second');
});

test('machines have no such limit: PagerDuty opens what it must', async () => {
  const world = await start({ incidentFile: `${incidentFile}declaring: { max: 1, window: 1h }\n` });
  for (let n = 0; n < 3; n += 1) {
    await world.pagerduty.trigger({ title: `Alert ${n}`, service: `P0000${n}` });
    await world.settle();
  }
  expect(world.store.list({ limit: 10 }).length).toBe(3);
});
