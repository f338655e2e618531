import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Proof } from './proved.ts';

/**
 * `npm run proof`: what the README promises, tried, and a table of what was seen. `--short` tries less of it (under five
 * minutes), `--seed` something else, `--write` puts the table into the README; names of files choose some of the tests.
 * `--into` keeps the lines in a file, beside those of parts that ran before: the table is of all of them.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string' },
    write: { type: 'boolean', default: false },
    into: { type: 'string' },
  },
});

type Line = Proof & { seed: number };

const goals: Readonly<Record<number, string>> = {
  1: 'Nothing lost, simulated',
  2: 'Nothing lost, really killed',
  3: 'Slack away',
  4: 'A page never waits',
  5: 'Storm',
  6: 'Model',
  7: 'Time',
  8: 'Security',
  9: 'Storage',
  10: 'Size and age',
};

const folder = mkdtempSync(join(tmpdir(), 'tocsin-proof-'));
const file = values.into ?? join(folder, 'lines.jsonl');
const name = values.short ? 'short' : 'full';
const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'proof*', ...positionals], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PROOF_PROFILE: name,
    PROOF_LINES: file,
    ...(values.seed !== undefined && { SEED: values.seed }),
  },
});
const lines = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
  : [];
rmSync(folder, { recursive: true, force: true });
const table = tableOf(lines);
console.log(`\n${table}\n`);
if (values.write) writeIntoReadme(table);
process.exitCode = status === 0 && lines.length > 0 ? 0 : 1;

function tableOf(all: Line[]): string {
  const sorted = all.toSorted((a, b) => a.goal - b.goal || a.tried.localeCompare(b.tried));
  const day = new Date().toISOString().slice(0, 10);
  const seeds = [...new Set(all.map(({ seed }) => seed))].join(', ');
  const rows = sorted.map(
    ({ goal, tried, seen, bar, holds, inTime }) =>
      `| ${goal} ${goals[goal]} | ${tried} | ${seen} | ${bar} | ${holds && inTime !== false ? 'holds' : '**missed**'} |`,
  );
  return [
    `${name} profile, ${day}, seed ${seeds}`,
    '',
    '| goal | tried | seen | bar | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** Between the two marks in the README. */
function writeIntoReadme(words: string): void {
  const readme = readFileSync('README.md', 'utf8');
  const marked = /(<!-- proof -->\n)[\s\S]*?(\n<!-- \/proof -->)/;
  if (!marked.test(readme)) throw new Error('README.md has no place for the table (<!-- proof -->)');
  writeFileSync(
    'README.md',
    readme.replace(marked, (_all, begin, end) => `${begin}\n${words}\n${end}`),
  );
}
