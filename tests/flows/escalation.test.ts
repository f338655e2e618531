import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

async function declared(line = 'sev1 Checkout is down', options: Parameters<typeof start>[0] = {}) {
  const world = await start(options);
  await world.slack.as('ana').command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
  return world;
}

/** `02:05 Paged @cai (…): nobody has it.`: the channel's lines about who was told. */
const told = (world: World, channel = 'inc-'): string[] =>
  world.slack
    .channel(channel)
    .transcript()
    .split('\n')
    .filter((line) => /Tocsin: (?:Paged|Told|Nobody|Everybody)/.test(line))
    .map((line) => line.replace(/^\[(..:..)\] Tocsin: /, '$1 ').replace(/ \(primary.*?this\)/, ''));

const ownPayments = `
teams:
  payments:
    onCall: { startsOn: '2026-01-05', primary: [U0BEA], secondary: [U0CAI] }
    targets: { engineering-manager: [U0DANA], team-lead: [U0DANA] }
catchAllTeam: payments
targets: { vp-engineering: [U0EVE], cto: [U0FINN], director: [U0EVE] }
`;

test('nobody acknowledges: who was told, why now, and what comes next when, rung by rung', async () => {
  const world = await declared();
  await world.pass('10m');
  expect(told(world)).toEqual([
    '02:00 Paged @bea: it was declared.',
    expect.stringContaining('02:05 Paged @cai (secondary for payments'),
    expect.stringContaining('02:10 Paged @dana (engineering manager for payments'),
  ]);
  expect(world.slack.channel('inc-').transcript()).toContain('eve is paged 02:20.');
  expect(world.slack.channel('inc-').members.sort()).toEqual(['ana', 'bea', 'cai', 'dana', 'tocsin']);
});

test('the ladder at its end gives the phone numbers, loudly, and one DM stands per person', async () => {
  const world = await declared('sev1 Checkout is down', {
    incidentFile: `${ownPayments}
phones: [{ name: Night desk, number: '+49 30 1234567' }]
escalation:
  repeat: 1
  repeatAfter: 1m
  steps: { 1: [{ after: 0s, action: page, target: oncall-primary }, { after: 1m, action: page, target: cto }] }
`,
  });
  await world.pass('4m');
  expect(told(world)).toEqual([
    '02:00 Paged @bea: it was declared.',
    '02:01 Paged @finn (CTO): nobody has it.',
    '02:02 Paged @bea: nobody has it.',
    '02:03 Paged @finn (CTO): nobody has it.',
    '02:04 Everybody on the ladder was paged and nobody answered.',
  ]);
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript).toContain('Nobody else is left to page. Phone numbers follow 02:04.');
  expect(transcript).toContain('Call Night desk +49 30 1234567.');
  expect(world.slack.channel('inc-').pins[0]).toContain('Nobody has it, and nobody is left to page.');
  expect(world.slack.channel('incidents').transcript()).toContain('@here SEV1 Checkout is down · INC-1');
  expect(
    world.slack
      .as('bea')
      .dm()
      .match(/Nobody has it yet/g),
  ).toHaveLength(1);
});

test('a step that notifies is Slack only: told, not paged, and without "Can not"', async () => {
  const world = await declared('sev2 Checkout is slow', {
    incidentFile: `${ownPayments}
escalation:
  steps: { 2: [{ after: 0s, action: page, target: oncall-primary }, { after: 2m, action: notify, target: director }] }
`,
  });
  expect(world.slack.channel('inc-').pins[0]).toContain('eve is told 02:02.');
  await world.pass('2m');
  expect(told(world).at(-1)).toBe('02:02 Told @eve (director): nobody has it.');
  expect(world.slack.as('eve').dm()).toContain('Please look at it when you can.');
  expect(world.slack.as('eve').buttons({ in: 'dm' })).toEqual(['Acknowledge']);
});

test('no on-call configured: the channel says so and whom it asked instead, the announce channel is called once', async () => {
  const world = await declared('sev1 Checkout is down', { incidentFile: 'announceChannel: incidents\n' });
  await world.pass('10m');
  expect(world.slack.channel('inc-').transcript()).toContain(
    'Nobody was paged: no service is named and there is no catch-all team.\n        Asked instead: @ana',
  );
  expect(world.slack.channel('inc-').pins[0]).toContain('but nobody is configured as that.');
  expect(world.slack.as('ana').dm()).toContain(
    'You are asked because nobody else was found. Nobody has it yet.',
  );
  const calls = world.slack.channel('incidents').transcript().match(/@here/g);
  expect(calls).toHaveLength(1);
  await world.slack.as('ana').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('ana has it');
});

