import { commandFor, wordsTyped } from '../command-line.ts';
import { type IncidentConfig, incidentConfigOf } from './environment.ts';
import { locate } from './incident-file.ts';
import { loadIncidentFile } from './load.ts';
import { formatProblems } from './problem.ts';
import { checkReach } from './reach.ts';
import { checkPagerDutyAlone } from './reach-pagerduty.ts';
import { readFileIfPresent } from './read-file.ts';
import { summarize } from './summary.ts';

const usage = `Usage: ${commandFor('config:check')}
         checks ./incident.yml, or the file that INCIDENT_CONFIG names, and says what it means
       ${commandFor('config:check', '<file>')}
         checks that file`;

/**
 * `npm run config:check`: reads `incident.yml` (INCIDENT_CONFIG, or the path given as argument) and says what is
 * wrong with it, which steps of the escalation reach nobody, and what it means. Needs no other variable, so that it can
 * run before a merge.
 */
function main(): void {
  const words = wordsTyped(process, 1, usage);
  if (words === null) return;
  const [given] = words;
  const source: IncidentConfig =
    given === undefined ? incidentConfigOf(process.env) : { path: given, from: 'argument' };
  const { config, problems } = loadIncidentFile(source, readFileIfPresent);
  if (config === null) {
    process.stderr.write(`${formatProblems(problems)}\n`);
    process.exitCode = 1;
    return;
  }
  const now = Date.now();
  const text = readFileIfPresent(source.path);
  const found = [...checkReach(config, now), ...checkPagerDutyAlone(config, now)];
  const holes = text === null ? [] : locate(found, text);
  if (holes.length > 0) {
    process.stderr.write(`${formatProblems(holes)}\n`);
    process.exitCode = 1;
  }
  const name = source.path.replace(/^\.\//, '');
  const verdict = holes.length > 0 ? 'can be used, but see above' : 'is fine: every step reaches somebody';
  process.stdout.write(
    `${text === null ? `no ${source.path}: the defaults are in force, and nobody is configured` : `${name} ${verdict}`}\n`,
  );
  process.stdout.write(`${summarize(config, now)}\n`);
}

main();
