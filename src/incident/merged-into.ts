import type { Incident } from './incident.ts';

/** Incidents that were merged one into the other, followed to the one that goes on. */
const mergesMax = 20;

/** Where a merged incident goes on: the one it was merged into, the one that was merged into, and so on, the last one last. */
export function mergedInto(incident: Incident, find: (id: number) => Incident | null): Incident[] {
  const chain: Incident[] = [];
  let at: Incident | null = incident;
  while (at?.mergedInto !== undefined && chain.length < mergesMax) {
    at = find(at.mergedInto);
    if (at) chain.push(at);
  }
  return chain;
}

/** The incident itself, or the last one that it was merged into. */
export const goingOn = (incident: Incident, find: (id: number) => Incident | null): Incident =>
  mergedInto(incident, find).at(-1) ?? incident;
