import fc from 'fast-check';

export const people = ['ana', 'bea', 'cai', 'dan', 'eve', 'finn', 'gus', 'hal', 'ida'] as const;
export type Who = (typeof people)[number];
export type Severity = 1 | 2 | 3 | 4;
export type Place = 'primary' | 'secondary';

/** What somebody does, or what happens to the process. `on`: which incident is meant, counted from 0. Times in ms. */
export type Deed =
  | { does: 'declare'; who: Who; severity: Severity }
  | { does: 'acknowledge' | 'give back' | "can't" | 'write' | 'still on it' | 'cancel'; who: Who; on: number }
  | { does: 'escalate now' | 'post an update'; who: Who; on: number }
  | { does: 'page'; who: Who; whom: Who; on: number }
  | { does: 'set severity'; who: Who; to: Severity; on: number }
  | { does: 'snooze updates' | 'pause'; who: Who; forMs: number; on: number }
  | { does: 'override'; who: Who; place: Place; forMs: number }
  | { does: 'wait'; forMs: number }
  /** The process ends and comes back so much later. */
  | { does: 'restart'; awayMs: number }
  /** It ends between what it committed and what follows of it: whatever the deed obliges is sent by the next one. */
  | { does: 'die at'; deed: Extract<Deed, { on: number }> };

const minute = 60_000;
const who = fc.constantFrom(...people);
/** Mostly whoever is on call, or the manager: whom the ladder tells first. */
const told = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Who>('bea', 'cai', 'dan') },
  { weight: 1, arbitrary: who },
);
const severity = fc.constantFrom<Severity>(1, 1, 2, 2, 3, 4);
const on = fc.nat(2);
const seconds = (min: number, max: number) => fc.integer({ min, max }).map((one) => one * 1_000);
const waits = fc.oneof(
  { weight: 3, arbitrary: seconds(1, 600) },
  { weight: 3, arbitrary: fc.constantFrom(1, 4, 5, 5, 10, 15, 20, 30, 60).map((one) => one * minute) },
  { weight: 1, arbitrary: seconds(600, 14_400) },
);
const whiles = fc.oneof(
  seconds(5, 900),
  fc.constantFrom(5, 10, 15, 30, 60, 240).map((one) => one * minute),
);

const onIncident: fc.Arbitrary<Extract<Deed, { on: number }>> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('acknowledge' as const), who: told, on }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('give back' as const), who: told, on }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("can't" as const), who: told, on }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('write', 'still on it'), who: told, on }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('cancel' as const), who, on }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('escalate now', 'post an update'), who, on }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('page' as const), who, whom: told, on }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('set severity' as const), who, to: severity, on }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('snooze updates', 'pause'), who, forMs: whiles, on }),
  },
);

const declaration = fc.record({ does: fc.constant('declare' as const), who, severity });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 2, arbitrary: declaration },
  { weight: 10, arbitrary: onIncident },
  { weight: 9, arbitrary: fc.record({ does: fc.constant('wait' as const), forMs: waits }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('override' as const),
      who: told,
      place: fc.constantFrom<Place>('primary', 'primary', 'secondary'),
      forMs: whiles,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('restart' as const),
      awayMs: fc.oneof(fc.constant(1_000), seconds(1, 300), seconds(300, 7_200)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('die at' as const), deed: onIncident }) },
);

/** A night: something is declared, then up to 40 things happen to it, or to it and two others. */
export const night = (incidentsMax: 1 | 3): fc.Arbitrary<Deed[]> =>
  fc
    .tuple(declaration, fc.array(deed, { minLength: 1, maxLength: 40, size: 'max' }))
    .map(([first, rest]) => [first, ...rest.filter(({ does }) => incidentsMax > 1 || does !== 'declare')]);
