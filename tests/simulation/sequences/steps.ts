import fc from 'fast-check';

export const people = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'] as const;
export type Who = (typeof people)[number];
export type Severity = 1 | 2 | 3 | 4;
/** Buttons that anybody may press. */
const buttons = ['confirm-acknowledge', 'unacknowledge', 'take-command', 'take-comms', 'reopen'] as const;
/** Whoever is not on call is asked first whether they mean it; `confirm-acknowledge` is their answer. */
export type Button = 'acknowledge' | (typeof buttons)[number];
/** On call, so that they are not asked. */
const onCall = ['bea', 'cai'] as const;

/** One shape for each word. */
type Each<Does extends string, Rest> = Does extends string ? { does: Does } & Rest : never;
type By = { who: Who; on: number };

/** What one command does to one incident. `on`: which is meant, counted from 0 among those there are. */
export type Act =
  | { does: 'severity'; who: Who; on: number; to: Severity }
  | Each<'acknowledge' | 'give back', By>
  | { does: 'role'; who: Who; on: number; role: 'commander' | 'comms'; whom: Who | 'nobody' }
  | { does: 'status'; who: Who; on: number; to: 'investigating' | 'identified' | 'monitoring' }
  | Each<'resolve' | 'cancel' | 'close' | 'reopen', By>;

/** What somebody does. */
export type Step =
  | Act
  /** Several people at the same moment, about the same incident. */
  | { does: 'at once'; on: number; acts: Act[] }
  | { does: 'declare'; who: Who; severity: Severity }
  | { does: 'declare in private'; who: Who }
  | Each<'make private', By>
  | { does: 'merge'; who: Who; on: number; into: number }
  | Each<'add a follow-up' | 'finish a follow-up' | 'note', By>
  | Each<'write' | 'edit' | 'delete', By>
  /** A button as it stands in an old message, and once more: the same delivery comes twice. */
  | { does: 'press'; who: Who; on: number; button: Button }
  /** PagerDuty. */
  | { does: 'alert'; priority: Severity }
  | { does: 'alert priority'; on: number; to: Severity }
  | Each<'alert acknowledged' | 'alert resolved', { on: number }>
  /** One of the events so far, counted from 0, comes again. */
  | Each<'event again' | 'alert again', { which: number }>
  | { does: 'restart' }
  | { does: 'pass'; seconds: number };

const who = fc.constantFrom(...people);
const on = fc.nat(3);
const severity = fc.constantFrom<Severity>(1, 2, 3, 4);
const constant = fc.constantFrom;

const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: constant('severity' as const), who, on, to: severity }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: constant('acknowledge' as const),
      who: fc.constantFrom<Who>(...onCall),
      on,
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: constant('give back' as const), who, on }) },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ does: constant('role' as const), who, on, role: constant('commander' as const, 'comms' as const) },
      whom: fc.constantFrom<Who | 'nobody'>(...people, 'nobody'),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ does: constant('status' as const), who, on },
      to: fc.constantFrom<'investigating' | 'identified' | 'monitoring'>(
        ...(['investigating', 'identified', 'monitoring'] as const),
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constantFrom<'resolve' | 'cancel' | 'close' | 'reopen'>(
        ...(['resolve', 'cancel', 'close', 'reopen', 'reopen'] as const),
      ),
      ...{ who, on },
    }),
  },
);

const step = fc.oneof(
  { weight: 32, arbitrary: act },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ does: constant('at once' as const), on },
      acts: fc.array(act, { minLength: 2, maxLength: 4 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: constant('declare' as const), who, severity }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: constant('declare in private' as const),
      // The form proposes command to whoever is on call.
      who: fc.constantFrom<Who>('ana', 'dana', 'eve', 'finn'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: constant('make private' as const), who, on }) },
  { weight: 2, arbitrary: fc.record({ does: constant('merge' as const), who, on, into: on }) },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constantFrom<'add a follow-up' | 'finish a follow-up' | 'note'>(
        ...(['add a follow-up', 'finish a follow-up', 'note'] as const),
      ),
      ...{ who, on },
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constantFrom<'write' | 'edit' | 'delete'>(...(['write', 'write', 'edit', 'delete'] as const)),
      ...{ who, on },
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ does: constant('press' as const), who, on, button: fc.constantFrom(...buttons) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ does: constant('press' as const), on, button: constant('acknowledge' as const) },
      who: fc.constantFrom<Who>(...onCall),
    }),
  },
  {
    weight: 2,
    // A machine's SEV4 is a line without a room, and has tests of its own.
    arbitrary: fc.record({ does: constant('alert' as const), priority: fc.constantFrom<Severity>(1, 2, 3) }),
  },
  { weight: 3, arbitrary: fc.record({ does: constant('alert priority' as const), on, to: severity }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom<'alert acknowledged' | 'alert resolved'>(
        ...(['alert acknowledged', 'alert resolved'] as const),
      ),
      on,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom<'event again' | 'alert again'>('event again', 'alert again'),
      which: fc.nat(200),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: constant('restart' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: constant('pass' as const), seconds: fc.integer({ min: 1, max: 90 }) }),
  },
);

/** So many steps has each sequence. */
const [stepsMin, stepsMax] = [50, 60];

/** A step, and whether it is taken (0: not): a sequence that fails shrinks to the steps that it takes. */
export type Taken = [step: Step, taken: number];

export const sequence: fc.Arbitrary<Taken[]> = fc.array(
  fc.tuple(step, fc.noBias(fc.integer({ min: 0, max: 40 }))),
  {
    minLength: stepsMin,
    maxLength: stepsMax,
    size: 'max',
  },
) as fc.Arbitrary<Taken[]>;
