import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { PagerDutySource } from '../../oncall/duties.ts';
import type { Rotation } from '../../oncall/rotation.ts';
import type { Schedule } from '../../oncall/schedule.ts';
import { parseDuration } from '../duration.ts';
import { clockTime, field, members, section, timeZone, weekday } from '../fields.ts';
import { isMap } from '../merge.ts';

const date = field({
  what: 'a date',
  cure: 'write it like 2026-01-05',
  read: (value) => (typeof value === 'string' && isDate(value) ? value : undefined),
});

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  try {
    return Temporal.PlainDate.from(value).toString() === value;
  } catch {
    return false;
  }
}

const hourMs = 3_600_000;

/** `7d` -> 168: how long a turn is, in hours. */
const turnLength = field({
  what: 'the length of a turn',
  cure: 'write whole hours or days, like 12h, 1d or 7d',
  read: (value) => {
    const ms = typeof value === 'string' ? parseDuration(value) : null;
    return ms !== null && ms >= hourMs && ms % hourMs === 0 ? ms / hourMs : undefined;
  },
});

/** Midnight at the end of a day is the first moment of the next. */
const endTime = z.preprocess((value) => (value === '24:00' ? '00:00' : value), clockTime);

const everyDay = [1, 2, 3, 4, 5, 6, 7];

const hours = section({ days: z.array(weekday).min(1).optional(), from: clockTime, to: endTime }).transform(
  ({ days, from, to }) => ({ days: days ?? everyDay, from, to }),
);

const turns = {
  handoverAt: clockTime.optional(),
  timeZone: timeZone.optional(),
  every: turnLength.optional(),
};

const rotation = section({
  members,
  startsOn: date.optional(),
  hours: hours.optional(),
  ...turns,
});

type WrittenRotation = z.output<typeof rotation>;

/** A list of people is one rotation; maps with `members` are several. */
const rotations = either<WrittenRotation[]>(
  (value) => Array.isArray(value) && value.some(isMap),
  z.array(rotation).min(1),
  members.transform((list) => [{ members: list }]),
);

const userGroup = field({
  what: 'a Slack user group',
  cure: 'write its id, like S0123ABCD: in Slack, People > User groups > Copy group ID',
  read: (value) => (typeof value === 'string' && /^S[A-Z0-9]{2,20}$/.test(value) ? value : undefined),
});

const pagerdutyId = (what: 'an escalation policy' | 'a schedule') =>
  field({
    what: `the id of ${what} in PagerDuty`,
    cure: `copy it from the address of ${what.replace(/^an? /, 'the ')} in PagerDuty, like PUS0KTE`,
    read: (value) => (typeof value === 'string' && /^P[A-Z0-9]{2,20}$/.test(value) ? value : undefined),
  });

const shapes = 'write policy: PUS0KTE, or primary: PI7DH85 and secondary: PJK1QZ2, which are schedules';

const pagerdutySource = section({
  policy: pagerdutyId('an escalation policy').optional(),
  primary: pagerdutyId('a schedule').optional(),
  secondary: pagerdutyId('a schedule').optional(),
})
  .refine(isOneShape, {
    error: ({ input }) => wrongShape(input as WrittenSource),
    params: { cure: shapes },
    when: ({ issues }) => issues.length === 0,
  })
  .transform(
    ({ policy, primary = '', secondary }): PagerDutySource =>
      policy !== undefined ? { policy } : { primary, ...(secondary !== undefined && { secondary }) },
  );

type WrittenSource = {
  policy?: string | undefined;
  primary?: string | undefined;
  secondary?: string | undefined;
};

function isOneShape({ policy, primary, secondary }: WrittenSource): boolean {
  if (policy !== undefined) return primary === undefined && secondary === undefined;
  return primary !== undefined && primary !== secondary;
}

function wrongShape({ policy, primary }: WrittenSource): string {
  if (policy !== undefined) return 'names a policy and schedules too';
  return primary === undefined
    ? 'names neither a policy nor a primary schedule'
    : 'names the same schedule twice';
}

const answeredSection = section({ pagerduty: pagerdutySource, userGroup: userGroup.optional() });

const ownSection = section({
  startsOn: date,
  primary: rotations,
  secondary: rotations.optional(),
  userGroup: userGroup.optional(),
  ...turns,
});

type WrittenOnCall = z.output<typeof answeredSection> | z.output<typeof ownSection>;

/** A list of our own, or `pagerduty` in place of one. */
export const onCallSection = z.preprocess(
  (value, context) => {
    const isBoth = isMap(value) && value.pagerduty !== undefined && value.primary !== undefined;
    if (isBoth) {
      context.issues.push({
        code: 'custom',
        input: value,
        message: 'names people and PagerDuty too',
        params: { cure: 'keep primary and what goes with it, or pagerduty alone' },
      });
      return z.NEVER;
    }
    return value;
  },
  either<WrittenOnCall>(
    (value) => isMap(value) && value.pagerduty !== undefined,
    answeredSection,
    ownSection,
  ),
);

const handoverDefault = '09:00';
const everyHoursDefault = 168;

/** What a rotation does not say, its team says; what the team does not say, the file or the default. */
export function scheduleOf(written: WrittenOnCall, zone: string): Schedule {
  if ('pagerduty' in written) return { ...written, primary: [] };
  const complete = (list: WrittenRotation[]): Rotation[] =>
    list.map(({ members, hours: restriction, ...own }) => ({
      members,
      startsOn: own.startsOn ?? written.startsOn,
      handoverAt: own.handoverAt ?? written.handoverAt ?? handoverDefault,
      timeZone: own.timeZone ?? written.timeZone ?? zone,
      everyHours: own.every ?? written.every ?? everyHoursDefault,
      ...(restriction ? { hours: restriction } : {}),
    }));
  const { primary, secondary, userGroup: group } = written;
  return {
    primary: complete(primary),
    ...(secondary ? { secondary: complete(secondary) } : {}),
    ...(group ? { userGroup: group } : {}),
  };
}

/** Reads a value as one of two shapes and reports what is wrong with that one, where it is wrong. */
function either<T>(isFirst: (value: unknown) => boolean, first: z.ZodType<T>, second: z.ZodType<T>) {
  return z.unknown().transform((value, context): T => {
    const result = (isFirst(value) ? first : second).safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    // A reported issue is a raw one with its message made; the library's types keep the two apart.
    context.issues.push(...(result.error.issues as z.core.$ZodRawIssue[]));
    return z.NEVER;
  });
}
