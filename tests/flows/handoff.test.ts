import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV2): Ana commands since 10:00 and has it; two hours later she wants to go. Nobody is comms lead. */
async function longNight() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.goTo('inc-').command('/incident role commander me');
  await ana.command('/incident update Card payments fail');
  await world.settle();
  const channel = () => world.slack.channel('inc-');
  const commander = () => world.store.incident(1)?.roles.commander?.user;
  return { world, ana, bea: world.slack.as('bea'), cai: world.slack.as('cai'), channel, commander };
}

test('handoff: Bea gets an offer with a briefing by DM, and Ana stays commander until Bea accepts', async () => {
  const { world, ana, bea, channel, commander } = await longNight();
  await world.pass('10m');
  const before = channel().transcript();
  expect(await ana.command('/incident handoff commander @bea rollback is half done')).toBe(
    'bea is asked by direct message to take Commander of INC-1. You stay Commander until bea accepts.',
  );
  await world.settle();
  expect(bea.dm()).toContain(
    [
      'ana offers you Commander of INC-1. ana stays Commander until you accept.',
      '"rollback is half done"',
      'SEV2 · Checkout is down · INC-1',
    ].join('\n        '),
  );
  expect(bea.dm()).toContain('Impact: not known yet');
  expect(bea.dm()).toContain('10:00 ana: Card payments fail');
  expect(bea.dm()).toContain('ana is Commander for 10 min now.');
  expect(bea.dm()).toMatch(/Due 10:\d\d: asks for a status update/);
  expect(bea.dm()).toContain('[Accept] [Not now]');
  expect(bea.pushes().at(-1)).toContain('SEV2 Checkout is down. ana offers you Commander of INC-1.');
  expect(channel().transcript()).toBe(before);
  expect(commander()).toBe(ana.id);
});

test('Accept: channel, card, topic and announcement name Bea, both are told, and Bea gets her instructions', async () => {
  const { world, ana, bea, channel, commander } = await longNight();
  await ana.command('/incident handoff @bea');
  await world.settle();
  await bea.click('Accept', { in: 'dm' });
  await world.settle();
  expect(commander()).toBe(bea.id);
  expect(bea.reads()).toBe('You are Commander of INC-1. What that means is in your DMs.');
  expect(channel().transcript()).toContain('Tocsin: ana handed Commander over to bea, who accepted.');
  expect(channel().pins[0]).toContain('bea has it · Commander: bea');
  expect(channel().topic).toBe('SEV2 | Investigating | lead @bea');
  expect(world.slack.channel('incidents').transcript()).toContain('bea leads');
  expect(channel().members).toContain('bea');
  expect(ana.dm()).toContain('bea accepted: you are not Commander of INC-1 any more. Thank you.');
  expect(bea.dm()).toContain('You accepted: you are Commander of INC-1.');
  expect(bea.dm()).not.toContain('[Accept]');
  expect(bea.dm()).toContain('You decide; you do not have to fix it yourself.');
  expect(await bea.command('/incident timeline', { in: 'inc-' })).toContain(
    'ana handed Commander over to bea, who accepted',
  );
});

test('accepting command acknowledges: nobody is paged any more', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.goTo('inc-').command('/incident role commander @dana');
  await ana.command('/incident handoff commander @finn');
  await world.settle();
  expect(world.store.incident(1)?.acknowledged).toBeNull();
  await world.slack.as('finn').click('Accept', { in: 'dm' });
  await world.pass('6m');
  expect(world.slack.channel('inc-').transcript()).toContain('finn has it. Paging stopped.');
  expect(world.slack.as('cai').dm()).toBe('');
});

test('role instructions come by DM in the words of incident.yml when a role is handed over', async () => {
  const world = await start({
    at: '2026-03-02T10:00Z',
    incidentFile: "roles: { scribe: { title: Chronicler, instructions: 'Write it all down.' } }",
  });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Slow search', { in: 'general' });
  await world.settle();
  await ana.goTo('inc-').command('/incident role scribe me');
  await ana.command('/incident handoff scribe @bea');
  await world.settle();
  await world.slack.as('bea').click('Accept', { in: 'dm' });
  await world.settle();
  expect(world.slack.as('bea').dm()).toContain('Write it all down.');
});

