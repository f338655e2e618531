import { incidentConfigOf } from './environment.ts';
import { loadIncidentFile } from './load.ts';
import { formatProblems } from './problem.ts';
import { readFileIfPresent } from './read-file.ts';
import { summarize } from './summary.ts';

/**
 * `npm run config:check`: reads `incident.yml` (INCIDENT_CONFIG, or the path given as argument) and says what is
 * wrong with it, or what it means. Needs no other variable, so that it can run before a merge.
 */
function main(): void {
  const [given] = process.argv.slice(2);
  const source = given === undefined ? incidentConfigOf(process.env) : { path: given, required: true };
  const { config, problems } = loadIncidentFile(source, readFileIfPresent);
  if (config === null) {
    process.stderr.write(`${formatProblems(problems)}\n`);
    process.exitCode = 1;
    return;
  }
  const found = readFileIfPresent(source.path) !== null;
  process.stdout.write(
    `${found ? `${source.path.replace(/^\.\//, '')} is fine` : `no ${source.path}: the defaults are in force`}\n`,
  );
  process.stdout.write(`${summarize(config, Date.now())}\n`);
}

main();
