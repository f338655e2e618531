import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const payments = { id: 'PPAYMNT', summary: 'Payments production' };
const confirm = async (world: World, who: string, line: string, where = 'general'): Promise<void> => {
  await world.slack.as(who).command(line, { in: where });
  await world.settle();
  await world.slack.as(who).submit();
  await world.settle();
};
/** The channel of INC-n. */
const channel = (world: World, n: number) => {
  const name = world.slack.channels().find((one) => one.includes(`-${n}-`));
  return world.slack.channel(name ?? `there is no channel of INC-${n}`);
};

/** INC-1 (SEV1, Checkout) by Ana, INC-2 (SEV2, Search) by Bea, each with its channel. */
async function two() {
  const world = await start();
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  await world.slack.as('dana').command('/incident declare sev2 Search is slow', { in: 'general' });
  await world.settle();
  return world;
}

test('merge asks first and names the survivor; then both channels, the card and the announcement say so', async () => {
  const world = await two();
  const dana = world.slack.as('dana');
  await dana.command('/incident INC-2 merge INC-1', { in: 'general' });
  await world.settle();
  expect(dana.modal()).toContain('INC-2 ends: SEV2 Search is slow');
  expect(dana.modal()).toContain('INC-1 goes on: SEV1 Checkout is down');
  expect(world.store.incident(2)?.status).toBe('investigating');
  await dana.submit();
  await world.settle();
  expect(dana.reads()).toContain('INC-2 is merged into INC-1: it goes on there.');
  expect(dana.buttons()).toContain('Undo');
  const [survivor, merged] = [channel(world, 1), channel(world, 2)];
  expect(merged.transcript()).toContain(
    `Merged into INC-1 by dana: Checkout is down. Go on in #${survivor.name}`,
  );
  expect(merged.pins[0]).toContain(`Merged into INC-1: it goes on there, in #${survivor.name}.`);
  expect(merged.topic).toContain('Merged');
  expect(survivor.transcript()).toContain('INC-2 was merged into this by dana: SEV2 Search is slow.');
  expect(survivor.members).toContain('dana');
  const announced = world.slack.channel('incidents').transcript();
  expect(announced).toContain('Merged into INC-1: it goes on there');
  for (const [id, words] of [
    [1, 'dana merged INC-2 into it'],
    [2, 'dana merged it into INC-1'],
  ] as const) {
    const read = await dana.command(`/incident INC-${id} timeline 30`, { in: 'general' });
    expect(read).toContain(words);
  }
});

test('nobody is paged or reminded for the merged one any more, pages stand down, and there is no draft', async () => {
  const world = await two();
  await confirm(world, 'dana', '/incident INC-2 merge INC-1');
  expect(world.slack.as('bea').dm()).toContain('Stand down: merged');
  const said = channel(world, 2).transcript();
  await world.pass('90m');
  expect(channel(world, 2).transcript()).toBe(said);
  expect(said).not.toContain('Postmortem');
  expect(world.slack.as('dana').pushes().join()).not.toContain('Search');
});

test('what PagerDuty says of its alerts goes to the survivor from then on', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger({ title: 'Refunds fail', service: payments, priority: 'P3' });
  await world.settle();
  await world.slack.as('ana').command('/incident declare sev2 Database is down', { in: 'general' });
  await world.settle();
  await confirm(world, 'ana', '/incident INC-1 merge INC-2');
  expect(channel(world, 2).transcript()).toContain('1 PagerDuty alert came along.');
  expect(world.store.linked('pagerduty', alert.id)?.id).toBe(2);
  await world.pagerduty.acknowledge(alert, { by: 'cai' });
  await world.settle();
  expect(channel(world, 2).transcript()).toContain('Cai (in PagerDuty) has it.');
  await world.pagerduty.resolve(alert);
  await world.settle();
  expect(channel(world, 2).transcript()).toContain('PagerDuty says every alert is resolved.');
  expect(channel(world, 1).transcript()).not.toContain('every alert is resolved');
});

test('another alert of its service joins the survivor instead of opening a third', async () => {
  const world = await start();
  await world.pagerduty.trigger({ title: 'Refunds fail', service: payments, priority: 'P2' });
  await world.settle();
  await world.slack.as('ana').command('/incident declare sev2 Database is down', { in: 'general' });
  await world.settle();
  await confirm(world, 'ana', '/incident INC-1 merge INC-2');
  const next = await world.pagerduty.trigger({ title: 'Cards fail', service: payments, priority: 'P2' });
  await world.settle();
  expect(world.store.linked('pagerduty', next.id)?.id).toBe(2);
  expect(world.store.incident(3)).toBeNull();
});

