import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startBotHere } from '../../src/sandbox/bot.ts';
import { defaultIncidentFile, type World } from '../../src/sandbox/start.ts';
import { account } from '../pagerduty/office.ts';
import { acts, canary, cast, firstActs, type Stage, staged, tried } from '../support/rights.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

const healthToken = 'a-token-for-health';

/** In the short profile one of each kind, and of guests those in the channel and those elsewhere. */
const few = ['member', 'guest in the channel', 'guest elsewhere', 'external', 'deactivated', 'bot user'];
const isFull = profile.name === 'full';
const crowd = isFull ? cast : cast.filter(({ as }) => few.includes(as));

test('every kind of person does what the table says with every command, button, form and shortcut, and nothing else', async () => {
  const results: Awaited<ReturnType<typeof tried>>[] = [];
  for (const isPrivate of [false, true]) {
    const stage = await staged(isPrivate);
    onTestFinished(() => stage.world.stop());
    results.push(await tried(stage, (one) => crowd.includes(one)));
  }
  // In the short profile they are among the tests that ran before.
  const first = isFull ? await firstActs() : { cells: 0, wrong: [] };
  results.push(first);
  const cells = results.reduce((sum, one) => sum + one.cells, 0);
  const wrong = results.flatMap((one) => one.wrong);
  proved({
    goal: 8,
    tried: `${crowd.length} kinds of people x ${acts.length} acts x public and private${isFull ? `, and ${first.cells} first acts of people nobody has met` : ''}: ${cells} cells`,
    seen: `${wrong.length} against the table${wrong
      .slice(0, 5)
      .map((one) => `; ${one}`)
      .join('')}`,
    bar: '0, and every cell tried',
    holds:
      wrong.length === 0 &&
      cells === crowd.length * acts.length * 2 + first.cells &&
      first.cells > 0 === isFull,
  });
});

