import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pagerDutyFaultOf } from '../../src/pagerduty/fault.ts';
import { type Pace, turnsOf } from '../../src/pagerduty/pace.ts';
import { movableClock } from '../../src/sandbox/clock.ts';
import { office, thrownBy } from './office.ts';

const pace: Pace = { perMinuteMax: 10, urgentReserve: 3, atOnceMax: 1, waitingMax: 5 };
const minuteMs = 60_000;
const refusals = {
  heldBack: (ms: number) => Object.assign(new Error('held back'), { ms }),
  unreachable: () => new Error('unreachable'),
};

/** Ran, or for how many ms it was held back. */
async function tried(turns: ReturnType<typeof turnsOf>, urgent = false): Promise<number | 'ran'> {
  return turns
    .take<number | 'ran'>(urgent, async () => 'ran', refusals)
    .catch((error: { ms: number }) => error.ms);
}

test('no sixty seconds ever see more calls than allowed, and none is held back for nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(9_000), fc.boolean()), { minLength: 40, maxLength: 80 }),
      async (steps) => {
        const clock = movableClock(0);
        const turns = turnsOf(clock, pace);
        const starts: number[] = [];
        for (const [ms, urgent] of steps) {
          clock.set(clock.now() + ms);
          const recent = starts.filter((at) => at > clock.now() - minuteMs).length;
          const outcome = await tried(turns, urgent);
          if (outcome === 'ran') starts.push(clock.now());
          expect(outcome === 'ran').toBe(recent < (urgent ? 10 : 7));
        }
      },
    ),
  );
});

test('chatter never uses up what pages need, and is told when there is room', async () => {
  const clock = movableClock(0);
  const turns = turnsOf(clock, pace);
  for (let n = 0; n < 7; n += 1) expect(await tried(turns)).toBe('ran');
  clock.set(1_000);
  expect(await tried(turns)).toBe(59_000);
  for (let n = 0; n < 3; n += 1) expect(await tried(turns, true)).toBe('ran');
  expect(await tried(turns, true)).toBe(59_000);
  clock.set(minuteMs);
  expect(await tried(turns)).toBe('ran');
});

test('calls go one after the other, a page does not wait for chatter that hangs, and the line has an end', async () => {
  const turns = turnsOf(movableClock(0), { ...pace, perMinuteMax: 100 });
  const order: string[] = [];
  let letGo = () => {};
  const hanging = turns.take(false, () => new Promise<void>((resolve) => (letGo = resolve)), refusals);
  const waiting = [1, 2, 3, 4, 5].map((n) =>
    turns.take(false, async () => order.push(`chatter ${n}`), refusals),
  );
  expect(await tried(turns)).toBe(5_000);
  await turns.take(true, async () => order.push('page'), refusals);
  expect(order).toEqual(['page']);
  letGo();
  await Promise.all([hanging, ...waiting]);
  expect(order).toEqual(['page', ...[1, 2, 3, 4, 5].map((n) => `chatter ${n}`)]);
});

test('a call that fails frees its place', async () => {
  const turns = turnsOf(movableClock(0), pace);
  await expect(turns.take(false, () => Promise.reject(new Error('no')), refusals)).rejects.toThrow('no');
  expect(await tried(turns)).toBe('ran');
});

test('after a 429 nothing is sent before the pause is over', async () => {
  const { clock, pagerduty, rest } = await office();
  const { id } = await pagerduty.trigger({ title: 'x', service: 'payments' });
  pagerduty.faults.next('PUT /incidents/{id}', { status: 429, retryAfter: 20 });
  expect(pagerDutyFaultOf(await thrownBy(rest.escalate(id, 2, null)))).toMatchObject({
    retryAfterMs: 20_000,
  });
  clock.set(clock.now() + 5_000);
  expect(pagerDutyFaultOf(await thrownBy(rest.escalate(id, 2, null)))).toMatchObject({
    kind: 'rate',
    word: 'held_back',
    retryAfterMs: 15_000,
  });
  expect(pagerduty.callsTo('PUT /incidents/{id}')).toHaveLength(1);
  clock.set(clock.now() + 15_000);
  expect(await rest.escalate(id, 2, null)).toMatchObject({ outcome: 'done' });
});

test('a storm of calls stays below the limit of PagerDuty: it never has to say no', async () => {
  const { pagerduty, rest } = await office();
  const calls = Array.from({ length: 300 }, () => rest.person('PANA'));
  await Promise.all(calls);
  expect(pagerduty.atOnceMax).toBe(1);
  for (let n = 0; n < 700; n += 1) await rest.person('PANA').catch(() => {});
  const statuses = pagerduty.calls.map(({ status }) => status);
  expect([statuses.length, new Set(statuses)]).toEqual([840, new Set([200])]);
});

test('pages by events stay below 120 a minute', async () => {
  const { pagerduty, events } = await office();
  const page = (n: number) =>
    events.trigger({ dedupKey: `k${n}`, summary: 's', source: 's', severity: 'critical' }).then(
      () => 'ran',
      (error: unknown) => pagerDutyFaultOf(error).word,
    );
  const outcomes = await Promise.all(Array.from({ length: 130 }, (_, n) => page(n)));
  expect([outcomes.filter((one) => one === 'ran').length, outcomes.at(-1)]).toEqual([120, 'held_back']);
  expect(pagerduty.calls).toHaveLength(120);
});

test('when PagerDuty is silent, whoever waits behind knows it with the first one, and the next call tries again', async () => {
  const { pagerduty, rest } = await office({}, { timeoutMs: 400 });
  const { id } = await pagerduty.trigger({ title: 'x', service: 'payments' });
  await rest.incident(id);
  pagerduty.faults.next('PUT /incidents/{id}', 'timeout');
  const calls = [1, 2, 3, 1].map((level) => rest.escalate(id, level, null));
  const words = await Promise.all(calls.map(async (call) => pagerDutyFaultOf(await thrownBy(call)).word));
  expect(words).toEqual(['timeout', 'no_connection', 'no_connection', 'no_connection']);
  expect(pagerduty.callsTo('PUT /incidents/{id}')).toHaveLength(1);
  expect(await rest.escalate(id, 2, null)).toMatchObject({ outcome: 'done' });
});
