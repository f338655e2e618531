import { isBuiltin } from 'node:module';
import type { Node } from 'oxc-parser';
import { layerOf } from './arrows.ts';
import { globalUses } from './globals.ts';
import { chain, imports, lineAt, type Place, places, type Source } from './source.ts';

/** Decide, plan and render: no clock, no randomness, no environment, no I/O. `now` is an argument. */
const pureLayers: readonly string[] = ['audit', 'incident', 'oncall', 'postmortem', 'blocks', 'outbox plans'];

/** The packages a pure layer may import; `(types)` means with `import type` only. A layer without a row: none. */
const purePackages: Record<string, readonly string[]> = {
  oncall: ['temporal-polyfill'],
  blocks: ['@slack/types (types)'],
};

/** Nobody reads these by themselves: tests and replays set the time. */
const realClock = [
  'Date.now',
  'Date()',
  'new Date()',
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
];
const environment = ['process', 'globalThis', 'global'];

/** What a pure layer does not use on top of those. */
const sideEffects = [
  'Math.random',
  'Math',
  'Temporal.Now',
  'console',
  'fetch',
  'crypto',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'AbortSignal',
  'require',
];

/** A name of the list stands for itself and, where it is no `Date` or `Math`, for all that hangs on it. */
function listed(name: string, list: readonly string[]): boolean {
  const base = name.replace(/^new /, '').split(/[.(]/)[0] ?? '';
  return list.includes(name) || (!['Date', 'Math'].includes(base) && list.includes(base));
}

interface Excuse {
  path: string;
  uses: 'everything' | readonly string[];
  reason: string;
}

/**
 * Who may touch the process, the real clock, timers or a module that its layer may not, and why. A path that ends in
 * `/` means everything below it.
 */
const mayTouchTheWorld: readonly Excuse[] = [
  { path: 'src/main.ts', uses: 'everything', reason: 'the process: environment, signals, the real clock' },
  { path: 'src/config/check.ts', uses: 'everything', reason: 'a command line of its own' },
  { path: 'src/backup.ts', uses: 'everything', reason: 'a command line of its own' },
  { path: 'src/restore.ts', uses: 'everything', reason: 'a command line of its own' },
  {
    path: 'src/store/examine.ts',
    uses: ['node:module', 'node:worker_threads'],
    reason: 'a copy is checked in a thread of its own, so that nobody waits for it',
  },
  {
    path: 'src/sandbox/',
    uses: 'everything',
    reason: 'the second composition root, left out of the build',
  },
  {
    path: 'src/store/group.ts',
    uses: ['setImmediate()', 'performance.now'],
    reason: 'the group commit ends with the turn of the event loop, a later one where the disk is slow',
  },
  {
    path: 'src/turns.ts',
    uses: ['setImmediate()'],
    reason: 'turns of the event loop are an order, not a time',
  },
  {
    path: 'src/config/read-file.ts',
    uses: ['node:fs'],
    reason: 'the one reader that both entry points inject into loadConfig',
  },
];

/** The modules of Node that a layer may import. `*`: any. A layer without a row: none. */
const builtIns: Record<string, readonly string[]> = {
  main: ['*'],
  'config check': ['*'],
  backup: ['*'],
  restore: ['*'],
  sandbox: ['*'],
  app: ['node:http'],
  slack: ['node:crypto', 'node:http'],
  pagerduty: ['node:crypto', 'node:http'],
  web: ['node:crypto', 'node:http'],
  outbox: ['node:crypto', 'node:http'],
  store: ['node:fs', 'node:fs/promises', 'node:path', 'node:url', 'node:crypto'],
};

/** One sentence for each thing in a pure layer that could give two answers to the same question. */
export function impurities(source: Source): string[] {
  const layer = layerOf(source.path) ?? '';
  if (!pureLayers.includes(layer)) return [];
  const packages = purePackages[layer] ?? [];
  const outside = imports(source)
    .filter((one) => !/^[.?]/.test(one.specifier) && !isBuiltin(one.specifier))
    .filter((one) => !packages.includes(one.specifier))
    .filter((one) => !(one.typeOnly && packages.includes(`${one.specifier} (types)`)))
    .map(
      (one) => `${source.path}:${one.line} imports ${one.specifier}: ${layer} is pure; its caller does that.`,
    );
  const used = [...globalUses(source), ...temporalNow(source)]
    .filter((use) => listed(use.name, [...realClock, ...environment, ...sideEffects]))
    .map(
      (use) =>
        `${source.path}:${use.line} uses ${use.name}: ${layer} is pure; take it as an argument (now: number).`,
    );
  return [...outside, ...used];
}

/** temporal-polyfill's Temporal is an import, so not a global, and still it knows the time. */
function temporalNow(source: Source): { name: string; line: number }[] {
  return places(source)
    .filter(({ node }) => node.type === 'MemberExpression' && chain(node).join('.') === 'Temporal.Now')
    .map(({ node }) => ({ name: 'Temporal.Now', line: lineAt(source, node.start) }));
}

/** One sentence for each touch of the process, the real clock, timers or a module of Node by who may not. */
export function worldlyTouches(source: Source): string[] {
  const layer = layerOf(source.path) ?? '';
  const excused = mayTouchTheWorld.find((row) =>
    row.path.endsWith('/') ? source.path.startsWith(row.path) : source.path === row.path,
  )?.uses;
  const touches = globalUses(source)
    .filter((use) => listed(use.name, [...realClock, ...environment]))
    .filter((use) => excused !== 'everything' && !excused?.includes(use.name))
    .map(
      (use) =>
        `${source.path}:${use.line} uses ${use.name}: only main.ts does; take a Clock or the value as an argument.`,
    );
  const modules = builtIns[layer] ?? [];
  const imported = imports(source)
    .filter((one) => isBuiltin(one.specifier) && !modules.includes('*') && !modules.includes(one.specifier))
    .filter((one) => excused !== 'everything' && !excused?.includes(one.specifier))
    .map((one) => {
      const allowed = modules.join(', ') || 'no module of Node';
      return `${source.path}:${one.line} imports ${one.specifier}: ${layer} may import ${allowed}; take it as an argument.`;
    });
  return [...touches, ...imported];
}

/** Only engine writes incidents, only outbox claims and settles; the store itself and the sandbox are not asked. */
export function strangersToTheStore(source: Source): string[] {
  const layer = layerOf(source.path) ?? '';
  if (layer === 'sandbox' || layer.startsWith('store')) return [];
  return places(source)
    .flatMap(storeMethods)
    .filter(({ method }) => layer !== 'engine' || !/^(create|update|updateDesk)$/.test(method))
    .filter(({ method }) => layer !== 'outbox' || !/^(claim|settle)/.test(method))
    .map(({ method, node }) => {
      const owner = /^(create|update|updateDesk)$/.test(method) ? 'engine.ts' : 'the outbox';
      return `${source.path}:${lineAt(source, node.start)} takes ${method} from the store: only ${owner} does; hand the engine a command.`;
    });
}

/** `store.create`, `deps.store.update`, `const { create } = store`, and `claim…` or `settle…` of anything. */
function storeMethods({ node }: Place): { method: string; node: Node }[] {
  if (node.type === 'MemberExpression') {
    const names = chain(node);
    const [owner, method] = [names.at(-2) ?? '', names.at(-1) ?? ''];
    const writes = /^(create|update|updateDesk)$/.test(method) && /store$/i.test(owner);
    return writes || /^(claim|settle)(?![a-z])/.test(method) ? [{ method, node }] : [];
  }
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'ObjectPattern' || !node.init) return [];
  if (!/store$/i.test(chain(node.init).at(-1) ?? '')) return [];
  return node.id.properties
    .flatMap((one) => (one.type === 'Property' && one.key.type === 'Identifier' ? [one.key.name] : []))
    .filter((method) => /^(create|update|updateDesk)$|^(claim|settle)/.test(method))
    .map((method) => ({ method, node }));
}
