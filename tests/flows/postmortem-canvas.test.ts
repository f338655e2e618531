import { expect, test } from 'vitest';
import { ALL_SCOPES } from '../../src/sandbox/rules.ts';
import { defaultIncidentFile, type World } from '../../src/sandbox/start.ts';
import { mortal } from '../support/mortal.ts';
import { start } from '../support/world.ts';

const withCanvas = `${defaultIncidentFile}\npostmortem: { canvas: true }\n`;

/** INC-1 (SEV2), acknowledged by Bea and resolved at 10:01, in a workspace that wants its drafts as canvases. */
async function resolved(slack: NonNullable<Parameters<typeof start>[0]>['slack'] = {}) {
  const { world, ana } = await declared(slack);
  await ana.command('/incident resolve rollback of 512', { in: 'inc-' });
  await world.settle();
  return { world, ana };
}

async function declared(slack: NonNullable<Parameters<typeof start>[0]>['slack'] = {}) {
  const world = await start({ at: '2026-03-02T10:00Z', incidentFile: withCanvas, slack });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.pass('1m');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.goTo(world.slack.channel('inc-').name).say('Release 512 broke the cache');
  await world.settle();
  return { world, ana };
}

const canvases = ({ slack }: World, channel = 'inc-') => slack.channel(channel).canvases;
const markdown = (world: World, channel = 'inc-'): string =>
  canvases(world, channel)
    .map((canvas) => canvas.markdown)
    .join('\n');
const files = ({ slack }: World, channel = 'inc-') => slack.channel(channel).files.map(({ name }) => name);
const said = ({ slack }: World, channel = 'inc-') => slack.channel(channel).transcript();

