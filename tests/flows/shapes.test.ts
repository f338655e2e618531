import { expect, test } from 'vitest';
import { defaultIncidentFile } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const people = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'];

type Options = NonNullable<Parameters<typeof start>[0]>;

async function world(slack: Options['slack'] = {}, incidentFile = defaultIncidentFile) {
  const made = await start({ at: '2026-03-02T10:00Z', slack, incidentFile });
  return { world: made, ana: made.slack.as('ana').goTo('general') };
}

async function declared(slack: Options['slack'] = {}, incidentFile = defaultIncidentFile) {
  const { world: made, ana } = await world(slack, incidentFile);
  await ana.command('/incident declare sev2 Checkout is down');
  await made.settle();
  return { world: made, ana };
}

test('Enterprise Grid: people whose ids begin with W, and who are at home in another workspace of the organisation, take part', async () => {
  const { world: w, ana } = await declared(
    {
      enterprise: { id: 'E0ACME', name: 'Acme' },
      people: [
        'ana',
        { name: 'bea', id: 'W0BEA', teamId: 'T0OTHER' },
        { name: 'cai', id: 'W0CAI', teamId: 'E0ACME' },
        ...people.slice(3),
      ],
    },
    defaultIncidentFile.replace('U0BEA', 'W0BEA').replace('U0CAI', 'W0CAI'),
  );
  const bea = w.slack.as('bea');
  expect(bea.dm()).toContain('You are primary for payments');
  await bea.click('Acknowledge', { in: 'dm' });
  await w.settle();
  expect(bea.dm()).toContain('You have it since');
  expect(await ana.command('/incident role comms @cai', { in: 'inc-' })).toBe('cai is Comms lead of INC-1.');
  await w.settle();
  await w.slack.as('cai').command('/incident update', { in: 'inc-' });
  await w.settle();
  await w.slack.as('cai').submit({ 'What is happening?': 'Cards fail' });
  await w.settle();
  expect(w.slack.channel('inc-').transcript()).toContain('Cards fail');
  expect(w.slack.mentions().map(({ who }) => who)).toContain('W0BEA');
});

test('an app that is installed for a whole organisation is refused at the start, with the cure', async () => {
  await expect(world({ enterprise: { id: 'E0ACME', name: 'Acme', isOrgInstall: true } })).rejects.toThrow(
    /installed for the whole organisation.*one workspace: install it in that workspace/,
  );
});

test('people of another organisation do nothing here, whether or not we are in a Grid', async () => {
  for (const enterprise of [undefined, { id: 'E0ACME', name: 'Acme' }]) {
    const { world: w } = await declared({
      enterprise,
      people: [...people, { name: 'mallory', teamId: 'T0EVIL', isStranger: true }],
      channels: ['general', { name: 'partners', isShared: true }],
    });
    const mallory = w.slack.as('mallory').goTo('partners');
    for (const word of ['list', 'declare sev1 Mine', 'INC-1 ack', 'show INC-1']) {
      expect(await mallory.command(`/incident ${word}`)).toBe(
        'Only members of the workspace that runs Tocsin can do this. Nothing changed.',
      );
    }
    expect(w.store.list({ limit: 10 })).toHaveLength(1);
  }
});

test('somebody of another organisation who was let into an incident’s channel gets no catch-up by DM and no role, sees no Home', async () => {
  const { world: w, ana } = await declared({ people: [...people, { name: 'mallory', teamId: 'T0EVIL' }] });
  await w.slack.shareChannel('inc-');
  const mallory = w.slack.as('mallory');
  await mallory.join('inc-');
  await mallory.openHome();
  await mallory.say('INC-1 show', { in: 'dm' });
  await w.settle();
  expect(mallory.home()).toBe('');
  expect(mallory.dm()).not.toContain('Checkout');
  expect(mallory.dm()).toContain('Only members of the workspace that runs Tocsin can do this.');
  expect(await ana.command('/incident role comms @mallory', { in: 'inc-' })).toContain(
    'of another organisation. Nothing changed. Choose a member.',
  );
});

test('Slack Connect: in a channel that is shared with another organisation incidents are refused, with the reason', async () => {
  const { world: w, ana } = await world({ channels: ['general', { name: 'partners', isShared: true }] });
  // No command waits for Slack: the first in a channel is let through, and Slack is asked meanwhile.
  await ana.command('/incident list', { in: 'partners' });
  await w.settle();
  for (const word of ['declare sev1 All is down', 'declare', 'list', '', 'show INC-1']) {
    expect(await ana.command(`/incident ${word}`, { in: 'partners' }), word).toContain(
      'This channel is shared with another organisation, and incidents are not for their eyes. Nothing changed.',
    );
  }
  expect(ana.modal()).toBeNull();
  expect(w.store.list({ limit: 10 })).toEqual([]);
  expect(w.slack.callsTo('conversations.info')).toHaveLength(1);
});

