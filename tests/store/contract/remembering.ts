import { expect } from 'vitest';
import { type It, t0 } from './world.ts';

export function remembering(it: It): void {
  it('people, notes about the installation and quarantined input stay', async (store, again) => {
    const ana = { user: 'U0ANA', name: 'Ana', timeZone: 'Europe/Berlin', dm: null, isMember: true, at: t0 };
    await store.savePerson(ana);
    await store.savePerson({ ...ana, dm: 'D1' });
    const guest = { ...ana, user: 'U0GUS', isMember: false };
    const stranger = { ...guest, user: 'U0MALLORY', isStranger: true };
    await store.savePerson(guest);
    await store.savePerson(stranger);
    await store.saveMeta('identity', 'a');
    await store.saveMeta('identity', 'b');
    await store.quarantine({ at: t0, source: 'pagerduty', reason: 'no JSON', body: Buffer.from('{') });
    const reopened = await again();
    expect(reopened.person('U0ANA')).toEqual({ ...ana, dm: 'D1' });
    expect(reopened.person('U0GUS')).toEqual(guest);
    expect(reopened.person('U0MALLORY')).toEqual(stranger);
    expect(reopened.person('U0BEA')).toBeNull();
    expect(reopened.meta('identity')).toBe('b');
    expect(reopened.meta('last-tick')).toBeNull();
    expect(reopened.quarantined()).toBe(1);
  });
}

export function rememberingPagerDuty(it: It): void {
  it('how old PagerDuty’s answers are, and its users, stay; the latest counts', async (store, again) => {
    const answered = { team: 'payments', answeredAt: t0, failingSince: null, problem: null };
    const failing = { ...answered, failingSince: t0 + 1, problem: 'away' };
    const never = { team: 'billing', answeredAt: null, failingSince: t0, problem: 'away' };
    expect(store.sources()).toEqual([]);
    await store.saveSource(answered);
    expect(store.sources()).toEqual([answered]);
    await store.saveSource(failing);
    await store.saveSource(never);
    const bea = { id: 'PBEA', name: 'Bea', email: 'bea@example.com', at: t0 };
    await store.savePagerDutyPeople([bea, { ...bea, id: 'PCAI', email: null }]);
    await store.savePagerDutyPeople([{ ...bea, email: 'b@example.com', at: t0 + 1 }]);
    const reopened = await again();
    expect(reopened.sources()).toEqual([never, failing]);
    expect(reopened.pagerDutyPerson('PBEA')).toEqual({ ...bea, email: 'b@example.com', at: t0 + 1 });
    expect(reopened.pagerDutyPerson('PCAI')?.email).toBeNull();
    expect(reopened.pagerDutyPerson('PZOE')).toBeNull();
  });
}
