import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

/** What happens to a machine, and to the incidents on it. Times in ms; `on`: which incident is meant, counted from 0. */
export type Happening =
  | { does: 'declare'; severity: 1 | 2 }
  | { does: 'acknowledge'; on: number }
  /** Of the beats of the clock one in ten comes, where it is lossy. */
  | { does: 'wait'; forMs: number; isLossy: boolean }
  | { does: 'set the clock'; byMs: number }
  | { does: 'sleep'; forMs: number }
  /** The process ends and comes back so much later; it takes the machine's time then, unless that is behind. */
  | { does: 'restart'; awayMs: number };

export interface ClockScript {
  /** Epoch ms. */
  startAt: number;
  /** Where the on-call rotation lives, with a handover every day at this time of the wall clock. */
  timeZone: string;
  handoverAt: string;
  happenings: Happening[];
  /** Which beats are lost. */
  dice: number;
}

/** Zones whose clocks change: by an hour, by half an hour, at midnight, in the north and in the south. */
export const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
] as const;

/** Every change of the clocks of these zones from 2025 to 2030, epoch ms. */
export const changes: readonly { timeZone: string; at: number }[] = zones.flatMap((timeZone) => {
  const found: { timeZone: string; at: number }[] = [];
  const endAt = Date.UTC(2031, 0, 1);
  let at = Temporal.Instant.from('2025-01-01T00:00Z').toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds >= endAt) return found;
    found.push({ timeZone, at: next.epochMilliseconds });
    at = next;
  }
});

export const handoverTimes = ['00:30', '02:00', '02:30', '03:00', '09:00'] as const;

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];
const span = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min / second, max: max / second }).map((seconds) => seconds * second);
const eitherWay = (ms: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.tuple(ms, fc.boolean()).map(([by, isBack]) => (isBack ? -by : by));

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('declare' as const), severity: fc.constantFrom(1, 2) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('acknowledge' as const), on: fc.nat(1) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      forMs: fc.oneof(span(second, 10 * minute), span(10 * minute, hour)),
      isLossy: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('set the clock' as const),
      byMs: eitherWay(fc.oneof(fc.constantFrom(hour, day, 30 * day), span(hour, 30 * day))),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('sleep' as const),
      forMs: fc.oneof(span(second, 10 * minute), span(10 * minute, 12 * hour)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('restart' as const), awayMs: span(second, 30 * minute) }),
  },
);

/** A machine's evening: an incident, up to a dozen things that happen, and some time in which nothing does. */
export const clockScript: fc.Arbitrary<ClockScript> = fc
  .record({
    change: fc.constantFrom(...changes),
    beforeMs: span(0, 12 * hour),
    handoverAt: fc.constantFrom(...handoverTimes),
    severity: fc.constantFrom<1 | 2>(1, 2),
    happenings: fc.array(happening, { minLength: 2, maxLength: 12, size: 'max' }),
    dice: fc.nat(2 ** 31),
  })
  .map(({ change, beforeMs, handoverAt, severity, happenings, dice }) => ({
    startAt: change.at - beforeMs,
    timeZone: change.timeZone,
    handoverAt,
    happenings: [
      { does: 'declare', severity },
      ...happenings,
      { does: 'wait', forMs: 2 * minute, isLossy: false },
    ],
    dice,
  }));
