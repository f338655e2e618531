import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** INC-1, acknowledged by Bea, commanded by Ana, who stands in its channel. */
async function running(severity: 1 | 2 | 3) {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command(`/incident declare sev${severity} Checkout is down`, { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.goTo('inc-').command('/incident role commander me');
  await world.settle();
  return { world, ana, channel: world.slack.channel('inc-') };
}

/** Time goes by; Bea, who has it, writes now and then, so that her silence is not the subject. */
async function pass(world: World, ...durations: string[]): Promise<void> {
  for (const duration of durations) {
    await world.pass(duration);
    await world.slack.as('bea').say('working on it', { in: 'inc-' });
  }
}

const nudgesIn = (transcript: string): string[] => transcript.match(/@\w+ update .*/g) ?? [];

test('each rung is a new message that notifies, the one before is deleted, and it says what comes next', async () => {
  const { world, ana, channel } = await running(1);
  await ana.command('/incident role comms @cai');
  await pass(world, '10m');
  await world.pass('5m');
  expect(channel.transcript()).toContain(
    [
      'Tocsin: @cai update due now (SEV1, every 15 min).',
      'No update yet. So far: 1 message, now Investigating.',
      'No answer: commander 10:20, page cai 10:25.',
      '[Post update] [Snooze…] [Stop]',
    ].join('\n        '),
  );
  await world.pass('5m');
  expect(nudgesIn(channel.transcript())).toEqual(['@ana update was due 10:15 (SEV1, every 15 min).']);
  expect(ana.pushes().at(-1)).toContain('update was due 10:15');
  await world.pass('5m');
  expect(nudgesIn(channel.transcript())).toHaveLength(1);
  expect(world.slack.as('cai').dm()).toContain('the status update was due 10:15');
});

test('SEV2-3: the comms lead hears 5 minutes ahead by DM; posting the update takes every nudge away', async () => {
  const { world, ana, channel } = await running(3);
  await ana.command('/incident role comms @cai');
  const cai = world.slack.as('cai');
  await world.pass('55m');
  expect(cai.dm()).toContain('update due 11:00 (SEV3, every 1 h)');
  await cai.click('Post update', { in: 'dm' });
  await world.settle();
  await cai.submit({ 'What is happening?': 'Half the nodes are back' });
  await world.settle();
  expect(cai.dm()).not.toContain('update due 11:00');
  await world.pass('20m');
  expect(nudgesIn(channel.transcript())).toEqual([]);
});

test('Snooze… holds it back as long as chosen; Stop is for good and the channel hears of it', async () => {
  const { world, ana, channel } = await running(2);
  await ana.command('/incident role comms me');
  await pass(world, '20m');
  await world.pass('10m');
  expect(nudgesIn(channel.transcript())).toHaveLength(1);
  await ana.click('Snooze…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'For how long?': '15 min' });
  await world.settle();
  expect(ana.reads()).toBe('Snoozed.');
  expect(nudgesIn(channel.transcript())).toEqual([]);
  await pass(world, '1m', '13m');
  expect(nudgesIn(channel.transcript())).toEqual([]);
  await world.pass('1m');
  expect(nudgesIn(channel.transcript())).toEqual(['@ana update was due 10:30 (SEV2, every 30 min).']);
  await ana.click('Stop', { in: 'inc-' });
  await world.settle();
  expect(nudgesIn(channel.transcript())).toEqual([]);
  expect(channel.transcript()).toContain('ana stopped "update due". Nobody will be asked about it again.');
});

test('a nudge that is answered while Slack is away is not said when Slack is back', async () => {
  const { world, ana, channel } = await running(1);
  await ana.command('/incident role comms me');
  await world.settle();
  world.slack.faults.always('chat.postMessage', { error: 'internal_error' });
  await world.pass('15m');
  await ana.command('/incident update rolling back');
  world.slack.faults.clear();
  await world.pass('10m');
  expect(nudgesIn(channel.transcript())).toEqual([]);
  expect(channel.transcript()).toContain('What is happening: rolling back');
});

test('a restart between two rungs loses nothing and repeats nothing', async () => {
  const { world, ana, channel } = await running(1);
  await ana.command('/incident role comms me');
  await pass(world, '10m');
  await world.pass('5m');
  await world.restart();
  expect(nudgesIn(channel.transcript())).toEqual(['@ana update due now (SEV1, every 15 min).']);
  await world.pass('5m');
  expect(nudgesIn(channel.transcript())).toEqual(['@ana update was due 10:15 (SEV1, every 15 min).']);
});

test('resolved: the standing nudge goes, and none comes again', async () => {
  const { world, ana, channel } = await running(1);
  await world.pass('15m');
  await ana.command('/incident resolve rollback');
  await world.settle();
  expect(channel.transcript()).not.toMatch(/\[Snooze…\]|update (was )?due/);
  const posts = world.slack.callsTo('chat.postMessage').length;
  await world.pass('1h');
  expect(world.slack.callsTo('chat.postMessage')).toHaveLength(posts);
});

/** Two people who write now and then: neither is the subject. */
async function busy(world: World, minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 10) {
    await world.pass(`${Math.min(10, minutes - passed)}m`);
    for (const who of ['bea', 'ana']) await world.slack.as(who).say('working on it', { in: 'inc-' });
  }
}

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

test('/incident nudges lists what will be said, when, why and to whom; each is snoozed or stopped there', async () => {
  const { world, ana } = await running(2);
  await ana.command('/incident nudges');
  await world.settle();
  const list = ana.reads();
  expect(list).toContain('What comes next by itself · INC-1');
  expect(list).toContain('10:10 No comms lead (SEV2, declared 10:00, asked every 10 min), to the channel');
  expect(list).toContain('Update due (SEV2, every 30 min), to ana by direct message');
  expect(list).toContain(
    '10:40 Commander silent (since 10:00, asked after 40 min at SEV2), to ana by direct message',
  );
  expect(list).toContain('14:00 Commander for long');
  expect(list).toContain('whoever has it is asked "Still on it?"');
  await ana.click('Stop', { in: 'inc-' });
  await world.settle();
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toContain('Stopped: no comms lead.');
});

test('/incident nudges: before the acknowledgement only the paging speaks; afterwards and when it is over it says so', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.goTo('inc-').command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toContain('until somebody does, only the paging speaks');
  expect(ana.reads()).toContain('10:05 the next person is told');
  await ana.command('/incident cancel nothing');
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toContain('It is over: nobody is reminded of anything.');
});

test('Snooze… takes any time; one that has passed, or is too far, is refused and nothing typed is lost', async () => {
  const { world, ana, channel } = await running(2);
  await ana.command('/incident role comms me');
  await pass(world, '20m');
  await world.pass('10m');
  await ana.click('Snooze…', { in: 'inc-' });
  await world.settle();
  const seconds = (time: string) => String(Date.parse(time) / 1000);
  expect(await ana.submit({ 'Or until': seconds('2026-03-02T10:05Z') })).toEqual({
    errors: { 'Or until': 'That time has passed. Choose a later one.' },
  });
  expect(await ana.submit({ 'Or until': seconds('2026-03-20T10:05Z') })).toEqual({
    errors: { 'Or until': 'Choose a time within 7 days.' },
  });
  await ana.submit({ 'Or until': seconds('2026-03-02T11:15Z') });
  await world.settle();
  expect(ana.reads()).toBe('Snoozed.');
  await ana.command('/incident nudges');
  await world.settle();
  expect(ana.reads()).toMatch(/11:15 Update due \(SEV2, every 30 min\), to ana in the channel, snoozed/);
  expect(nudgesIn(channel.transcript())).toEqual([]);
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

test('the tray leads to the reminders, to the pause and out of it', async () => {
  const { world, ana } = await running(2);
  await ana.command('/incident');
  await ana.click('Reminders', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('What comes next by itself · INC-1');
  await ana.command('/incident');
  await ana.click('Pause reminders…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'For how long?': '30 min', Why: 'lunch' });
  await world.settle();
  await ana.command('/incident');
  expect(ana.reads()).toContain('Paused until 10:30 by ana: lunch');
  expect(ana.reads()).toContain('Next: the pause ends 10:30');
  await ana.click('Resume reminders', { in: 'inc-' });
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).not.toContain('Paused');
});
