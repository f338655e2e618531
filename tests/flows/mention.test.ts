import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** A SEV2 that Ana declared, with a thread in its channel. */
async function talking(options: Parameters<typeof start>[0] = {}): Promise<World> {
  const world = await start(options);
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down');
  await world.settle();
  ana.goTo('inc-');
  await ana.say('Who is looking at the database?');
  return world;
}

const thread = /looking at the database/;

test('@tocsin in a thread does what the command does, and only the person reads the answer, in that thread', async () => {
  const world = await talking();
  const bea = world.slack.as('bea').goTo('inc-');
  await bea.mention('ack', { thread });
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain('bea has it. Paging stopped.');
  await bea.mention('show', { thread });
  expect(bea.reads()).toContain('INC-1');
  expect(world.slack.as('ana').reads()).toBe('');
  const [said] = world.slack.callsTo('chat.postEphemeral').slice(-1);
  const root = world.slack.channel('inc-').messages.find(({ text }) => String(text).match(thread));
  expect(said?.args).toMatchObject({ user: world.slack.userId('bea'), thread_ts: root?.ts });
});

test('the mention stays on the timeline as what the person said, once, also when it is delivered twice', async () => {
  const world = await talking();
  world.slack.mishap('duplicate', 2);
  await world.slack.as('ana').mention('note rolled back release 512', { thread });
  await world.settle();
  const timeline = await world.slack.as('ana').command('/incident timeline 20');
  expect(timeline.match(/note rolled back release 512/g)).toHaveLength(1);
  expect(timeline.match(/rolled back release 512/g)).toHaveLength(2);
});

test('a command that needs a form gets a button that opens it, and what was typed is in it', async () => {
  const world = await talking();
  const ana = world.slack.as('ana');
  await ana.mention('sev', { thread });
  expect(ana.reads()).toContain('"INC-1 sev" needs a form');
  expect(world.slack.callsTo('views.open')).toHaveLength(0);
  await ana.click('Open the form');
  await world.settle();
  await ana.submit({ 'How bad is it for users?': 'SEV1 critical' });
  await world.settle();
  expect(world.slack.channel('inc-').topic).toContain('SEV1');
});

test('outside an incident channel a mention declares, asks which incident, or takes the number', async () => {
  const world = await talking({ slack: { channels: [{ name: 'general', bot: true }] } });
  const bea = world.slack.as('bea').goTo('general');
  await bea.mention('declare sev3 Search is slow');
  await world.settle();
  expect(bea.reads()).toContain('INC-2 is declared (SEV3)');
  await bea.mention('ack');
  expect(bea.reads()).toContain('Which incident is');
  await bea.mention('INC-1 ack');
  await world.settle();
  expect(world.store.incident(1)?.acknowledged?.by).toMatchObject({ user: bea.id });
  await bea.mention('declare');
  await bea.click('Open the form');
  await world.settle();
  expect(bea.modal()).toContain('What is broken?');
});

test('a typo gets the nearest command, and nothing changes', async () => {
  const world = await talking();
  const ana = world.slack.as('ana');
  const before = world.store.incident(1)?.status;
  await ana.mention('resolv', { thread });
  expect(ana.reads()).toContain('I do not know "resolv". Nothing changed. Did you mean /incident resolve?');
  expect(world.store.incident(1)?.status).toBe(before);
});

test('talk about the bot is no command; where it reads like one, it says how it becomes one', async () => {
  const world = await talking();
  const ana = world.slack.as('ana');
  await ana.say('thanks, @tocsin, that helped', { thread });
  expect(ana.reads()).toBe('');
  await ana.say('please @tocsin resolve this later', { thread });
  expect(ana.reads()).toContain('Was that a command? Put the mention first');
  expect(world.store.incident(1)?.status).toBe('investigating');
});

test('the bot is known by its id: the workspace may call it anything', async () => {
  const world = await talking({ slack: { bot: { name: 'alarmbell', displayName: 'Alarm Bell' } } });
  await world.slack.as('bea').goTo('inc-').mention('ack', { thread });
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain('bea has it. Paging stopped.');
});

test('an incident that runs in a thread of the announce channel takes commands there', async () => {
  const world = await start({ slack: { forbidChannels: true, channels: ['general', 'incidents'] } });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down');
  await world.settle();
  const cai = world.slack.as('cai').goTo('incidents');
  await cai.mention('ack', { thread: /Checkout is down/ });
  await world.settle();
  expect(world.slack.channel('incidents').transcript()).toContain('cai has it. Paging stopped.');
});

test('a direct message is a command too: no mention needed, and it is recorded nowhere', async () => {
  const world = await talking();
  const bea = world.slack.as('bea');
  await bea.say('INC-1 ack', { in: 'dm' });
  await world.settle();
  expect(world.slack.channel('inc-').transcript()).toContain('bea has it. Paging stopped.');
  await bea.say('lst', { in: 'dm' });
  expect(bea.dm()).toContain('Did you mean /incident list?');
  expect(await world.slack.as('ana').command('/incident timeline 20')).not.toContain('INC-1 ack');
});