test('the announce channel is shared with another organisation: the doctor says so, with the cure', async () => {
  const { world: w, ana } = await declared();
  await w.slack.shareChannel('incidents');
  // Nothing waits for Slack: asked the first time, known the next.
  await ana.command('/incident doctor');
  await w.settle();
  expect(await ana.command('/incident doctor')).toContain(
    'Incidents are announced in #incidents, which another organisation reads too. Put the name of a channel of your own into announceChannel',
  );
});

test('even there whoever was paged may acknowledge, and help is given', async () => {
  const { world: w } = await declared({ channels: ['general', { name: 'partners', isShared: true }] });
  const bea = w.slack.as('bea').goTo('partners');
  expect(await bea.command('/incident help')).toContain('I was paged');
  expect(await bea.command('/incident INC-1 ack')).toBe('You have INC-1. Paging stopped.');
});

test('where Slack does not say whether a channel is shared, commands work', async () => {
  const { world: w, ana } = await world();
  w.slack.faults.always('conversations.info', { error: 'channel_not_found' });
  expect(await ana.command('/incident declare sev2 Checkout is down')).toContain('INC-1 is declared');
});

test('a guest cannot declare, by line or by button, and reads why; a member can', async () => {
  const { world: w, ana } = await world({ people: [...people, { name: 'gus', isRestricted: true }] });
  const gus = w.slack.as('gus').goTo('general');
  // Nobody has heard of him yet, and Slack does not say who he is: an incident cannot wait for that.
  w.slack.faults.always('users.info', { error: 'internal_error' });
  await gus.command('/incident list');
  await gus.command('/incident declare');
  await w.settle();
  w.slack.faults.clear();
  await gus.submit({ 'What is broken?': 'All is down', 'How bad is it for users?': 'SEV1 critical' });
  expect(gus.modal()).toContain('Guests cannot declare incidents');
  await gus.closeModal();
  for (const line of ['declare sev1 All is down', 'declare']) {
    expect(await gus.command(`/incident ${line}`)).toContain(
      'Guests cannot declare incidents: they may not see the channel that opens. Nothing changed.',
    );
  }
  expect(gus.modal()).toBeNull();
  await gus.click('Declare an incident', { in: 'general' });
  await w.settle();
  expect(gus.reads()).toContain('Guests cannot declare incidents');
  expect(w.store.list({ limit: 10 })).toEqual([]);
  expect(await ana.command('/incident declare sev1 All is down')).toContain('INC-1 is declared');
});

/** INC-1 and INC-2 are open and public; Gus, a guest, was invited to the channel of INC-2 and has been heard of. */
async function withGuest(kind: 'isRestricted' | 'isUltraRestricted' = 'isRestricted') {
  const { world: w, ana } = await world({ people: [...people, { name: 'gus', [kind]: true }] });
  await ana.command('/incident declare sev2 Checkout is down');
  await ana.command('/incident declare sev3 My report fails');
  await w.settle();
  await ana.invite('gus', 'inc-20260302-2');
  await w.settle();
  return { w, ana, gus: w.slack.as('gus').goTo('general') };
}

test.each([
  ['a guest', 'isRestricted'],
  ['a guest of a single channel', 'isUltraRestricted'],
] as const)(
  '%s sees the incidents whose channel they are in, and no others: in lists, by number, in forms',
  async (_who, kind) => {
    const { w, gus } = await withGuest(kind);
    const list = await gus.command('/incident list');
    expect(list).toContain('My report fails');
    expect(list).toContain('You are a guest here: only incidents whose channel you are in are shown.');
    expect(list).not.toContain('Declare');
    expect(await gus.command('/incident show INC-2')).toContain('My report fails');
    expect(await gus.command('/incident ack')).not.toContain('Checkout');
    const words = ['list all', 'list sev2', 'show INC-1', 'INC-1 ack', 'INC-1 timeline', 'INC-2 merge INC-1'];
    for (const word of ['', ...words, 'INC-2 merge', 'doctor']) {
      expect(await gus.command(`/incident ${word}`), word).not.toContain('Checkout');
      expect(gus.modal() ?? '', word).not.toContain('Checkout');
      await gus.closeModal().catch(() => undefined);
    }
    expect(await gus.command('/incident INC-1 ack')).toContain('There is no INC-1.');
    await gus.say('look here');
    await gus.shortcut('Add to timeline', { message: /look here/, in: 'general' });
    await w.settle();
    expect(gus.modal()).toContain('My report fails');
    expect(gus.modal()).not.toContain('Checkout');
    await gus.closeModal();
    expect(w.store.incident(1)?.acknowledged).toBeNull();
  },
);

