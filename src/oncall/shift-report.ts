import type { Fact } from '../incident/facts.ts';

/** What a shift had. `noisy`: the services whose pages these were, the loudest first; null: none was named. */
export interface ShiftReport {
  pages: number;
  outOfHours: number;
  noisy: { service: string | null; pages: number }[];
}

/** What is recorded of one incident. `at` epoch ms. */
export interface ShiftLog {
  service: string | null;
  entries: readonly { at: number; fact: Fact }[];
}

/** Services that are named. */
const noisyMax = 3;

/** Counts who was paged from `from` up to (not including) `until`, epoch ms; a question to who has it already is no page. */
export function shiftReport(
  logs: readonly ShiftLog[],
  { from, until }: { from: number; until: number },
  isWorkingTime: (at: number) => boolean,
): ShiftReport {
  const pages = logs.flatMap(({ service, entries }) =>
    entries.flatMap(({ at, fact }) =>
      at >= from && at < until ? Array.from({ length: pagedIn(fact) }, () => ({ service, at })) : [],
    ),
  );
  const byService = new Map<string | null, number>();
  for (const { service } of pages) byService.set(service, (byService.get(service) ?? 0) + 1);
  return {
    pages: pages.length,
    outOfHours: pages.filter(({ at }) => !isWorkingTime(at)).length,
    noisy: [...byService]
      .map(([service, count]) => ({ service, pages: count }))
      .sort((one, other) => other.pages - one.pages)
      .slice(0, noisyMax),
  };
}

function pagedIn(fact: Fact): number {
  if (fact.type !== 'people-paged' || fact.order.action !== 'page') return 0;
  return fact.order.reason.why === 'still-on-it' ? 0 : fact.people.length + fact.askedInstead.length;
}
