import fc from 'fast-check';
import { expect } from 'vitest';
import { person } from '../../../src/incident/by.ts';
import type { Effect } from '../../../src/incident/effects.ts';
import type { Fact } from '../../../src/incident/facts.ts';
import type { Incident } from '../../../src/incident/incident.ts';
import type { Severity } from '../../../src/incident/severity-scale.ts';
import type { Change, Creation, Store } from '../../../src/store/store.ts';
import {
  adding,
  alertFact,
  born,
  declared,
  graceMs,
  type It,
  kinds,
  no,
  nobody,
  noteFact,
  put,
  t0,
} from './world.ts';
import '../../support/seed.ts';

export function writing(it: It): void {
  it('what was committed is there after a restart: incident, facts and effects', async (store, again) => {
    await declared(store, [{ kind: 'open-channel' }]);
    const reopened = await again();
    expect(reopened.incident(1)?.title).toBe('Checkout is down');
    expect(reopened.timeline(1).map(({ fact }) => fact.type)[0]).toBe('declared');
    expect(kinds(await reopened.claim(['channel'], t0, () => 10))).toEqual(['open-channel']);
  });

  it('a cause that was acted on changes nothing a second time, whichever call brings it', async (store) => {
    await declared(store, [], t0, 'command:1');
    const twice = await store.create(({ id }) => born(id, t0), { at: t0, cause: 'command:1' }, nobody);
    expect(twice).toMatchObject({ outcome: 'seen', incident: { id: 1 } });
    const update = await store.update(1, adding(noteFact('x')), { at: t0, cause: 'command:1' });
    expect(update.outcome).toBe('seen');
    expect(store.list({ limit: 10 })).toHaveLength(1);
  });

  it('a refusal writes nothing and leaves its cause free to lead to something later', async (store) => {
    await declared(store);
    const refused = await store.update(1, () => no, { at: t0, cause: 'click:1' });
    expect(refused).toMatchObject({ outcome: 'refused', incident: { id: 1 } });
    const later = await store.update(1, adding(noteFact('x')), { at: t0, cause: 'click:1' });
    expect(later.outcome).toBe('committed');
  });

  it('an incident that is not there is missing; a creation may be attached or refused instead', async (store) => {
    expect((await store.update(7, adding(noteFact('x')), { at: t0, cause: 'a' })).outcome).toBe('missing');
    const attaching = { attachTo: 7, change: adding(noteFact('x')) };
    expect((await store.create(() => attaching, { at: t0, cause: 'b' }, nobody)).outcome).toBe('missing');
    const refused = await store.create(() => no, { at: t0, cause: 'c' }, nobody);
    expect(refused.outcome).toBe('refused');
    expect(store.list({ limit: 10 })).toEqual([]);
  });

  it('a creation that is attached changes the incident it joins, once', async (store) => {
    await declared(store);
    const attaching = { attachTo: 1, change: adding(noteFact('joins')) };
    const joined = await store.create(() => attaching, { at: t0, cause: 'alert:1' }, nobody);
    expect(joined).toMatchObject({ outcome: 'committed', incident: { id: 1 }, facts: [noteFact('joins')] });
    const again = await store.create(() => attaching, { at: t0, cause: 'alert:1' }, nobody);
    expect(again).toMatchObject({ outcome: 'seen', incident: { id: 1 } });
    expect(store.list({ limit: 10 })).toHaveLength(1);
  });

  it('one change that throws takes none of its neighbours with it', async (store) => {
    const broken = (): Creation => {
      throw new Error('a bug');
    };
    const outcomes = await Promise.allSettled([
      declared(store, [], t0, 'a'),
      store.create(broken, { at: t0, cause: 'b' }, nobody),
      declared(store, [], t0, 'c'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.list({ limit: 10 }).map(({ id }) => id)).toEqual([2, 1]);
  });

  it('changes at once are like one after the other, also where some fail half-way', async (store, again) => {
    const ids = [1, 2, 3];
    for (const id of ids) await declared(store, [], t0, `declare:${id}`);
    const expected = new Map(ids.map((id) => [id, { title: 'Checkout is down', severity: 1 as Severity }]));
    const change = fc.record({
      id: fc.constantFrom(...ids),
      severity: fc.constantFrom<Severity | undefined>(undefined, undefined, 1, 2, 3),
      fails: fc.boolean(),
    });
    let changes = 0;
    const make = ({ id, severity, fails }: { id: number; severity?: Severity; fails: boolean }) => {
      changes += 1;
      const word = ` ${changes}`;
      const before = expected.get(id)!;
      if (!fails) {
        expected.set(id, { title: before.title + word, severity: severity ?? before.severity });
      }
      // What JSON cannot say throws when the incident has been changed already.
      const fact = fails ? ({ ...noteFact('x'), n: 1n } as unknown as Fact) : noteFact('x');
      const changed = (one: Incident): Change => ({
        facts: [fact],
        incident: { ...one, title: one.title + word, severity: severity ?? one.severity },
        effects: [],
      });
      return store.update(id, changed, { at: t0, cause: `change:${word}` });
    };
    const batches = fc.asyncProperty(fc.array(change, { maxLength: 12 }), async (batch) => {
      const outcomes = await Promise.allSettled(batch.map(make));
      expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(batch.map(({ fails }) => fails));
    });
    await fc.assert(batches, { numRuns: 50, endOnFailure: true });
    const reopened = await again();
    for (const [id, { title, severity }] of expected) {
      expect(reopened.incident(id)).toMatchObject({ title, severity });
      expect(reopened.list({ severity, limit: 3 }).map((one) => one.id)).toContain(id);
    }
  });

  it('a thousand changes at once all get numbers of their own', async (store) => {
    await Promise.all(Array.from({ length: 1000 }, (_, n) => declared(store, [], t0, `declare:${n}`)));
    expect(new Set(store.list({ limit: 2000 }).map(({ id }) => id)).size).toBe(1000);
  });

  it('a report settles its row in the same commit, even when it is refused or was seen', async (store) => {
    await declared(store, [{ kind: 'topic' }, { kind: 'purpose' }, { kind: 'pin-card' }]);
    const [a, b, c] = await store.claim(['furnishing'], t0, () => 10);
    const stamp = { at: t0, cause: 'outbox:1#0' };
    await store.update(1, adding(noteFact('x')), { ...stamp, settles: { row: a!.id, state: 'done' } });
    await store.update(1, adding(noteFact('x')), { ...stamp, settles: { row: b!.id, state: 'done' } });
    const refused = { at: t0, cause: 'outbox:3#0', settles: { row: c!.id, state: 'done' } } as const;
    await store.update(1, () => no, refused);
    expect(await store.recover(graceMs)).toBe(0);
  });

  it('what is done may go once more, later, and nothing waits for it', async (store) => {
    await declared(store, [{ kind: 'card' }]);
    const [row] = await store.claim(['channel'], t0, () => 10);
    await store.settle(row!.id, { state: 'done', again: t0 + 60_000 }, t0);
    await store.update(1, adding(noteFact('x'), { kind: 'card' }), { at: t0, cause: 'b' });
    const [newer] = await store.claim(['channel'], t0, () => 10);
    expect(newer).toMatchObject({ effect: { kind: 'card' } });
    // Of two edits of one message only one is under way: the other could bring back what it said.
    expect(await store.claim(['channel'], t0 + 60_000, () => 10)).toEqual([]);
    await store.settle(newer!.id, { state: 'done' }, t0);
    const [again, ...others] = await store.claim(['channel'], t0 + 60_000, () => 10);
    expect(again).toMatchObject({ incident: 1, effect: { kind: 'card' }, attempts: 1 });
    expect(again!.ref).not.toBe(row!.ref);
    expect(others).toEqual([]);
  });

  it('what failed for good is dead in the commit that tells of it, even where its incident is gone', async (store) => {
    await declared(store, [{ kind: 'topic' }, { kind: 'purpose' }]);
    const [a, b] = await store.claim(['furnishing'], t0, () => 10);
    const dead = { state: 'dead', error: 'no_such_thing' } as const;
    await store.update(1, adding(noteFact('x')), { at: t0, cause: 'a', settles: { row: a!.id, ...dead } });
    await store.update(99, adding(noteFact('x')), { at: t0, cause: 'b', settles: { row: b!.id, ...dead } });
    expect(store.outboxReport(10)).toMatchObject({ dead: 2, troubles: [dead, dead] });
  });

  it('a change that throws leaves the row it was to settle as it was', async (store) => {
    await declared(store, [{ kind: 'topic' }]);
    const [row] = await store.claim(['furnishing'], t0, () => 1);
    const broken = (): Change => {
      throw new Error('a bug');
    };
    await expect(
      store.update(1, broken, { at: t0, cause: 'x', settles: { row: row!.id, state: 'done' } }),
    ).rejects.toThrow('a bug');
    expect(await store.recover(graceMs)).toBe(1);
  });
}

/** INC-1 with an alert, merged into INC-2: the alert's news belongs to INC-2, until the merge is undone. */
export function mergingLinks(it: It): void {
  it('alerts follow a merge, and come back when it is undone', async (store) => {
    const from = await declared(store, [], t0);
    const into = await declared(store, [], t0 + 1);
    await store.update(from.id, adding(alertFact('A')), { at: t0, cause: 'alert' });
    const other = { id: from.id, title: '', severity: 1, isPrivate: false, channel: null };
    const alerts = { A: { state: 'triggered', at: t0 } };
    const absorbed = { type: 'absorbed', by: person('ana'), from: other, brings: { alerts, users: [] } };
    await store.update(into.id, adding(absorbed as unknown as Fact), { at: t0, cause: 'absorb' });
    expect(store.linked('pagerduty', 'A')?.id).toBe(into.id);
    const reopened = { type: 'reopened', by: person('ana'), apartFrom: { id: into.id, isPrivate: false } };
    const back = (incident: Incident): Change => ({
      facts: [reopened as unknown as Fact],
      incident: { ...incident, alerts: { A: { state: 'triggered', at: t0 } } },
      effects: [],
    });
    await store.update(from.id, back, { at: t0, cause: 'undo' });
    expect(store.linked('pagerduty', 'A')?.id).toBe(from.id);
  });

  it('the second half of a merge waits in the survivor’s name, in the order of one merged incident', async (store) => {
    const from = await declared(store, [], t0);
    const into = await declared(store, [], t0 + 1);
    const by = person('ana');
    const half = (kind: 'absorb' | 'separate'): Effect => ({ kind, from: from.id, into: into.id, by });
    const both = adding(noteFact('merged'), half('absorb'), half('separate'));
    await store.update(from.id, both, { at: t0, cause: 'merge' });
    const [first, ...more] = await store.claim(['channel'], t0, () => 10);
    expect(first).toMatchObject({ incident: into.id, effect: { kind: 'absorb' } });
    expect(more).toEqual([]);
    await store.settle(first!.id, { state: 'done' }, t0);
    expect(kinds(await store.claim(['channel'], t0, () => 10))).toEqual(['separate']);
  });
}

export function reading(it: It): void {
  it('finds an incident by its alert and by its channel, and an alert that opens another moves to it', async (store) => {
    await declared(store, [], t0, 'a');
    await declared(store, [], t0, 'b');
    await store.update(1, adding(alertFact('PD1')), { at: t0, cause: 'c' });
    await store.update(2, adding(alertFact('PD1')), { at: t0, cause: 'd' });
    expect(store.linked('pagerduty', 'PD1')?.id).toBe(2);
    expect(store.linked('slack', 'PD1')).toBeNull();
    const opened = { type: 'channel-opened', channel: { id: 'C1', name: 'inc-1' }, problem: null };
    const withChannel = (incident: Incident): Change => ({
      facts: [opened as unknown as Fact],
      incident: { ...incident, channel: { id: 'C1', name: 'inc-1' } },
      effects: [],
    });
    await store.update(1, withChannel, { at: t0, cause: 'e' });
    expect(store.linked('slack', 'C1')?.id).toBe(1);
  });

  it('an incident that became private is found by its old channel no more, but as one it has left', async (store) => {
    await declared(store, [], t0, 'a');
    const channel = { id: 'C1', name: 'inc-1' };
    const opened = { type: 'channel-opened', channel, problem: null } as unknown as Fact;
    await store.update(1, (one) => ({ facts: [opened], incident: { ...one, channel }, effects: [] }), {
      at: t0,
      cause: 'b',
    });
    const left = { type: 'made-private', by: person('ana'), channel } as unknown as Fact;
    await store.update(1, (one) => ({ facts: [left], incident: { ...one, channel: null }, effects: [] }), {
      at: t0,
      cause: 'c',
    });
    expect(store.linked('slack', 'C1')).toBeNull();
    expect(store.linkedId('slack', 'C1')).toBeNull();
    expect(store.linkedId('slack-past', 'C1')).toBe(1);
  });

  it('reads a timeline again with what came since, in the order of happening', async (store) => {
    await declared(store, [], t0, 'a');
    const before = store.timeline(1);
    before.length = 0;
    const note = { type: 'note-added', by: person('ana'), text: 'before', happenedAt: t0 - 1 } as const;
    await store.update(1, (incident) => ({ facts: [note], incident, effects: [] }), { at: t0, cause: 'b' });
    const [first, second] = store.timeline(1);
    expect([first?.fact.type, second?.fact.type]).toEqual(['note-added', 'declared']);
    expect(store.timeline(2)).toEqual([]);
  });

  it('knows every incident with a follow-up in the words of a message, of its own or from a merge', async (store) => {
    const source = { channel: 'C1', ts: '1.1' };
    const adds = (made: object) => (incident: Incident) => {
      const fact = { type: 'followup-added', by: person('ana'), n: 1, text: 'a', owner: null, dueAt: null };
      return { facts: [{ ...fact, ...made } as unknown as Fact], incident, effects: [] };
    };
    for (const cause of ['a', 'b', 'c', 'd']) await declared(store, [], t0, cause);
    await store.update(1, adds({ source, quotes: true }), { at: t0, cause: 'e' });
    await store.update(2, adds({ source }), { at: t0, cause: 'f' });
    await store.update(3, adds({ source: { ...source, ts: '1.12' }, quotes: true }), { at: t0, cause: 'g' });
    const brings = { alerts: {}, alertSource: null, users: [], followups: [{ n: 1, source, quotes: true }] };
    const absorbed = { type: 'absorbed', by: person('ana'), from: { id: 1 }, brings } as unknown as Fact;
    const takes = (incident: Incident) => ({ facts: [absorbed], incident, effects: [] });
    await store.update(4, takes, { at: t0, cause: 'h' });
    expect(store.quoting(source)).toEqual([1, 4]);
    expect(store.quoting({ channel: 'C2', ts: '1.1' })).toEqual([]);
  });

  it('knows which incident acted on a cause', async (store) => {
    await declared(store, [], t0, 'a');
    expect(store.causedBy('a')).toBe(1);
    expect(store.causedBy('b')).toBeNull();
  });

  it('tells when a person declared lately, latest first, and nobody else', async (store) => {
    for (const minutes of [0, 5, 20]) await declared(store, [], t0 + minutes * 60_000);
    const seen: number[][] = [];
    const ask = (user: string) =>
      store.create(
        ({ declaredAt }) => {
          seen.push(declaredAt.map((at) => (at - t0) / 60_000));
          return no;
        },
        { at: t0, cause: `ask ${user}` },
        { ...nobody, declarer: { user, since: t0 } },
      );
    await ask('ana');
    await ask('bea');
    expect(seen).toEqual([[20, 5], []]);
  });

  it('lists open ones first, the worst of them first where only they are asked for', async (store) => {
    for (const n of [1, 2, 3]) await declared(store, [], t0, `d${n}`);
    await put(store, 1, { severity: 3 });
    await put(store, 3, { status: 'resolved' });
    expect(store.list({ limit: 10 }).map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(store.list({ open: true, limit: 10 }).map(({ id }) => id)).toEqual([2, 1]);
    expect(store.list({ open: false, limit: 10 }).map(({ id }) => id)).toEqual([3]);
    expect(store.list({ severity: 3, limit: 10 }).map(({ id }) => id)).toEqual([1]);
    expect(store.list({ limit: 1 })).toHaveLength(1);
  });

  const similarity: [about: string, title: string, service: string | null, found: number[]][] = [
    ['the same service, the worst first', 'Refunds hang', 'payments', [2, 1]],
    ['no service, and a title alike', 'Checkout breaks', null, [2, 1]],
    ['a service where the other names none', 'Search index broken', 'payments', [2, 1, 3]],
    ['another service', 'Checkout is down', 'mail', []],
    ['another title', 'Mail is late', null, []],
    ['too few words in common', 'Checkout button colour wrong since deploy', null, []],
    ['a title that says nothing', 'It is down', null, []],
  ];
  it('finds what may be the same problem: of that service, or alike where either names none', async (store) => {
    await declared(store, [], t0, 'a');
    await declared(store, [], t0, 'b');
    await declared(store, [], t0, 'c');
    await put(store, 3, { title: 'Search index is broken', service: null });
    for (const [about, title, service, found] of similarity) {
      expect(
        store.similar({ title, service }, 10).map(({ id }) => id),
        about,
      ).toEqual(found);
    }
    await put(store, 1, { severity: 1, visibility: 'line' });
    expect(store.similar({ title: 'x', service: 'payments' }, 10).map(({ id }) => id)).toEqual([2]);
  });

  it('what is similar follows a rename, an end and a reopening, and a restart', async (store, again) => {
    await declared(store);
    const found = (at: Store, title: string) => at.similar({ title, service: null }, 10).map(({ id }) => id);
    await put(store, 1, { title: 'Refunds hang' });
    expect([found(store, 'Checkout hangs'), found(store, 'Refunds hung')]).toEqual([[1], [1]]);
    expect(found(store, 'Checkout broken')).toEqual([]);
    await put(store, 1, { status: 'resolved' });
    expect(found(store, 'Refunds hang')).toEqual([]);
    await put(store, 1, { status: 'monitoring' });
    expect(found(await again(), 'Refunds hang')).toEqual([1]);
  });

  it('knows which open incidents a person has, the worst first', async (store) => {
    for (const n of [1, 2, 3]) await declared(store, [], t0, `d${n}`);
    const acknowledged = { by: person('bea'), at: t0, lastSeenAt: t0 };
    await put(store, 1, { severity: 3, acknowledged });
    await put(store, 2, { acknowledged });
    await put(store, 3, { acknowledged, status: 'resolved' });
    expect(store.heldBy('bea', 10).map(({ id }) => id)).toEqual([2, 1]);
    expect(store.heldBy('bea', 1)).toHaveLength(1);
    expect(store.heldBy('ana', 10)).toEqual([]);
    await put(store, 2, { acknowledged: null });
    expect(store.heldBy('bea', 10).map(({ id }) => id)).toEqual([1]);
  });

  it('what is due comes longest overdue first, and never what is not due yet', async (store) => {
    for (const minutes of [20, 10, 30]) await declared(store, [], t0 + minutes * 60_000);
    const all = store.due(t0 + 86_400_000, 10);
    expect(all.map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(store.nextDueAt()).toBe(all[0]!.dueAt);
    expect(store.due(all[1]!.dueAt, 10).map(({ id }) => id)).toEqual([2, 1]);
    expect(store.due(all[0]!.dueAt - 1, 10)).toEqual([]);
    expect(store.due(t0 + 86_400_000, 1)).toHaveLength(1);
  });

  it('nothing is due where nothing is', async (store) => {
    expect(store.nextDueAt()).toBeNull();
    expect(store.due(t0, 10)).toEqual([]);
  });

  it('the timeline is in the order in which things happened, not in which we heard of them', async (store) => {
    await declared(store);
    const message = (text: string, happenedAt: number): Fact =>
      ({ type: 'message', text, ts: `${happenedAt / 1000}`, happenedAt }) as unknown as Fact;
    await store.update(1, adding(message('later', t0 + 5000)), { at: t0 + 9000, cause: 'a' });
    await store.update(1, adding(message('earlier', t0 + 1000)), { at: t0 + 9000, cause: 'b' });
    const entries = store.timeline(1);
    expect(entries.map(({ happenedAt }) => happenedAt)).toEqual(
      entries.map(({ happenedAt }) => happenedAt).sort((a, b) => a - b),
    );
    expect(entries.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(entries.map((_, n) => n + 1));
  });

  it('an alert that was resolved before it was heard of is remembered with its latest time', async (store) => {
    await store.noteCleared('PD9', t0 + 5);
    await store.noteCleared('PD9', t0 + 1);
    let clearedAt: number | null = null;
    await store.create(
      (context) => {
        clearedAt = context.clearedAt;
        return born(context.id, t0);
      },
      { at: t0, cause: 'x' },
      { ...nobody, alert: 'PD9' },
    );
    expect(clearedAt).toBe(t0 + 5);
  });
}