test('undone within 24 hours it is live again with its alerts, and both channels hear of it', async () => {
  const world = await start();
  const alert = await world.pagerduty.trigger({ title: 'Refunds fail', service: payments, priority: 'P2' });
  await world.settle();
  await world.slack.as('ana').command('/incident declare sev2 Database is down', { in: 'general' });
  await world.settle();
  await confirm(world, 'ana', '/incident INC-1 merge INC-2');
  await world.slack.as('ana').click('Undo');
  await world.settle();
  expect(world.store.incident(1)).toMatchObject({ status: 'triage', alerts: { [alert.id]: {} } });
  expect(world.store.incident(2)?.alerts).toEqual({});
  expect(channel(world, 1).transcript()).toContain(
    'ana reopened it and undid the merge into INC-2, triage again',
  );
  expect(channel(world, 2).transcript()).toContain('ana undid the merge: INC-1 is on its own again.');
  expect(world.store.linked('pagerduty', alert.id)?.id).toBe(1);
  await world.pagerduty.acknowledge(alert, { by: 'cai' });
  await world.settle();
  expect(channel(world, 1).transcript()).toContain('Cai (in PagerDuty) has it.');
});

test('reopen undoes a merge too, from the survivor’s side as well, and after 24 hours it is refused with the cure', async () => {
  const world = await two();
  await confirm(world, 'dana', '/incident INC-2 merge INC-1');
  expect(await world.slack.as('dana').command('/incident INC-2 ack', { in: 'general' })).toContain(
    'It was merged into INC-1 02:00 UTC. Nothing changed. Go on there: /incident INC-1.',
  );
  await world.slack.as('dana').command('/incident INC-2 reopen', { in: 'general' });
  await world.settle();
  expect(world.store.incident(2)?.status).toBe('investigating');
  await confirm(world, 'dana', '/incident INC-2 merge INC-1');
  await world.slack.as('dana').click('Undo', { in: channel(world, 1).name });
  await world.settle();
  expect(world.store.incident(2)?.status).toBe('investigating');
  await confirm(world, 'dana', '/incident INC-2 merge INC-1');
  await world.pass('25h');
  const late = await world.slack.as('dana').command('/incident INC-2 undo', { in: 'general' });
  expect(late).toContain(
    'that can be undone for a day only. Nothing changed. Happening again? /incident declare',
  );
  expect(world.store.incident(2)?.status).toBe('merged');
});

test('without a number it offers the open ones, and pressing one asks for confirmation', async () => {
  const world = await two();
  const dana = world.slack.as('dana');
  const read = await dana.command('/incident merge', { in: channel(world, 2).name });
  expect(read).toContain('Into which incident shall INC-2 be merged?');
  await dana.click('INC-1');
  await world.settle();
  expect(dana.modal()).toContain('INC-1 goes on');
  await dana.closeModal();
  expect(world.store.incident(2)?.status).toBe('investigating');
});

test.each([
  ['merge INC-2', 'That is INC-2 itself. Nothing changed.'],
  ['merge INC-77', 'There is no INC-77. Nothing changed.'],
  ['merge the other one', '“the other one” is no incident: write its number, like /incident merge INC-12.'],
  ['merge -1', 'is no incident'],
  ['merge #general', '“#general” is no incident: write its number'],
  ['merge INC-99999999999', 'is no incident'],
])('/incident %s is refused with the reason, and nothing changes', async (typed, answer) => {
  const world = await two();
  const before = world.store.timeline(2).length;
  expect(await world.slack.as('dana').command(`/incident INC-2 ${typed}`, { in: 'general' })).toContain(
    answer,
  );
  await world.settle();
  expect(world.slack.as('dana').modal()).toBeNull();
  expect(world.store.timeline(2)).toHaveLength(before);
});

test('the confirmation does not promise paging for a survivor that pages nobody', async () => {
  const world = await two();
  await world.slack.as('ana').command('/incident declare sev4 Cosmetic', { in: 'general' });
  await world.settle();
  const dana = world.slack.as('dana');
  await dana.command('/incident INC-2 merge INC-3', { in: 'general' });
  await world.settle();
  expect(dana.modal()).toContain('Nobody has INC-3 yet, and nobody is paged for it, in #');
  expect(dana.modal()).toContain('INC-3 stays SEV4, this one was SEV2: raise it there if that still holds');
});

