import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

/** INC-1 (SEV2), nobody has it yet; Ana stands in its channel. */
async function declared() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  return { world, ana: ana.goTo('inc-'), channel: () => world.slack.channel('inc-') };
}

test('Take command: it is theirs, paging stops, topic and announcement name them, instructions come by DM', async () => {
  const { world, ana, channel } = await declared();
  await ana.click('Take command', { in: 'inc-' });
  await world.settle();
  expect(ana.reads()).toBe('You are Commander of INC-1. What that means is in your DMs.');
  expect(channel().topic).toBe('SEV2 | Investigating | lead @ana');
  expect(channel().pins[0]).toContain('ana has it · Commander: ana');
  expect(world.slack.channel('incidents').transcript()).toContain('ana leads');
  expect(ana.dm()).toContain('You decide; you do not have to fix it yourself.');
  expect(world.slack.as('bea').dm()).toContain('Stand down: ana has it');
});

test('two people press Take command at once: one wins, the other is told who and when', async () => {
  const { world, ana } = await declared();
  const bea = world.slack.as('bea');
  await Promise.all([ana.click('Take command', { in: 'inc-' }), bea.click('Take command', { in: 'inc-' })]);
  await world.settle();
  const commander = world.store.incident(1)?.roles.commander?.user;
  const loser = commander === ana.id ? bea : ana;
  const winner = commander === ana.id ? 'ana' : 'bea';
  expect(loser.reads()).toContain(`${winner} was first: Commander since 10:00 UTC`);
  expect(
    world.slack
      .channel('inc-')
      .transcript()
      .match(/is Commander now/g),
  ).toHaveLength(1);
});

test('being given command does not acknowledge: paging goes on, and the person learns of it by DM', async () => {
  const { world, ana, channel } = await declared();
  expect(await ana.command('/incident role commander @cai')).toBe('cai is Commander of INC-1.');
  await world.settle();
  expect(channel().members).toContain('cai');
  expect(channel().transcript()).toContain('ana made cai Commander.');
  expect(world.slack.as('cai').dm()).toContain('You are Commander of INC-1.');
  expect(channel().pins[0]).toContain('Nobody has it.');
});

test('comms, tech, ops and scribe are taken by words, by button and in the form', async () => {
  const { world, ana, channel } = await declared();
  await ana.click('Take comms', { in: 'inc-' });
  await ana.command('/incident role scribe me');
  await ana.command('/incident role tech');
  await world.settle();
  await ana.submit({ Who: 'finn' });
  await world.settle();
  expect(world.store.incident(1)?.roles).toMatchObject({
    comms: { user: ana.id },
    scribe: { user: ana.id },
    tech: { user: world.slack.userId('finn') },
  });
  expect(channel().members).toContain('finn');
  expect(world.slack.as('finn').dm()).toContain('INC-1');
});

test('a role is dropped with nobody; dropping an empty one says how to take it', async () => {
  const { world, ana, channel } = await declared();
  await ana.command('/incident role commander me');
  expect(await ana.command('/incident role commander nobody')).toBe('Nobody is Commander of INC-1 now.');
  await world.settle();
  expect(channel().topic).toBe('SEV2 | Investigating | no lead yet');
  expect(channel().transcript()).toContain('ana dropped Commander');
  expect(await ana.command('/incident role commander nobody')).toBe(
    'Nobody is Commander, so there is nothing to drop. Nothing changed. Take it with /incident role commander me',
  );
});

test('an unknown role or person changes nothing and says what would work', async () => {
  const { world, ana } = await declared();
  expect(await ana.command('/incident role comander me')).toContain('Did you mean commander?');
  expect(await ana.command('/incident role comms someone')).toContain(
    'Mention a person, or say me or nobody',
  );
  expect(await ana.command('/incident role comms <@U0GHOST>')).toContain('Nothing changed.');
  expect(await ana.command('/incident role comms @tocsin')).toContain('Nothing changed.');
  expect(world.store.incident(1)?.roles).toEqual({});
});

test('the form keeps what was typed when the person cannot take the role, and says so beside their name', async () => {
  const { world, ana } = await declared();
  await ana.command('/incident role scribe @cai');
  await ana.command('/incident role');
  await world.settle();
  expect(await ana.submit({ Role: 'Scribe', Who: 'cai' })).toEqual({
    errors: { Who: 'cai is Scribe already. Nothing changed.' },
  });
  expect(await ana.submit({ Role: 'Tech lead' })).toEqual({});
  await world.settle();
  expect(world.store.incident(1)?.roles.tech?.user).toBe(world.slack.userId('cai'));
});

test.each(['me', 'ME', '@ana'])('role tech %s: it is hers', async (typed) => {
  const { ana } = await declared();
  expect(await ana.command(`/incident role tech ${typed}`)).toContain('You are Tech lead of INC-1.');
});
