import { expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { start } from '../support/world.ts';

const down = { title: 'Checkout is down', service: 'payments', priority: 'P1' } as const;
const put = 'PUT /incidents/{id}';
const enqueue = 'POST /v2/enqueue';
const channel = (world: World): string => world.slack.channel('inc-').transcript();

async function doctor(world: World): Promise<string> {
  await world.slack.as('dana').command('/incident doctor', { in: 'general' });
  return world.slack.as('dana').reads();
}

async function alerted(more: Parameters<typeof start>[0] = {}) {
  const world = await start({ pagerduty: account, ...more });
  const alert = await world.pagerduty.trigger(down);
  await world.settle();
  const status = () => world.pagerduty.ticket(alert).incident.status;
  const acknowledge = async () => {
    await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
    await world.settle();
  };
  return { world, alert, status, acknowledge };
}

const lost: [title: string, fault: Fault][] = [
  ['500 before it is applied', { status: 500 }],
  ['503 after it is applied', { status: 503, when: 'after' }],
  ['no answer, not applied', 'timeout'],
  ['no answer, applied', { timeout: true, when: 'after' }],
  ['a cut connection, not applied', 'reset'],
  ['a cut connection, applied', { reset: true, when: 'after' }],
  ['429 with a reset', { status: 429, retryAfter: 20 }],
  ['429 without one', { status: 429 }],
];

/** Only where no answer comes is one waited for. */
const patience = (fault: Fault) =>
  fault === 'timeout' || (typeof fault === 'object' && 'timeout' in fault) ? { slackTimeoutMs: 400 } : {};

test.each(lost)(
  'the acknowledgement meets %s: PagerDuty has it once, and Slack did not wait',
  async (_title, fault) => {
    const { world, alert, status, acknowledge } = await alerted(patience(fault));
    world.pagerduty.faults.next(put, fault);
    await acknowledge();
    expect(channel(world)).toContain('bea has it. Paging stopped.');
    await world.pass('2m');
    expect(status()).toBe('acknowledged');
    expect(world.pagerduty.ticket(alert).acknowledgers).toHaveLength(1);
    expect(world.store.timeline(1).filter(({ fact }) => fact.type === 'alert-changed')).toEqual([]);
    expect(await doctor(world)).toContain('All is well.');
  },
);

test.each(lost)('the page of our own incident meets %s: PagerDuty pages once', async (_title, fault) => {
  const world = await start({ pagerduty: account, ...patience(fault) });
  world.pagerduty.faults.next(enqueue, fault);
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await world.pass('1m');
  expect(world.pagerduty.pages.map(({ who }) => who)).toEqual(['bea']);
  expect(world.pagerduty.incidents).toHaveLength(1);
});

test.each(lost)('escalating meets %s: the next level rings once', async (_title, fault) => {
  const slow = {
    ...account,
    policies: account.policies?.map((one) => ({
      ...one,
      levels: one.levels.map((level) => ({ ...level, timeoutMinutes: 60 })),
    })),
  };
  const { world } = await alerted({ pagerduty: slow, ...patience(fault) });
  await world.pass('4m');
  world.pagerduty.faults.next(put, fault);
  await world.pass('4m');
  expect(world.pagerduty.pages.map(({ who }) => who)).toEqual(['bea', 'cai']);
});

test.each(lost)('a note meets %s: it stands there once', async (_title, fault) => {
  const users = ['ana', 'cai', 'dana', { name: 'bea', email: 'bea@elsewhere.example' }];
  const { world, alert, acknowledge } = await alerted({
    pagerduty: { ...account, users },
    ...patience(fault),
  });
  world.pagerduty.faults.next('POST /incidents/{id}/notes', fault);
  await acknowledge();
  await world.pass('3m');
  expect(world.pagerduty.ticket(alert).notes).toHaveLength(1);
});

test('PagerDuty refuses the token: its calls wait, Slack goes on, the doctor says the cure, and once it is mended they go out', async () => {
  const { world, status, acknowledge } = await alerted();
  world.pagerduty.tokens.revoke();
  await acknowledge();
  await world.slack.as('bea').command('/incident update Rolling back', { in: 'inc-' });
  await world.pass('1m');
  expect(channel(world)).toContain('Rolling back');
  expect(status()).toBe('triggered');
  const report = await doctor(world);
  expect(report).toContain('PagerDuty does not accept the API token: make a new REST API key');
  expect(report).toContain('1 call to PagerDuty held back');
  expect(report).not.toContain('Slack does not accept our token');
  world.pagerduty.tokens.restore();
  await world.pass('2m');
  expect(status()).toBe('acknowledged');
  expect(await doctor(world)).toContain('All is well.');
});

const reactions: [what: string, fault: Fault, says: string, cure: string, fate: string][] = [
  [
    'refuses the token (401)',
    { status: 401 },
    'PagerDuty does not accept the API token',
    'make a new REST API key',
    'status in PagerDuty is held back (PagerDuty does not accept the API token',
  ],
  [
    'says that the plan lacks it (402)',
    { status: 402 },
    'the plan of this PagerDuty account does not include this',
    'do it by hand in PagerDuty, or change the plan',
    'status in PagerDuty failed (the plan',
  ],
  [
    'does not know it (404)',
    { status: 404 },
    'PagerDuty has no such incident',
    'look whether it was deleted',
    'status in PagerDuty failed (PagerDuty has no such incident',
  ],
  [
    'asks for a pause (429)',
    { status: 429, retryAfter: 300 },
    'PagerDuty asks for a pause',
    'nothing to do, it goes on by itself',
    'Waiting to go out: 1',
  ],
  [
    'has trouble (500)',
    { status: 500 },
    'PagerDuty has trouble of its own',
    'see status.pagerduty.com',
    'status in PagerDuty waits for its next try (PagerDuty has trouble of its own',
  ],
  [
    'does not answer',
    'timeout',
    'PagerDuty did not answer in time',
    'see status.pagerduty.com',
    'status in PagerDuty waits for its next try (PagerDuty did not answer in time',
  ],
];

test.each(reactions)(
  'PagerDuty %s: the doctor says so with the cure, and failed apart from waiting',
  async (_what, fault, says, cure, fate) => {
    const { world, acknowledge } = await alerted(patience(fault));
    world.pagerduty.faults.always(put, fault);
    await acknowledge();
    const report = await doctor(world);
    expect(report).toContain(says);
    expect(report).toContain(cure);
    expect(report).toContain(fate);
    const isOver = fate.includes(' failed (');
    expect(report.includes('failed for good')).toBe(isOver);
    world.pagerduty.faults.clear();
    await world.pass('15m');
    expect((await doctor(world)).includes('All is well.')).toBe(!isOver);
  },
);

test('Slack refuses its token: PagerDuty is told all the same', async () => {
  const { world, status, acknowledge } = await alerted();
  world.slack.faults.always('chat.update', { error: 'token_revoked' });
  await acknowledge();
  expect(status()).toBe('acknowledged');
});

test('a wrong integration key holds back the pages by PagerDuty alone, and the doctor says which key', async () => {
  const world = await start({ pagerduty: account });
  world.pagerduty.faults.always(enqueue, { status: 400 });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(world.slack.as('bea').dm()).toContain('Checkout is down');
  expect(await doctor(world)).toContain('compare PAGERDUTY_ROUTING_KEY');
  world.pagerduty.faults.clear();
  await world.pass('12m');
  expect(world.pagerduty.pages.map(({ who }) => who)).toContain('bea');
});

test('an incident that is gone in PagerDuty (404) is said once in the channel, with the cure, and not tried again', async () => {
  const { world, acknowledge } = await alerted();
  world.pagerduty.faults.always('GET /incidents/{id}', { error: '2100' });
  await acknowledge();
  await world.pass('10m');
  expect(channel(world)).toContain(
    'PagerDuty does not know how things stand here, and may page on: PagerDuty has no such incident',
  );
  expect(channel(world)).toContain('To mend it: look whether it was deleted');
  expect(await doctor(world)).toContain('status in PagerDuty failed (PagerDuty has no such incident');
});

test('a plan without responder requests (402) is said in the channel: Slack alone told them', async () => {
  const { world } = await alerted({
    pagerduty: { ...account, users: ['ana', 'bea', 'cai', 'dana', 'eve'], lacks: ['coordinated_responding'] },
  });
  await world.pass('21m');
  expect(channel(world)).toContain('Paged @eve');
  expect(channel(world)).toContain(
    'PagerDuty did not page: the plan of this PagerDuty account does not include this.',
  );
});

test('PagerDuty is away for half an hour: nothing of Slack waits for it, and what it missed it hears as it is then', async () => {
  const { world, status, acknowledge } = await alerted();
  world.pagerduty.faults.always('*', { status: 503 });
  await acknowledge();
  await world.pass('10m');
  expect(await doctor(world)).toContain('PagerDuty has trouble of its own');
  await world.slack.as('bea').command('/incident resolve rollback fixed it', { in: 'inc-' });
  await world.pass('20m');
  world.pagerduty.faults.clear();
  await world.pass('5m');
  expect(status()).toBe('resolved');
  expect(world.pagerduty.paged().filter((one) => one.endsWith('02:00'))).toEqual(['bea at 02:00']);
});

test.each(['before', 'after'] as const)(
  'the process ends %s PagerDuty took the call: it is done once',
  async (when) => {
    const { world, alert, status, acknowledge } = await alerted({ slackTimeoutMs: 400 });
    world.pagerduty.faults.always(put, { reset: true, when });
    await acknowledge();
    world.pagerduty.faults.clear();
    await world.restart();
    await world.pass('1m');
    expect(status()).toBe('acknowledged');
    expect(world.pagerduty.ticket(alert).acknowledgers).toHaveLength(1);
  },
);
