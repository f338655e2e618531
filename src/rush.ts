import type { Clock } from './clock.ts';

/** More requests than this at the same moment are a rush: a storm of alerts, everybody declaring at once. */
const underWayMany = 8;
/** However long the rush lasts, what has to go out is held back no longer than this. */
const heldBackMsMax = 1_000;

/**
 * Who is at the door? While many requests wait for their answer, answering comes first: Slack and PagerDuty give up
 * after seconds, a card can come a moment later. Pages are never held back.
 */
export function watchRush(clock: Clock, onCalm: () => void) {
  let underWay = 0;
  let sinceAt = 0;
  return {
    isOn: (): boolean => underWay > underWayMany && clock.now() - sinceAt < heldBackMsMax,
    /** One request came in; call the result once it is answered. */
    entered: (): (() => void) => {
      underWay += 1;
      if (underWay === underWayMany + 1) sinceAt = clock.now();
      return () => {
        underWay -= 1;
        if (underWay === underWayMany) onCalm();
      };
    },
  };
}
