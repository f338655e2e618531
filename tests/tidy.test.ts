import { expect, test } from 'vitest';
import { staleExceptions, wrongArrows } from './support/arrows.ts';
import { impurities, strangersToTheStore, worldlyTouches } from './support/house-rules.ts';
import { longFiles, longFunctions, namelessThings } from './support/shape.ts';
import { parse, type Source, sourcesUnder } from './support/source.ts';

const product = sourcesUnder('src');
const everything = [...product, ...sourcesUnder('tests'), ...sourcesUnder('bench')];

const rules: [title: string, rule: (source: Source) => string[], sources: readonly Source[]][] = [
  ['imports point one way', wrongArrows, product],
  ['pure layers import and use nothing impure', impurities, product],
  ['only the entry points touch the process, the real clock and timers', worldlyTouches, product],
  ['only the engine writes incidents and only the outbox claims and settles', strangersToTheStore, product],
  ['every file and export has a name that says something', namelessThings, everything],
  ['a function fits one screen', longFunctions, everything],
];

test.each(rules)('%s', (_title, rule, sources) => {
  expect(sources.flatMap((source) => rule(source))).toEqual([]);
});

test('every exception from the arrows is still in use', () => {
  expect(staleExceptions(product)).toEqual([]);
});

test('long files are mentioned and never fail', () => {
  const long = longFiles(everything);
  if (long.length > 0) console.warn(long.join('\n'));
  const body = Array.from({ length: 251 }, (_, line) => `export const line${line} = ${line};`).join('\n');
  expect(longFiles([parse('src/slack/log.ts', body)])).toEqual([
    'src/slack/log.ts has 251 lines (over 250): is it two things?',
  ]);
});

test.each([
  ['src/slack/log.ts', "import { drain } from '../outbox/drain.ts';"],
  ['src/slack/log.ts', "import { defaults } from '../config/defaults.ts';"],
  ['src/slack/log.ts', "import { openSqlite } from '../store/sqlite.ts';"],
  ['src/slack/log.ts', "import { createApp } from '../app.ts';"],
  ['src/slack/log.ts', "export { verify } from '../pagerduty/signature.ts';"],
  ['src/engine.ts', "import { card } from './blocks/card.ts';"],
  ['src/engine.ts', "const { card } = await import('./blocks/card.ts');"],
  ['src/engine.ts', 'const { card } = await import(name);'],
  ['src/engine.ts', "import { world } from '../tests/support/world.ts';"],
  ['src/store/store.ts', "import { tables } from './tables.ts';"],
  ['src/incident/roles.ts', "import type { Config } from '../config/schema.ts';"],
  ['src/incident/roles.ts', "let team: import('../blocks/message.ts').Message;"],
  ['src/oncall/rotation.ts', "import { label } from '../incident/severity-scale.ts';"],
  ['src/blocks/card.ts', "import { draft } from '../postmortem/draft.ts';"],
  ['src/outbox/retry.ts', "import { drain } from './drain.ts';"],
  ['src/main.ts', "import { startSlack } from './sandbox/start.ts';"],
  ['src/app.ts', "import { main } from './main.ts';"],
  ['src/misc/thing.ts', 'export const thing = 1;'],
])('the arrows refuse, in %s: %s', (path, text) => {
  expect(wrongArrows(parse(path, text))).toEqual([expect.stringContaining(path)]);
});

test.each([
  ['src/slack/log.ts', "import type { Config } from '../config/schema.ts';"],
  ['src/slack/log.ts', "import { type Config } from '../config/schema.ts';"],
  ['src/slack/log.ts', "import { card } from '../blocks/card.ts'; import { parseText } from './text.ts';"],
  ['src/store/sqlite.ts', "import type { Store } from './store.ts';"],
  ['src/outbox/drain.ts', "import { nextAttemptAt } from './retry.ts';"],
  ['src/oncall/rotation.ts', "import type { Severity } from '../incident/severity-scale.ts';"],
  ['src/sandbox/start.ts', "import { createApp } from '../app.ts';"],
])('the arrows allow, in %s: %s', (path, text) => {
  expect(wrongArrows(parse(path, text))).toEqual([]);
});

