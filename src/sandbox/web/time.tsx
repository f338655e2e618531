import { isoDate, secondsWords, timeWords } from './block-dates.ts';

/** A time of the sandbox's clock in the zone of whoever looks: `02:15`, and the whole of it for whoever points at it. */
export function Time({ at, tz }: { at: number; tz: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={`${isoDate(at, tz)} ${secondsWords(at, tz)} ${tz}`}>
      {timeWords(at, tz)}
    </time>
  );
}
