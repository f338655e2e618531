import { person } from '../../../src/incident/by.ts';
import { evolve } from '../../../src/incident/decide.ts';
import { begin, declare } from '../../../src/incident/declaring.ts';
import type { Effect, Lane } from '../../../src/incident/effects.ts';
import type { Fact } from '../../../src/incident/facts.ts';
import type { Incident } from '../../../src/incident/incident.ts';
import type { Refusal } from '../../../src/incident/refusal.ts';
import type { Change, OutboxRow, Store } from '../../../src/store/store.ts';
import { defaultPolicy } from '../../support/policy.ts';

/** Opens a store of its own for one test; `again` closes it and opens the same data, as a restart does. */
export type OpenStore = () => Promise<{ store: Store; again: () => Promise<Store> }>;

export const t0 = Date.UTC(2026, 2, 2, 2, 0);
export const graceMs: Record<Lane, number> = {
  page: 0,
  channel: 10_000,
  furnishing: 10_000,
  announcement: 60_000,
  chatter: 60_000,
  pagerduty: 1_000,
  'pagerduty-remarks': 10_000,
};
export const allLanes = Object.keys(graceMs) as Lane[];
export const no: Refusal = { refused: 'not-acknowledged' };
export const nobody = {
  alert: null,
  service: null,
  machinesSince: 0,
  resolvedSince: Number.MAX_SAFE_INTEGER,
};

export const alertFact = (id: string): Fact =>
  ({ type: 'alert-attached', by: person('ana'), alert: { id, title: id } }) as unknown as Fact;
export const noteFact = (text: string, happenedAt?: number): Fact =>
  ({ type: 'effect-failed', kind: 'card', error: text, happenedAt }) as unknown as Fact;

/** An incident as Ana declares it at `at`. */
export function born(id: number, at: number, effects: Effect[] = []): Change {
  const facts = declare(
    id,
    {
      type: 'declare',
      by: person('ana'),
      title: 'Checkout is down',
      severity: 1,
      severityReason: 'set when declared',
      provisional: false,
      service: 'payments',
      visibility: 'channel',
      policy: defaultPolicy,
    },
    at,
  );
  const [first] = facts;
  if (first?.type !== 'declared') throw new Error('an incident begins with being declared');
  return { facts, incident: facts.reduce((one, fact) => evolve(one, fact, at), begin(first, at)), effects };
}

export async function declared(store: Store, effects: Effect[] = [], at = t0, cause = `declare:${at}`) {
  const made = await store.create(({ id }) => born(id, at, effects), { at, cause }, nobody);
  if (made.outcome !== 'committed') throw new Error(`not committed: ${made.outcome}`);
  return made.incident;
}

export const adding =
  (fact: Fact, ...effects: Effect[]) =>
  (incident: Incident): Change => ({ facts: [fact], incident, effects });

/** The incident as it becomes, whatever led to it. */
export const put = (store: Store, id: number, more: Partial<Incident>) =>
  store.update(
    id,
    (incident) => ({ facts: [noteFact('x')], incident: { ...incident, ...more }, effects: [] }),
    { at: t0, cause: `put:${id}:${JSON.stringify(more)}` },
  );

export const say = (text: string): Effect => ({ kind: 'say', about: noteFact(text) });
export const kinds = (rows: OutboxRow[]): string[] => rows.map((row) => row.effect.kind);

export type It = (title: string, run: (store: Store, again: () => Promise<Store>) => Promise<void>) => void;
