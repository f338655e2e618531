import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sabotage, sabotages } from './sabotages.ts';

/**
 * `node --import tsx tests/proof/sabotage.ts [words]`: breaks one guard after the other, in a copy, and runs the test that
 * has to notice; each test is run first where nothing is broken. Words choose the guards whose names have them. Ends with
 * code 1 where a test stays green, or was red all along.
 */

/** What a copy needs to run one test. */
const parts = ['src', 'tests', 'migrations', 'docs', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-sabotage-'));
  for (const part of parts) cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Whether its test passes in that folder. */
function passes(folder: string, { test, title }: Sabotage): boolean {
  const args = ['vitest', 'run', '--project', 'http', '--reporter=dot', test];
  // Titles are patterns there.
  const named = title === '' ? [] : [`--testNamePattern=${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`];
  const { status, stdout } = spawnSync('npx', [...args, ...named], { cwd: folder, encoding: 'utf8' });
  // A title that nobody has any more is no test.
  const ran = /Tests\s.*\d+ (?:passed|failed)/.test(stdout.replace(/\u001b\[[0-9;]*m/g, ''));
  if (!ran) throw new Error(`${test} has no test "${title}"`);
  return status === 0;
}

function broken(folder: string, { file, text, becomes }: Sabotage): () => void {
  const path = join(folder, file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(text).length !== 2) throw new Error(`${file} has not exactly one "${text}"`);
  writeFileSync(
    path,
    whole.replace(text, () => becomes),
  );
  return () => writeFileSync(path, whole);
}

const words = process.argv.slice(2);
const chosen = sabotages.filter(
  ({ guard }) => words.length === 0 || words.some((word) => guard.includes(word)),
);
const folder = copy();
let green = 0;
const sound = new Set<string>();
try {
  for (const one of chosen) {
    const named = `${one.test} ${one.title}`;
    if (!sound.has(named) && !passes(folder, one)) throw new Error(`${named} fails where nothing is broken`);
    sound.add(named);
  }
  for (const one of chosen) {
    const mend = broken(folder, one);
    const noticed = !passes(folder, one);
    mend();
    green += noticed ? 0 : 1;
    console.log(`${noticed ? 'red  ' : 'GREEN'} ${one.guard}: ${one.test}${one.title && `, "${one.title}"`}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${chosen.length} guards broken, ${chosen.length - green} noticed`);
process.exitCode = green === 0 ? 0 : 1;