test('an unowned service goes to the catch-all, and the DM says so; the team of a known one answers for itself', async () => {
  const world = await declared('', {
    incidentFile: `${ownPayments}services: { search: {}, payments: { team: payments } }`,
  });
  const ana = world.slack.as('ana');
  const fields = { 'What is broken?': 'Search is down', 'How bad is it for users?': 'SEV1 critical' };
  await ana.submit({ ...fields, Service: 'search' });
  await world.settle();
  expect(world.slack.as('bea').dm()).toContain(
    'You are primary for payments, the catch-all: no team owns search. Nobody has it yet.',
  );
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({ ...fields, Service: 'payments' });
  await world.settle();
  expect(world.slack.as('bea').dm()).toContain('You are primary for payments. Nobody has it yet.');
});

test('targets by e-mail, user group and phone: people are found, and what is not in Slack is said', async () => {
  const world = await declared('sev1 Checkout is down', {
    incidentFile: `
teams:
  payments:
    onCall: { startsOn: '2026-01-05', primary: [bea@example.com], secondary: [S0NIGHT] }
    targets: { engineering-manager: ['+49 30 555'], team-lead: [gone@example.com] }
catchAllTeam: payments
targets: { vp-engineering: [S0GONE], cto: [U0FINN, gone@example.com] }
`,
    slack: { groups: [{ handle: 'night', id: 'S0NIGHT', users: ['cai', 'dana'] }] },
  });
  await world.slack.as('bea').click('Acknowledge', { in: 'inc-' });
  await world.settle();
  await world.slack.as('bea').command('/incident unack', { in: 'inc-' });
  await world.pass('25m');
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript).toContain('Paged @bea (primary for payments');
  expect(transcript).toContain('Paged @cai (secondary for payments');
  expect(transcript).toContain('@dana (secondary for payments');
  expect(transcript).toContain('Nobody was paged: only a phone number is configured: call +49 30 555.');
  expect(transcript).toContain('Nobody was paged: Slack does not know S0GONE.');
  expect(transcript).toContain(
    'Paged @finn (CTO): nobody has it.\n        Slack does not know gone@example.com.',
  );
});

test('on call by e-mail or group is on call: no question before they acknowledge', async () => {
  const world = await declared('sev1 Checkout is down', {
    incidentFile: `
teams:
  payments: { onCall: { startsOn: '2026-01-05', primary: [bea@example.com], secondary: [S0NIGHT] } }
catchAllTeam: payments
`,
    slack: { groups: [{ handle: 'night', id: 'S0NIGHT', users: ['cai'] }] },
  });
  await world.slack.as('cai').join('inc-');
  await world.slack.as('cai').command('/incident ack', { in: 'inc-' });
  await world.settle();
  expect(world.slack.as('cai').reads()).toBe('You have INC-1. Paging stopped.');
});

test('a page that Slack refuses is loud and says whom to call', async () => {
  const world = await start();
  world.slack.faults.next('conversations.open', { error: 'user_disabled' });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript).toContain('The page failed: @bea got no message from us (user_disabled). Call them.');
  expect(transcript).toContain('Call Night desk +49 30 1234567.');
  expect(world.slack.channel('incidents').transcript()).toContain('@here SEV1 Checkout is down · INC-1');
});

test('a user group that Slack cannot list for good: nobody was paged, and that is loud', async () => {
  const world = await start({
    incidentFile: `
teams: { payments: { onCall: { startsOn: '2026-01-05', primary: [S0NIGHT] } } }
catchAllTeam: payments
`,
    slack: { groups: [{ handle: 'night', id: 'S0NIGHT', users: ['cai'] }] },
  });
  world.slack.faults.next('usergroups.users.list', { error: 'restricted_action' });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain(
    'Nobody was paged: Slack could not say who that is (restricted_action).',
  );
  expect(world.slack.channel('incidents').transcript()).toContain('@here SEV1 Checkout is down · INC-1');
});

test('a primary who already has another SEV1-2 is paged together with the secondary, with the reason', async () => {
  const world = await declared('sev1 Checkout is down');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  await world.slack.as('ana').command('/incident declare sev2 Refunds fail', { in: 'general' });
  await world.settle();
  const line = world.slack.channel('inc-20260302-2').transcript();
  expect(line).toContain('Paged @bea (primary for payments');
  expect(line).toContain(
    '@cai (secondary for payments, the catch-all: no team owns this, bea already has INC-1 (SEV1))',
  );
  expect(world.slack.as('cai').dm()).toContain('You are secondary for payments');
  expect(world.slack.as('cai').dm()).toContain('bea already has INC-1 (SEV1)');
});

