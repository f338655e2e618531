import type { Incident } from '../incident/incident.ts';

export type Unwritten = ReturnType<typeof unwritten>;

/**
 * In a storm one commit changes the same incident many times. Its row is written once, before the commit; until then
 * what it has become stands here, and whoever reads the row asks here first (recall.ts). Changes that move an incident
 * to another place in the lists are written at once: those who look for it there would not find it.
 */
export function unwritten() {
  const newer = new Map<number, Incident>();
  let before: [id: number, incident: Incident | undefined][] = [];

  function note(id: number, incident: Incident | undefined): void {
    before.push([id, newer.get(id)]);
    if (incident) newer.set(id, incident);
    else newer.delete(id);
  }

  return {
    of: (id: number): Incident | undefined => newer.get(id),
    leave: (incident: Incident): void => note(incident.id, incident),
    /** Its row says it all again. */
    written: ({ id }: Incident): void => note(id, undefined),
    /** One change begins. What comes back undoes what that change left here. */
    mark(): () => void {
      before = [];
      return () => {
        for (const [id, incident] of before.splice(0).reverse()) note(id, incident);
      };
    },
    /** All that was left, to be written now. */
    take(): Incident[] {
      const left = [...newer.values()];
      newer.clear();
      return left;
    },
  };
}
