import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const open = async (world: World, handle: string): Promise<string> => {
  const person = world.slack.as(handle);
  await person.openHome();
  await world.settle();
  return person.home();
};

/** INC-1 (SEV2) is open, Ana commands it and has a follow-up; INC-2 (SEV1) is open and nobody has it. */
async function busy() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.goTo('inc-20260302-1').command('/incident role commander me');
  await ana.command('/incident followup add limit the retries @ana');
  await ana.command('/incident declare sev1 Login fails', { in: 'general' });
  await world.settle();
  return { world, ana };
}

test('an empty Home tab says so for each part, and offers to declare', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  expect(await open(world, 'ana')).toBe(
    [
      '[Declare an incident]',
      'In any channel: /incident help',
      'My roles',
      'You hold no role.',
      'My follow-ups',
      'Nothing is left for you to do.',
      'Open incidents',
      'No incident is open. Is something broken? Declare it: a false alarm is better than a late one.',
      'As of 10:00. Open this tab again to see what is new.',
    ].join('\n'),
  );
});

test('Home shows my roles, my follow-ups, and the open incidents with the worst in front', async () => {
  const { world } = await busy();
  const seen = await open(world, 'ana');
  expect(seen).toContain(
    [
      'My roles',
      'Commander of INC-1',
      'Checkout is down · for 1 min',
      '#inc-20260302-1-checkout-is-down',
      '[Post update…] [Hand over…]',
    ].join('\n'),
  );
  expect(seen).toContain(
    ['My follow-ups', 'limit the retries', 'INC-1 · Checkout is down', 'No date', '[Done]'].join('\n'),
  );
  expect(seen).toContain(
    [
      'Open incidents (2)',
      'SEV1 · Login fails · INC-2',
      'Investigating since 10:00',
      'Nobody has it',
      '#inc-20260302-2-login-fails',
      '[Acknowledge] [Take command] [More…]',
      'SEV2 · Checkout is down · INC-1',
      'Investigating since 10:00',
      'ana has it',
    ].join('\n'),
  );
  const bea = await open(world, 'bea');
  expect(bea).toContain('You hold no role.');
  expect(bea).toContain('Nothing is left for you to do.');
  expect(bea).toContain('Open incidents (2)');
});

test('Home shows private incidents to their members only', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV2 major', Private: true };
  await ana.submit({ 'What is broken?': 'Xylophone keys leaked', ...how });
  await world.settle();
  expect(await open(world, 'ana')).toContain('SEV2 · Xylophone keys leaked · INC-1 · private');
  const finn = await open(world, 'finn');
  expect(finn).toContain('No incident is open.');
  expect(finn).not.toContain('Xylophone');
});

test('a guest finds in Home only what they are part of', async () => {
  const world = await start({
    at: '2026-03-02T10:00Z',
    slack: { people: ['ana', 'bea', 'cai', 'dana', 'eve', 'finn', { name: 'gus', isRestricted: true }] },
  });
  await world.slack.as('ana').command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  expect(await open(world, 'gus')).toBe(
    [
      'You are a guest here.',
      'You see the incidents whose channel you are in, and can help there like anybody else.',
      'Is something broken? Tell a member of this workspace, and they declare it.',
      'In any channel: /incident help',
      'My roles',
      'You hold no role.',
      'My follow-ups',
      'Nothing is left for you to do.',
      'Open incidents',
      'No incident is open in the channels you are in.',
      'As of 10:00. Open this tab again to see what is new.',
    ].join('\n'),
  );
  await world.slack.as('ana').command('/incident declare sev3 My report fails', { in: 'general' });
  await world.settle();
  await world.slack.as('ana').invite('gus', 'inc-20260302-2');
  await world.settle();
  const seen = await open(world, 'gus');
  expect(seen).toContain('Open incidents (1)');
  expect(seen).toContain('My report fails');
});

test('Home is fresh when it is opened again', async () => {
  const { world, ana } = await busy();
  expect(await open(world, 'ana')).toContain('Nobody has it');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.command('/incident INC-1 cancel false alarm', { in: 'general' });
  await world.settle();
  const seen = await open(world, 'ana');
  expect(seen).toContain('bea has it');
  expect(seen).toContain('Open incidents (1)');
  expect(seen).toContain('You hold no role.');
  expect(world.slack.callsTo('views.publish').filter(({ ok }) => !ok)).toEqual([]);
});

test('Declare in Home opens the form; the answer comes there, and the tab shows the new incident', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await open(world, 'ana');
  await ana.click('Declare an incident', { in: 'home' });
  await world.settle();
  expect(ana.modal()).toContain('What is broken?');
  await ana.submit({ 'What is broken?': 'Search is slow', 'How bad is it for users?': 'SEV3 minor' });
  await world.settle();
  expect(ana.modal()).toContain('INC-1 is declared (SEV3). Its channel opens now; you are invited.');
  await ana.closeModal();
  expect(ana.home()).toContain('SEV3 · Search is slow · INC-1');
});

test('an incident’s buttons work in Home: Acknowledge answers there and the tab follows', async () => {
  const { world } = await busy();
  const bea = world.slack.as('bea');
  await open(world, 'bea');
  await bea.click('Acknowledge', { in: 'home' });
  await world.settle();
  expect(bea.modal()).toContain('You have INC-2. Paging stopped.');
  expect(bea.home()).toContain('bea has it');
  expect(world.slack.channel('inc-20260302-2').transcript()).toContain('bea has it. Paging stopped.');
});

