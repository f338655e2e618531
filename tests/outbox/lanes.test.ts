import { expect, test } from 'vitest';
import { type LaneBounds, standardLanes } from '../../src/outbox/lanes.ts';
import { afterFault, type Fault } from '../../src/outbox/retry.ts';

const lanes = Object.entries(standardLanes);
const others = lanes.filter(([name]) => name !== 'page');
const lost: Fault = { kind: 'unclear', word: 'http_503' };

/** How long a call is tried for when Slack fails every time and chance makes every pause its shortest, ms. */
function triedForMs(lane: LaneBounds): number {
  let now = 0;
  for (let attempts = 1; attempts <= lane.attemptsMax; attempts += 1) {
    const { notBefore } = afterFault(lost, {
      attempts,
      looksUp: false,
      inDoubt: false,
      lane,
      now,
      random: 0,
    });
    now = notBefore ?? now;
  }
  return now;
}

test.each(lanes)('every bound of the lane %s is a whole number, and there is one', (_name, lane) => {
  const { graceMs, ...counted } = lane;
  expect(Number.isSafeInteger(graceMs) && graceMs >= 0).toBe(true);
  for (const bound of Object.values(counted)) expect(Number.isSafeInteger(bound) && bound > 0).toBe(true);
});

test.each(others)(
  'a page waits least: hardly any grace, shorter pauses and more tries than %s',
  (_name, lane) => {
    const { page } = standardLanes;
    expect(page.graceMs).toBe(1_500);
    expect(lane.graceMs).toBeGreaterThan(0);
    expect(page.backoffMaxMs).toBeLessThan(lane.backoffMaxMs);
    expect(page.attemptsMax).toBeGreaterThan(lane.attemptsMax);
  },
);

test.each(lanes)(
  'a call of the lane %s outlives an outage of Slack of three quarters of an hour',
  (_name, lane) => {
    expect(triedForMs(lane)).toBeGreaterThan(45 * 60_000);
  },
);

test('the lanes are served in the order of their urgency: pages first, chatter last', () => {
  const names = Object.keys(standardLanes);
  expect([...names.slice(0, 3), names.at(-1)]).toEqual(['page', 'pagerduty', 'channel', 'chatter']);
});