test('the draft is a canvas of the channel that people read and do not write in; the message links to it, and there is no file', async () => {
  const { world } = await resolved();
  expect(canvases(world)).toMatchObject([{ title: 'Postmortem draft of INC-1', access: 'read' }]);
  expect(files(world)).toEqual([]);
  expect(markdown(world)).toMatch(/^# INC-1: Checkout is down\n/);
  expect(markdown(world)).toContain('Release 512 broke the cache');
  expect(markdown(world).trim().split('\n').at(-1)).toBe(
    '_Do not write in here: this canvas is written anew whenever the draft changes. To change it: `/incident postmortem edit`_',
  );
  expect(said(world)).toContain(
    "The whole draft is the canvas among this channel's tabs. It shows every edit.",
  );
  const [made] = world.slack.callsTo('canvases.edit').concat(world.slack.callsTo('canvases.access.set'));
  const draft = JSON.stringify(world.slack.channel('inc-').messages);
  expect(draft).toContain(`slack.com/docs/T0SANDBOX/${String(made?.args.canvas_id)}`);
});

test('making the draft again, an edit, an owner and a deleted message change the same canvas', async () => {
  const { world, ana } = await resolved();
  expect(await ana.command('/incident postmortem')).toBe(
    'The draft is on its way to the channel, then the canvas.',
  );
  await world.settle();
  expect(canvases(world)).toHaveLength(1);
  await ana.command('/incident postmortem edit impact');
  await world.settle();
  await ana.submit({ Text: 'Nobody in the EU could pay.' });
  await world.settle();
  expect(ana.reads()).toContain(
    'Saved: “Impact”. It is kept when the draft is made again; the canvas shows it.',
  );
  await world.settle();
  expect(markdown(world)).toContain('## Impact\n\nNobody in the EU could pay.');
  await ana.command('/incident postmortem owner @cai');
  await ana.command('/incident followup add Alert on the error rate');
  await ana.delete(/Release 512/);
  await world.settle();
  expect(markdown(world)).toContain('Owner of this postmortem: cai');
  expect(markdown(world)).toContain('Alert on the error rate');
  expect(markdown(world)).not.toContain('Release 512');
  expect(canvases(world)).toHaveLength(1);
  expect(files(world)).toEqual([]);
});

test('headings deeper than a canvas knows become its deepest', async () => {
  const { world, ana } = await resolved();
  await ana.command('/incident postmortem edit impact');
  await world.settle();
  await ana.submit({ Text: '#### Cards\n\n```\n#### no heading\n```' });
  await world.settle();
  expect(markdown(world)).toContain('### Cards\n\n```\n#### no heading\n```');
});

test.each([
  ['switched off', { canvases: 'off' }, 'canvases are switched off in this workspace'],
  [
    'not permitted',
    { scopes: ['canvases:read'] },
    'the app lacks the permissions canvases:read and canvases:write',
  ],
] as const)('canvases %s: the draft is a file that says why', async (_, shape, why) => {
  const slack = 'scopes' in shape ? { scopes: scopesWithout('canvases:write') } : shape;
  const { world, ana } = await resolved(slack);
  expect(files(world)).toEqual(['INC-1-checkout-is-down.md']);
  expect(said(world)).toContain(`The postmortem draft as a file, to edit and keep. It is no canvas: ${why}`);
  expect(said(world)).toContain('The whole draft follows.');
  expect(world.store.outboxReport(10)).toMatchObject({ parked: 0, dead: 0, unknown: 0 });
  const doctor = await ana.command('/incident doctor');
  if ('scopes' in shape) expect(doctor).toContain('The app lacks 1 permission: canvases:write.');
  else expect(doctor).toContain('All is well.');
});

const scopesWithout = (scope: string): string[] => ALL_SCOPES.filter((one) => one !== scope);

test.each([
  ['team_tier_cannot_create_channel_canvases', "Slack's plan here has none."],
  ['free_teams_cannot_create_non_tabbed_canvases', "Slack's plan here has none."],
  ['canvas_creation_failed', 'Slack refused one (canvas_creation_failed).'],
  ['restricted_action', 'this workspace does not let apps make or change them.'],
])('%s: the draft is a file that says why', async (error, why) => {
  const { world, ana } = await declared();
  world.slack.faults.next('canvases.create', { error });
  await ana.command('/incident resolve rollback');
  await world.settle();
  expect(said(world)).toContain(`It is no canvas: ${why}`);
  expect([canvases(world).length, files(world).length]).toEqual([0, 1]);
});

test('on the free plan the channel may write in it, and one that somebody made there before is left alone', async () => {
  const free = await resolved({ canvases: 'free' });
  expect(canvases(free.world)).toMatchObject([{ title: 'Postmortem draft of INC-1', access: 'write' }]);
  const { world, ana } = await declared({ canvases: 'free' });
  await world.slack.makeCanvas('inc-', 'Notes', '# INC-1: what we know');
  await ana.command('/incident resolve rollback', { in: 'inc-' });
  await world.settle();
  expect(canvases(world)).toEqual([{ title: 'Notes', markdown: '# INC-1: what we know', access: 'write' }]);
  expect(said(world)).toContain("this channel has one already, and Slack's plan here allows no second.");
  expect(files(world)).toHaveLength(1);
});

test('a canvas that somebody deleted is said to be gone; asking for the draft makes a new one', async () => {
  const { world, ana } = await resolved();
  await world.slack.deleteCanvases('inc-');
  await ana.command('/incident postmortem owner @cai');
  await world.settle();
  expect(said(world)).not.toContain("the canvas among this channel's tabs");
  await ana.command('/incident postmortem');
  await world.settle();
  expect(markdown(world)).toContain('Owner of this postmortem: cai');
  expect(canvases(world)).toHaveLength(1);
});

test('an incident in a thread of the announce channel makes no canvas of that channel', async () => {
  const world = await start({
    at: '2026-03-02T10:00Z',
    incidentFile: withCanvas,
    slack: { forbidChannels: true, channels: ['general', 'incidents'] },
  });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await ana.command('/incident INC-1 resolve rollback', { in: 'general' });
  await world.settle();
  expect(canvases(world, 'incidents')).toEqual([]);
  expect(files(world, 'incidents')).toHaveLength(1);
  expect(said(world, 'incidents')).toContain('It is no canvas: the incident has no channel of its own.');
});

test("a private incident's canvas is in its private channel, and what is private never reaches the one it left", async () => {
  const { world, ana } = await declared();
  const open = world.slack.channel('inc-').name;
  await ana.command('/incident postmortem');
  await world.settle();
  await ana.command('/incident private yes');
  await world.settle();
  const [, hidden = ''] = world.slack.channels().filter((name) => name.startsWith('inc-'));
  await ana.command('/incident postmortem edit impact', { in: hidden });
  await world.settle();
  await ana.submit({ Text: 'The keys of 12 customers leaked.' });
  await world.settle();
  const before = JSON.stringify([world.slack.channel(open).messages, canvases(world, open)]);
  expect(before).not.toContain('leaked');
  await ana.command('/incident resolve rollback', { in: hidden });
  await world.settle();
  expect(markdown(world, hidden)).toContain('The keys of 12 customers leaked.');
  expect(canvases(world, open)).toHaveLength(1);
  expect(JSON.stringify([world.slack.channel(open).messages, canvases(world, open)])).not.toContain('leaked');
});

test.each([
  ['an answer that nobody heard', { error: 'internal_error', when: 'after' }],
  ['a broken connection', { reset: true, when: 'after' }],
] as const)('%s does not give two canvases', async (_, fault) => {
  const { world, ana } = await declared();
  world.slack.faults.next('canvases.create', fault);
  await ana.command('/incident resolve rollback');
  await world.settle();
  expect(canvases(world)).toHaveLength(1);
  await ana.click('Draft again', { in: 'inc-' });
  await world.pass('3m');
  expect(canvases(world)).toHaveLength(1);
  expect(files(world)).toEqual([]);
  expect(said(world)).toContain("the canvas among this channel's tabs");
});

test('an answer that nobody heard, and no permission to look: the draft comes as a file that says what may be there', async () => {
  const { world, ana } = await declared({ scopes: scopesWithout('canvases:read') });
  world.slack.faults.next('canvases.create', { error: 'internal_error', when: 'after' });
  await ana.command('/incident resolve rollback');
  await world.pass('3m');
  expect([canvases(world).length, files(world).length]).toEqual([1, 1]);
  expect(said(world)).toContain(
    'It is no canvas: Slack did not answer when one was made; if it is there, among the tabs of this channel, it stays as it is.',
  );
  expect(world.store.outboxReport(10)).toMatchObject({ parked: 0, unknown: 0 });
});

test('an answer that nobody heard of a canvas that was not made makes one, beside what somebody else made meanwhile', async () => {
  const { world, ana } = await declared();
  world.slack.faults.next('canvases.create', { error: 'internal_error' });
  await ana.command('/incident resolve rollback');
  await world.settle();
  await world.slack.makeCanvas('inc-', 'Notes', '# Notes on INC-1');
  await world.pass('3m');
  expect(canvases(world).map(({ title }) => title)).toEqual(['Notes', 'Postmortem draft of INC-1']);
});

/** The bot dies at the `moment`-th step after INC-1 is being resolved, is started again, and three minutes go by. */
async function killedAt(moment: number): Promise<{ steps: readonly string[]; world: World }> {
  const bot = mortal();
  const world = await start({ at: '2026-03-02T10:00Z', incidentFile: withCanvas, startBot: bot.startBot });
  bot.watch(world.slack);
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  bot.doom(moment);
  const resolving = ana.command('/incident resolve rollback of 512', { in: 'inc-' }).catch(() => undefined);
  await Promise.race([resolving.then(() => world.settle()), bot.died]);
  if (Number.isFinite(moment)) {
    // What the dead one had begun on this turn of the loop runs into the wall.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await world.restart('5s');
    await world.pass('3m');
  }
  return { steps: bot.moments, world };
}

test('killed at any step of making the canvas and started again: one canvas, read-only, and the message links to it', async () => {
  const { steps } = await killedAt(Number.POSITIVE_INFINITY);
  const first = steps.indexOf('before canvases.create');
  const last = steps.indexOf('after canvases.access.set') + 2;
  expect(first).toBeGreaterThan(0);
  for (let moment = first; moment <= last; moment += 1) {
    const { world } = await killedAt(moment);
    const [link] = said(world).match(/The whole draft is the canvas/g) ?? [];
    const seen = { step: steps[moment], link, canvases: canvases(world), files: files(world) };
    expect(seen).toMatchObject({
      link: 'The whole draft is the canvas',
      canvases: [{ title: 'Postmortem draft of INC-1', access: 'read' }],
      files: [],
    });
  }
}, 120_000);
