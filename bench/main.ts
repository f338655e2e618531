import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { acknowledgements, burstOfDeclares } from './acknowledged.ts';
import { build } from './bot.ts';
import { cards } from './card.ts';
import { draft } from './draft.ts';
import { type Figure, isMet, table } from './figure.ts';
import { intake } from './intake.ts';
import { page } from './page.ts';
import { paging } from './paging.ts';
import { start } from './start.ts';
import { storm } from './storm.ts';
import { tick } from './tick.ts';

/**
 * `npm run bench`: the speed Tocsin promises, measured. What is measured is the production build in a process of its
 * own, with the sandbox's Slack in another and the load in this one, on loopback. `--only <name>` (repeatable) runs
 * some of it, `--json` prints the figures as JSON, `--no-build` measures what lies in `dist/` already. A missed bar is said, and is no failure: it depends on the machine.
 */
const parts: Record<string, () => Promise<Figure[]>> = {
  start,
  card: cards,
  acknowledged: acknowledgements,
  burst: burstOfDeclares,
  storm,
  intake,
  draft,
  tick,
  paging,
  page,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'boolean' },
    'no-build': { type: 'boolean' },
  },
});
const names = values.only ?? Object.keys(parts);
const unknown = names.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(1);
}

if (!values['no-build']) build();
/** Milliseconds say something on a machine that does nothing else; ratios hold longer. */
const loadBefore = loadavg()[0]! / availableParallelism();
const loadMax = 0.5;
const figures: Figure[] = [];
for (const name of names) {
  console.error(`measuring ${name} …`);
  figures.push(...(await parts[name]!()));
}
if (values.json) {
  console.log(
    JSON.stringify(
      figures.map((figure) => ({ ...figure, met: isMet(figure) })),
      null,
      2,
    ),
  );
} else console.log(table(figures));
if (loadBefore > loadMax) {
  console.error(
    `This machine was busy before (load ${loadBefore.toFixed(1)} per core): the ms are too high.`,
  );
}
