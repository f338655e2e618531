import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

const payments = { id: 'PPAYMNT', summary: 'payments' };

/** INC-1 (SEV2), acknowledged by Bea at 10:00; Ana stands in its channel. */
async function running() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is slow', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  return { world, ana: ana.goTo('inc-'), channel: () => world.slack.channel('inc-') };
}

/** … and resolved at 10:20, monitored since 10:10. */
async function resolved() {
  const running_ = await running();
  const { world, ana } = running_;
  await world.pass('10m');
  await ana.command('/incident status monitoring');
  await world.pass('10m');
  await ana.command('/incident resolve rollback');
  await world.settle();
  return running_;
}

test('close is refused while it is open, and names resolve', async () => {
  const { world, ana } = await running();
  expect(await ana.command('/incident close')).toBe(
    'It is open (investigating), and only what is resolved can be closed. Nothing changed. First: /incident resolve',
  );
  expect(await ana.command('/incident close it is over')).toContain('First: /incident resolve');
  await ana.command('/incident cancel false alarm');
  await world.settle();
  expect(await ana.command('/incident close')).toContain('It is canceled since 10:00 UTC. Nothing changed.');
});

test('the closing checklist: five items, those that data proves are ticked already with the reason shown', async () => {
  const { world, ana } = await resolved();
  await ana.command('/incident close');
  await world.settle();
  const modal = ana.modal();
  expect(modal).toContain('☐ The service is stable');
  expect(modal).toContain('☑ It is resolved, or at least contained');
  expect(modal).toContain('☑ Stakeholders got the final update');
  expect(modal).toContain('☑ The timeline is complete');
  expect(modal).toContain('☐ Follow-ups are captured');
  const reasons = JSON.stringify(world.slack.callsTo('views.open').at(-1));
  expect(reasons).toContain('Nobody has said yet that the recovery is verified');
  expect(reasons).toContain('Resolved 10:20 UTC by ana: rollback');
  expect(reasons).toContain('The announcement says so since 10:20 UTC');
  expect(reasons).toContain('None yet. Tick it if there is nothing to follow up');
});

