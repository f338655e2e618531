import { z } from 'zod';
import { nearest } from '../incident/nearest.ts';
import { parseSeverity, type Severity } from '../incident/severity-scale.ts';
import { type Address, isMachine, parseAddress } from '../oncall/address.ts';
import { parseDuration } from './duration.ts';

/** How one value of `incident.yml` is read, and what people are told when it is not one. */
type Field<T> = {
  /** Completes `"x" is not …`. */
  what: string;
  /** What to write instead; may depend on the value. */
  cure: string | ((value: unknown) => string);
  /** Undefined: the value is not one. */
  read: (value: unknown) => T | undefined;
  /** What was written is not repeated. */
  isSecret?: true;
};

/** A schema whose only issue is a custom one: the message says what is wrong, `params.cure` the cure. */
export function field<T>({ what, cure, isSecret, read }: Field<T>) {
  return z.unknown().transform((value, context): T => {
    const result = value === undefined || value === null ? undefined : read(value);
    if (result !== undefined) return result;
    const advice = typeof cure === 'string' ? cure : cure(value);
    context.issues.push({
      code: 'custom',
      input: value,
      message: isSecret ? `is not ${what}` : wrongWith(value, what),
      params: { cure: advice },
    });
    return z.NEVER;
  });
}

function wrongWith(value: unknown, what: string): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  if (typeof value === 'object') return `is a ${Array.isArray(value) ? 'list' : 'map'}, not ${what}`;
  return `${JSON.stringify(value)} is not ${what}`;
}

/** A map with exactly these keys. The message of an unknown key carries the known ones, one per line. */
export function section<T extends z.core.$ZodLooseShape>(shape: T) {
  const known = Object.keys(shape).join('\n');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : undefined),
  });
}

const nameLettersMax = 60;

/** A map whose keys are names that people choose. */
export function named<T extends z.ZodType>(value: T) {
  const name = z.string().regex(new RegExp(`^\\P{Cc}{1,${nameLettersMax}}$`, 'u'));
  return z.record(name, value);
}

/** One value for each of the four severities. */
export function perSeverity<T extends z.ZodType>(value: T) {
  return section({ 1: value, 2: value, 3: value, 4: value });
}

/** Any text but an empty one, without the space around it. */
export function text(lettersMax: number) {
  return field({
    what: `text of at most ${lettersMax} characters`,
    cure: (value) => (typeof value === 'number' ? `put it in quotes: "${value}"` : 'write some text'),
    read: (value) => {
      const trimmed = typeof value === 'string' ? value.trim() : '';
      return trimmed === '' || trimmed.length > lettersMax ? undefined : trimmed;
    },
  });
}

export const flag = field({
  what: 'true or false',
  cure: 'write true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
});

/** A whole number within bounds, both included. */
export function count(least: number, most: number) {
  return field({
    what: `a whole number from ${least} to ${most}`,
    cure: `write a whole number from ${least} to ${most}`,
    read: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
        ? value
        : undefined,
  });
}

/** One of a few words; a near miss gets a suggestion. */
export function oneOf<const T extends string>(words: readonly T[]) {
  return field({
    what: `one of ${words.join(', ')}`,
    cure: (value) => suggest(value, words, 'use one of them'),
    read: (value) => words.find((word) => word === value),
  });
}

const durationCure = 'write it like 30s, 5m, 2h or 1d';

/** `5m` -> milliseconds. */
export const duration = field({
  what: 'a duration',
  cure: durationCure,
  read: (value) => (typeof value === 'string' ? (parseDuration(value) ?? undefined) : undefined),
});

/** `5m` -> milliseconds, `none` -> null. */
export const durationOrNone = field<{ ms: number | null }>({
  what: 'a duration or none',
  cure: `${durationCure}, or none`,
  read: (value) => {
    if (value === 'none') return { ms: null };
    const ms = typeof value === 'string' ? parseDuration(value) : null;
    return ms === null ? undefined : { ms };
  },
}).transform(({ ms }) => ms);

export const severity = field<Severity>({
  what: 'a severity',
  cure: 'use 1, 2, 3 or 4',
  read: (value) => parseSeverity(String(value)) ?? undefined,
});

/** Wall-clock time, two digits each. */
export const clockTime = field({
  what: 'a time of day',
  cure: 'write it like 09:00, from 00:00 to 23:59',
  read: (value) => (typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : undefined),
});

/** Position + 1 is the ISO number of the day. */
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const weekday = oneOf(weekdays).transform((day) => weekdays.indexOf(day) + 1);

/** IANA name. */
export const timeZone = field({
  what: 'a time zone',
  cure: (value) =>
    suggest(value, Intl.supportedValuesOf('timeZone'), 'use an IANA name like Europe/Berlin or UTC'),
  read: (value) => (typeof value === 'string' && isTimeZone(value) ? value : undefined),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const webAddress = field({
  what: 'a web address',
  cure: 'write it in full, like https://wiki.example.com/runbook',
  read: (value) => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
    return url && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined;
  },
});

const address = field<Address>({
  what: 'an address',
  cure: (value) =>
    typeof value === 'number'
      ? `a phone number needs quotes: "+${value}"`
      : 'use a Slack user id (U…), a user group id (S…), an e-mail address, a PagerDuty user id (P…) or a phone number like "+49 170 1234567"',
  read: (value) => (typeof value === 'string' ? (parseAddress(value) ?? undefined) : undefined),
});

/** The same for a list of people who take turns: a machine does not. */
const personAddress = address.refine((one) => !isMachine(one), {
  error: ({ input }) =>
    `is a ${(input as Address).kind === 'webhook' ? 'webhook' : 'service or policy of PagerDuty'}, which cannot be on call`,
  params: { cure: 'name it as a target of the escalation instead' },
});

const listOf = <T extends z.ZodType>(one: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' || typeof value === 'number' ? [value] : value),
    z.array(one).min(1),
  );

/** At least one address; a single one needs no list. */
export const addresses = listOf(address);

/** The same, without webhooks. */
export const members = listOf(personAddress);

/** `did you mean …?`, or the other advice when nothing is near. */
export function suggest(value: unknown, known: readonly string[], otherwise: string): string {
  const near = nearest(String(value), known);
  return near === null ? otherwise : `did you mean ${near}?`;
}