test('a guest who leaves the channel sees its incident no more; a command for one says so in words', async () => {
  const { w, gus } = await withGuest();
  await gus.leave('inc-20260302-2');
  await w.settle();
  expect(await gus.command('/incident list')).toContain('No incident is open.');
  const asked = await gus.command('/incident ack');
  expect(asked).toContain('You are a guest here: only incidents whose channel you are in are shown.');
  expect(asked).not.toContain('[Declare');
});

test('a guest works in the channel they are in like anybody else, by command and by button', async () => {
  const { w, gus } = await withGuest();
  const noted = await gus.command('/incident note the report of march too', { in: 'inc-20260302-2' });
  expect(noted).toContain('Noted in the timeline');
  await gus.click('Acknowledge', { in: 'inc-20260302-2' });
  await w.settle();
  await gus.click("I'm taking it", { in: 'inc-20260302-2' });
  await w.settle();
  expect(w.store.incident(2)?.acknowledged?.by).toMatchObject({ user: gus.id });
});

test('channels are forbidden: a guest who is in the announce channel takes part in the thread, and sees what they spoke in', async () => {
  const { world: w } = await declared({
    people: [...people, { name: 'gus', isRestricted: true }],
    forbidChannels: true,
    channels: ['general', { name: 'incidents', bot: true }],
  });
  const gus = w.slack.as('gus').goTo('general');
  await w.slack.as('ana').invite('gus', 'incidents');
  await gus.command('/incident list');
  await w.settle();
  expect(await gus.command('/incident list')).not.toContain('Checkout');
  expect(await gus.command('/incident INC-1 show', { in: 'incidents' })).toContain('Checkout is down');
  await gus.say('our card reader fails too', { in: 'incidents', thread: /Checkout is down/ });
  expect(await gus.command('/incident list')).toContain('Checkout is down');
});

test('a guest who has become a member is one here a day later, without anybody asking for them', async () => {
  const { world: w, ana } = await declared();
  const eve = w.slack.as('eve').goTo('general');
  const before = { user: eve.id, name: 'eve', timeZone: null, dm: null, isMember: false };
  await w.store.savePerson({ ...before, at: w.clock.now() - 86_400_000 });
  expect(await eve.command('/incident list')).not.toContain('Checkout');
  await w.settle();
  expect(await eve.command('/incident list')).toBe(await ana.command('/incident list'));
});

test('a guest who is on call is paged and may acknowledge', async () => {
  const { world: w } = await declared({
    people: ['ana', { name: 'bea', isRestricted: true }, ...people.slice(2)],
  });
  await w.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await w.settle();
  expect(w.slack.channel('inc-').pins[0]).toContain('bea has it');
});

test.each([
  ['a guest', { name: 'gus', isRestricted: true }],
  ['somebody deactivated', { name: 'gus', deleted: true }],
  ['a bot', { name: 'gus', isBot: true }],
])('%s cannot be given a role', async (_who, gus) => {
  const { world: w, ana } = await declared({ people: [...people, gus] });
  expect(await ana.command('/incident role commander @gus', { in: 'inc-' })).toContain(
    'a guest, a bot, deactivated, or of another organisation. Nothing changed. Choose a member.',
  );
  expect(w.store.incident(1)?.roles).toEqual({});
});

test.each([
  ['deactivated', { name: 'bea', deleted: true }, 'user_disabled'],
  ['a bot', { name: 'bea', isBot: true }, 'cannot_dm_bot'],
])(
  'whoever is on call and is %s cannot be reached: the next is paged at once, and both are said',
  async (_who, bea, word) => {
    const { world: w } = await declared({ people: ['ana', bea, ...people.slice(2)] });
    const transcript = w.slack.channel('inc-').transcript();
    expect(transcript).toContain(`The page failed: @bea got no message from us (${word}). Call them.`);
    expect(transcript).toContain('[10:00] Tocsin: Paged @cai (secondary for payments');
    expect(w.slack.as('cai').dm()).toContain('SEV2 · Checkout is down');
  },
);

test('nobody of the whole ladder can be reached: it does not run away into further rounds', async () => {
  const gone = people.slice(1).map((name) => ({ name, deleted: true }));
  const { world: w } = await declared({ people: ['ana', ...gone] });
  const failed =
    w.slack
      .channel('inc-')
      .transcript()
      .match(/The page failed/g) ?? [];
  expect(failed.length).toBeGreaterThan(1);
  expect(failed.length).toBeLessThan(6);
  expect(w.store.incident(1)?.escalation.next).not.toBeNull();
});

