import { expect, test } from 'vitest';
import { busy, pass, running } from '../support/nudged.ts';
import { start } from '../support/world.ts';

test('severity not sure: asked again after 10 minutes with a button per severity; one tap settles it', async () => {
  const world = await start({ at: '2026-03-02T02:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({ 'What is broken?': 'Odd', 'How bad is it for users?': 'Not sure' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.pass('10m');
  const channel = world.slack.channel('inc-');
  expect(channel.transcript()).toContain(
    [
      'Tocsin: @bea Nobody was sure of the severity; SEV3 is only assumed (declared 02:00, asked every 10 min). How bad is it for users?',
      '[SEV1 critical] [SEV2 major] [SEV3 minor] [SEV4 low] [Snooze…] [Stop]',
    ].join('\n        '),
  );
  await ana.goTo('inc-').click('SEV3 minor', { in: 'inc-' });
  await world.settle();
  expect(channel.transcript()).not.toContain('only assumed');
  expect(world.slack.channel('inc-').pins[0]).not.toContain('provisional');
  await world.pass('20m');
  expect(channel.transcript()).not.toContain('only assumed');
});

test('severity not sure: SEV1 raises it and pages again', async () => {
  const world = await start({ at: '2026-03-02T02:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({ 'What is broken?': 'Odd', 'How bad is it for users?': 'Not sure' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.pass('10m');
  await world.slack.as('bea').click('SEV1 critical', { in: 'inc-' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('SEV1 · Odd · INC-1');
  expect(world.slack.as('bea').dm()).toContain('Raised to SEV1');
});

test('undecided triage: a ticket with a channel is asked about; Investigate moves it on', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  await world.pagerduty.trigger({
    title: 'Disk fills slowly',
    service: { id: 'PPAYMNT', summary: 'payments' },
    priority: 'P4',
  });
  await world.settle();
  await world.slack.as('ana').join('incidents');
  await world.slack.as('ana').click('Open channel', { in: 'incidents' });
  await world.pass('21m');
  const channel = world.slack.channel('inc-');
  expect(channel.transcript()).toContain(
    'Nobody has decided whether this is an incident (in triage since 10:00',
  );
  expect(channel.transcript()).toContain('[Investigate] [Cancel: false alarm…] [Snooze…] [Stop]');
  await world.slack.as('ana').goTo('inc-').click('Investigate', { in: 'inc-' });
  await world.settle();
  expect(channel.transcript()).not.toContain('Nobody has decided');
  expect(world.slack.channel('inc-').pins[0]).toContain('Investigating since');
});

test('undecided triage: Cancel: false alarm… asks why, and it is over', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  await world.pagerduty.trigger({
    title: 'Disk fills slowly',
    service: { id: 'PPAYMNT', summary: 'payments' },
    priority: 'P4',
  });
  await world.settle();
  await world.slack.as('ana').join('incidents');
  await world.slack.as('ana').click('Open channel', { in: 'incidents' });
  await world.pass('21m');
  await world.slack.as('ana').goTo('inc-').click('Cancel: false alarm…', { in: 'inc-' });
  await world.settle();
  expect(world.slack.as('ana').modal()).toContain('Why');
});

test('still investigating: the commander is asked after 30 minutes whether to escalate', async () => {
  const { world, ana, channel } = await running(3);
  await busy(world, 30);
  expect(channel.transcript()).toContain(
    'Tocsin: @ana Still investigating (since 10:00, asked every 30 min).',
  );
  expect(channel.transcript()).toContain('Does somebody else have to help?');
  await ana.command('/incident status identified');
  await world.settle();
  expect(channel.transcript()).not.toContain('Still investigating (');
});

test('commander silent: a DM after 20 minutes, 5 later Take command in the channel; whoever takes it has it', async () => {
  const { world, channel } = await running(1);
  await world.slack.as('bea').command('/incident role comms me', { in: 'inc-' });
  for (const minutes of ['10m', '4m']) {
    await world.pass(minutes);
    await world.slack.as('bea').say('working on it', { in: 'inc-' });
  }
  await world.slack.as('bea').command('/incident update rolling back', { in: 'inc-' });
  await world.pass('6m');
  const ana = world.slack.as('ana');
  expect(ana.dm()).toContain(
    'You are in command, and nothing was heard from you (since 10:00, asked after 20 min at SEV1).',
  );
  expect(ana.dm()).toContain('No answer: asked in the channel 10:25.');
  await world.slack.as('bea').say('working on it', { in: 'inc-' });
  await world.pass('5m');
  expect(ana.dm()).not.toContain('nothing was heard from you');
  expect(channel.transcript()).toContain('Nothing is heard from ana, who is in command (since 10:00');
  await world.slack.as('bea').click('Take command', { in: 'inc-' });
  await world.settle();
  expect(channel.transcript()).not.toContain('Nothing is heard from');
  expect(world.slack.channel('inc-').topic).toContain('lead @bea');
});

test('commander silent: “I’m here” is an answer, and so is any message', async () => {
  const { world, ana, channel } = await running(2);
  await world.slack.as('bea').command('/incident role comms me', { in: 'inc-' });
  await pass(world, '25m');
  await world.slack.as('bea').command('/incident update rolling back', { in: 'inc-' });
  await world.pass('15m');
  expect(ana.dm()).toContain('nothing was heard from you');
  await ana.click("I'm here", { in: 'dm' });
  await world.settle();
  expect(ana.dm()).not.toContain('nothing was heard from you');
  await world.slack.as('bea').say('working on it', { in: 'inc-' });
  await world.pass('6m');
  expect(channel.transcript()).not.toContain('Nothing is heard from ana');
});

test('silent channel: 60 minutes without a word, and the commander is asked', async () => {
  const { world, channel } = await running(3);
  await world.pass('60m');
  await world.pass('10m');
  expect(channel.transcript()).toMatch(
    /@ana Nobody has written or done anything here \(since 10:00, asked every 1 h\)/,
  );
  await world.slack.as('bea').say('still there', { in: 'inc-' });
  await world.settle();
  expect(channel.transcript()).not.toContain('Nobody has written');
});

test('monitoring long enough: after 30 minutes Resolve is one tap away', async () => {
  const { world, ana, channel } = await running(3);
  await ana.command('/incident status monitoring');
  await world.pass('30m');
  expect(channel.transcript()).toContain(
    '@ana It is only being watched (since 10:00, asked every 30 min). Is it over?',
  );
  await ana.click('Resolve…', { in: 'inc-' });
  await world.settle();
  expect(ana.modal()).toContain('How was it fixed?');
});

test('commander fatigue: after 4 hours a DM with Hand off…, which opens the form', async () => {
  const { world, ana } = await running(3);
  for (const _hour of [1, 2, 3, 4]) {
    await busy(world, 60);
    await ana.command('/incident update still at it');
  }
  await world.pass('10m');
  expect(ana.dm()).toContain(
    'You are in command (since 10:00, asked every 4 h). A fresh head decides better. Hand over?',
  );
  await ana.click('Hand off…', { in: 'dm' });
  await world.settle();
  expect(ana.modal()).toContain('Hand over in INC-1');
});

test('a resolution target of the configuration: the commander hears when it is at risk and when it is missed', async () => {
  const world = await start({
    at: '2026-03-02T10:00Z',
    incidentFile: `
teams:
  payments:
    onCall: { startsOn: '2026-01-05', primary: [U0BEA], secondary: [U0CAI] }
catchAllTeam: payments
cadence: { resolveWithin: { 3: 2h }, channelSilent: none, stillInvestigating: none }
`,
  });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Checkout is odd', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.goTo('inc-').command('/incident role commander me');
  await ana.command('/incident update looking');
  await world.pass('90m');
  await ana.command('/incident update still looking');
  const transcript = () => world.slack.channel('inc-').transcript();
  await world.pass('10m');
  expect(transcript()).toContain(
    '@ana The resolution target is at risk: 12:00 (SEV3, within 2 h). Does somebody else have to help?',
  );
  await world.pass('21m');
  expect(transcript()).toContain('@ana The resolution target was missed: 12:00 (SEV3, within 2 h).');
});
