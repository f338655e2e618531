import { expect } from 'vitest';
import type { Effect } from '../../../src/incident/effects.ts';
import type { Store } from '../../../src/store/store.ts';
import { adding, allLanes, declared, graceMs, type It, kinds, noteFact, say, t0 } from './world.ts';

export function claiming(it: It): void {
  it('rows of one place go one after the other, the oldest first', async (store) => {
    await declared(store, [say('1'), say('2')]);
    const [first, ...others] = await store.claim(['chatter'], t0, () => 10);
    expect(others).toEqual([]);
    expect(await store.claim(['chatter'], t0, () => 10)).toEqual([]);
    await store.settle(first!.id, { state: 'done' }, t0);
    const [second] = await store.claim(['chatter'], t0, () => 10);
    expect(second!.id).toBeGreaterThan(first!.id);
  });

  it('what a place owes in a more urgent lane goes before its chatter', async (store) => {
    await declared(store, [say('1'), { kind: 'card' }]);
    expect(await store.claim(['chatter'], t0, () => 10)).toEqual([]);
    expect(kinds(await store.claim(['channel'], t0, () => 10))).toEqual(['card']);
  });

  it('rows without an order go together, up to the limit, each claimed once', async (store) => {
    await declared(store, [{ kind: 'topic' }, { kind: 'purpose' }, { kind: 'pin-card' }]);
    expect(kinds(await store.claim(['furnishing'], t0, () => 2))).toEqual(['topic', 'purpose']);
    expect(kinds(await store.claim(['furnishing'], t0, () => 2))).toEqual(['pin-card']);
    expect(await store.claim(['furnishing'], t0, () => 2)).toEqual([]);
  });

  it('a row that waits makes another of its kind unnecessary, one that is under way does not', async (store) => {
    await declared(store, [{ kind: 'card' }, { kind: 'card' }]);
    const [under] = await store.claim(['channel'], t0, () => 10);
    expect(store.outboxReport(10).waiting).toBe(1);
    await store.update(1, adding(noteFact('x'), { kind: 'card' }, { kind: 'card' }), { at: t0, cause: 'b' });
    expect(store.outboxReport(10).waiting).toBe(2);
    await store.settle(under!.id, { state: 'done' }, t0);
    expect(kinds(await store.claim(['channel'], t0, () => 10))).toEqual(['card']);
  });

  it('the same effect of the same change is never owed twice, and each row has a mark of its own', async (store) => {
    await declared(store, [say('1'), say('1')]);
    expect(store.outboxReport(10).waiting).toBe(2);
    const [a] = await store.claim(['chatter'], t0, () => 1);
    await store.settle(a!.id, { state: 'done' }, t0);
    const [b] = await store.claim(['chatter'], t0, () => 1);
    expect(a!.ref).not.toBe(b!.ref);
    expect(a!.ref).toMatch(/^[0-9a-f]{20}$/);
  });

  it('what must wait is not claimed before its time, and the store says when that is', async (store) => {
    await declared(store, [{ kind: 'topic' }]);
    const [row] = await store.claim(['furnishing'], t0, () => 1);
    await store.settle(row!.id, { state: 'pending', notBefore: t0 + 500 }, t0);
    expect(store.nextSendAt(t0)).toBe(t0 + 500);
    expect(await store.claim(['furnishing'], t0 + 499, () => 1)).toEqual([]);
    expect(await store.claim(['furnishing'], t0 + 500, () => 1)).toMatchObject([
      { id: row!.id, attempts: 2 },
    ]);
    expect(store.nextSendAt(t0 + 500)).toBeNull();
  });

  it('one of ten thousand queued rows is claimed in the order of its age', async (store) => {
    await declared(store);
    const effects = Array.from({ length: 10_000 }, (_, n) => say(String(n)));
    await store.update(1, adding(noteFact('x'), ...effects), { at: t0, cause: 'many' });
    const rows = await store.claim(['chatter'], t0, () => 6);
    expect(rows.map(({ effect }) => effect)).toEqual([say('0')]);
  });
}

