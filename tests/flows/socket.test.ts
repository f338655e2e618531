import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { WebSocket } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { type StartBot, startBotHere } from '../../src/sandbox/bot.ts';
import type { World } from '../../src/sandbox/start.ts';
import { mortal } from '../support/mortal.ts';
import { start } from '../support/world.ts';

/** A world whose Slack speaks through sockets; Ana has declared INC-1. */
async function declared(options: Parameters<typeof start>[0] = {}): Promise<World> {
  const world = await start({ ...options, transport: 'socket' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  ana.goTo('inc-');
  return world;
}

const readyz = async (world: World) => {
  const answer = await fetch(`http://127.0.0.1:${world.port}/readyz`);
  return { status: answer.status, said: await answer.text() };
};

/** How often somebody's words are on the timeline. */
const recorded = (world: World, words: string): number =>
  world.store.timeline(1).filter(({ fact }) => fact.type === 'message-posted' && fact.text === words).length;

test('commands, clicks, forms and messages come through one socket; the door serves the rest', async () => {
  const world = await declared();
  const bea = world.slack.as('bea');
  await bea.click('Acknowledge', { in: 'dm' });
  await world.settle();
  await bea.command('/incident sev', { in: 'inc-' });
  await world.settle();
  const refused = await bea.submit({ 'How bad is it for users?': 'SEV1 critical' });
  await world.settle();
  await bea.say('Rolling back', { in: 'inc-' });
  const transcript = world.slack.channel('inc-').transcript();
  expect(refused).toEqual({});
  expect(transcript).toContain('bea has it');
  expect(world.slack.channel('inc-').topic).toContain('SEV1');
  expect(recorded(world, 'Rolling back')).toBe(1);
  expect(world.slack.sockets.count()).toBe(1);
  expect(await readyz(world)).toEqual({ status: 200, said: '{"ok":true}' });
  const door = await fetch(`http://127.0.0.1:${world.port}/slack/events`, { method: 'POST', body: '{}' });
  expect(door.status).toBe(404);
  const alarm = { title: 'Disk full', service: { id: 'PPAYMNT', summary: 'payments' }, urgency: 'high' };
  await world.pagerduty.trigger({ ...alarm, urgency: 'high' });
  expect(world.pagerduty.deliveries.at(-1)?.attempts.at(-1)?.outcome).toMatchObject({ status: 202 });
});

test.each(['warning', 'refresh_requested'] as const)(
  'Slack renews its server (%s): the next socket is there at once, and nothing is lost or doubled',
  async (reason) => {
    const world = await declared();
    const opened = world.slack.callsTo('apps.connections.open').length;
    world.slack.sockets.disconnect(reason);
    const said = world.slack.as('ana').say('said while it changed');
    await world.settle();
    await said;
    await world.settle();
    expect(world.slack.callsTo('apps.connections.open').length - opened).toBe(1);
    await expect.poll(() => world.slack.sockets.count()).toBe(1);
    const [event] = world.slack.deliveries.slice(-1);
    expect(event?.attempts.at(-1)?.outcome).toMatchObject({ kind: 'answered' });
    expect(recorded(world, 'said while it changed')).toBe(1);
    expect(await readyz(world)).toMatchObject({ said: '{"ok":true}' });
  },
);

test('a warning in the middle of a declare: the answer still goes out on the old socket', async () => {
  const world = await start({ transport: 'socket' });
  const answered = world.slack.as('ana').command('/incident declare sev2 Checkout is down');
  world.slack.sockets.disconnect('warning');
  expect(await answered).toContain('INC-1 is declared');
  await world.settle();
  expect(world.slack.channels().filter((name) => name.startsWith('inc-'))).toHaveLength(1);
});

test('a socket that is cut in the middle of a declare: one incident, and it goes on', async () => {
  const world = await start({ transport: 'socket' });
  const answered = world.slack.as('ana').command('/incident declare sev2 Checkout is down');
  // Its row is written, and the answer is not yet sent.
  while (world.store.list({ limit: 1 }).length === 0) await new Promise((resolve) => setImmediate(resolve));
  world.slack.sockets.cut();
  await answered;
  await world.settle();
  expect(world.store.list({ limit: 10 })).toHaveLength(1);
  expect(world.slack.channel('inc-').transcript()).toContain('SEV2 · Checkout is down · INC-1');
  expect(world.slack.as('bea').dm()).toContain('Checkout is down');
  expect(await world.slack.as('ana').command('/incident list')).toContain('INC-1');
});

test('killed between commit and acknowledgement: Slack delivers again, and nothing is doubled', async () => {
  const bot = mortal();
  const world = await declared({ startBot: bot.startBot });
  const ana = world.slack.as('ana');
  bot.doom(1);
  const said = ana.say('The p99 is at 9 s');
  await bot.died;
  expect(bot.moments).toEqual(['before update', 'after update']);
  await world.restart();
  await said;
  expect(world.slack.deliveries.at(-1)?.attempts[0]?.outcome).toMatchObject({ reason: 'connection closed' });
  await world.pass('2m');
  expect(world.slack.deliveries.at(-1)?.attempts.at(-1)?.outcome).toMatchObject({ kind: 'answered' });
  expect(recorded(world, 'The p99 is at 9 s')).toBe(1);
});

test('a store that cannot write: not acknowledged, and the redelivery records the message', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-broken-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const databaseFile = join(folder, 'tocsin.db');
  const world = await declared({ databaseFile });
  const disk = new Database(databaseFile);
  disk.exec(
    "create trigger disk_full before insert on timeline begin select raise(abort, 'disk is full'); end",
  );
  const said = world.slack.as('ana').say('The p99 is at 9 s');
  const delivered = world.slack.deliveries.at(-1);
  await waitsOut(world, said);
  expect(delivered?.attempts.map(({ outcome }) => outcome.kind)).toEqual(['late', 'late']);
  expect(recorded(world, 'The p99 is at 9 s')).toBe(0);
  disk.exec('drop trigger disk_full');
  disk.close();
  await world.pass('2m');
  expect(delivered?.attempts.at(-1)?.outcome).toMatchObject({ kind: 'answered' });
  expect(recorded(world, 'The p99 is at 9 s')).toBe(1);
});

/** Slack's three seconds go by, as often as it takes. */
async function waitsOut(world: World, act: Promise<unknown>): Promise<void> {
  const state = { isOver: false };
  void act.finally(() => {
    state.isOver = true;
  });
  for (let turn = 0; turn < 200 && !state.isOver; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const wakeAt = world.clock.nextWakeAt();
    if (wakeAt !== null && turn % 10 === 9) world.clock.set(Math.max(wakeAt, world.clock.now()));
  }
  await act;
}

test('the socket is down: /readyz says so, PagerDuty and pages go on, and it comes back by itself', async () => {
  const world = await declared();
  world.slack.connect(null);
  await world.settle();
  await world.pass('1m');
  expect(await readyz(world)).toMatchObject({
    status: 200,
    said: expect.stringContaining('The socket to Slack is down'),
  });
  const tries = world.slack.callsTo('apps.connections.open').length;
  await world.pass('5m');
  const more = world.slack.callsTo('apps.connections.open').length - tries;
  expect(more).toBeGreaterThanOrEqual(10);
  expect(more).toBeLessThanOrEqual(25);
  await world.pagerduty.trigger({
    title: 'Disk full',
    service: { id: 'PPAYMNT', summary: 'payments' },
    urgency: 'high',
  });
  await world.settle();
  expect(world.slack.as('bea').dm()).toContain('Disk full');
  world.slack.connect('by socket');
  await world.pass('1m');
  expect(await readyz(world)).toMatchObject({ said: '{"ok":true}' });
  const words = await world.slack.as('ana').command('/incident doctor', { in: 'general' });
  expect(words).not.toContain('socket');
});

test('an app token that Slack refuses ends the start with the cure; later it is said, and waited for', async () => {
  const world = await start({ transport: 'socket', botless: true });
  world.slack.tokens.revokeApp();
  await expect(world.restart()).rejects.toThrow(
    /^Slack refuses SLACK_APP_TOKEN \(invalid_auth\): make an app-level token \(xapp-…\) with the scope connections:write/,
  );
  world.slack.tokens.restoreApp();
  await world.restart();
  world.slack.tokens.revokeApp();
  world.slack.sockets.cut();
  await world.pass('1m');
  expect((await readyz(world)).said).toContain('Slack refuses SLACK_APP_TOKEN (invalid_auth)');
  world.slack.tokens.restoreApp();
  await world.pass('1m');
  expect(await world.slack.as('ana').command('/incident list')).not.toContain('failed');
});

test('all ten sockets are taken: it says by whom it may be, and gets one when there is room', async () => {
  const others: WebSocket[] = [];
  const startBot: StartBot = async (...boot) => {
    for (let count = 0; count < 10; count += 1) others.push(await openSocket(world));
    return startBotHere(...boot);
  };
  const world: World = await start({ transport: 'socket', botless: true, startBot });
  await world.restart();
  expect((await readyz(world)).said).toContain('Slack allows ten sockets for one app, and all are taken');
  const tries = world.slack.callsTo('apps.connections.open').length;
  await world.pass('5s');
  expect(world.slack.callsTo('apps.connections.open').length - tries).toBe(0);
  for (const other of others) other.close();
  await expect.poll(() => world.slack.sockets.count()).toBe(0);
  await world.pass('1m');
  expect(await readyz(world)).toMatchObject({ said: '{"ok":true}' });
});

/** Another process with the same app token. */
async function openSocket(world: World): Promise<WebSocket> {
  const headers = { authorization: `Bearer ${world.slack.appToken}` };
  const answer = await fetch(`${world.slack.apiUrl}apps.connections.open`, { method: 'POST', headers });
  const { url } = (await answer.json()) as { url: string };
  const socket = new WebSocket(url);
  onTestFinished(() => socket.close());
  await new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }));
  socket.addEventListener('message', ({ data }) => {
    const { envelope_id } = JSON.parse(String(data)) as { envelope_id?: string };
    if (envelope_id) socket.send(JSON.stringify({ envelope_id }));
  });
  return socket;
}