test('Not now: Ana stays commander and hears of it by DM, with a button to ask somebody else', async () => {
  const { world, ana, bea, cai, commander } = await longNight();
  await ana.command('/incident handoff @bea');
  await world.settle();
  await bea.click('Not now', { in: 'dm' });
  await world.settle();
  expect(bea.reads()).toBe('Fine: ana stays Commander of INC-1, and hears of it.');
  expect(bea.dm()).toContain('You said "Not now". ana is Commander. Nothing to do for you here.');
  expect(bea.dm()).not.toContain('[Accept]');
  expect(ana.dm()).toContain('bea cannot take Commander now. ana stays Commander of INC-1.');
  await ana.click('Offer it to somebody else…', { in: 'dm' });
  await world.settle();
  expect(ana.modal()).toContain('Which role?: Commander');
  await ana.submit({ 'To whom?': 'cai' });
  await world.settle();
  expect(cai.dm()).toContain('ana offers you Commander of INC-1.');
  expect(commander()).toBe(ana.id);
});

test('no answer: Bea is reminded after 5 minutes, and 5 minutes later a line in the channel says so to Ana', async () => {
  const { world, ana, bea, channel, commander } = await longNight();
  await ana.command('/incident handoff @bea');
  await world.pass('4m');
  expect(bea.dm().match(/\[Accept\]/g)).toHaveLength(1);
  await world.pass('1m');
  expect(bea.dm()).toContain('ana still waits for your answer: will you take Commander of INC-1?');
  expect(bea.dm()).not.toContain('ana offers you');
  expect(bea.dm().match(/\[Accept\]/g)).toHaveLength(1);
  expect(channel().transcript()).not.toContain('has not answered');
  await world.pass('5m');
  expect(channel().transcript()).toContain(
    '@ana bea has not answered your offer of Commander (made 10:00, asked twice). You stay Commander. Who else can take it?',
  );
  expect(ana.pushes().at(-1)).toContain('bea has not answered your offer');
  await world.pass('4m');
  expect(
    channel()
      .transcript()
      .match(/has not answered/g),
  ).toHaveLength(1);
  await bea.click('Accept', { in: 'dm' });
  await world.settle();
  expect(commander()).toBe(bea.id);
});

test('paused, nobody is asked again; when the pause is over, the time to answer begins anew', async () => {
  const { world, ana, bea, channel } = await longNight();
  await ana.command('/incident pause for 1h waiting for the vendor');
  expect(await ana.command('/incident handoff @bea')).toBe(
    'bea is asked by direct message to take Commander of INC-1. You stay Commander until bea accepts. Reminders are paused until 11:00 UTC: nobody is asked again before.',
  );
  await world.pass('64m');
  expect(bea.dm()).not.toContain('still waits for your answer');
  await world.pass('1m');
  expect(bea.dm()).toContain('ana still waits for your answer');
  await ana.command('/incident pause for 30m');
  await world.pass('34m');
  expect(channel().transcript()).not.toContain('has not answered');
  await world.pass('1m');
  expect(channel().transcript()).toContain('@ana bea has not answered your offer of Commander');
});

test('a restart between offer and reminder loses nothing and repeats nothing', async () => {
  const { world, ana, bea, channel } = await longNight();
  await ana.command('/incident handoff @bea');
  await world.settle();
  await world.restart();
  await world.pass('5m');
  await world.restart();
  expect(bea.dm().match(/\[Accept\]/g)).toHaveLength(1);
  await world.pass('5m');
  expect(
    channel()
      .transcript()
      .match(/has not answered/g),
  ).toHaveLength(1);
});

test('Slack takes the offer and its answer is lost: Bea gets one DM, and Accept works', async () => {
  const { world, ana, bea, commander } = await longNight();
  world.slack.faults.next('chat.postMessage', { status: 500, when: 'after' });
  await ana.command('/incident handoff @bea');
  await world.pass('3m');
  expect(bea.dm().match(/\[Accept\]/g)).toHaveLength(1);
  await bea.click('Accept', { in: 'dm' });
  await world.settle();
  expect(commander()).toBe(bea.id);
  expect(bea.dm()).not.toContain('[Accept]');
});

test('accepted twice at once: one hand-over, and the second is told how things are', async () => {
  const { world, ana, bea, channel } = await longNight();
  await ana.command('/incident handoff @bea');
  await world.settle();
  await Promise.all([bea.click('Accept', { in: 'dm' }), bea.click('Accept', { in: 'dm' })]);
  await world.settle();
  expect(
    channel()
      .transcript()
      .match(/handed Commander over/g),
  ).toHaveLength(1);
  expect(bea.reads()).toContain('There is no such offer any more: bea is Commander. Nothing changed.');
});