export function settling(it: It): void {
  it('a call under way when the process died is looked up, a grace after it was made', async (store, again) => {
    await declared(store, [{ kind: 'topic' }, { kind: 'resolve-page', order: {} } as unknown as Effect]);
    await store.claim(['furnishing'], t0, () => 10);
    await store.claim(['page'], t0, () => 10);
    const reopened = await again();
    expect(await reopened.recover(graceMs)).toBe(2);
    expect(await reopened.recover(graceMs)).toBe(0);
    expect(await reopened.claim(['page'], t0, () => 10)).toMatchObject([{ reconcile: true, attempts: 2 }]);
    expect(await reopened.claim(['furnishing'], t0 + 9_999, () => 10)).toEqual([]);
    const [late] = await reopened.claim(['furnishing'], t0 + 10_000, () => 10);
    expect(late).toMatchObject({ reconcile: true, sentAt: t0 });
  });

  it('killed while it tries again: looked up a grace after that try, from the first on', async (store, again) => {
    await declared(store, [{ kind: 'topic' }]);
    await store.claim(['furnishing'], t0, () => 10);
    const reopened = await again();
    await reopened.recover(graceMs);
    const laterAt = t0 + 900_000;
    expect(await reopened.claim(['furnishing'], laterAt, () => 10)).toMatchObject([{ reconcile: true }]);
    expect(await reopened.recover(graceMs)).toBe(1);
    expect(await reopened.claim(['furnishing'], laterAt + 9_999, () => 10)).toEqual([]);
    const [late] = await reopened.claim(['furnishing'], laterAt + 10_000, () => 10);
    expect(late).toMatchObject({ reconcile: true, sentAt: t0 });
  });

  it('a call that was made later than it was claimed has its grace from the call on', async (store) => {
    await declared(store, [say('1')]);
    const [row] = await store.claim(['chatter'], t0, () => 1);
    await store.calling(row!.id, t0 + 9_000);
    await store.recover(graceMs);
    const dueAt = t0 + 9_000 + graceMs.chatter;
    expect(await store.claim(['chatter'], dueAt - 1, () => 1)).toEqual([]);
    expect(await store.claim(['chatter'], dueAt, () => 1)).toMatchObject([{ reconcile: true, sentAt: t0 }]);
  });

  it('a call in doubt that ended meanwhile is not touched', async (store) => {
    await declared(store, [say('1')]);
    const [row] = await store.claim(['chatter'], t0, () => 1);
    await store.settle(row!.id, { state: 'pending', notBefore: t0 + 500 }, t0);
    await store.calling(row!.id, t0 + 9_000);
    expect(await store.claim(['chatter'], t0 + 500, () => 1)).toHaveLength(1);
  });

  it('the call in doubt stays the one to look for, however often the look fails', async (store) => {
    await declared(store, [say('1')]);
    for (const minutes of [0, 1, 2]) {
      const [row] = await store.claim(['chatter'], t0 + minutes * 60_000, () => 1);
      expect(row!.sentAt).toBe(t0);
      await store.settle(row!.id, { state: 'unknown', notBefore: t0 }, t0);
    }
    expect(store.outboxReport(10)).toMatchObject({ unknown: 1, waiting: 0 });
  });

  it('a row in doubt holds back what comes after it in its place', async (store) => {
    await declared(store, [say('1'), say('2')]);
    const [row] = await store.claim(['chatter'], t0, () => 1);
    await store.settle(row!.id, { state: 'unknown', notBefore: t0 + 60_000 }, t0);
    expect(await store.claim(['chatter'], t0 + 59_999, () => 10)).toEqual([]);
    expect(await store.claim(['chatter'], t0 + 60_000, () => 10)).toMatchObject([
      { id: row!.id, reconcile: true },
    ]);
  });

  it('a try that does not count is taken back; dead and cancelled rows are never claimed again', async (store) => {
    await declared(store, [{ kind: 'topic' }, { kind: 'purpose' }, { kind: 'pin-card' }]);
    const [a, b, c] = await store.claim(['furnishing'], t0, () => 10);
    await store.settle(a!.id, { state: 'pending', notBefore: t0, uncounted: true }, t0);
    await store.settle(b!.id, { state: 'dead', error: 'invalid_blocks' }, t0);
    await store.settle(c!.id, { state: 'cancelled', error: 'no longer wanted' }, t0);
    expect(await store.claim(['furnishing'], t0, () => 10)).toMatchObject([{ id: a!.id, attempts: 1 }]);
    expect(await store.recover(graceMs)).toBe(1);
    expect(store.outboxReport(10)).toMatchObject({
      dead: 1,
      unknown: 1,
      troubles: [
        { kind: 'purpose', state: 'dead', error: 'invalid_blocks' },
        { kind: 'topic', state: 'unknown' },
      ],
    });
  });

  it('what was done is forgotten in time; what failed, or is still to do, is not', async (store) => {
    await declared(store, [{ kind: 'topic' }, { kind: 'purpose' }, { kind: 'pin-card' }]);
    const [a, b] = await store.claim(['furnishing'], t0, () => 2);
    await store.settle(a!.id, { state: 'done' }, t0);
    await store.settle(b!.id, { state: 'dead', error: 'invalid_blocks' }, t0);
    expect(await store.forget(t0)).toBe(0);
    expect(await store.forget(t0 + 1)).toBe(1);
    expect(store.outboxReport(10)).toMatchObject({ dead: 1, waiting: 1 });
  });

  it('what is settled stays settled', async (store) => {
    await declared(store, [{ kind: 'card' }]);
    const [row] = await store.claim(['channel'], t0, () => 1);
    await store.settle(row!.id, { state: 'done' }, t0);
    await store.update(1, adding(noteFact('x'), { kind: 'card' }), { at: t0, cause: 'b' });
    await store.settle(row!.id, { state: 'pending', notBefore: t0 }, t0);
    expect(kinds(await store.claim(['channel'], t0, () => 10))).toEqual(['card']);
    expect(store.outboxReport(10)).toMatchObject({ waiting: 1, dead: 0 });
  });

  it('a coalescing row that must wait again gives way to a newer one', async (store) => {
    await declared(store, [{ kind: 'card' }]);
    const [old] = await store.claim(['channel'], t0, () => 1);
    await store.update(1, adding(noteFact('x'), { kind: 'card' }), { at: t0, cause: 'b' });
    await store.settle(old!.id, { state: 'pending', notBefore: t0 + 1000 }, t0);
    const [row] = await store.claim(['channel'], t0, () => 10);
    expect(row!.id).toBeGreaterThan(old!.id);
    expect(store.outboxReport(10).waiting).toBe(1);
  });
}