test('a test does not make its primary busy: the secondary sleeps on', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare --test sev1 Fire drill', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').command('/incident INC-1 ack', { in: 'general' });
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(world.slack.as('bea').dm()).toContain('SEV1 · Checkout is down');
  expect(world.slack.as('cai').dm()).toBe('');
});

test('after downtime: one rung, one page, one catch-up line, and the ladder goes on from then', async () => {
  const world = await declared();
  await world.restart('40m');
  await world.settle();
  expect(told(world)).toEqual([
    '02:00 Paged @bea: it was declared.',
    expect.stringContaining('02:40 Paged @cai (secondary for payments'),
  ]);
  const lines = world.slack
    .channel('inc-')
    .transcript()
    .match(/Tocsin was away from 02:00 to 02:40/g);
  expect(lines).toHaveLength(1);
  await world.pass('5m');
  expect(told(world).at(-1)).toContain('02:45 Paged @dana');
  expect(world.slack.as('bea').pushes()).toHaveLength(2);
});

test('after downtime: whoever is asked whether they are still on it is not paged as the next rung as well', async () => {
  const world = await declared('sev1 Checkout is down', {
    incidentFile: `${ownPayments.replace('team-lead: [U0DANA]', 'team-lead: [U0BEA]')}
escalation:
  steps: { 1: [{ after: 0s, action: page, target: oncall-primary }, { after: 5m, action: page, target: team-lead }] }
`,
  });
  await world.slack.as('bea').command('/incident ack', { in: 'inc-' });
  // Nobody takes command: the next rung would be paged at 02:20, and it is hers too. From 02:15 on she is silent.
  await world.pass('15m');
  await world.slack.as('bea').say('Looking at the database', { in: 'inc-' });
  await world.restart('40m');
  await world.settle();
  const pushes = world.slack.as('bea').pushes();
  expect(pushes.filter((push) => push.startsWith('[02:55]'))).toEqual([
    '[02:55] SEV1 Checkout is down. Still on it? Answer by 03:00. INC-1',
  ]);
  expect(told(world).at(-1)).toContain('02:55 Nobody else was paged.');
});

test('a restart between two rungs changes nothing: nobody is paged twice, the next rung keeps its time', async () => {
  const world = await declared();
  await world.pass('3m');
  await world.restart();
  await world.pass('2m');
  expect(told(world)).toEqual([
    '02:00 Paged @bea: it was declared.',
    expect.stringContaining('02:05 Paged @cai'),
  ]);
});

test('escalate: asks with name and local time, then pages by name; "now" fires the next step without asking', async () => {
  const world = await declared('sev1 Checkout is down', {
    slack: {
      people: [
        'ana',
        'bea',
        'cai',
        'dana',
        { name: 'eve', tz: 'America/New_York', tzOffset: -18_000 },
        'finn',
      ],
    },
  });
  const ana = world.slack.as('ana');
  await ana.command('/incident escalate @eve the database is stuck', { in: 'inc-' });
  await world.settle();
  expect(ana.modal()).toContain('Page eve, 21:00 there?');
  await ana.submit();
  await world.settle();
  expect(told(world).at(-1)).toBe('02:00 Paged @eve: ana asks for help: the database is stuck.');
  expect(world.slack.as('eve').dm()).toContain('Why: ana asks for help: the database is stuck');
  await ana.command('/incident escalate vp-engineering', { in: 'inc-' });
  await world.settle();
  expect(ana.modal()).toContain('Page the VP engineering (eve, 21:00 there)?');
  await ana.closeModal();
  await ana.command('/incident escalate now please', { in: 'inc-' });
  await world.settle();
  expect(told(world).at(-1)).toContain('02:00 Paged @cai');
  await world.pass('5m');
  expect(told(world).at(-1)).toContain('02:05 Paged @dana');
});

test('escalate to nobody we know says whom one may name; with the ladder at its end it says that too', async () => {
  const world = await declared('sev4 Typo');
  const ana = world.slack.as('ana');
  await ana.command('/incident escalate @vp-enginering', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('Nobody here is called @vp-enginering. Did you mean vp-engineering?');
  await ana.command('/incident escalate now', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('Nobody is left to page by the policy.');
});
