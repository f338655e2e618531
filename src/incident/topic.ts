import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Incident } from './incident.ts';
import type { Refusal } from './refusal.ts';

/** What a command leads to: facts (none: nothing to record), or a named refusal that changes nothing. */
export type Decision = Fact[] | Refusal;

type Of<Union extends { type: string }, Type extends string> = Extract<Union, { type: Type }>;

/**
 * One subject of incident life, e.g. severity: what may be asked, what then happened, what it changes and who must be
 * told. Three tables, one entry per type; the compiler proves that none is missing. Everything here is pure; `now`
 * and `at` are epoch ms.
 */
export interface Topic<C extends { type: string }, F extends { type: string }> {
  decide: { [Type in C['type']]: (incident: Incident, command: Of<C, Type>, now: number) => Decision };
  evolve: { [Type in F['type']]: (incident: Incident, fact: Of<F, Type>, at: number) => Incident };
  effects: { [Type in F['type']]: (fact: Of<F, Type>, after: Incident, before: Incident) => Effect[] };
}
