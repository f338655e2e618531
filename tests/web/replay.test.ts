import { expect, test } from 'vitest';
import { type Wire, wireOf } from '../support/wire.ts';
import { start } from '../support/world.ts';

const text = (field: string, value: string) => ({ [field]: { [field]: { value } } });

/** INC-1 runs, and Ana does something complete in every way there is, each of which would add something if it came again. */
async function busy() {
  const world = await start({
    at: '2026-03-02T10:00Z',
    transport: 'http',
    slack: { channels: [{ name: 'general', bot: true }, 'incidents'], rateLimits: false },
  });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.say('we look into it', { in: 'inc-' });
  await ana.command('/incident followup add write the runbook', { in: 'inc-' });
  await world.settle();
  const wire = wireOf(world);
  const channel = world.store.incident(1)?.channel?.id ?? '';
  const ts =
    world.slack.channel('inc-').messages.find(({ text: said }) => said === 'we look into it')?.ts ?? '';
  const direct = await wire.direct('ana');
  const wires: Record<string, Wire> = {
    'a command': wire.command('ana', channel, 'note a bus has come'),
    'a command that declares': wire.command('ana', channel, 'declare sev3 Search is slow'),
    'a command that pages': wire.command('ana', channel, 'escalate now'),
    'a command about who is on call': wire.command('bea', channel, 'oncall override <@U0DANA|dana> 2h'),
    'a command that asks for a test page': wire.command('bea', channel, 'oncall test'),
    'a mention': wire.mention('ana', channel, 'note a tram has come'),
    'a direct message': wire.directMessage('ana', direct, 'INC-1 note a boat has come'),
    'a button': wire.click('ana', channel, 'take-comms', { incident: 1 }),
    'a button that pages': wire.click('ana', channel, 'escalate-now', { incident: 1 }),
    'a choice of a menu': wire.click('ana', channel, 'take-command', { incident: 1 }, true),
    'a form': wire.submit('ana', 'note', { incident: 1 }, text('text', 'a train has come')),
    'a form that declares': wire.submit(
      'ana',
      'declare',
      {},
      {
        ...text('title', 'Mail is slow'),
        severity: { severity: { selected_option: { value: '3' } } },
      },
    ),
    'a reaction': wire.reaction('ana', channel, ts),
    'a reaction taken back': wire.reaction('ana', channel, ts, false),
  };
  return { world, wire, wires };
}

type Busy = Awaited<ReturnType<typeof busy>>;

const stored = ({ world: { store, slack } }: Busy): unknown => [
  store.list({ limit: 100 }).map(({ id }) => store.timeline(id).map(({ fact }) => fact.type)),
  store.desks(),
  slack.channels().map((name) => slack.channel(name).messages.length),
];

test('every kind of request, sent again within five minutes, does nothing: at once, and after a restart that forgot the signatures', async () => {
  const stage = await busy();
  const { world, wire, wires } = stage;
  const signed = Object.entries(wires).map(([name, one]) => ({ name, one, headers: wire.headers(one) }));
  const did: string[] = [];
  for (const { name, one, headers } of signed) {
    const before = JSON.stringify(stored(stage));
    expect((await wire.send(one, headers)).status, name).toBe(200);
    await world.settle();
    if (JSON.stringify(stored(stage)) !== before) did.push(name);
  }
  expect(did).toEqual(signed.map(({ name }) => name));
  const done = stored(stage);
  for (const { name, one, headers } of signed) {
    expect(await wire.send(one, headers), name).toEqual({ status: 200, text: '' });
  }
  await world.settle();
  expect(stored(stage)).toEqual(done);
  await world.restart();
  const restarted = stored(stage);
  for (const { name, one, headers } of signed) {
    expect((await wire.send(one, headers)).status, name).toBe(200);
    await world.settle();
    expect(stored(stage), name).toEqual(restarted);
  }
});
