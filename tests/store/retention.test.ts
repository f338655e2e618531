import { expect, test } from 'vitest';
import { outlived, stampedAt, stampOf } from '../../src/store/retention.ts';

const quarterMs = 900_000;
const dayMs = 86_400_000;
const t0 = Date.UTC(2026, 2, 2);
const copyAt = (at: number, bytes = 10) => ({ name: `scheduled-${stampOf(at)}.db`, at, bytes });

/** What is kept when a copy was made every `everyMs` until now. */
function keptAfter(days: number, everyMs: number, now: number) {
  let copies: ReturnType<typeof copyAt>[] = [];
  for (let at = now - days * dayMs; at <= now; at += everyMs) {
    copies.push(copyAt(at));
    const gone = new Set(outlived(copies));
    copies = copies.filter((copy) => !gone.has(copy));
  }
  return copies;
}

test('of forty days, a day of every quarter of an hour is kept, and the last of each of thirty days', () => {
  const now = t0 + dayMs / 2;
  const kept = keptAfter(40, quarterMs, now);
  const latest = kept.filter(({ at }) => at > now - dayMs);
  expect(latest).toHaveLength(96);
  const days = new Set(kept.map(({ at }) => Math.floor(at / dayMs)));
  expect(days.size).toBe(30);
  const lastOfTheirDay = kept.filter(({ at }) => at <= now - dayMs).map(({ at }) => dayMs - (at % dayMs));
  expect(new Set(lastOfTheirDay)).toEqual(new Set([quarterMs]));
});

test('copies of an earlier version, one an hour, age like the others', () => {
  const hourly = Array.from({ length: 24 }, (_, n) => ({
    ...copyAt(t0 + n * 3_600_000),
    name: `hourly-${stampOf(t0 + n * 3_600_000)}.db`,
  }));
  const ours = Array.from({ length: 96 }, (_, n) => copyAt(t0 + dayMs + n * quarterMs));
  const gone = outlived([...hourly, ...ours]).map(({ name }) => name);
  expect(gone).toEqual(hourly.slice(0, -1).map(({ name }) => name));
});

test('together they stay within their bytes: those between the days go first, and two stay whatever their size', () => {
  const copies = [0, 1, 2].flatMap((day) =>
    [0, 1, 2].map((n) => copyAt(t0 + day * dayMs + n * quarterMs, 100)),
  );
  const left = (bytes: number) => copies.filter((copy) => !outlived(copies, bytes).includes(copy));
  const names = (of: { at: number }[]) =>
    of.map(({ at }) => `${Math.floor((at - t0) / dayMs)}.${(at % dayMs) / quarterMs}`);
  expect(names(left(900))).toHaveLength(9);
  expect(names(left(500))).toEqual(['0.2', '1.2', '2.0', '2.1', '2.2']);
  expect(names(left(300))).toEqual(['1.2', '2.1', '2.2']);
  expect(names(left(0))).toEqual(['2.1', '2.2']);
});

test('a stamp can be read back, and what has none is nobody of the schedule', () => {
  expect(stampedAt(`scheduled-${stampOf(t0 + 1_234)}.db`)).toBe(t0 + 1_234);
  expect(stampedAt('tocsin.db')).toBeNull();
});
