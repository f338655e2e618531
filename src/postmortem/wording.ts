const secondMs = 1000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Below this, seconds are said too: "5 min 20 s against 5 min" must not read as "5 min against 5 min". */
const secondsSaidBelowMs = 10 * minuteMs;

/** A length of time in words: `40 s`, `5 min 20 s`, `48 min`, `1 h 29 min`, `2 d 3 h`. Never negative. */
export function lengthWords(lengthMs: number): string {
  const ms = Math.max(0, lengthMs);
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return parts(ms, minuteMs, 'min', secondMs, ms < secondsSaidBelowMs ? 's' : null);
  return ms < dayMs ? parts(ms, hourMs, 'h', minuteMs, 'min') : parts(ms, dayMs, 'd', hourMs, 'h');
}

/** Below a second is what a machine takes to say so. */
export const detectedWords = (lengthMs: number): string =>
  lengthMs < secondMs ? 'Detected at once' : `Detected ${lengthWords(lengthMs)} after it started`;

function parts(
  ms: number,
  unitMs: number,
  unit: string,
  restUnitMs: number,
  restUnit: string | null,
): string {
  const rest = Math.floor((ms % unitMs) / restUnitMs);
  const whole = `${Math.floor(ms / unitMs)} ${unit}`;
  return restUnit === null || rest === 0 ? whole : `${whole} ${rest} ${restUnit}`;
}

const iso = (at: number): string => new Date(at).toISOString();

/** `02:05`, UTC. `at` epoch ms. */
export const clockTime = (at: number): string => iso(at).slice(11, 16);

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `2 March 2026`, UTC. */
export function dayWords(at: number): string {
  const day = new Date(at);
  return `${day.getUTCDate()} ${months[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
}

/** `2 March 2026 02:05 UTC`. */
export const momentWords = (at: number): string => `${dayWords(at)} ${clockTime(at)} UTC`;

/** `1 page`, `3 pages`. */
export const count = (many: number, one: string, several = `${one}s`): string =>
  `${many} ${many === 1 ? one : several}`;

/** A sentence of its own: first letter large, a full stop unless it ends already. Empty stays empty. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const [first = '', ...rest] = trimmed;
  return /[.!?…]["”)]?$/.test(trimmed)
    ? first.toUpperCase() + rest.join('')
    : `${first.toUpperCase()}${rest.join('')}.`;
}