export function parking(it: It): void {
  async function parked(store: Store, ...effects: Effect[]): Promise<void> {
    await store.update(1, adding(noteFact('x'), ...effects), { at: t0, cause: `park:${effects.length}` });
    for (const lane of ['channel', 'furnishing', 'chatter'] as const) {
      for (const row of await store.claim([lane], t0, () => 10)) {
        await store.settle(row.id, { state: 'parked', error: 'token_revoked', uncounted: true }, t0);
      }
    }
  }

  it('parked rows hold nothing back, wait for a word, and then go', async (store) => {
    await declared(store);
    await parked(store, say('1'), { kind: 'topic' });
    expect(store.outboxReport(10).parked).toBe(2);
    expect(await store.claim(['furnishing'], t0 + 86_400_000, () => 10)).toEqual([]);
    expect(await store.unpark(t0 + 1000, allLanes)).toBe(2);
    expect(await store.claim(['furnishing'], t0 + 1000, () => 10)).toMatchObject([
      { attempts: 1, reconcile: false },
    ]);
    expect(store.outboxReport(10).parked).toBe(0);
  });

  it('of parked rows of one kind, and one that waits, the newest is left', async (store) => {
    await declared(store);
    await parked(store, { kind: 'card' });
    await parked(store, { kind: 'card' }, { kind: 'topic' });
    await store.update(1, adding(noteFact('x'), { kind: 'card' }), { at: t0, cause: 'waits' });
    expect(await store.unpark(t0, allLanes)).toBe(1);
    expect(kinds(await store.claim(['channel'], t0, () => 10))).toEqual(['card']);
    expect(kinds(await store.claim(['furnishing'], t0, () => 10))).toEqual(['topic']);
    expect(store.outboxReport(10).parked).toBe(0);
  });

  it('a parked row whose fate was in doubt is looked up, before the newer one of its kind', async (store) => {
    await declared(store, [{ kind: 'card' }]);
    const [row] = await store.claim(['channel'], t0, () => 1);
    await store.settle(row!.id, { state: 'unknown', notBefore: t0 }, t0);
    await parked(store, { kind: 'topic' });
    await store.update(1, adding(noteFact('x'), { kind: 'card' }), { at: t0, cause: 'newer' });
    await store.unpark(t0, allLanes);
    const rows = await store.claim(['channel'], t0, () => 10);
    expect(rows.filter(({ effect }) => effect.kind === 'card')).toMatchObject([
      { id: row!.id, reconcile: true, sentAt: t0 },
    ]);
  });
}
