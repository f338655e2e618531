import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sabotages } from './proof/sabotages.ts';

/** `tests/flows/faults.test.ts: "title"`, as the table names a test. */
const named = /`(tests\/[\w./-]+): "([^`]+)"`/g;

const document = readFileSync('docs/fault-matrix.md', 'utf8');
const rows = document.split('\n').filter((line) => line.startsWith('| ') && !/^\| (fault|---) /.test(line));

/** Titles are written in either kind of quotes; an apostrophe may be escaped. */
function holds(file: string, title: string): boolean {
  if (!existsSync(file)) return false;
  const source = readFileSync(file, 'utf8').replaceAll("\\'", "'");
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));
}

test('every test that the fault matrix names is there, under that title', () => {
  const tests = [...document.matchAll(named)].map(([, file = '', title = '']) => ({ file, title }));
  expect(tests.length).toBeGreaterThan(50);
  expect(tests.filter(({ file, title }) => !holds(file, title))).toEqual([]);
});

test('every row of the fault matrix names its test', () => {
  expect(rows.length).toBeGreaterThan(45);
  expect(rows.filter((row) => !/`tests\/[\w./-]+: "/.test(row))).toEqual([]);
});

test('every guard that can be broken on purpose is still where the sabotage breaks it', () => {
  const gone = sabotages.filter(({ file, text }) => readFileSync(file, 'utf8').split(text).length !== 2);
  expect(gone.map(({ guard }) => guard)).toEqual([]);
});
