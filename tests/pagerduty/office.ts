import { afterEach } from 'vitest';
import { leanFetch } from '../../src/outbox/lean-fetch.ts';
import { type PagerDutyClientOptions, pagerDutyClient } from '../../src/pagerduty/rest.ts';
import { type MovableClock, movableClock } from '../../src/sandbox/clock.ts';
import { type PagerDuty, type PagerDutyOptions, startPagerDuty } from '../../src/sandbox/pagerduty.ts';

const open: PagerDuty[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const hourMs = 3_600_000;
export const nightAt = Date.parse('2026-03-02T02:00:00Z');

/** Bea and Cai take turns every twelve hours, Dana is behind them; `payments` wakes them after five minutes each. */
export const account: Omit<PagerDutyOptions, 'clock' | 'secrets'> = {
  users: ['ana', 'bea', 'cai', 'dana', { name: 'otto', isObserver: true }],
  schedules: [
    {
      name: 'primary',
      rotation: { users: ['bea', 'cai'], startsAt: nightAt - 2 * hourMs, shiftMs: 12 * hourMs },
    },
  ],
  policies: [
    {
      name: 'payments-policy',
      levels: [
        { timeoutMinutes: 5, targets: [{ schedule: 'primary' }] },
        { timeoutMinutes: 5, targets: [{ user: 'cai' }] },
        { timeoutMinutes: 10, targets: [{ user: 'dana' }] },
      ],
      repeat: 1,
    },
    { name: 'search-policy', levels: [{ targets: [{ user: 'dana' }] }] },
  ],
  services: [
    { name: 'payments', id: 'PPAYMNT', policy: 'payments-policy' },
    { name: 'search', policy: 'search-policy' },
  ],
};

export interface Office {
  clock: MovableClock;
  pagerduty: PagerDuty;
  rest: NonNullable<ReturnType<typeof pagerDutyClient>['rest']>;
  events: NonNullable<ReturnType<typeof pagerDutyClient>['events']>;
}

/** PagerDuty at 02:00, and our client in front of it. */
export async function office(
  options: Partial<PagerDutyOptions> = {},
  mine: Partial<PagerDutyClientOptions> = {},
): Promise<Office> {
  const clock = movableClock(nightAt);
  const pagerduty = startPagerDuty({ clock, secrets: ['secret'], ...account, ...options });
  open.push(pagerduty);
  await pagerduty.listen();
  const { rest, events } = pagerDutyClient({
    token: pagerduty.token,
    fromEmail: pagerduty.fromEmail,
    routingKey: pagerduty.routingKey('payments'),
    apiUrl: pagerduty.apiUrl,
    eventsUrl: pagerduty.eventsUrl,
    fetch: leanFetch,
    clock,
    timeoutMs: 2_000,
    ...mine,
  });
  if (!rest || !events) throw new Error('the client is not whole');
  return { clock, pagerduty, rest, events };
}

/** What a call is rejected with. */
export async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => error,
  );
}