test('the tray and the briefing offer to hand over once somebody holds a role', async () => {
  const { world, ana } = await longNight();
  await ana.command('/incident');
  await ana.click('Hand over…', { in: 'inc-' });
  await world.settle();
  expect(ana.modal()).toContain('Hand over in INC-1');
});

test('a new offer replaces the old: Bea reads that Cai was asked, and cannot accept any more', async () => {
  const { world, ana, bea, cai, commander } = await longNight();
  await ana.command('/incident handoff @bea');
  await world.settle();
  await ana.command('/incident handoff @cai');
  await world.settle();
  expect(bea.dm()).toContain('cai was asked instead. ana is Commander.');
  expect(await bea.command('/incident INC-1 handoff accept commander', { in: 'general' })).toBe(
    'There is no such offer any more: ana is Commander. Nothing changed.',
  );
  expect(await cai.command('/incident INC-1 handoff accept', { in: 'general' })).toContain(
    'You are Commander',
  );
  expect(commander()).toBe(cai.id);
});

test('the incident ends, or the role goes elsewhere: the offer is over and its DM says so', async () => {
  const { world, ana, bea, cai } = await longNight();
  await ana.command('/incident handoff @bea');
  await world.settle();
  await ana.command('/incident role commander @dana');
  await world.settle();
  expect(bea.dm()).toContain('The offer of Commander is over. dana is Commander.');
  await ana.command('/incident handoff commander @cai');
  await world.settle();
  await ana.command('/incident cancel false alarm');
  await world.settle();
  expect(cai.dm()).toContain('The offer of Commander is over: INC-1 has ended.');
  expect(cai.dm()).not.toContain('[Accept]');
  await world.pass('20m');
  expect(world.slack.channel('inc-').transcript()).not.toContain('has not answered');
});

test('bare handoff opens the form with role, person and words; what was typed stays when it is refused', async () => {
  const { world, ana, bea } = await longNight();
  await ana.command('/incident role scribe me');
  await ana.command('/incident handoff');
  await world.settle();
  expect(ana.modal()).toContain('Which role?: Commander');
  expect(ana.modal()).toContain('What should they know? (optional): …');
  const words = 'Rollback is half done';
  expect(await ana.submit({ 'To whom?': 'ana', 'What should they know?': words })).toEqual({
    errors: { 'To whom?': 'ana is Commander already. Nothing changed.' },
  });
  expect(ana.modal()).toContain(words);
  expect((await ana.submit({ 'To whom?': 'tocsin' })).errors?.['To whom?']).toContain('no member');
  expect(await ana.submit({ 'Which role?': 'Scribe', 'To whom?': 'bea' })).toEqual({});
  await world.settle();
  expect(bea.dm()).toContain('ana offers you Scribe of INC-1.');
  expect(bea.dm()).toContain(`"${words}"`);
});

test('an unknown role or person, oneself, a vacant role, a second time: each refusal says why and what works', async () => {
  const { world, ana, bea } = await longNight();
  const says = (line: string) => ana.command(`/incident handoff ${line}`);
  expect(await says('comander @bea')).toContain('“comander” is no role. Did you mean commander?');
  expect(await says('@ghost')).toBe(
    'No person here is called @ghost: choose a name that Slack offers. Like this: /incident handoff commander @name. Nothing changed.',
  );
  expect(await says('@here')).toContain('No person here is called @here');
  expect(await says('bea')).toContain(
    '“bea” is no role. Roles: commander, comms, tech, ops, scribe. Like this:',
  );
  expect(await says('commander @bea and @cai')).toBe(
    'Only one person can take it: /incident handoff commander @name. Nothing changed.',
  );
  expect(await says('commander bea')).toContain('Whom? Mention a person: /incident handoff commander @name.');
  expect(await says('commander me')).toContain('To take a role yourself: /incident role commander me.');
  expect(await says('tech @bea')).toContain(
    'Nobody is Tech lead, so there is nothing to hand over. Nothing changed.',
  );
  expect(await says('tech')).toContain('nothing to hand over');
  expect(await says('commander @ana')).toBe('ana is Commander already. Nothing changed.');
  expect(await says('commander @tocsin')).toContain('no member of this workspace');
  expect(await says('accept')).toContain('No role is offered to you in INC-1. Nothing changed.');
  expect(await says('withdraw')).toContain('No role is offered to anybody in INC-1. Nothing changed.');
  expect(await says('accept comander')).toContain('Did you mean commander?');
  expect(await bea.command('/incident INC-1 handoff commander @bea', { in: 'general' })).toContain(
    'You cannot offer it to yourself',
  );
  await says('@bea');
  expect(await says('@bea')).toContain('bea was asked 10:00 UTC to take Commander and has not answered yet.');
  expect(await says('accept commander')).toContain('There is no such offer any more: ana is Commander.');
  await ana.command('/incident cancel false alarm');
  expect(await says('')).toContain('It is canceled since');
  expect(await says('commander @cai')).toContain('It is canceled since');
  await world.settle();
  expect(world.store.incident(1)?.roles.commander?.user).toBe(ana.id);
});

