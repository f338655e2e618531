const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMs;

/** Longer than a year is a slip of the finger. */
const durationMsMax = 366 * unitMs.d;

/** Reads `30s`, `5m`, `2h`, `1d` as milliseconds; null when it is anything else, or longer than a year. */
export function parseDuration(text: string): number | null {
  const parts = /^(\d{1,9})\s?([smhd])$/.exec(text.trim());
  if (!parts) return null;
  const ms = Number(parts[1]) * unitMs[parts[2] as Unit];
  return ms <= durationMsMax ? ms : null;
}

/** Milliseconds in the largest unit that leaves no rest: 90 minutes are `90m`, two hours `2h`. Whole seconds only. */
export function formatDuration(ms: number): string {
  const unit = (['d', 'h', 'm'] as const).find((candidate) => ms > 0 && ms % unitMs[candidate] === 0) ?? 's';
  return `${ms / unitMs[unit]}${unit}`;
}