test('Socket Mode is switched off in the app: it says how to switch it on, and does not hammer', async () => {
  const world = await declared();
  world.slack.sockets.mute(true);
  world.slack.sockets.disconnect('link_disabled');
  await expect.poll(async () => (await readyz(world)).said).toContain('Socket Mode is switched off');
  const tries = world.slack.callsTo('apps.connections.open').length;
  await world.pass('5s');
  expect(world.slack.callsTo('apps.connections.open').length - tries).toBe(0);
});

test('Slack is slow to say hello: the start goes on without it, and it is opened later', async () => {
  const world = await start({ transport: 'socket', botless: true });
  world.slack.sockets.mute(true);
  const started = world.restart();
  await waitsOut(world, started);
  expect((await readyz(world)).said).toContain('The socket to Slack is down (no hello)');
  world.slack.sockets.mute(false);
  await world.pass('1m');
  expect(await readyz(world)).toMatchObject({ said: '{"ok":true}' });
});

test('nobody has told us yet who we are: what comes then is not acknowledged, so it comes again', async () => {
  const world = await start({ transport: 'socket', botless: true });
  world.slack.faults.always('auth.test', { status: 503 });
  await world.restart();
  const answered = world.slack.as('ana').command('/incident list', { in: 'general' });
  await waitsOut(world, answered);
  expect(await answered).toContain('operation_timeout');
  world.slack.faults.clear();
  await world.pass('1m');
  expect(await world.slack.as('ana').command('/incident list')).toContain('Declare');
});

test('it ends: what was heard is acknowledged first, then the socket is closed', async () => {
  const world = await declared();
  const said = world.slack.as('ana').say('The last words');
  await world.restart();
  await said;
  await world.pass('2m');
  expect(recorded(world, 'The last words')).toBe(1);
  expect(world.slack.sockets.count()).toBe(1);
});
