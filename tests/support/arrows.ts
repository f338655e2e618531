import { posix } from 'node:path';
import { type Import, imports, type Source } from './source.ts';

/**
 * Imports point one way: main -> app -> edges {slack, pagerduty, web, outbox} -> engine -> store.ts -> incident.
 * A row lists what a layer may import besides itself; `(types)` means with `import type` only. Edges never import
 * each other, nothing imports sandbox, and nothing imports an entry point.
 */
const arrows: Record<string, string> = {
  main: 'command-line, app, steady-clock, beat, people, slack-message, engine, slack, pagerduty, web, outbox, store, store.ts, config, blocks, oncall, postmortem, incident, clock',
  app: 'storage, watching, watch (types), silence, steady-clock, pagerduty-line, people, roll-call, rush, hearing, voice, slack-message, engine, slack, pagerduty, web, outbox, outbox plans, store, store.ts, config, blocks, oncall, postmortem, incident, clock',
  hearing:
    'people, rush (types), voice (types), engine, slack, pagerduty, web (types), outbox plans, store.ts (types), config (types), incident, clock (types)',
  'pagerduty-line':
    'voice (types), pagerduty, outbox, outbox plans (types), store.ts (types), config (types), incident, clock (types)',
  'roll-call': 'outbox, oncall (types), config (types), clock (types)',
  silence: 'engine (types), voice (types), store.ts (types), clock (types)',
  watching: 'hearing (types), voice (types), watch',
  watch: 'audit, seldom, store.ts (types), incident, clock (types)',
  audit: 'store.ts (types), incident',
  storage: 'command-line, voice (types), store.ts, clock (types)',
  voice: 'engine, slack, outbox, outbox plans, store.ts (types), config (types), incident, clock (types)',
  slack:
    'people, slack-message, slack-reaction, engine, store.ts, blocks, oncall, postmortem, config (types), incident, clock',
  pagerduty: 'seldom, engine, store.ts, blocks, oncall, postmortem, config (types), incident, clock',
  web: 'seldom, engine, store.ts, blocks, oncall, postmortem, config (types), incident, clock',
  outbox:
    'turns, outbox plans, people, slack-message, slack-reaction, engine, store.ts, blocks, oncall, postmortem, config (types), incident, clock',
  'outbox plans': 'incident, oncall, store.ts (types)',
  engine: 'store.ts, config (types), oncall, incident, clock',
  people: 'turns, store.ts (types), clock',
  rush: 'turns, clock (types)',
  turns: '',
  'slack-message': 'incident (types)',
  'slack-reaction': 'people (types), slack-message (types), store.ts (types), blocks, incident',
  store: 'command-line, store.ts, oncall, incident',
  'store.ts': 'oncall (types), incident',
  'config check': 'command-line, config, oncall, incident',
  backup: 'command-line, config, store',
  restore: 'command-line, config, store',
  'command-line': '',
  config: 'oncall, incident',
  blocks: 'postmortem (types), config (types), oncall, incident',
  postmortem: 'blocks (types), oncall, incident',
  oncall: 'incident (types)',
  incident: 'oncall',
  beat: 'clock (types)',
  'steady-clock': 'clock (types)',
  clock: '',
  seldom: '',
};

/** The few imports that go against the table, each with its reason. An exception that nothing uses any more fails. */
const arrowExceptions: readonly { from: string; to: string; reason: string }[] = [];

/** Files that are a layer of their own, though they live in another one's folder. */
const apart: Record<string, string> = {
  'src/store/store.ts': 'store.ts',
  'src/outbox/lanes.ts': 'outbox plans',
  'src/outbox/retry.ts': 'outbox plans',
  'src/outbox/reconcile.ts': 'outbox plans',
  'src/config/check.ts': 'config check',
  'src/desk-engine.ts': 'engine',
  'src/mending.ts': 'engine',
  'src/watch/audit.ts': 'audit',
};

/** `src/slack/declare.ts` is in `slack`, `src/engine.ts` in `engine`. Null: the table does not know the place. */
export function layerOf(path: string): string | null {
  const name = apart[path] ?? path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
  return name === 'sandbox' || Object.hasOwn(arrows, name) ? name : null;
}

/** One sentence for each import of a `src` file that goes against the arrows. */
export function wrongArrows(source: Source, exceptions = arrowExceptions): string[] {
  const layer = layerOf(source.path);
  if (layer === null) {
    return [`${source.path} is in no layer: move it into one, or give it a row in tests/support/arrows.ts.`];
  }
  if (layer === 'sandbox') return [];
  return imports(source).flatMap((one) => {
    const to = targetOf(source, one);
    if (to === null) return [];
    const excepted = exceptions.some((row) => row.from === source.path && row.to === to && one.typeOnly);
    const wrong = excepted ? null : whyNot(layer, to, one.typeOnly);
    return wrong ? [`${source.path}:${one.line} imports ${to}: ${wrong}`] : [];
  });
}

/** Exceptions whose import is gone. */
export function staleExceptions(sources: readonly Source[], exceptions = arrowExceptions): string[] {
  return exceptions
    .filter((row) => {
      const from = sources.find((source) => source.path === row.from);
      return !from || !imports(from).some((one) => targetOf(from, one) === row.to);
    })
    .map(
      (row) => `${row.from} no longer imports ${row.to}: take the exception out of tests/support/arrows.ts.`,
    );
}

function targetOf(source: Source, { specifier }: Import): string | null {
  if (specifier === '?') return 'a computed path';
  return specifier.startsWith('.') ? posix.join(posix.dirname(source.path), specifier) : null;
}

function whyNot(layer: string, to: string, typeOnly: boolean): string | null {
  if (to === 'a computed path') return 'nobody can check that; write the path as a string.';
  const target = layerOf(to);
  if (target === layer) return null;
  if (target === null) return 'that is outside the layers of src; move what is needed into one of them.';
  if (target === 'sandbox')
    return 'nothing imports the sandbox; inject what it offers from sandbox/start.ts.';
  const allowed = (arrows[layer] ?? '').split(', ');
  if (allowed.includes(target)) return null;
  if (!allowed.includes(`${target} (types)`)) {
    return `${layer} may import ${arrows[layer] || 'nothing outside itself'}; take it as an argument instead, or move the shared part down.`;
  }
  return typeOnly ? null : `${layer} may import only types from ${target}; use import type.`;
}
