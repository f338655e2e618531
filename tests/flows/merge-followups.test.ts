import { expect, test } from 'vitest';
import { followupsOf } from '../../src/incident/followups.ts';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** The channel of INC-n. */
const channel = (world: World, n: number) => {
  const name = world.slack.channels().find((one) => one.includes(`-${n}-`));
  return world.slack.channel(name ?? `there is no channel of INC-${n}`);
};
const merge = async (world: World, from: number, into: number): Promise<void> => {
  await world.slack.as('dana').command(`/incident INC-${from} merge INC-${into}`, { in: 'general' });
  await world.settle();
  await world.slack.as('dana').submit();
  await world.settle();
};
const declared = async (world: World, line: string): Promise<void> => {
  await world.slack.as('dana').command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
};
/** The follow-ups of an incident, by number: `1 limit the retries for U0BEA, INC-2`. */
const listed = (world: World, id: number): string[] =>
  followupsOf(world.store.incident(id)!).map(
    ({ n, text, owner, from, doneAt }) =>
      `${n} ${text}${owner ? ` for ${owner}` : ''}${from ? `, INC-${from.id}` : ''}${doneAt === null ? '' : ', done'}`,
  );

/** INC-1 with one follow-up; INC-2 with one that is done, Finn's, due Tuesday 10:00, and nobody's. */
async function two() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  await declared(world, 'sev3 Checkout is slow');
  await declared(world, 'sev3 Search is slow');
  const dana = world.slack.as('dana');
  const add = (id: number, what: string) =>
    dana.command(`/incident INC-${id} followup ${what}`, { in: 'general' });
  await add(1, 'add write it down');
  await add(2, 'add look at the index');
  await add(2, 'done 1');
  await add(2, 'add limit the retries @finn by in 24h');
  await add(2, 'add tell support');
  await world.settle();
  return { world, dana, finn: world.slack.as('finn') };
}

test('a merge takes open follow-ups along: listed and owned in the survivor, numbered anew, with where they are from', async () => {
  const { world, dana } = await two();
  await dana.command('/incident INC-2 merge INC-1', { in: 'general' });
  await world.settle();
  expect(dana.modal()).toContain('2 open follow-ups will belong to INC-1');
  await dana.submit();
  await world.settle();
  expect(channel(world, 1).transcript()).toContain('2 open follow-ups came along.');
  const list = await dana.command('/incident INC-1 followup list', { in: 'general' });
  expect(list).toContain('Follow-ups of INC-1: 3 to do, 0 done');
  expect(list).toContain('Follow-up 2: limit the retries (from INC-2)\nfinn, due tomorrow 10:00');
  expect(list).toContain('Follow-up 3: tell support (from INC-2)\nnobody owns it yet');
  expect(await dana.command('/incident INC-2 followup list', { in: 'general' })).toBe(
    [
      'INC-2 was merged into INC-1: what was still to do goes on there. /incident INC-1 followup list',
      'Done: Follow-up 1: look at the index (10:00)',
    ].join('\n'),
  );
  expect(await dana.command('/incident INC-2 followup done 2', { in: 'general' })).toContain(
    'It was merged into INC-1 10:00 UTC. Nothing changed. Go on there: /incident INC-1.',
  );
  await dana.command('/incident INC-1 followup add page support sooner', { in: 'general' });
  expect(listed(world, 1).at(-1)).toBe('4 page support sooner');
});

test('its owner is reminded once, by the survivor, and the button of an older message still works', async () => {
  const { world, finn } = await two();
  await merge(world, 2, 1);
  await world.pass('24h');
  const asked = finn
    .pushes()
    .filter((push) => push.includes('limit the retries') && push.includes('was due'));
  expect(asked).toEqual([
    '[10:00] SEV3 Checkout is slow. Your follow-up 2 was due 10:00: limit the retries INC-1',
  ]);
  expect(finn.dm()).toContain('Follow-up 2: limit the retries (from INC-2)');
  await finn.click('Done', { in: 'dm', on: /gave you follow-up 2/ });
  await world.settle();
  expect(finn.reads()).toBe('Follow-up 2 of INC-1 is done. 2 still to do.');
});

test('the Home tab and the postmortem draft show each once, with where it is from', async () => {
  const { world, dana, finn } = await two();
  await merge(world, 2, 1);
  await finn.openHome();
  await world.settle();
  expect(finn.home().match(/limit the retries/g)).toHaveLength(1);
  expect(finn.home()).toContain('limit the retries (from INC-2)');
  await dana.command('/incident INC-1 resolve rollback', { in: 'general' });
  await world.settle();
  const draft = channel(world, 1).files.at(-1)?.content ?? '';
  expect(draft).toMatch(/\| 2 \| limit the retries \\?\(from INC-2\\?\) \|/);
});

