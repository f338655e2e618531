import { expect, onTestFinished, test, vi } from 'vitest';
import { defaultIncidentFile, type World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const channel = (world: World, n: number) =>
  world.slack.channel(world.slack.channels().find((one) => one.includes(`-${n}-`)) ?? `none of INC-${n}`);
const question = 'INC-1 is open: SEV1 Checkout is down. Is it the same problem?';

async function open(line = 'sev1 Checkout is down') {
  const world = await start();
  await world.slack.as('ana').command(`/incident declare ${line}`, { in: 'general' });
  await world.settle();
  return { world, dana: world.slack.as('dana') };
}

test('something clearly similar is open: the answer and the new channel offer Merge into INC-1 / Different problem', async () => {
  const { world, dana } = await open();
  const read = await dana.command('/incident declare sev2 Checkout broken', { in: 'general' });
  expect(read).toContain('INC-2 is declared');
  expect(read).toContain(question);
  expect(dana.buttons({ in: 'general' })).toEqual(
    expect.arrayContaining(['Merge into INC-1', 'Different problem']),
  );
  await world.settle();
  const texts = channel(world, 2).messages.map(({ text }) => text);
  const [card, first] = texts.filter((text) => !/joined the channel|set the channel/.test(String(text)));
  expect(card).toContain('Checkout broken');
  expect(first).toContain(question);
  await dana.click('Merge into INC-1', { in: channel(world, 2).name });
  await world.settle();
  expect(dana.modal()).toContain('INC-1 goes on');
  await dana.submit();
  await world.settle();
  expect(world.store.incident(2)?.mergedInto).toBe(1);
  expect(channel(world, 2).transcript()).not.toContain(question);
});

test('Different problem: the question goes, and both go on', async () => {
  const { world, dana } = await open();
  await dana.command('/incident declare sev2 Checkout broken', { in: 'general' });
  await world.settle();
  await dana.click('Different problem');
  await world.settle();
  expect(dana.reads()).toContain('INC-2 goes on by itself.');
  expect(channel(world, 2).transcript()).not.toContain(question);
  expect(world.store.incident(2)?.status).toBe('investigating');
});

test('nothing is offered for another title, another service, a test, or what is over', async () => {
  const { world, dana } = await open();
  const told = async (line: string) => dana.command(`/incident declare ${line}`, { in: 'general' });
  expect(await told('sev2 Search is down')).not.toContain('same problem');
  expect(await told('--test sev2 Checkout broken')).not.toContain('same problem');
  await world.settle();
  await world.slack.as('ana').command('/incident INC-1 cancel nothing', { in: 'general' });
  await world.settle();
  expect(await told('sev2 Checkout broken')).not.toContain('same problem');
});

test('the same service, chosen in the form, is enough; another service is another problem', async () => {
  const { world, dana } = await open();
  const declared = async (title: string) => {
    await dana.command('/incident declare', { in: 'general' });
    await world.settle();
    await dana.submit({
      'What is broken?': title,
      'How bad is it for users?': 'SEV3 minor',
      Service: 'payments',
    });
    await world.settle();
    return dana.dm();
  };
  expect(await declared('Refunds hang')).not.toContain('same problem');
  expect(await declared('Card fees are wrong')).toContain(
    'INC-2 is open: SEV3 Refunds hang. Is it the same problem?',
  );
});

test('the form begins with the question; Merge there declares nothing, invites, and keeps what was written', async () => {
  const { world, dana } = await open();
  await dana.command('/incident declare Checkout broken again', { in: 'general' });
  await world.settle();
  expect(dana.modal()?.split('\n')[1]).toContain(question);
  await dana.submit({
    [question]: 'Merge into INC-1',
    'How bad is it for users?': 'SEV2 major',
    'What is known so far': 'All cards of one bank',
  });
  await world.settle();
  expect(dana.dm()).toContain('Nothing new was declared: what you wrote is in INC-1');
  expect(world.store.incident(2)).toBeNull();
  expect(channel(world, 1).members).toContain('dana');
  expect(channel(world, 1).transcript()).toContain('dana reports the same: Checkout broken again');
  expect(channel(world, 1).transcript()).toContain('All cards of one bank');
});

test('the form, answered Different problem, declares and does not ask again', async () => {
  const { world, dana } = await open();
  await dana.command('/incident declare Checkout broken again', { in: 'general' });
  await world.settle();
  await dana.submit({ 'How bad is it for users?': 'SEV2 major' });
  await world.settle();
  expect(dana.dm()).toContain('INC-2 is declared');
  expect(dana.dm()).not.toContain('same problem');
  expect(channel(world, 2).transcript()).not.toContain('same problem');
});

test('should the other one end meanwhile, the form says so and keeps what was typed', async () => {
  const { world, dana } = await open();
  await dana.command('/incident declare Checkout broken again', { in: 'general' });
  await world.settle();
  await world.slack.as('ana').command('/incident INC-1 cancel nothing', { in: 'general' });
  await world.settle();
  const { errors } = await dana.submit({
    [question]: 'Merge into INC-1',
    'How bad is it for users?': 'SEV2 major',
  });
  expect(errors).toEqual({ [question]: 'INC-1 is not open any more. Choose "Different problem".' });
  expect(dana.modal()).toContain('Checkout broken again');
  expect(world.store.incident(2)).toBeNull();
});

test('a private one is offered to nobody who may not see it, and never in a public channel', async () => {
  const world = await start();
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Xylophone ledger is leaking',
    'How bad is it for users?': 'SEV2 major',
    Private: true,
  });
  await world.settle();
  const finn = world.slack.as('finn');
  expect(
    await finn.command('/incident declare sev2 Xylophone ledger leaks', { in: 'general' }),
  ).not.toContain('INC-1');
  expect(await ana.command('/incident declare sev2 Xylophone ledger leak', { in: 'general' })).toContain(
    'INC-2 is open',
  );
  await ana.command('/incident INC-2 cancel no', { in: 'general' });
  await ana.command('/incident INC-3 cancel no', { in: 'general' });
  await world.settle();
  expect(await ana.command('/incident declare sev2 Xylophone ledger leak', { in: 'general' })).toContain(
    'INC-1 is open',
  );
  await world.settle();
  expect(channel(world, 4).transcript()).not.toContain('INC-1');
});

test('declaring reads no more incidents when thirty more are open', async () => {
  const world = await start({ incidentFile: `${defaultIncidentFile}declaring: { max: 100, window: 1h }\n` });
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  const incidentsRead = () =>
    parse.mock.calls.filter(([text]) => /^\{"id":.*"lastActivityAt":/s.test(text)).length;
  const cost = async (title: string) => {
    await world.pass('1m');
    parse.mockClear();
    await world.slack.as('ana').command(`/incident declare sev1 ${title}`, { in: 'general' });
    const answered = incidentsRead();
    await world.settle();
    return { answered, performed: incidentsRead() };
  };
  await cost('Search is empty');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  const withFew = await cost('Mail is late');
  expect(world.slack.as('cai').dm()).toContain('bea already has INC-1 (SEV1)');
  for (let n = 1; n <= 30; n += 1) {
    await world.slack.as('eve').command(`/incident declare sev4 Thing${n} of kind${n}`, { in: 'general' });
  }
  await world.pass('3m');
  const withMany = await cost('Login fails');
  expect(withMany.answered).toBeLessThanOrEqual(withFew.answered + 1);
  // A card that is edited once more or less is a read or two.
  expect(withMany.performed).toBeLessThan(withFew.performed + 10);
});
