import { expect } from 'vitest';
import { type Desk, type DeskFact, emptyDesk } from '../../../src/oncall/desk.ts';
import type { DeskEffect } from '../../../src/oncall/desk-effects.ts';
import type { DeskChange } from '../../../src/store/store.ts';
import { declared, graceMs, type It, t0 } from './world.ts';

const asking = (n: number): DeskFact => ({ type: 'test-page-asked', by: 'UANA', n });

/** The desk gets a number and is due at `dueAt`. */
const atDesk =
  (n: number, dueAt: number | null, ...effects: DeskEffect[]) =>
  (desk: Desk): DeskChange => ({ facts: [asking(n)], desk: { ...desk, lastNumber: n }, effects, dueAt });

const nothingAtDesk =
  (dueAt: number | null) =>
  (desk: Desk): DeskChange => ({ facts: [], desk, effects: [], dueAt });

export function keepingDesks(it: It): void {
  it('a desk begins with what first happens there, and is there after a restart', async (store, again) => {
    expect(store.desk('payments')).toBeNull();
    expect(store.desks()).toEqual([]);
    await store.updateDesk('payments', nothingAtDesk(t0), { at: t0, cause: 'a' });
    expect(store.desk('payments')).toBeNull();
    const made = await store.updateDesk('payments', atDesk(7, null), { at: t0, cause: 'a' });
    expect(made).toMatchObject({ outcome: 'committed', desk: { team: 'payments', lastNumber: 7 } });
    await store.updateDesk('search', atDesk(1, null), { at: t0, cause: 'b' });
    expect(store.desks().map(({ team }) => team)).toEqual(['payments', 'search']);
    const reopened = await again();
    expect(reopened.desk('payments')).toEqual({ ...emptyDesk('payments'), lastNumber: 7 });
    expect(reopened.desks().map(({ lastNumber }) => lastNumber)).toEqual([7, 1]);
  });

  it('a cause acted on at a desk changes nothing there again; a refusal leaves it free', async (store) => {
    const refused = await store.updateDesk('payments', () => ({ refused: 'past' }), { at: t0, cause: 'a' });
    expect(refused).toMatchObject({ outcome: 'refused', refusal: { refused: 'past' } });
    await store.updateDesk('payments', atDesk(1, null), { at: t0, cause: 'a' });
    const seen = await store.updateDesk('payments', atDesk(2, null), { at: t0, cause: 'a' });
    expect(seen).toMatchObject({ outcome: 'seen', desk: { lastNumber: 1 } });
    expect(store.desks()[0]?.lastNumber).toBe(1);
  });

  it('desks are due beside incidents; a due time moves also where nothing happened', async (store) => {
    await store.updateDesk('payments', atDesk(1, t0 + 20), { at: t0, cause: 'a' });
    await store.updateDesk('search', atDesk(1, t0 + 10), { at: t0, cause: 'b' });
    await store.updateDesk('shop', atDesk(1, null), { at: t0, cause: 'c' });
    expect(store.nextDueAt()).toBe(t0 + 10);
    expect(store.dueDesks(t0 + 9, 10)).toEqual([]);
    expect(store.dueDesks(t0 + 30, 10)).toEqual([
      { team: 'search', dueAt: t0 + 10 },
      { team: 'payments', dueAt: t0 + 20 },
    ]);
    expect(store.dueDesks(t0 + 30, 1)).toHaveLength(1);
    await store.updateDesk('search', nothingAtDesk(t0 + 40), { at: t0, cause: 'd' });
    expect(store.nextDueAt()).toBe(t0 + 20);
    const { dueAt } = await declared(store).then(
      ({ id }) => store.due(Number.MAX_SAFE_INTEGER, 10).find((one) => one.id === id)!,
    );
    await store.updateDesk('payments', nothingAtDesk(null), { at: t0, cause: 'e' });
    await store.updateDesk('search', nothingAtDesk(null), { at: t0, cause: 'f' });
    expect(store.nextDueAt()).toBe(dueAt);
  });

  it('what a desk owes waits in the lanes with the rest, and is settled by what it reports', async (store) => {
    await declared(store, [{ kind: 'topic' }]);
    const test: DeskEffect = { kind: 'test-page', n: 1, user: 'UANA' };
    await store.updateDesk('payments', atDesk(1, null, test), { at: t0, cause: 'a' });
    const [row, ...others] = await store.claim(['page', 'furnishing'], t0, () => 10);
    expect(row).toMatchObject({ incident: null, desk: 'payments', effect: test, attempts: 1 });
    expect(others).toMatchObject([{ incident: 1, desk: null, effect: { kind: 'topic' } }]);
    await store.settle(row!.id, { state: 'dead', error: 'no_such_thing' }, t0);
    expect(store.outboxReport(10).troubles).toMatchObject([
      { incident: null, desk: 'payments', kind: 'test-page', state: 'dead', error: 'no_such_thing' },
    ]);
    await store.updateDesk('payments', atDesk(2, null, test), { at: t0, cause: 'b' });
    const [again] = await store.claim(['page'], t0, () => 10);
    await store.updateDesk('payments', atDesk(3, null), {
      at: t0,
      cause: 'c',
      settles: { row: again!.id, state: 'done' },
    });
    await store.settle(others[0]!.id, { state: 'done' }, t0);
    expect(await store.recover(graceMs)).toBe(0);
  });

  it('what one person is told by a desk goes out in its order', async (store) => {
    const about = asking(1);
    const told = (user: string): DeskEffect => ({ kind: 'tell-desk', user, about });
    await store.updateDesk('payments', atDesk(1, null, told('UANA'), told('UANA'), told('UBEA')), {
      at: t0,
      cause: 'a',
    });
    const rows = await store.claim(['chatter'], t0, () => 10);
    expect(rows.map(({ effect }) => 'user' in effect && effect.user)).toEqual(['UANA', 'UBEA']);
    await store.settle(rows[0]!.id, { state: 'done' }, t0);
    expect(await store.claim(['chatter'], t0, () => 10)).toHaveLength(1);
  });
}