test('closing is refused until the checklist holds, the form keeps what was ticked; an override needs a reason', async () => {
  const { world, ana, channel } = await resolved();
  await ana.click('Close…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'Closing checklist': ['The service is stable', 'Stakeholders got the final update'] });
  await world.settle();
  expect(world.store.incident(1)?.status).toBe('resolved');
  expect(ana.modal()).toContain(
    'Not ticked: resolved or contained, timeline complete and follow-ups captured',
  );
  expect(ana.modal()).toContain('☑ The service is stable');
  await ana.submit({ 'Not everything holds? Why close it anyway': 'tracked in the old system' });
  await world.settle();
  expect(world.store.incident(1)).toMatchObject({ status: 'closed' });
  expect(channel().transcript()).toContain('Closed by ana.');
  expect(channel().transcript()).toContain('Closed anyway because: tracked in the old system');
});

test('closed: card, announcement and topic say so, and the timeline keeps every answer', async () => {
  const { world, ana, channel } = await resolved();
  await ana.command('/incident followup add limit the retries');
  await world.pass('5m');
  await ana.click('Close…', { in: 'inc-' });
  await world.settle();
  await ana.submit({
    'Closing checklist': [
      'The service is stable',
      'It is resolved, or at least contained',
      'Stakeholders got the final update',
      'The timeline is complete',
      'Follow-ups are captured',
    ],
  });
  await world.settle();
  expect(ana.reads()).toContain('INC-1 is closed.');
  expect(channel().pins[0]).toContain('Closed 10:25');
  expect(channel().pins[0]).not.toContain('[Close…]');
  expect(channel().topic).toContain('Closed');
  expect(world.slack.channel('incidents').transcript()).toContain('Closed 10:25');
  expect(channel().transcript()).toContain(
    [
      'Tocsin: Closed by ana.',
      'Shown by the data: resolved or contained, final update sent, timeline complete and follow-ups captured.',
      'Said by ana: service stable.',
    ].join('\n        '),
  );
  expect(await ana.command('/incident timeline')).toContain(
    'ana closed it. Checklist: shown by the data resolved or contained',
  );
});

test('everything a button does, a command does too: close with a reason closes at once', async () => {
  const { world, ana, channel } = await resolved();
  expect(await ana.command('/incident close nobody works on it any more')).toContain('INC-1 is closed.');
  await world.settle();
  expect(channel().transcript()).toContain('Not so: service stable and follow-ups captured.');
  expect(channel().transcript()).toContain('Closed anyway because: nobody works on it any more');
  expect(await ana.command('/incident close')).toContain('It is closed since 10:20 UTC. Nothing changed.');
});

test('the draft offers Close…; on an old draft it says what holds now', async () => {
  const { world, ana, channel } = await resolved();
  await world.settle();
  expect(channel().transcript()).toMatch(/\[Draft again\].*\[Close…\]/);
  await ana.command('/incident close enough');
  await world.settle();
  await ana.click('Close…', { in: 'inc-', on: /Postmortem draft/ });
  await world.settle();
  expect(ana.reads()).toContain('It is closed since 10:20 UTC. Nothing changed.');
});

test('reopen works from closed for 24 h; closed again, the first closing stays in the figures', async () => {
  const { world, ana, channel } = await resolved();
  await ana.command('/incident close enough');
  await world.pass('1h');
  const closedAt = world.store.incident(1)?.times.closedAt;
  expect(await ana.command('/incident reopen it is back')).toContain('INC-1 is open again (monitoring).');
  await world.settle();
  expect(channel().pins[0]).toContain('Monitoring since 11:20');
  await ana.command('/incident resolve rollback');
  await ana.command('/incident close enough');
  expect(world.store.incident(1)?.times.closedAt).toBe(closedAt);
  await world.pass('25h');
  expect(await ana.command('/incident reopen')).toContain('that can be undone for a day only');
});

test('the closing taken back: it is resolved again, and Close… is on its card once more', async () => {
  const { world, ana, channel } = await resolved();
  await ana.command('/incident close enough');
  expect(await ana.command('/incident undo')).toContain('The closing is undone: INC-1 is resolved again.');
  await world.settle();
  expect(channel().pins[0]).toContain('[Close…]');
  await ana.command('/incident close really enough');
  await world.settle();
  expect(world.store.incident(1)?.status).toBe('closed');
});

test('status closed is no status: the answer names close', async () => {
  const { ana } = await resolved();
  expect(await ana.command('/incident status closed')).toContain('Use /incident close.');
});

test('a linked alert that still fires is named in the checklist, and "stable" is not ticked', async () => {
  const world = await start();
  await world.pagerduty.trigger({
    title: 'Checkout is down',
    service: payments,
    priority: 'P2',
    assignees: ['bea'],
  });
  await world.settle();
  const bea = world.slack.as('bea').goTo('inc-');
  await bea.click('Acknowledge', { in: 'dm' });
  await bea.command('/incident resolve rollback');
  await bea.command('/incident close');
  await world.settle();
  expect(bea.modal()).toContain('☐ The service is stable');
  expect(JSON.stringify(world.slack.callsTo('views.open').at(-1))).toContain(
    'Look first: 1 linked alert still fires',
  );
});

test('closed soon after the resolve, an alert that fires again still belongs to it', async () => {
  const world = await start();
  const alert = { title: 'Checkout is down', service: payments, priority: 'P1' as const, assignees: ['bea'] };
  const first = await world.pagerduty.trigger(alert);
  await world.settle();
  const bea = world.slack.as('bea').goTo('inc-');
  await bea.click('Acknowledge', { in: 'dm' });
  await bea.command('/incident resolve rollback');
  await world.pagerduty.resolve(first);
  await bea.command('/incident close enough');
  await world.pass('10m');
  await world.pagerduty.trigger(alert);
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain('The alert fired again: Checkout is down');
  expect(world.slack.channels().filter((name) => name.startsWith('inc-'))).toHaveLength(1);
});
