import { expect, test } from 'vitest';
import { oneRotation, paged } from '../support/one-rotation.ts';

test('at the change of shift an unanswered page moves to the new primary, and both are briefed', async () => {
  const { world, person, says } = await oneRotation({ at: '2026-03-02T08:50Z' });
  await says('ana', '/incident declare sev2 Checkout is down');
  await world.pass('9m');
  expect(paged(world)).toEqual(['bea']);
  await world.pass('2m');
  expect(person('cai').dm()).toMatchInlineSnapshot(`
    "[09:00] Tocsin: SEV2 · Checkout is down
            You are primary for payments, the catch-all: no team owns this. Nobody has it yet.
            dana is paged 09:05.
            Why: the shift changed before bea answered
            [Acknowledge] [Can't: page dana now]
            #inc-20260302-1-checkout-is-down
    [09:00] Tocsin: On call for payments
            You are primary for payments now, until Mar 9, 2026 09:00; you were secondary.
            Primary: cai · Secondary: dana
            1 open incident.
            SEV2 · Checkout is down · INC-1
            Nobody has it · Investigating since 08:50
            #inc-20260302-1-checkout-is-down
            The shift since 08:50: 1 page, 1 out of hours. Noisiest: no service 1."
  `);
  expect(person('bea').dm()).toMatchInlineSnapshot(`
    "[08:50] Tocsin: SEV2 · Checkout is down
            You are primary for payments, the catch-all: no team owns this. Nobody has it yet.
            cai is paged 09:05.
            Why: ana declared it 08:50
            [Acknowledge] [Can't: page cai now]
            #inc-20260302-1-checkout-is-down
    [09:00] Tocsin: On call for payments
            Your turn as primary for payments is over. Thank you. cai is primary now.
            Primary: cai · Secondary: dana
            1 open incident.
            SEV2 · Checkout is down · INC-1
            Nobody has it · Investigating since 08:50
            #inc-20260302-1-checkout-is-down
            The shift since 08:50: 1 page, 1 out of hours. Noisiest: no service 1."
  `);
  expect(world.slack.channel('inc-').transcript()).toContain('the shift changed before bea answered');
});

test('who has it, or was told already, is paged no second time at a change of shift', async () => {
  const { world, person, says } = await oneRotation({ at: '2026-03-02T08:30Z' });
  await says('ana', '/incident declare sev2 Checkout is down');
  await world.pass('16m');
  expect(paged(world)).toEqual(['bea', 'cai']);
  await world.pass('20m');
  expect(person('cai').dm()).not.toContain('the shift changed');
  expect(
    person('cai')
      .dm()
      .match(/Nobody has it yet/g),
  ).toHaveLength(1);
});

test('at the change of shift the secondary’s unanswered page moves to the new secondary, once', async () => {
  const { world, person, says } = await oneRotation({ at: '2026-03-02T08:40Z' });
  await says('ana', '/incident declare sev2 Checkout is down');
  await world.pass('16m');
  expect(paged(world)).toEqual(['bea', 'cai']);
  await world.pass('5m');
  expect(paged(world)).toEqual(['bea', 'cai', 'dana']);
  expect(person('dana').dm()).toContain('You are secondary for payments');
  expect(person('dana').dm()).toContain('Why: the shift changed before cai answered');
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript.match(/Paged @dana/g)).toHaveLength(1);
  for (const handle of ['bea', 'cai']) expect(person(handle).dm()).not.toContain('the shift changed');
});

test('the hand-over briefs on every open incident: who has it, the last update; of what the reader may not see nothing', async () => {
  const { world, person, says, presses } = await oneRotation({ at: '2026-03-02T08:30Z' });
  await says('ana', '/incident declare sev2 Refunds fail');
  await presses('bea', 'Acknowledge');
  await person('ana').command('/incident update Half of them go through', { in: 'inc-20260302-1' });
  await says('ana', '/incident declare --test sev1 Fire drill');
  await person('ana').command('/incident declare', { in: 'general' });
  await world.settle();
  await person('ana').submit({
    'What is broken?': 'Keys leaked',
    'How bad is it for users?': 'SEV3 minor',
    Category: 'security',
  });
  await world.pass('31m');
  const briefing = /On call for payments[\s\S]*/.exec(person('dana').dm())?.[0];
  expect(briefing).toMatchInlineSnapshot(`
    "On call for payments
            You are secondary for payments now, until Mar 9, 2026 09:00.
            Primary: cai · Secondary: dana
            1 open incident.
            SEV2 · Refunds fail · INC-1
            bea has it · Investigating since 08:30
            Last update 08:30: Half of them go through
            #inc-20260302-1-refunds-fail
            The shift since 08:30: 2 pages, 2 out of hours. Noisiest: no service 2."
  `);
  expect(person('bea').dm()).toContain('2 open incidents.');
});
