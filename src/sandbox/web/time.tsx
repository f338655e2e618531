import { clockTime } from '../render.ts';

/** A time of the sandbox's clock, in UTC: `02:15`, and the whole of it for whoever points at it. */
export function Time({ at }: { at: number }) {
  const iso = new Date(at).toISOString();
  return (
    <time dateTime={iso} title={`${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`}>
      {clockTime(at)}
    </time>
  );
}