test('a plan or a policy without bookmarks and pins: the incident goes on, and the channel hears of each once', async () => {
  const { world: w, ana } = await world();
  w.slack.faults.always('bookmarks.list', { error: 'restricted_action' });
  w.slack.faults.always('bookmarks.add', { error: 'restricted_action' });
  w.slack.faults.always('pins.add', { error: 'restricted_action' });
  await ana.command('/incident declare');
  await w.settle();
  await ana.submit({
    'What is broken?': 'Checkout is down',
    'How bad is it for users?': 'SEV1 critical',
    Service: 'payments',
  });
  await w.settle();
  await ana.command('/incident call https://meet.example.com/1', { in: 'inc-' });
  await w.settle();
  const transcript = w.slack.channel('inc-').transcript();
  expect(
    transcript.match(/Slack does not let us add links to the channel \(restricted_action\)/g),
  ).toHaveLength(1);
  expect(transcript.match(/Slack does not let us pin the card \(restricted_action\)/g)).toHaveLength(1);
  expect(transcript).toContain('SEV1 · Checkout is down · INC-1');
  expect(transcript).toContain('Call: meet.example.com/1');
  expect(w.slack.as('bea').dm()).toContain('SEV1 · Checkout is down');
  expect(await ana.command('/incident doctor')).not.toContain('failed');
});

test('a plan without user groups: the rung is said to lead to nobody, and the next one follows', async () => {
  const incidentFile = defaultIncidentFile.replace('primary: [U0BEA]', 'primary: [S0NIGHT]');
  const { world: w, ana } = await world(
    { groups: [{ handle: 'night', id: 'S0NIGHT', users: ['bea'] }] },
    incidentFile,
  );
  w.slack.faults.always('usergroups.users.list', { error: 'plan_upgrade_required' });
  await ana.command('/incident declare sev1 Checkout is down');
  await w.settle();
  expect(w.slack.channel('inc-').transcript()).toContain('Nobody was paged: Slack does not know S0NIGHT');
  await w.pass('6m');
  expect(w.slack.as('cai').dm()).toContain('SEV1 · Checkout is down');
});

test('channels are forbidden: the incident runs in a thread of the announce channel, commands and all', async () => {
  const { world: w, ana } = await declared({
    forbidChannels: true,
    channels: ['general', { name: 'incidents', bot: true }],
  });
  expect(w.slack.channels().filter((name) => name.startsWith('inc-'))).toEqual([]);
  await w.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.command('/incident INC-1 rename Cards fail', { in: 'incidents' });
  await ana.command('/incident INC-1 call https://meet.example.com/1', { in: 'incidents' });
  await ana.command('/incident INC-1 runbook payments', { in: 'incidents' });
  await w.settle();
  const transcript = w.slack.channel('incidents').transcript();
  expect(transcript).toMatch(/\n {4}\[10:00\] Tocsin: SEV2 · Cards fail · INC-1/);
  expect(transcript).toContain('bea has it. Paging stopped.');
  expect(transcript).toContain('Call: meet.example.com/1');
  expect(w.slack.callsTo('conversations.rename')).toEqual([]);
  expect(w.slack.callsTo('bookmarks.add')).toEqual([]);
});

test('the announce channel’s name is taken by a channel we cannot use: another stands in and says why', async () => {
  const { world: w, ana } = await declared({
    channels: ['general', { name: 'incidents', isPrivate: true }, 'incidents-2'],
  });
  const standIn = w.slack.channel('incidents-3').transcript();
  expect(standIn).toContain('Incidents are announced here from now on: #incidents is archived, or private');
  expect(standIn).toContain('SEV2 · Checkout is down · INC-1');
  expect(w.slack.channel('incidents-2').transcript()).not.toContain('Checkout');
  expect(await ana.command('/incident doctor')).toContain('Incidents are announced in #incidents-3');
});

test('no announce channel can be found or made: the incident’s channel says loudly that nobody was told', async () => {
  const { world: w, ana } = await world(
    { channels: ['general'] },
    `${defaultIncidentFile}announceChannel: C0GONE00\n`,
  );
  await ana.command('/incident declare sev1 Checkout is down');
  await w.settle();
  expect(w.slack.channel('inc-').transcript()).toContain(
    'Not announced: the announce channel cannot be used (channel_not_found).',
  );
  expect(w.slack.as('bea').dm()).toContain('SEV1 · Checkout is down');
  expect(await ana.command('/incident doctor')).toContain('C0GONE00');
});