test('an ended incident takes nothing in, and a merged one says where it went', async () => {
  const world = await two();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Mail is late', { in: 'general' });
  await ana.command('/incident INC-1 cancel nothing', { in: 'general' });
  await world.settle();
  expect(await ana.command('/incident INC-2 merge 1', { in: 'general' })).toContain(
    'INC-1 is canceled, and only an open one can go on. Nothing changed.',
  );
  await confirm(world, 'ana', '/incident INC-2 merge #3');
  expect(await ana.command('/incident INC-2 merge INC-1', { in: 'general' })).toContain(
    'It was merged into INC-3',
  );
  await ana.command('/incident declare sev3 Logs are late', { in: 'general' });
  await world.settle();
  expect(await ana.command('/incident INC-4 merge INC-2', { in: 'general' })).toContain(
    'INC-2 was itself merged into INC-3. Nothing changed. Do you mean /incident merge INC-3?',
  );
});

/** INC-1 is public, INC-2 private and Ana's. */
async function withSecret() {
  const world = await start();
  await world.slack.as('dana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Xylophone is leaking',
    'How bad is it for users?': 'SEV2 major',
    Private: true,
  });
  await world.settle();
  return { world, ana };
}

test('a private incident is never merged into a public one', async () => {
  const { ana } = await withSecret();
  expect(await ana.command('/incident INC-2 merge INC-1', { in: 'general' })).toContain(
    'This incident is private and INC-1 is not: merging would show it to everybody. Nothing changed.',
  );
  expect(ana.modal()).toBeNull();
});

test('a public one goes into a private one only by a member; nobody is invited, and outside nothing names it', async () => {
  const { world } = await withSecret();
  const finn = world.slack.as('finn');
  expect(await finn.command('/incident INC-1 merge INC-2', { in: 'general' })).toBe(
    await finn.command('/incident INC-1 merge INC-77', { in: 'general' }).then((no) => no.replace('77', '2')),
  );
  const members = channel(world, 2).members.length;
  await confirm(world, 'ana', '/incident INC-1 merge INC-2');
  expect(channel(world, 2).transcript()).toContain('INC-1 was merged into this by ana');
  expect(channel(world, 2).transcript()).toContain('Nobody was invited, because this is private');
  expect(channel(world, 2).members).toHaveLength(members);
  const outside = JSON.stringify([channel(world, 1).messages, world.slack.channel('incidents').messages]);
  expect(outside).toContain('Merged into a private incident');
  expect(outside).not.toMatch(/INC-2|Xylophone/);
  const read = await finn.command('/incident INC-1 timeline 30', { in: 'general' });
  expect(read).not.toMatch(/INC-2|Xylophone/);
  expect(await finn.command('/incident INC-1 show', { in: 'general' })).not.toMatch(/INC-2|Xylophone/);
  expect(await finn.command('/incident INC-1 ack', { in: 'general' })).not.toMatch(/INC-2|Xylophone/);
});

test('who comes along is told by DM where the survivor stands, once; who was in it already is not', async () => {
  const world = await two();
  const [ana, bea, dana] = ['ana', 'bea', 'dana'].map((who) => world.slack.as(who));
  const told = () => dana!.dm().match(/INC-2 was merged into INC-1, and you are invited/g);
  await ana!.command('/incident INC-1 update Card payments fail', { in: 'general' });
  await confirm(world, 'dana', '/incident INC-2 merge INC-1');
  expect(told()).toHaveLength(1);
  expect(dana!.dm()).toContain('This is where it stands:\n        SEV1 · Checkout is down · INC-1');
  expect(dana!.dm()).toContain('02:00 ana: Card payments fail');
  expect(dana!.pushes().at(-1)).toContain('INC-2 was merged into INC-1, and you are invited');
  expect(dana!.pushes().at(-1)).toContain('SEV1 Checkout is down');
  expect(ana!.dm()).not.toContain('you are invited');
  expect(bea!.dm()).not.toContain('you are invited');
  await dana!.command('/incident INC-2 undo', { in: 'general' });
  await confirm(world, 'dana', '/incident INC-2 merge INC-1');
  await world.restart();
  expect(told()).toHaveLength(1);
});

test('a click and its redelivery merge once', async () => {
  const world = await two();
  await confirm(world, 'dana', '/incident INC-2 merge INC-1');
  const facts = world.store.timeline(1).filter(({ fact }) => fact.type === 'absorbed');
  await world.restart();
  await world.pass('1m');
  expect(world.store.timeline(1).filter(({ fact }) => fact.type === 'absorbed')).toHaveLength(facts.length);
  expect(facts).toHaveLength(1);
});
