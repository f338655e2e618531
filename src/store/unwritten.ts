import type { Incident } from '../incident/incident.ts';

/** `dueAt`: when the clock must look at it next, epoch ms, worked out by the change that left it. */
interface Left {
  incident: Incident;
  dueAt: number | null;
}

export type Unwritten = ReturnType<typeof unwritten>;

/**
 * In a storm one commit changes the same incident many times. Its row is written once, before the commit; until then
 * what it has become stands here, and whoever reads the row asks here first (recall.ts). Changes that move an incident
 * to another place in the lists are written at once: those who look for it there would not find it.
 */
export function unwritten() {
  const newer = new Map<number, Left>();
  let before: [id: number, left: Left | undefined][] = [];

  function note(id: number, left: Left | undefined): void {
    before.push([id, newer.get(id)]);
    if (left) newer.set(id, left);
    else newer.delete(id);
  }

  return {
    of: (id: number): Incident | undefined => newer.get(id)?.incident,
    leave: (left: Left): void => note(left.incident.id, left),
    /** Its row says it all again. */
    written: ({ id }: Incident): void => note(id, undefined),
    /** One change begins. What comes back undoes what that change left here. */
    mark(): () => void {
      before = [];
      return () => {
        for (const [id, left] of before.splice(0).reverse()) note(id, left);
      };
    },
    /** All that was left, to be written now. */
    take(): Left[] {
      const left = [...newer.values()];
      newer.clear();
      return left;
    },
  };
}
