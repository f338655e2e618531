import type { Clock } from './clock.ts';

/** More requests than this at the same moment are a rush: a storm of alerts, everybody declaring at once. */
const underWayMany = 2;
/** However long the rush lasts, what has to go out is held back no longer than this. */
const heldBackMsMax = 1_000;

/**
 * Who is at the door? From when many requests wait for their answer until the last of them has it, answering comes
 * first: Slack and PagerDuty give up after seconds, a card can come a moment later. Pages are hardly held back.
 */
export function watchRush(clock: Clock, onCalm: () => void) {
  let underWay = 0;
  /** When the rush began, epoch ms; null: there is none. */
  let sinceAt: number | null = null;
  return {
    isOn: (): boolean => sinceAt !== null && clock.now() - sinceAt < heldBackMsMax,
    /** One request came in; call the result once it is answered. */
    entered: (): (() => void) => {
      underWay += 1;
      if (underWay > underWayMany) sinceAt ??= clock.now();
      return () => {
        underWay -= 1;
        if (underWay > 0 || sinceAt === null) return;
        sinceAt = null;
        onCalm();
      };
    },
  };
}