test('an arrow that is refused says which file, which line, and the cure', () => {
  const source = parse(
    'src/slack/log.ts',
    "import { a } from './a.ts';\nimport { b } from '../config/b.ts';",
  );
  expect(wrongArrows(source)).toEqual([
    'src/slack/log.ts:2 imports src/config/b.ts: slack may import only types from config; use import type.',
  ]);
});

test('an exception excuses a type, never a value, and is missed when its import is gone', () => {
  const exceptions = [{ from: 'src/incident/a.ts', to: 'src/blocks/b.ts', reason: 'an example' }];
  const type = parse('src/incident/a.ts', "import type { B } from '../blocks/b.ts';");
  const value = parse('src/incident/a.ts', "import { b } from '../blocks/b.ts';");
  expect(wrongArrows(type, exceptions)).toEqual([]);
  expect(wrongArrows(value, exceptions)).toHaveLength(1);
  expect(staleExceptions([type], exceptions)).toEqual([]);
  expect(staleExceptions([parse('src/incident/a.ts', '')], exceptions)).toHaveLength(1);
});

test.each([
  ['src/incident/due.ts', 'const at = Date.now();'],
  ['src/incident/due.ts', "const at = Date['now']();"],
  ['src/incident/due.ts', 'const at = new Date();'],
  ['src/incident/due.ts', 'const at = Date();'],
  ['src/incident/due.ts', 'const { now } = Date;'],
  ['src/incident/due.ts', "import { z } from 'zod';"],
  ['src/oncall/rotation.ts', "import { Temporal } from 'temporal-polyfill'; Temporal.Now.instant();"],
  ['src/postmortem/draft.ts', 'const id = Math.random();'],
  ['src/postmortem/draft.ts', 'const id = crypto.randomUUID();'],
  ['src/blocks/card.ts', 'console.log(1);'],
  ['src/blocks/card.ts', "await fetch('/');"],
  ['src/blocks/card.ts', 'const zone = process.env.TZ;'],
  ['src/blocks/card.ts', "import { App } from '@slack/bolt';"],
  ['src/blocks/card.ts', "import { something } from '@slack/types';"],
  ['src/outbox/retry.ts', 'setTimeout(() => {}, 5);'],
  ['src/outbox/reconcile.ts', 'queueMicrotask(() => {});'],
])('purity refuses, in %s: %s', (path, text) => {
  expect(impurities(parse(path, text))).toEqual([expect.stringContaining(path)]);
});

test.each([
  ['src/incident/due.ts', 'export function due(now: number) { return new Date(now).toISOString(); }'],
  [
    'src/incident/due.ts',
    'export const isDate = (x: unknown): boolean => x instanceof Date || Math.max(1, 2) > 3;',
  ],
  [
    'src/incident/due.ts',
    'export const run = (fetch: () => void, deps: { process: Date }) => [fetch(), deps.process];',
  ],
  [
    'src/oncall/rotation.ts',
    "import { Temporal } from 'temporal-polyfill'; Temporal.PlainDate.from('2026-01-05');",
  ],
  ['src/blocks/card.ts', "import type { KnownBlock } from '@slack/types';"],
  ['src/outbox/drain.ts', 'const jitter = Math.random();'],
])('purity allows, in %s: %s', (path, text) => {
  expect(impurities(parse(path, text))).toEqual([]);
});

test.each([
  ['src/engine.ts', 'const at = Date.now();'],
  ['src/slack/log.ts', 'setTimeout(() => {}, 5);'],
  ['src/slack/log.ts', 'const later = setInterval;'],
  ['src/slack/log.ts', 'globalThis.process.exit(1);'],
  ['src/web/server.ts', 'process.exit(1);'],
  ['src/store/group.ts', 'setTimeout(() => {}, 0);'],
  ['src/store/sqlite.ts', 'setImmediate(() => {});'],
  ['src/config/schema.ts', "import { readFileSync } from 'node:fs';"],
  ['src/slack/log.ts', "import { readFileSync } from 'node:fs';"],
  ['src/slack/log.ts', "import { readFileSync } from 'fs';"],
  ['src/incident/roles.ts', "import { createHash } from 'node:crypto';"],
])('the world is out of reach, in %s: %s', (path, text) => {
  expect(worldlyTouches(parse(path, text))).toEqual([expect.stringContaining(path)]);
});

