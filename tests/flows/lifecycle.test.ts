import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV2), acknowledged by Bea; Ana stands in its channel. */
async function running() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  return { world, ana: ana.goTo('inc-'), channel: () => world.slack.channel('inc-') };
}

test('status by words and by form: channel, topic, card and announcement follow', async () => {
  const { world, ana, channel } = await running();
  expect(await ana.command('/incident status identified the cache is cold')).toBe('INC-1 is identified now.');
  await world.settle();
  expect(channel().transcript()).toContain('ana: investigating → identified. the cache is cold');
  expect(channel().topic).toContain('Identified');
  await ana.command('/incident status');
  await world.settle();
  await ana.submit({ 'How far are we?': 'Monitoring', 'A word about it': 'rolled back' });
  await world.settle();
  expect(channel().pins[0]).toContain('Monitoring since 10:00');
  const announced = world.slack.channel('incidents').transcript();
  expect(announced).toContain('Now identified: the cache is cold. INC-1 · Checkout is down');
  expect(announced).toContain('Now monitoring: rolled back. INC-1 · Checkout is down');
});

test('an illegal move is refused with the moves that are allowed', async () => {
  const { world, ana } = await running();
  await ana.command('/incident status monitoring');
  expect(await ana.command('/incident status monitoring')).toBe('It is monitoring already. Nothing changed.');
  expect(await ana.command('/incident status resolved')).toContain('Use /incident resolve.');
  expect(await ana.command('/incident status identifed')).toContain('Did you mean identified?');
  await ana.command('/incident cancel nothing');
  expect(await ana.command('/incident status identified')).toBe(
    'It is canceled since 10:00 UTC. Nothing changed. Not over? /incident reopen',
  );
  await world.settle();
});

test('resolve by words: pages stand down, the announcement is broadcast, the draft follows', async () => {
  const { world, ana, channel } = await running();
  expect(await ana.command('/incident resolve Rollback of 512')).toContain(
    'INC-1 is resolved. The postmortem draft follows in its channel.',
  );
  await world.settle();
  expect(channel().topic).toContain('Resolved');
  expect(channel().transcript()).toContain('Resolved by ana: rollback. of 512');
  expect(channel().transcript()).toContain('Recovery is not verified yet');
  expect(world.slack.as('bea').dm()).toContain('Stand down');
  expect(world.slack.channel('incidents').transcript()).toMatch(/Resolved.*\(also sent to the channel\)/s);
});

test('what only begins like a known way is no such way: the form asks, and keeps what was typed', async () => {
  const { world, ana, channel } = await running();
  await ana.command('/incident resolve rollbacks did not help, restarted');
  await world.settle();
  expect(ana.modal()).toContain('rollbacks did not help, restarted');
  expect(world.store.incident(1)?.status).toBe('investigating');
  await ana.closeModal();
  await ana.command('/incident resolve Rollback: of 512');
  await world.settle();
  expect(channel().transcript()).toContain('Resolved by ana: rollback. of 512');
});

test('once it is over, no form is opened that could only be refused', async () => {
  const { world, ana } = await running();
  await ana.command('/incident cancel false alarm');
  await world.settle();
  for (const line of ['resolve', 'resolve we restarted it', 'cancel', 'status']) {
    expect(await ana.command(`/incident ${line}`)).toBe(
      'It is canceled since 10:00 UTC. Nothing changed. Not over? /incident reopen',
    );
    await world.settle();
    expect(ana.modal()).toBeNull();
  }
});

test('resolve without a known way asks how; verified recovery is said', async () => {
  const { world, ana, channel } = await running();
  await ana.command('/incident resolve we restarted it');
  await world.settle();
  expect(ana.modal()).toContain('we restarted it');
  expect(await ana.submit({})).toMatchObject({ errors: { 'How was it fixed?': expect.any(String) } });
  await ana.submit({ 'How was it fixed?': 'Other', Recovery: ['I checked: users are fine again'] });
  await world.settle();
  expect(channel().transcript()).toContain('Recovery is verified.');
  expect(world.store.incident(1)?.resolution).toMatchObject({ how: 'other', text: 'we restarted it' });
});

test('alerts that still fire are listed before and after resolving', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  await world.pagerduty.trigger({ service: 'PPAYMNT', title: 'p99 too high', urgency: 'high' });
  await world.settle();
  const bea = world.slack.as('bea');
  await bea.command('/incident resolve', { in: 'inc-' });
  await world.settle();
  expect(bea.modal()).toMatch(/still fir/);
  await bea.submit({ 'How was it fixed?': 'Hotfix' });
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toMatch(/Resolved by bea: hotfix[^[]*still fir/);
});

test('cancel needs a reason, makes no draft, and can be undone', async () => {
  const { world, ana, channel } = await running();
  await ana.command('/incident cancel');
  await world.settle();
  expect(ana.modal()).toContain('Cancel');
  await ana.closeModal();
  expect(await ana.command('/incident cancel false alarm')).toContain(
    'INC-1 is canceled. /incident reopen undoes it for 24 hours.',
  );
  await world.settle();
  expect(world.slack.callsTo('files.completeUploadExternal')).toEqual([]);
  expect(channel().transcript()).not.toContain('draft');
  expect(await ana.command('/incident reopen it is real')).toBe('INC-1 is open again (investigating).');
  await world.settle();
  expect(channel().topic).toContain('Investigating');
});

test('what is over stays over for whoever presses an old button, and says so', async () => {
  const { world, ana } = await running();
  await ana.click('Resolve…', { in: 'inc-' });
  await world.settle();
  await world.slack.as('bea').command('/incident cancel false alarm', { in: 'inc-' });
  expect(await ana.submit({ 'How was it fixed?': 'Rollback' })).toEqual({
    errors: {
      'How was it fixed?': 'It is canceled since 10:00 UTC. Nothing changed. Not over? /incident reopen',
    },
  });
  expect(world.store.incident(1)?.status).toBe('canceled');
});

test('a form that comes too late stays open and keeps what was typed, for whoever reopens', async () => {
  const { world, ana } = await running();
  await ana.command('/incident status');
  await world.settle();
  await world.slack.as('bea').command('/incident cancel false alarm', { in: 'inc-' });
  const words = { 'How far are we?': 'Identified', 'A word about it': 'the cache is cold' };
  const { errors = {} } = await ana.submit(words);
  expect(Object.values(errors)).toEqual([expect.stringContaining('It is canceled since 10:00 UTC.')]);
  expect(ana.modal()).toContain('the cache is cold');
  await world.slack.as('bea').command('/incident reopen it is real', { in: 'inc-' });
  expect(await ana.submit({})).toEqual({});
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain('identified. the cache is cold');
});

test('a command outside the channel offers the open incidents; pressing one carries it out', async () => {
  const { world, ana } = await running();
  await ana.command('/incident declare sev3 Search is slow', { in: 'general' });
  await world.settle();
  const asked = await ana.command('/incident status identified cold cache', { in: 'general' });
  expect(asked).toContain('Which incident is /incident status identified cold cache for?');
  expect(asked).toContain('[INC-1]');
  expect(asked).toContain('[INC-2]');
  await ana.click('INC-2', { in: 'general' });
  await world.settle();
  expect(world.store.incident(1)?.status).toBe('investigating');
  expect(world.store.incident(2)?.status).toBe('identified');
  expect(await ana.command('/incident INC-1 status monitoring', { in: 'general' })).toBe(
    'INC-1 is monitoring now.',
  );
  expect(await ana.command('/incident inc-7 status monitoring', { in: 'general' })).toContain(
    'There is no INC-7.',
  );
  await world.settle();
});
