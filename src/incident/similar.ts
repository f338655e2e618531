import type { Incident } from './incident.ts';
import { isOpen } from './incident.ts';

/** What is about to be declared. */
export interface Described {
  title: string;
  service: string | null;
  isTest: boolean;
}

/** Share of the longer title's telling words that both titles must have. */
export const sharedMin = 0.5;
/** Shorter words tell nothing. */
const wordLengthMin = 3;
/** Words of a title that are read. */
const wordsMax = 40;

/** Words that stand in every other title: two incidents that share only these have nothing in common. */
const common = new Set(
  (
    'the and for with are not was were has have had from into our all some many any its this that there ' +
    'down slow broken break error fail failing failed failure issue problem incident outage again ' +
    'prod production user customer service cannot can does work working unavailable high low test'
  ).split(' '),
);

/** What a title is about: lower case, without accents, endings in -s and words that stand in every title. */
export function tellingWords(title: string): Set<string> {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const words = plain.split(/[^\p{L}\p{N}]+/u).slice(0, wordsMax);
  const stems = words.map((word) => word.replace(/(?<=\p{L}{3})s$/u, ''));
  return new Set(stems.filter((word) => word.length >= wordLengthMin && !common.has(word)));
}

/** Clearly about the same thing? At least half of the words of the longer one are in both. */
export function alikeTitles(one: string, other: string): boolean {
  const [ours, theirs] = [tellingWords(one), tellingWords(other)];
  const longer = Math.max(ours.size, theirs.size);
  const shared = [...ours].filter((word) => theirs.has(word)).length;
  return shared > 0 && shared / longer >= sharedMin;
}

/**
 * The open incident that this may be a second report of: one of the same service, or, where either names no service, one
 * whose title is clearly similar. Of several the one of the same service, then the worst, then the latest. `open` holds
 * only what the person who declares may see.
 */
export function similarTo(open: readonly Incident[], described: Described): Incident | null {
  const ranked = open
    .filter((one) => isOpen(one) && one.isTest === described.isTest && one.visibility === 'channel')
    .map((incident) => ({ incident, rank: likeness(incident, described) }))
    .filter(({ rank }) => rank > 0)
    .sort(
      (a, b) => b.rank - a.rank || a.incident.severity - b.incident.severity || b.incident.id - a.incident.id,
    );
  return ranked[0]?.incident ?? null;
}

function likeness(incident: Incident, { title, service }: Described): 0 | 1 | 2 {
  if (service !== null && incident.service !== null) return incident.service === service ? 2 : 0;
  return alikeTitles(incident.title, title) ? 1 : 0;
}
