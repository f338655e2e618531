/** How many slips of the finger a suggestion may be away: one in three letters, three at most. */
const slipsMax = 3;
const lettersPerSlip = 3;
/** Longer words are not compared: nobody mistypes 64 letters, and the cost grows with the square. */
const wordLengthMax = 64;

/** From this many letters on, the beginning of a candidate is taken for the candidate. */
const prefixLettersMin = 3;

/**
 * The candidate that `word` most likely meant, or null when none is close. Case does not matter; of equally
 * close candidates the first wins. Distance counts inserted, dropped, changed and swapped letters; a word in which
 * every letter would change is not close. Failing that, the candidate that begins with `word`.
 */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | null {
  const typed = word.trim().toLowerCase();
  if (typed === '' || typed.length > wordLengthMax) return null;
  let best: T | null = null;
  const slipsAllowed = Math.min(slipsMax, Math.max(1, Math.floor(typed.length / lettersPerSlip)));
  let bestSlips = Math.min(slipsAllowed + 1, typed.length);
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - typed.length) >= bestSlips) continue;
    const slips = distance(typed, candidate.toLowerCase());
    if (slips < bestSlips) [best, bestSlips] = [candidate, slips];
  }
  if (best !== null || typed.length < prefixLettersMin) return best;
  return candidates.find((candidate) => candidate.toLowerCase().startsWith(typed)) ?? null;
}

/** Edit distance with swaps of neighbours counted once (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const changed = a[row - 1] === b[column - 1] ? 0 : 1;
      let slips = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + changed);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) slips = Math.min(slips, beforeLast[column - 2]! + 1);
      current.push(slips);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length]!;
}