test.each([
  [
    'src/main.ts',
    "import { exit } from 'node:process'; process.on('SIGTERM', exit); setTimeout(() => Date.now(), 1);",
  ],
  ['src/config/check.ts', 'process.exitCode = 1;'],
  ['src/sandbox/start.ts', 'setInterval(() => Date.now(), 5);'],
  ['src/store/group.ts', 'setImmediate(() => {});'],
  ['src/web/server.ts', "import { createServer } from 'node:http';"],
])('the world is in reach, in %s: %s', (path, text) => {
  expect(worldlyTouches(parse(path, text))).toEqual([]);
});

test.each([
  ['src/slack/declare.ts', 'await deps.store.create(change, stamp);'],
  ['src/outbox/drain.ts', 'await store.update(id, change, stamp);'],
  ['src/app.ts', 'const { update } = deps.store;'],
  ['src/engine.ts', 'await store.claim(now);'],
  ['src/pagerduty/webhook.ts', 'await anything.settleAll(now);'],
])('the store is out of reach, in %s: %s', (path, text) => {
  expect(strangersToTheStore(parse(path, text))).toEqual([expect.stringContaining(path)]);
});

test.each([
  ['src/engine.ts', 'await store.create(change, stamp); await store.update(id, change, stamp);'],
  ['src/outbox/drain.ts', 'await store.claim(now); await store.settle(id);'],
  ['src/slack/list.ts', 'await store.open(); views.update({}); await Promise.allSettled([]); stamp.settles;'],
])('the store is in reach, in %s: %s', (path, text) => {
  expect(strangersToTheStore(parse(path, text))).toEqual([]);
});

test.each([
  ['src/slack/log.ts', 'export default function log() {}', 'default export'],
  ['src/slack/log.ts', 'const log = 1; export { log as default };', 'default export'],
  ['src/slack/index.ts', "export * from './log.ts'; export { say } from './say.ts';", 'barrel'],
  ['src/slack/all.ts', "import { log } from './log.ts'; export { log };", 'barrel'],
  ['src/slack/utils.ts', 'export const one = 1;', 'named after nothing'],
  ['tests/helpers/world.ts', 'export const one = 1;', 'named after nothing'],
  ['src/incident/types.ts', 'export type One = 1;', 'named after nothing'],
])('names matter, in %s: %s', (path, text, wrong) => {
  expect(namelessThings(parse(path, text))).toEqual([expect.stringContaining(wrong)]);
});

const lines = (count: number) => '  step();\n'.repeat(count);

test('a function of 61 lines is refused and one of 60 is not, whatever its form', () => {
  for (const [open, close] of [
    ['function f() {', '}'],
    ['const f = () => {', '};'],
    ['const f = { g() {', '} };'],
  ]) {
    const source = (count: number) => parse('src/slack/log.ts', `\n${open}\n${lines(count)}${close}`);
    expect(longFunctions(source(58))).toEqual([]);
    expect(longFunctions(source(59))).toEqual([
      'src/slack/log.ts:2 has a function of 61 lines (at most 60): give its parts names.',
    ]);
  }
});

test('a list of short tests may be long, a long test may not', () => {
  const short = `test('a', () => {\n${lines(30)}});\ntest.each([])('b', () => {\n${lines(30)}});\n`;
  expect(longFunctions(parse('tests/a.test.ts', `describe('x', () => {\n${short}});`))).toEqual([]);
  const long = `describe('x', () => {\ntest('a', () => {\n${lines(60)}});\n});`;
  expect(longFunctions(parse('tests/a.test.ts', long))).toHaveLength(1);
  expect(longFunctions(parse('tests/a.test.ts', `function f() {\n${lines(60)}}`))).toHaveLength(1);
});

test('a file that does not parse is named', () => {
  expect(() => parse('src/slack/log.ts', 'const = 1')).toThrow('src/slack/log.ts');
});