test('people named in a mention are people, as in a command', async () => {
  const world = await talking();
  await world.slack.as('ana').mention('role commander @cai', { thread });
  await world.settle();
  expect(world.slack.channel('inc-').topic).toContain('lead @cai');
});

test('who may not see a private incident learns nothing by a mention', async () => {
  const world = await start({ slack: { channels: [{ name: 'general', bot: true }] } });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare');
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV2 major', Private: true };
  await ana.submit({ 'What is broken?': 'The keys are leaking', ...how });
  await world.settle();
  const finn = world.slack.as('finn').goTo('general');
  await finn.mention('INC-1 show');
  const said = finn.reads();
  await finn.mention('INC-7 show');
  expect(finn.reads().replace('7', '1')).toBe(said);
  expect(said).toContain('There is no INC-1.');
});

test('an edited message gives no command, and says so', async () => {
  const world = await talking();
  const ana = world.slack.as('ana');
  await ana.say('I will take it', { thread });
  await ana.edit(/I will take it/, '@tocsin resolve rollback');
  await world.settle();
  expect(world.store.incident(1)?.status).toBe('investigating');
});

test('commands that were written while Tocsin was away are not carried out hours later; the channel hears of them once', async () => {
  const world = await talking();
  const [ana, bea] = [world.slack.as('ana'), world.slack.as('bea').goTo('inc-')];
  await ana.mention('note heard in time');
  world.slack.connect(null);
  await bea.mention('ack', { thread });
  world.clock.set(world.clock.now() + 1_000);
  await ana.mention('INC-1 resolve rollback');
  await ana.say('thanks, @tocsin, that helped');
  await ana.mention('and good night');
  await world.restart('3h');
  await world.pass('10m');
  const { acknowledged, status } = world.store.incident(1) ?? {};
  expect([acknowledged, status]).toEqual([null, 'investigating']);
  const told = world.slack
    .channel('inc-')
    .transcript()
    .match(/Heard too late.*\n.*/g);
  expect(told).toEqual([
    'Heard too late and not carried out: ack (bea, 02:00), resolve (ana, 02:00). Nothing changed.\n        Still wanted? Send it again.',
  ]);
  const [said] = world.slack.channel('inc-').messages.filter(({ text }) => text.startsWith('Heard too late'));
  expect(said?.text).toMatch(/resolve \(ana, .*02:00 UTC.*\)\. Nothing changed\. INC-1$/);
  await world.restart('1h');
  expect(
    world.slack
      .channel('inc-')
      .transcript()
      .match(/Heard too late/g),
  ).toHaveLength(1);
  expect(await ana.command('/incident timeline 30')).toContain(
    'Heard too late and not carried out: ack (bea',
  );
});

test('one that Slack delivers late all the same is answered by when it was written, and does nothing', async () => {
  const world = await talking();
  const bea = world.slack.as('bea').goTo('inc-');
  world.slack.mishap('hold', 3);
  await bea.mention('ack', { thread });
  await bea.say('INC-1 ack', { in: 'dm' });
  await world.pass('8m');
  await world.slack.release();
  await world.settle();
  expect(world.store.incident(1)?.acknowledged).toBeNull();
  const late =
    '"ack" of 02:00 reached me only now, too late to be carried out. Nothing changed. Still wanted? Send it again.';
  expect(bea.reads()).toContain(late);
  expect(bea.dm()).toContain(late.replace('ack', 'INC-1 ack'));
});

test('one that comes again after it was carried out is no news, however late', async () => {
  const world = await talking();
  await world.slack.as('bea').goTo('inc-').mention('ack', { thread });
  const obeyed = world.slack.deliveries.findLast(({ type }) => type === 'app_mention');
  await world.pass('10m');
  await world.slack.redeliver(obeyed?.eventId);
  await world.settle();
  expect(world.slack.as('bea').reads()).not.toContain('too late');
  await world.restart('1h');
  expect(world.slack.channel('inc-').transcript()).not.toContain('Heard too late');
});

test('Enterprise Grid: a colleague who is at home in another workspace is obeyed, somebody of another organisation is not', async () => {
  const people = [
    'ana',
    'bea',
    'cai',
    'dana',
    { name: 'eve', teamId: 'T0OTHER' },
    { name: 'mallory', teamId: 'T0EVIL', isStranger: true },
  ];
  const world = await talking({ slack: { enterprise: { id: 'E0ACME', name: 'Acme' }, people } });
  const mallory = world.slack.as('mallory').goTo('inc-');
  await mallory.join('inc-');
  await mallory.mention('ack', { thread });
  expect(mallory.reads()).toContain('Only members of the workspace that runs Tocsin can do this.');
  expect(world.store.incident(1)?.acknowledged).toBeNull();
  const eve = world.slack.as('eve').goTo('inc-');
  await eve.join('inc-');
  await eve.mention('role commander me', { thread });
  expect(world.store.incident(1)?.roles.commander?.user).toBe(eve.id);
});
