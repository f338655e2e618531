import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

async function paged(line = 'sev1 Checkout is down') {
  const world = await start();
  await world.slack.as('ana').command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
  return world;
}

test('acknowledged: the card, the channel, the announcement and every page DM say who has it', async () => {
  const world = await paged();
  await world.pass('5m');
  await world.slack.as('cai').click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.slack.as('cai').reads()).toBe('You have INC-1. Paging stopped.');
  expect(world.slack.channel('inc-').pins[0]).toMatchInlineSnapshot(`
    "SEV1 · Checkout is down · INC-1
    Investigating since 02:00
    Impact: not known yet
    cai has it · Commander: nobody · Comms lead: nobody
    Declared 02:00 by ana
    Next update 02:15
    SEV1: set by ana when declared
    [Update] [Escalate…] [Resolve…] [⋯: Take command, Take comms, Status…, Severity…, Cancel: false alarm…]"
  `);
  expect(world.slack.channel('inc-').transcript()).toContain('[02:05] Tocsin: cai has it. Paging stopped.');
  expect(world.slack.channel('incidents').transcript()).toContain('cai is on it, nobody leads yet');
  expect(world.slack.as('bea').dm()).toContain('Stand down: cai has it (02:05)');
  expect(world.slack.as('bea').buttons({ in: 'dm' })).toEqual([]);
  expect(world.slack.as('cai').dm()).toContain('You have it since 02:05. Paging stopped.');
  expect(world.slack.as('cai').buttons({ in: 'dm' })).toEqual(['Undo']);
});

test('declaring is not acknowledging: the declarer is asked as any bystander is', async () => {
  const world = await paged();
  const ana = world.slack.as('ana');
  await ana.click('Acknowledge', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toBe(
    "This stops paging cai at 02:05. Are you taking it?\n[I'm taking it] [Just watching]",
  );
  await ana.click('Just watching');
  await world.settle();
  expect(ana.reads()).toContain('nothing changed, the paging goes on');
  await ana.click('Acknowledge', { in: 'inc-' });
  await world.settle();
  await ana.click("I'm taking it");
  await world.settle();
  expect(world.slack.channel('inc-').pins[0]).toContain('ana has it');
});

test('two people at once: one wins, the other is told who and when; one’s own second click says so too', async () => {
  const world = await paged();
  await world.pass('5m');
  const [bea, cai] = [world.slack.as('bea'), world.slack.as('cai')];
  await Promise.all([bea.click('Acknowledge', { in: 'inc-' }), cai.click('Acknowledge', { in: 'inc-' })]);
  await world.settle();
  const replies = [bea.reads(), cai.reads()].sort();
  expect(replies[0]).toBe('You have INC-1. Paging stopped.');
  expect(replies[1]).toMatch(/^(bea|cai) has it since 02:05 UTC\. Nothing changed\./);
  const winner = bea.reads().startsWith('You have') ? bea : cai;
  await winner.command('/incident ack', { in: 'inc-' });
  await world.settle();
  expect(winner.reads()).toBe('You have INC-1 already. Nothing changed.');
  expect(
    world.slack
      .channel('inc-')
      .transcript()
      .match(/Paging stopped/g),
  ).toHaveLength(1);
});

test('over is over: the page stands down, and acknowledging says since when', async () => {
  const world = await paged();
  await world.slack.as('ana').command('/incident cancel false alarm', { in: 'inc-' });
  await world.settle();
  const bea = world.slack.as('bea');
  expect(bea.dm()).toContain('Stand down: canceled 02:00');
  await bea.command('/incident ack', { in: 'inc-' });
  await world.settle();
  expect(bea.reads()).toContain('It is canceled since 02:00 UTC. Nothing changed.');
});

test("Can't pages the next at once and says so; pressed twice it wakes nobody else", async () => {
  const world = await paged();
  const bea = world.slack.as('bea');
  const both = [
    bea.click("Can't: page cai now", { in: 'dm' }),
    bea.click("Can't: page cai now", { in: 'dm' }),
  ];
  await Promise.all(both);
  await world.settle();
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript).toContain("bea can't take it.");
  expect(transcript).toContain('Paged @cai (secondary for payments');
  expect(world.slack.as('dana').dm()).toBe('');
  expect(bea.dm()).toContain("You can't take it, you said 02:00. Others are asked.");
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  expect(world.slack.as('cai').dm()).toContain('Stand down: bea has it (02:00)');
});

test('Undo gives it back: the next person is paged, and the ladder goes on', async () => {
  const world = await paged();
  const bea = world.slack.as('bea');
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  await world.pass('7m');
  expect(world.slack.as('cai').dm()).toBe('');
  await bea.click('Undo', { in: 'dm' });
  await world.settle();
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript).toContain('bea gave it back: nobody has it.');
  expect(transcript).toContain(
    'Paged @cai (secondary for payments, the catch-all: no team owns this): bea gave it back.',
  );
  expect(world.slack.channel('inc-').pins[0]).toContain('Nobody has it. dana is paged 02:12.');
});

test('acknowledged, then silent: "Still on it?" by DM, five minutes later given back and the next is paged', async () => {
  const world = await paged();
  const bea = world.slack.as('bea');
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  await world.pass('15m');
  expect(bea.dm()).toMatchInlineSnapshot(`
    "[02:15] Tocsin: SEV1 · Checkout is down
            Still on it? Nothing from you since 02:00.
            No answer by 02:20: cai is paged.
            Why: nothing was heard since 02:00
            [Still on it] [Can't: page cai now]
            #inc-20260302-1-checkout-is-down"
  `);
  expect(bea.pushes().at(-1)).toBe('[02:15] SEV1 Checkout is down. Still on it? Answer by 02:20. INC-1');
  await bea.click('Still on it', { in: 'dm' });
  await world.settle();
  expect(bea.reads()).toBe('Noted: it stays yours.');
  expect(bea.dm()).toContain('You have it since 02:00. Paging stopped.');
  await world.pass('20m');
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript).toContain('bea stopped answering: nobody has it.');
  expect(transcript).toContain(
    'Paged @dana (engineering manager for payments, the catch-all: no team owns this): bea had it and stopped answering.',
  );
});

test('writing in the channel is being on it', async () => {
  const world = await paged();
  const bea = world.slack.as('bea');
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  await world.pass('10m');
  await bea.say('rolling back release 512', { in: 'inc-' });
  await world.pass('11m');
  expect(bea.dm()).not.toContain('Still on it?');
});

test('a page on its way while somebody acknowledges is stood down when it arrives', async () => {
  const world = await paged();
  const stop = world.slack.watch(async (call, moment) => {
    const isPage =
      call.method === 'chat.postMessage' && JSON.stringify(call.args).includes('Nobody has it yet');
    if (!isPage || moment !== 'after') return;
    stop();
    await world.slack.as('ana').command('/incident role commander me', { in: 'inc-' });
  });
  await world.pass('5m');
  expect(world.slack.as('cai').dm()).toContain('Stand down: ana has it');
});

test('only the acknowledger or the commander can give it back; with nothing to give back it says so', async () => {
  const world = await paged();
  const [ana, bea] = [world.slack.as('ana'), world.slack.as('bea')];
  await ana.command('/incident unack', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('Nobody has it, so there is nothing to give back.');
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  await ana.command('/incident unack', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toContain('bea has it since 02:00 UTC: only they or the commander can do that.');
});