test('undone, each goes back under its own number, with what was done meanwhile; nothing is left behind or doubled', async () => {
  const { world, dana } = await two();
  const before = listed(world, 2);
  await merge(world, 2, 1);
  await dana.command('/incident INC-1 followup done 2', { in: 'general' });
  await dana.click('Undo', { in: channel(world, 1).name });
  await world.settle();
  expect(listed(world, 1)).toEqual(['1 write it down']);
  expect(listed(world, 2)).toEqual(before.map((one) => (one.startsWith('2 ') ? `${one}, done` : one)));
  expect(channel(world, 1).transcript()).toContain('Its alerts and open follow-ups went back to it.');
  await merge(world, 2, 1);
  expect(listed(world, 1)).toEqual(['1 write it down', '4 tell support, INC-2']);
});

test('merged on, they go on; the first merge undone, they come back from wherever they are', async () => {
  const { world, dana } = await two();
  const before = listed(world, 2);
  await merge(world, 2, 1);
  await declared(world, 'sev3 Mail is late');
  await merge(world, 1, 3);
  expect(listed(world, 3)).toEqual([
    '1 write it down, INC-1',
    '2 limit the retries for U0FINN, INC-2',
    '3 tell support, INC-2',
  ]);
  await dana.command('/incident INC-3 followup done 3', { in: 'general' });
  await dana.command('/incident INC-2 undo', { in: 'general' });
  await world.settle();
  expect(listed(world, 3)).toEqual(['1 write it down, INC-1']);
  expect(listed(world, 2)).toEqual(before.map((one) => (one.startsWith('3 ') ? `${one}, done` : one)));
  await dana.command('/incident INC-1 undo', { in: 'general' });
  await world.settle();
  expect(listed(world, 1)).toEqual(['1 write it down']);
  expect(listed(world, 3)).toEqual([]);
});

test('a ticket taken back in the old channel takes back its follow-up where that is now, for good', async () => {
  const { world, dana } = await two();
  await dana.say('Ask the vendor', { in: channel(world, 2).name });
  await dana.react('ticket', /^dana: Ask the vendor/, { in: channel(world, 2).name });
  await merge(world, 2, 1);
  expect(listed(world, 1)).toContain('4 Ask the vendor, INC-2');
  await dana.unreact('ticket', /^dana: Ask the vendor/, { in: channel(world, 2).name });
  await world.settle();
  expect(listed(world, 1).join()).not.toContain('Ask the vendor');
  await dana.command('/incident INC-2 undo', { in: 'general' });
  await world.settle();
  expect(listed(world, 2).join()).not.toContain('Ask the vendor');
});

test('a message deleted in the old channel takes its words out of the survivor too', async () => {
  const { world, dana } = await two();
  await dana.say('The password is hunter2', { in: channel(world, 2).name });
  await dana.react('ticket', /^dana: The password/, { in: channel(world, 2).name });
  await merge(world, 2, 1);
  await dana.delete(/^dana: The password/, { in: channel(world, 2).name });
  await world.settle();
  for (const id of [1, 2]) {
    expect(JSON.stringify(world.store.incident(id))).not.toContain('hunter2');
    expect(await dana.command(`/incident INC-${id} timeline 30`, { in: 'general' })).not.toContain('hunter2');
  }
  expect(await dana.command('/incident INC-1 followup list', { in: 'general' })).toContain(
    'Follow-up 4: from a message that was deleted (from INC-2)',
  );
  await dana.command('/incident INC-1 followup done 4', { in: 'general' });
  await dana.command('/incident INC-2 undo', { in: 'general' });
  await world.settle();
  expect(listed(world, 2).at(-1)).toBe('4 from a message that was deleted, done');
});

test('into a private incident: who is not in it owns nothing there, and outside nothing names it', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await declared(world, 'sev3 Search is slow');
  await ana.command('/incident INC-1 followup add limit the retries @finn by in 24h', { in: 'general' });
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  const how = { 'How bad is it for users?': 'SEV2 major', Private: true };
  await ana.submit({ 'What is broken?': 'Xylophone is leaking', ...how });
  await world.settle();
  await ana.command('/incident INC-1 merge INC-2', { in: 'general' });
  await world.settle();
  await ana.submit();
  await world.settle();
  expect(channel(world, 2).transcript()).toContain('One follow-up has no owner in here.');
  expect(listed(world, 2)).toEqual(['1 limit the retries, INC-1']);
  const finn = world.slack.as('finn');
  const list = await finn.command('/incident INC-1 followup list', { in: 'general' });
  expect(list).toBe('INC-1 was merged into a private incident: what was still to do goes on there.');
  await finn.click('Done', { in: 'dm' });
  await world.settle();
  expect(finn.reads()).toContain('It is merged since 10:00 UTC. Nothing changed.');
  await world.pass('25h');
  expect(finn.dm()).not.toMatch(/INC-2|Xylophone|was due/);
  await ana.command('/incident INC-1 undo', { in: 'general' });
  expect(listed(world, 1)).toEqual(['1 limit the retries for U0FINN']);
});