test('nobody holds a role: there is nothing to hand over, and it says how to give one', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  expect(await ana.goTo('inc-').command('/incident handoff')).toBe(
    'Nobody holds a role in INC-1, so there is nothing to hand over. Nothing changed. Give one: /incident role commander @name',
  );
});

test('roles: who holds what and since when, with a button for each; seen by the one who asks alone', async () => {
  const { world, ana, bea, channel } = await longNight();
  await world.pass('5m');
  const before = channel().transcript();
  expect(await ana.command('/incident roles')).toBe(
    [
      'Roles of INC-1',
      'Commander: ana since 10:00 UTC (5 min). [Hand over…]',
      'Comms lead: nobody. [Take Comms lead]',
      'Tech lead: nobody. [Take Tech lead]',
      'Ops support: nobody. [Take Ops support]',
      'Scribe: nobody. [Take Scribe]',
      '[Assign or drop…]',
    ].join('\n'),
  );
  expect(channel().transcript()).toBe(before);
  await ana.click('Take Tech lead', { in: 'inc-' });
  await world.settle();
  expect(world.store.incident(1)?.roles.tech?.user).toBe(ana.id);
  await ana.command('/incident handoff commander @bea');
  expect(await ana.command('/incident roles')).toContain(
    'Commander is offered to bea since 10:05 UTC, not answered yet. [Withdraw the offer]',
  );
  expect(await bea.command('/incident roles', { in: 'inc-' })).toContain('Commander is offered to you since');
  await bea.click('Accept', { in: 'inc-' });
  await world.settle();
  expect(world.store.incident(1)?.roles.commander?.user).toBe(bea.id);
});

test('Withdraw the offer: its DM says so, and Bea is asked nothing more', async () => {
  const { world, ana, bea } = await longNight();
  await ana.command('/incident handoff @bea');
  await world.settle();
  await ana.command('/incident roles');
  await ana.click('Withdraw the offer', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toBe('The offer is withdrawn. ana stays Commander of INC-1.');
  expect(bea.dm()).toContain('ana withdrew the offer of Commander. ana is Commander.');
  const pushes = bea.pushes().length;
  await world.pass('15m');
  expect(bea.pushes()).toHaveLength(pushes);
});

test('an offer of a private incident lets the person see it, and the offerer is told so', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV2 major', Private: true };
  await ana.submit({ 'What is broken?': 'Keys leaked', ...how });
  await world.settle();
  await ana.goTo('inc-').command('/incident role commander me');
  const finn = world.slack.as('finn');
  expect(await finn.command('/incident INC-1 roles', { in: 'general' })).toContain('There is no INC-1.');
  expect(await ana.command('/incident handoff @finn')).toContain(
    'INC-1 is private: finn can see it from now on.',
  );
  await world.settle();
  expect(world.slack.channel('inc-').members).toContain('finn');
  await finn.click('Accept', { in: 'dm' });
  await world.settle();
  expect(world.store.incident(1)?.roles.commander?.user).toBe(finn.id);
});

test('Slack cannot reach the person by DM: the offer is over and the channel tells Ana', async () => {
  const { world, ana, channel } = await longNight();
  world.slack.faults.next('conversations.open', { error: 'user_disabled' });
  await ana.command('/incident handoff @finn');
  await world.settle();
  expect(channel().transcript()).toContain(
    '@ana finn could not be asked to take Commander (user_disabled). You stay Commander.',
  );
  expect(world.store.incident(1)?.offers).toEqual({});
});
