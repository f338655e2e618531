import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { start } from '../support/world.ts';
import type { Input } from './inputs.ts';
import { judge } from './verdict.ts';

/** Bea has INC-1, and was told so. */
async function acknowledged() {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-verdict-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const databaseFile = join(folder, 'tocsin.db');
  const world = await start({ databaseFile });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const beaHasIt = async (): Promise<void> => {
    await world.slack.as('bea').command('/incident 1 ack', { in: 'general' });
    await world.settle();
    expect(world.slack.as('bea').reads()).toBe('You have INC-1. Paging stopped.');
  };
  await beaHasIt();
  const inputs: Input[] = [
    { kind: 'acknowledge', incident: 1, user: world.slack.userId('bea'), taken: true },
  ];
  return {
    world,
    databaseFile,
    beaHasIt,
    doubled: () => judge(databaseFile, inputs, world.slack.calls).doubled,
  };
}

test('one acknowledgement that is there twice is doubled', async () => {
  const { databaseFile, doubled } = await acknowledged();
  expect(doubled()).toEqual([]);
  const database = new Database(databaseFile);
  database.exec(`insert into timeline select incident, seq + 1000, at, happened_at, cause, fact from timeline
    where fact ->> 'type' = 'acknowledged'`);
  database.close();
  expect(doubled()).toEqual(['2 x {"kind":"acknowledge","incident":1,"user":"U0BEA","taken":true}']);
});

test('what the silence of a person gave back, and they took again, is not doubled', async () => {
  const { world, beaHasIt, doubled } = await acknowledged();
  await world.pass('20m');
  expect(world.slack.channel('inc-').transcript()).toContain('bea stopped answering: nobody has it.');
  await beaHasIt();
  expect(doubled()).toEqual([]);
});