/** A machine that the escalation tells; what it was told. */
async function listener() {
  const told: string[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    req.on('end', () => {
      told.push(`${JSON.stringify(req.headers)} ${body}`);
      res.end();
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await expect.poll(() => server.listening).toBe(true);
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** What people write about it, wherever they can; each with the canary in it. */
const lines = [
  ...[
    'note',
    'rename',
    'status identified',
    'sev 1',
    'pause 1h',
    'resume',
    'escalate @dana',
    'escalate now',
    'call',
  ],
  ...['handoff commander @ana', 'followup add', 'followup add @cai'],
];

/** The private incident with the canary in every field, after a night in which everything went wrong once. */
async function secret(): Promise<{ stage: Stage; logged: string[]; told: string[] }> {
  const logged: string[] = [];
  const machine = await listener();
  const stage = await staged(true, {
    pagerduty: account,
    incidentFile: `${defaultIncidentFile.replace('cto: [U0FINN]', "cto: 'webhook:noc'")}webhooks: { noc: { url: '${machine.url}' } }\n`,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    startBot: (boot, clock, log) =>
      startBotHere({ ...boot, environment: { ...boot.environment, healthToken } }, clock, log),
  });
  const { world } = stage;
  onTestFinished(() => world.stop());
  const { slack } = world;
  const ana = slack.as('ana').goTo('inc-');
  for (const line of lines) {
    const isCall = line === 'call';
    await ana.command(
      `/incident ${line} ${isCall ? `https://meet.example.com/${canary}` : `${canary} ${line}`}`,
    );
  }
  await ana.command('/incident update');
  await world.settle();
  await ana
    .submit({ 'What is happening?': canary, 'Who is affected, and how?': canary })
    .catch(() => undefined);
  await ana.upload(`${canary}.txt`, canary, { in: 'inc-', comment: canary });
  await ana.edit(/look here/, `${canary}: look here, again`, { in: 'inc-' });
  await ana.react('star', /look here/, { in: 'inc-' });
  slack.faults.next('conversations.setTopic', { error: 'too_long' }, 3);
  slack.faults.next('chat.update', { error: 'invalid_blocks' }, 3);
  slack.faults.next('chat.postMessage', { status: 500 }, 2);
  await ana.command(`/incident rename ${canary} again`);
  await world.pass('40m');
  await ana.command(`/incident INC-1 resolve rollback ${canary}`);
  await world.pass('3h');
  await ana.command(`/incident INC-1 reopen ${canary} is back`);
  await ana.command('/incident timeline export csv', { in: 'inc-' });
  await world.pass('20m');
  // One that everybody sees beside it, as like it as can be: it is asked whether they are the same.
  await slack.as('dana').command('/incident declare sev2 It is leaking', { in: 'general' });
  await world.pass('1m');
  return { stage, logged, told: machine.told };
}

/** Where everybody, or somebody outside, can read. Each is one sink. */
async function shared(
  { world, channel }: Stage,
  logged: string[],
  told: string[],
): Promise<Record<string, string>> {
  const ws = world.slack.workspace;
  const inside = new Set(cast.filter((one) => one.in).map(({ who }) => world.slack.userId(who)));
  // Those whom the night paged.
  for (const who of ['dana', 'eve', 'finn']) inside.add(world.slack.userId(who));
  const others = [...ws.channels.values()].filter(({ id, isIm }) => id !== channel && !isIm);
  const directs = [...ws.channels.values()].filter(
    ({ isIm, members }) => isIm && ![...members].some((one) => inside.has(one)),
  );
  const ask = async (path: string): Promise<string> => {
    const headers = { authorization: `Bearer ${healthToken}` };
    return (await fetch(`http://127.0.0.1:${world.port}${path}`, { headers })).text();
  };
  return {
    'messages of other channels': JSON.stringify(others.map(({ messages }) => messages)),
    'names, topics, purposes and bookmarks of other channels': JSON.stringify(
      others.map(({ name, topic, purpose, bookmarks }) => [name, topic, purpose, bookmarks]),
    ),
    'the announce channel': world.slack.channel('incidents').transcript(),
    'metadata of messages, its own channel too': JSON.stringify(
      [...ws.channels.values()].map(({ messages }) => messages.map(({ metadata }) => metadata)),
    ),
    'direct messages of others': JSON.stringify(directs.map(({ messages }) => messages)),
    'files shared elsewhere': JSON.stringify(
      [...ws.files.values()].filter(({ channels }) =>
        channels.some((id) => others.some((one) => one.id === id)),
      ),
    ),
    'canvases elsewhere': JSON.stringify(
      [...ws.canvases.values()].filter(({ channelId }) => channelId !== channel),
    ),
    'user groups': JSON.stringify([...ws.groups.values()]),
    'calls to PagerDuty': JSON.stringify(world.pagerduty.calls),
    'what other machines are told': told.join('\n'),
    'the log at level trace': logged.join(''),
    '/livez': await ask('/livez'),
    '/readyz': await ask('/readyz'),
    '/healthz': await ask('/healthz'),
    '/metrics': await ask('/metrics'),
  };
}

const own = (world: World): string => JSON.stringify([world.store.incident(1), world.store.timeline(1)]);

test('a private incident shows nowhere to whoever is not in it', async () => {
  const { stage, logged, told } = await secret();
  // The canary is really there: in what is stored, and in what its members read.
  expect(own(stage.world).split(canary).length).toBeGreaterThan(20);
  expect(told.length).toBeGreaterThan(0);
  const outside = cast.filter((one) => !one.in);
  const { cells, wrong } = await tried(stage, (one) => outside.includes(one));
  const sinks = await shared(stage, logged, told);
  const hits = Object.entries(sinks).filter(([, words]) => words.includes(canary));
  proved({
    goal: 8,
    tried: `a private incident with a canary in every field: ${acts.length} answers x ${outside.length} kinds of people, and ${Object.keys(sinks).length} places that everybody or a machine reads`,
    seen: `${hits.length + wrong.length} hits in ${cells + Object.keys(sinks).length}${[
      ...hits.map(([sink]) => sink),
      ...wrong,
    ]
      .slice(0, 5)
      .map((one) => `; ${one}`)
      .join('')}`,
    bar: '0',
    holds: hits.length + wrong.length === 0,
  });
});
