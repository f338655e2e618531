import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type By, person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, effectsOf, evolve } from '../../src/incident/decide.ts';
import { declare } from '../../src/incident/declaring.ts';
import { nextDue } from '../../src/incident/due.ts';
import type { Fact } from '../../src/incident/facts.ts';
import { type Incident, isOpen, nudgeRules } from '../../src/incident/incident.ts';
import { beatMsMax } from '../../src/incident/nudge-state.ts';
import { isRefusal } from '../../src/incident/refusal.ts';
import { at } from '../support/incident.ts';
import { defaultPolicy } from '../support/policy.ts';

const minuteMs = 60_000;
const people = ['ana', 'bea', 'cai'];
const who = fc.constantFrom(...people).map(person);
const rule = fc.constantFrom(...nudgeRules);
const later = fc.integer({ min: -30, max: 300 });

/** What people do to an incident; times are minutes from when it is done. */
type Deed = (now: number) => Command;
const deed: fc.Arbitrary<Deed> = fc.oneof(
  who.map(
    (by): Deed =>
      () => ({ type: 'acknowledge', by, onCall: true, confirmed: true }),
  ),
  who.map(
    (by): Deed =>
      () => ({ type: 'unacknowledge', by }),
  ),
  fc.tuple(who, fc.constantFrom('commander', 'comms' as const)).map(
    ([by, role]): Deed =>
      () => ({
        type: 'assign-role',
        by,
        role: role as 'commander' | 'comms',
        user: (by as Extract<By, { kind: 'person' }>).user,
        timeZone: 'Europe/Berlin',
        onlyIfVacant: false,
      }),
  ),
  who.map(
    (by): Deed =>
      () => ({ type: 'drop-role', by, role: 'commander' }),
  ),
  who.map(
    (by): Deed =>
      () => ({ type: 'post-update', by, happening: 'x', impact: '', doing: '', nextAt: null }),
  ),
  fc.tuple(who, fc.constantFrom(1, 2, 3, 4 as const)).map(
    ([by, to]): Deed =>
      () => ({ type: 'change-severity', by, to: to as 1 | 2 | 3 | 4, reason: '' }),
  ),
  fc.tuple(who, fc.constantFrom('investigating', 'identified', 'monitoring' as const)).map(
    ([by, to]): Deed =>
      () => ({ type: 'change-status', by, to: to as 'monitoring', note: '' }),
  ),
  fc.tuple(who, rule, later).map(
    ([by, one, minutes]): Deed =>
      (now) => ({ type: 'snooze-nudge', by, rule: one, untilAt: now + minutes * minuteMs }),
  ),
  fc.tuple(who, rule).map(
    ([by, one]): Deed =>
      () => ({ type: 'stop-nudge', by, rule: one }),
  ),
  fc.tuple(who, later).map(
    ([by, minutes]): Deed =>
      (now) => ({ type: 'pause', by, untilAt: now + minutes * minuteMs, why: '' }),
  ),
  who.map(
    (by): Deed =>
      () => ({ type: 'resume', by }),
  ),
  who.map(
    (by): Deed =>
      () => ({ type: 'cancel', by, why: 'x' }),
  ),
  who.map(
    (by): Deed =>
      () => ({ type: 'resolve', by, how: 'rollback', verified: true, text: '' }),
  ),
  who.map(
    (by): Deed =>
      () => ({ type: 'reopen', by, why: 'x' }),
  ),
  who.map(
    (by): Deed =>
      (now) => ({
        type: 'record-message',
        channel: 'C42',
        ts: `${now / 1000}`,
        author: { user: (by as Extract<By, { kind: 'person' }>).user, app: null },
        text: 'x',
        threadTs: null,
        files: [],
        happenedAt: now,
      }),
  ),
);

/** Time that goes by before each deed, in minutes; a long one is a night, or a bot that was away. */
const history = fc.array(fc.tuple(fc.oneof(fc.nat(30), fc.nat(900)), deed, fc.boolean()), {
  minLength: 5,
  maxLength: 40,
});
const beginning = fc.record({
  severity: fc.constantFrom(1, 2, 3, 4) as fc.Arbitrary<1 | 2 | 3 | 4>,
  provisional: fc.boolean(),
  isAlert: fc.boolean(),
});

/** Ticks in one stretch of time. */
const ticksMax = 2_000;

interface Seen {
  at: number;
  fact: Fact;
  before: Incident;
  after: Incident;
}