test('somebody who was not called is asked in Home before the paging stops, and answers in that modal', async () => {
  const { world } = await busy();
  const finn = world.slack.as('finn');
  await open(world, 'finn');
  await finn.click('Acknowledge', { in: 'home' });
  await world.settle();
  expect(finn.modal()).toContain('This stops paging');
  await finn.click("I'm taking it", { in: 'modal' });
  await world.settle();
  expect(finn.modal()).toContain('You have INC-2. Paging stopped.');
  expect(finn.home()).toContain('finn has it');
});

test('More… shows everything that can be done; a form from there takes its place and answers there', async () => {
  const { world, ana } = await busy();
  await open(world, 'ana');
  await ana.click('Update…', { in: 'home' });
  await world.settle();
  await ana.submit({ 'What is happening?': 'Rolling back' });
  await world.settle();
  expect(world.slack.channel('inc-20260302-1').transcript()).toContain('Rolling back');
  await ana.click('More…', { in: 'home' });
  await world.settle();
  expect(ana.modal()).toContain('[Resolve…]');
  await ana.click('Severity…', { in: 'modal' });
  await world.settle();
  expect(ana.modal()).toContain('How bad is it for users?');
  await ana.submit({ 'How bad is it for users?': 'SEV3 minor' });
  await world.settle();
  expect(ana.modal()).toMatch(/INC-\d is SEV3 now\./);
  expect(ana.home()).toContain('SEV3');
});

test('an offered role waits in Home, and is accepted there; Hand over… and Done work there', async () => {
  const { world, ana } = await busy();
  const bea = world.slack.as('bea');
  await open(world, 'ana');
  await ana.click('Hand over…', { in: 'home' });
  await world.settle();
  await ana.submit({ 'To whom?': 'bea' });
  await world.settle();
  expect(ana.modal()).toContain('bea is asked by direct message to take Commander of INC-1.');
  expect(await open(world, 'bea')).toContain(
    'ana offers you Commander since 10:00. ana stays until you accept.',
  );
  await bea.click('Accept', { in: 'home' });
  await world.settle();
  expect(world.store.incident(1)?.roles.commander?.user).toBe(bea.id);
  expect(bea.home()).toContain('Commander of INC-1');
  expect(bea.home()).not.toContain('Waiting for your answer');
  await open(world, 'ana');
  await ana.click('Done', { in: 'home' });
  await world.settle();
  expect(ana.home()).toContain('Nothing is left for you to do.');
});

test('opening the Messages tab publishes nothing', async () => {
  const { world, ana } = await busy();
  await ana.openHome('messages');
  await world.settle();
  expect(world.slack.callsTo('views.publish')).toEqual([]);
  expect(ana.home()).toBe('');
});

test('Slack refuses the tab: it says where the incidents are, and the next opening shows them', async () => {
  const { world } = await busy();
  world.slack.faults.next('views.publish', { error: 'internal_error' });
  const seen = await open(world, 'ana');
  expect(seen).toContain('Your incidents cannot be shown here right now.');
  expect(seen).toContain('/incident list shows them in any channel.');
  expect(seen).toContain('[Declare an incident]');
  expect(await open(world, 'ana')).toContain('Open incidents (2)');
});

test('Slack opens no modal over Home: the answer to a press comes by DM instead', async () => {
  const { world } = await busy();
  const bea = world.slack.as('bea');
  await open(world, 'bea');
  world.slack.faults.next('views.open', { error: 'expired_trigger_id' });
  await bea.click('Acknowledge', { in: 'home' });
  await world.settle();
  expect(bea.modal()).toBeNull();
  expect(bea.dm()).toContain('You have INC-2. Paging stopped.');
  world.slack.faults.next('views.open', { error: 'expired_trigger_id' });
  await bea.click('Declare an incident', { in: 'home' });
  await world.settle();
  expect(bea.dm()).toContain(
    'Slack did not open the form in time. Please try again, or type the whole command.',
  );
});

test('opened twice at once: both are published, and nobody waits for Slack to be heard', async () => {
  const { world, ana } = await busy();
  await Promise.all([ana.openHome(), ana.openHome()]);
  await world.settle();
  expect(ana.home()).toContain('Open incidents (2)');
  expect(world.slack.callsTo('views.publish').map(({ ok }) => ok)).toEqual([true, true]);
});

test('with more than a screen holds, the worst are shown and the rest is counted', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const bea = world.slack.as('bea');
  for (let n = 1; n <= 14; n += 1) {
    const by = world.slack.as(n % 2 === 0 ? 'ana' : 'bea');
    await by.command(`/incident declare --test sev${n === 14 ? 1 : 3} Number ${n}`, { in: 'general' });
  }
  await world.settle();
  const seen = await open(world, 'bea');
  expect(seen).toContain('Open incidents (14)');
  expect(seen).toContain('and 2 more: /incident list');
  expect(seen.indexOf('Number 14')).toBeLessThan(seen.indexOf('Number 13'));
  expect(bea.home().match(/\[More…\]/g)).toHaveLength(12);
});
