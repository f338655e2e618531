import { type Followup, followupsOf } from './followups.ts';
import { type Incident, visibleTo } from './incident.ts';
import { mergedInto } from './merged-into.ts';

/** Where a follow-up was made: it keeps that through every merge, so that it is known again. */
type Origin = NonNullable<Followup['from']>;

const originOf = ({ id }: Incident, { from, n }: Followup): Origin => from ?? { id, n };

/** The same follow-up in another incident. */
const twinIn = (incident: Incident, { id, n }: Origin): Followup | undefined =>
  followupsOf(incident).find((one) => {
    const origin = originOf(incident, one);
    return origin.id === id && origin.n === n;
  });

/** What is still to be done goes along when an incident is merged into another one; what is done stays. */
export const toCarry = (incident: Incident): Followup[] =>
  followupsOf(incident)
    .filter(({ doneAt }) => doneAt === null)
    .map((one) => ({ ...one, from: originOf(incident, one) }));

/**
 * The same as the survivor takes them in: numbered anew, and none that it has already. An owner who may not see it
 * owns nothing in it (as in `add-followup`).
 */
export function received(survivor: Incident, brought: readonly Followup[]): Followup[] {
  const made = survivor.followupsMade ?? 0;
  return brought
    .filter(({ from }) => from && !twinIn(survivor, from))
    .map((one, index) => ({
      ...one,
      n: made + index + 1,
      owner: one.owner !== null && visibleTo(survivor, one.owner) ? one.owner : null,
    }));
}

export function withReceived(survivor: Incident, carried: readonly Followup[]): Incident {
  if (carried.length === 0) return survivor;
  return {
    ...survivor,
    followups: [...followupsOf(survivor), ...carried],
    followupsMade: (survivor.followupsMade ?? 0) + carried.length,
  };
}

/** Without those that came with incident `id`, whose numbers here are `ns`, or that were made in it. */
export function withoutCarried(incident: Incident, id: number, ns: readonly number[] = []): Incident {
  const followups = incident.followups?.filter(({ n, from }) => !ns.includes(n) && from?.id !== id);
  return followups ? { ...incident, followups } : incident;
}

/**
 * Where the follow-ups of a merged incident are: in the one it was merged into, and the one that was merged into, the
 * last one last. Empty: none has taken them in yet. `find`: by number.
 */
export function holdersOf(incident: Incident, find: (id: number) => Incident | null): Incident[] {
  const holders: Incident[] = [];
  let from = incident;
  for (const next of mergedInto(incident, find)) {
    if (!next.absorbed?.some(({ id, followups }) => id === from.id && followups)) break;
    holders.push(next);
    from = next;
  }
  return holders;
}

/** The follow-up of a merged incident as it is now, and where; null: nowhere else. */
export function carriedOn(
  incident: Incident,
  n: number,
  holders: readonly Incident[],
): { incident: Incident; followup: Followup } | null {
  const one = followupsOf(incident).find((own) => own.n === n);
  const last = holders.at(-1);
  const twin = one && last && twinIn(last, originOf(incident, one));
  return twin ? { incident: last, followup: twin } : null;
}

/** The follow-ups of a merged incident as its `holders` give them back: under their own numbers, to their own owners. */
export function givenBack(incident: Incident, holders: readonly Incident[]): Followup[] | undefined {
  const last = holders.at(-1);
  if (!last) return incident.followups;
  return incident.followups?.flatMap((own): Followup[] => {
    if (own.doneAt !== null) return [own];
    const origin = originOf(incident, own);
    // What one of them did on the way was not carried further; what the last one lacks was taken back there.
    const doneBefore = holders.map((one) => twinIn(one, origin)).find((twin) => twin && twin.doneAt !== null);
    const twin = twinIn(last, origin) ?? doneBefore;
    return twin ? [{ ...twin, n: own.n, from: own.from, owner: own.owner }] : [];
  });
}
