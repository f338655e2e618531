/** Slack's date format (`{date_pretty} at {time}`) in a person's zone, at the sandbox's time. */

const dayMs = 86_400_000;

interface When {
  /** Epoch ms. */
  at: number;
  now: number;
  /** IANA name. */
  tz: string;
}

/** Fills the tokens of the format in; one that Slack does not know stays as it is. */
export function dateWords(format: string, when: When): string {
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => tokenWords(token, when) ?? whole);
}

/** `14:05` there. */
export const timeWords = (at: number, tz: string): string =>
  written(at, tz, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `14:05:09` there. */
export const secondsWords = (at: number, tz: string): string =>
  written(at, tz, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** `Mon 2 Mar` there. */
export const dayWords = (at: number, tz: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: tz, weekday: 'short', day: 'numeric', month: 'short' })
    .format(at)
    .replace(',', '');

/** `UTC`, `GMT+1`. */
export const zoneWords = (at: number, tz: string): string => {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName: 'short' });
  return format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? tz;
};

function tokenWords(token: string, { at, now, tz }: When): string | null {
  switch (token) {
    case 'date_num':
      return isoDate(at, tz);
    case 'date_slash':
      return isoDate(at, tz).replaceAll('-', '/');
    case 'date':
    case 'date_long':
    case 'date_short':
      return longDate(token, at, tz);
    case 'date_pretty':
    case 'date_long_pretty':
    case 'date_short_pretty':
    case 'day_divider_pretty':
      return pretty({ at, now, tz }) ?? longDate(token.replace('_pretty', ''), at, tz);
    case 'time':
      return timeWords(at, tz);
    case 'time_secs':
      return secondsWords(at, tz);
    case 'ago':
      return ago(at, now);
    default:
      return null;
  }
}

function longDate(token: string, at: number, tz: string): string {
  const month = token === 'date_short' ? 'short' : 'long';
  const weekday = token === 'date_long' ? { weekday: 'long' as const } : {};
  return written(at, tz, { year: 'numeric', month, day: 'numeric', ...weekday });
}

/** "today", as a word within a sentence; null for other days than yesterday, today and tomorrow. */
function pretty({ at, now, tz }: When): string | null {
  const dayOf = (time: number) => Date.parse(isoDate(time, tz)) / dayMs;
  return { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[dayOf(at) - dayOf(now)] ?? null;
}

/** `2026-03-02` there. */
export const isoDate = (at: number, tz: string): string =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone: tz,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at);

const units: readonly [unit: string, ms: number][] = [
  ['day', dayMs],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

function ago(at: number, now: number): string {
  const apart = Math.abs(at - now);
  const [unit, ms] = units.find(([, length]) => apart >= length) ?? ['second', 1_000];
  const count = Math.round(apart / ms);
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return at <= now ? `${words} ago` : `in ${words}`;
}

const written = (at: number, tz: string, how: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: tz, ...how }).format(at);
