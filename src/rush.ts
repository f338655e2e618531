import type { Clock } from './clock.ts';
import { turns } from './turns.ts';

/** More requests than this within `atOnceMs` are a rush: a storm of alerts, everybody declaring at the same moment. */
const few = 2;
/** The event loop lets in one connection per turn, so those of one moment come in one after the other. */
const atOnceMs = 10;
/** A rush is over when nobody was at the door for this many turns. */
const calmTurns = 16;
/** However long the rush lasts, what has to go out is held back no longer than this: senders give up by then, too. */
const heldBackMsMax = 5_000;

/**
 * Who is at the door? While many come in and until all have their answer, answering comes first: Slack and PagerDuty
 * give up after seconds, a card can come a moment later. Pages are hardly held back.
 */
export function watchRush(clock: Clock, onCalm: () => void) {
  let underWay = 0;
  /** When the last few came in, epoch ms, the latest last. */
  let cameAt: number[] = [];
  /** When the rush began, epoch ms; null: there is none. */
  let sinceAt: number | null = null;
  let isLooking = false;
  /** Turns since anybody came. */
  let quiet = 0;

  /** It is over when turns go by without anybody. */
  async function untilCalm(): Promise<void> {
    isLooking = true;
    for (quiet = 0; quiet < calmTurns && underWay === 0; quiet += 1) await turns(1);
    isLooking = false;
    if (underWay > 0) return;
    sinceAt = null;
    onCalm();
  }

  function entered(): void {
    underWay += 1;
    quiet = 0;
    const now = clock.now();
    cameAt = [...cameAt.slice(-few), now];
    if (cameAt.length > few && now - cameAt[0]! <= atOnceMs) sinceAt ??= now;
  }

  return {
    isOn: (): boolean => sinceAt !== null && clock.now() - sinceAt < heldBackMsMax,
    /** One request came in; call the result once it is answered. */
    entered: (): (() => void) => {
      entered();
      return () => {
        underWay -= 1;
        if (underWay === 0 && sinceAt !== null && !isLooking) void untilCalm();
      };
    },
  };
}
