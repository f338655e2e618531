import type { StartBot } from '../bot.ts';
import { type MovableClock, movableClock } from '../clock.ts';
import { liveClock } from '../live-clock.ts';
import type { AccountOptions } from '../pagerduty-account.ts';
import { startWorld, type World } from '../start.ts';
import { type Control, controlOf } from './control.ts';
import { type Room, roomOf } from './room.ts';

const dayMs = 86_400_000;

/** Who is woken by PagerDuty: Bea, five minutes later Cai, then Dana; Bea's week is everybody's. */
const account = (at: number): AccountOptions => ({
  schedules: [{ name: 'primary', rotation: { users: ['bea'], startsAt: at - dayMs, shiftMs: 7 * dayMs } }],
  policies: [
    {
      name: 'payments policy',
      levels: [
        { timeoutMinutes: 15, targets: [{ schedule: 'primary' }] },
        { timeoutMinutes: 15, targets: [{ user: 'cai' }] },
        { timeoutMinutes: 30, targets: [{ user: 'dana' }] },
      ],
      repeat: 1,
    },
  ],
  services: [
    { name: 'payments', id: 'PPAYMNT', policy: 'payments policy' },
    { name: 'checkout', id: 'PCHECKO', policy: 'payments policy' },
  ],
});

export interface Workshop {
  room: Room;
  control: Control;
  close(): Promise<void>;
}

/** A fresh world, and everything that the page needs around it. `now` is real time, epoch ms. */
export async function openWorkshop(options: {
  now: () => number;
  /** Default: in this process, where it cannot be killed. */
  startBot?: StartBot;
  /** Default: now. */
  startsAt?: number;
}): Promise<Workshop> {
  const newWorld = (at: number): Promise<World> => {
    const clock: MovableClock = movableClock(at);
    return startWorld({
      at: new Date(at).toISOString(),
      clock,
      pagerduty: account(at),
      // People wait in front of a clock that stands still, too.
      slack: { patience: liveClock(options.now) },
      slackTimeoutMs,
      ...(options.startBot ? { startBot: options.startBot } : {}),
    });
  };
  const room = roomOf(await newWorld(options.startsAt ?? options.now()));
  const control = controlOf({ room, newWorld, now: options.now });
  return {
    room,
    control,
    close: async () => {
      control.close();
      room.close();
      await room.world.stop();
    },
  };
}

/** Longer than slow weather takes: that is slow, not down. */
const slackTimeoutMs = 8_000;