/** An incident lives through the history; `retracted` and `standing` are the messages in Slack. */
function live(
  { severity, provisional, isAlert }: { severity: 1 | 2 | 3 | 4; provisional: boolean; isAlert: boolean },
  deeds: readonly (readonly [number, Deed, boolean])[],
) {
  const seen: Seen[] = [];
  const inSlack = new Set<string>();
  let standingMost = 0;
  let now = at('02:00');
  let incident = {} as Incident;
  let posts = 0;
  const apply = (fact: Fact): void => {
    const before = incident;
    incident = evolve(before, fact, now);
    seen.push({ at: now, fact, before, after: incident });
    const owed = effectsOf(fact, incident, before);
    for (const effect of owed) if (effect.kind === 'retract') inSlack.delete(effect.place.ts);
    for (const effect of owed) {
      if (effect.kind !== 'nudge') continue;
      posts += 1;
      const ts = `${posts}.1`;
      inSlack.add(ts);
      apply({ ...effect, type: 'nudge-posted', channel: 'C42', ts } as Fact);
    }
    standingMost = Math.max(standingMost, inSlack.size);
  };
  const obey = (command: Command): number => {
    const decision = decide(incident, command, now);
    if (isRefusal(decision)) return -1;
    for (const fact of decision) apply(fact);
    return decision.length;
  };
  const by: By = isAlert ? { kind: 'pagerduty' } : person('ana');
  const facts = declare(
    42,
    {
      ...{ type: 'declare', by, title: 'x', severity, severityReason: 'x', provisional },
      ...{ visibility: 'channel', policy: defaultPolicy },
    },
    now,
  );
  for (const fact of facts) apply(fact);
  apply({ type: 'channel-opened', channel: { id: 'C42', name: 'inc-42' }, problem: null });
  for (const [minutes, wanted, away] of deeds) {
    const end = now + minutes * minuteMs;
    if (!away) tickUntil(end);
    now = end;
    for (let tick = 0; tick < ticksMax && isDue(); tick += 1) obey({ type: 'tick' });
    obey(wanted(now));
  }
  function isDue(): boolean {
    const due = nextDue(incident);
    return due !== null && due.at <= now;
  }
  function tickUntil(end: number): void {
    for (let tick = 0; tick < ticksMax; tick += 1) {
      const due = nextDue(incident);
      if (!due || due.at > end) return;
      now = Math.max(now, due.at);
      if (obey({ type: 'tick' }) <= 0) throw new Error(`${due.rule} is due and nothing follows`);
    }
    throw new Error(`more than ${ticksMax} ticks`);
  }
  return { seen, standingMost, inSlack, incident };
}

test('whatever the history: one nudge stands at most, they keep their distance, and none comes at the wrong time', () => {
  fc.assert(
    fc.property(beginning, history, (begun, deeds) => {
      const { seen, standingMost, inSlack, incident } = live(begun, deeds);
      expect(standingMost).toBeLessThanOrEqual(1);
      if (!isOpen(incident) || incident.paused) expect(inSlack.size).toBe(0);
      const nudged = seen.filter(({ fact }) => fact.type === 'nudged');
      let lastAt = Number.NEGATIVE_INFINITY;
      for (const { at: time, fact, before } of nudged) {
        if (fact.type !== 'nudged') continue;
        expect(isOpen(before)).toBe(true);
        expect(before.paused).toBeUndefined();
        if (!before.acknowledged) expect(before.escalation.next).toBeNull();
        if (fact.via !== 'page') expect(time - lastAt).toBeGreaterThanOrEqual(5 * minuteMs - beatMsMax);
        lastAt = time;
      }
    }),
    { numRuns: 150 },
  );
}, 240_000);

test('whatever the history: each rung of each due time speaks once', () => {
  fc.assert(
    fc.property(beginning, history, (begun, deeds) => {
      const { seen } = live(begun, deeds);
      let spoken = new Set<string>();
      for (const { fact } of seen) {
        // A person who answers or silences it, and a pause or an end, begin it anew.
        if (fact.type !== 'nudged' && fact.type !== 'nudge-posted' && fact.type !== 'page-ordered') {
          if ('by' in fact && (fact.by as By).kind === 'person') spoken = new Set();
          if (fact.type === 'pause-ended') spoken = new Set();
        }
        if (fact.type !== 'nudged') continue;
        const key = `${fact.rule} ${fact.dueAt} ${fact.rung}`;
        expect(spoken.has(key)).toBe(false);
        spoken.add(key);
      }
    }),
    { numRuns: 100 },
  );
}, 240_000);
