import { z } from 'zod';
import type { Step, Telling } from '../../incident/policy.ts';
import { count, duration, durationOrNone, named, oneOf, perSeverity, section, text } from '../fields.ts';
import { workingHoursSection } from './clock.ts';

const actions = ['page', 'notify', 'ticket'] as const satisfies readonly Telling['action'][];

/** So many are told at the same time; a user group holds more. */
const targetsMax = 10;

/** One target, or several that are told at the same time. */
const targets = z.preprocess(
  (value) => (Array.isArray(value) ? value : [value]),
  z
    .array(text(60))
    .min(1)
    .refine((list) => list.length <= targetsMax, {
      error: `names more than ${targetsMax} targets`,
      params: { cure: 'make a user group of them in Slack, or a target under targets' },
    }),
);

const branch = section({ action: oneOf(actions).optional(), target: targets.optional() });

const step = section({
  after: duration,
  action: oneOf(actions),
  target: targets,
  inHours: branch.optional(),
  outOfHours: branch.optional(),
}).transform(({ after, action, target, inHours, outOfHours }): Step => {
  const base = telling(action, target);
  return {
    afterMs: after,
    ...base,
    ...(inHours && { inHours: telling(inHours.action ?? action, inHours.target ?? target) }),
    ...(outOfHours && { outOfHours: telling(outOfHours.action ?? action, outOfHours.target ?? target) }),
  };
});

function telling(action: Telling['action'], [first = '', ...also]: readonly string[]): Telling {
  return { action, target: first, ...(also.length > 0 && { also }) };
}

const ladder = z.array(step);
const repeat = count(0, 10);

/** A policy of its own; what it leaves out is as for everybody. */
const policy = z.preprocess(
  (value) => value ?? {},
  section({
    steps: section({
      1: ladder.optional(),
      2: ladder.optional(),
      3: ladder.optional(),
      4: ladder.optional(),
    }).optional(),
    repeat: repeat.optional(),
    repeatAfter: duration.optional(),
    workingHours: workingHoursSection.optional(),
  }),
);

export const escalationSection = section({
  steps: perSeverity(ladder),
  repeat,
  repeatAfter: duration,
  silentAfter: perSeverity(durationOrNone),
  stillOnIt: duration,
  clearedAfter: duration,
  rearmWithin: duration,
  pagerdutyGrace: duration,
  policies: named(policy),
}).transform((written) => ({
  steps: written.steps,
  repeat: written.repeat,
  repeatAfterMs: written.repeatAfter,
  silentAfterMs: written.silentAfter,
  stillOnItMs: written.stillOnIt,
  clearedAfterMs: written.clearedAfter,
  rearmWithinMs: written.rearmWithin,
  pagerdutyGraceMs: written.pagerdutyGrace,
  policies: written.policies,
}));

/** The policies of the file, complete: `everybody` and `zone` fill in what they leave out. */
export function completePolicies(
  { policies, ...everybody }: z.output<typeof escalationSection>,
  zone: string,
): { [name: string]: CompletePolicy } {
  return Object.fromEntries(
    Object.entries(policies).map(([name, own]) => [
      name,
      {
        steps: { ...everybody.steps, ...own.steps },
        repeat: own.repeat ?? everybody.repeat,
        repeatAfterMs: own.repeatAfter ?? everybody.repeatAfterMs,
        ...(own.workingHours && {
          hours: { ...own.workingHours, timeZone: own.workingHours.timeZone ?? zone },
        }),
      },
    ]),
  );
}

type CompletePolicy = Pick<z.output<typeof escalationSection>, 'steps' | 'repeat' | 'repeatAfterMs'> & {
  hours?: { days: number[]; from: string; to: string; timeZone: string };
};
