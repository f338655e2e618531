import type { Screen } from '../../src/blocks/message.ts';
import { person } from '../../src/incident/by.ts';
import type { Incident } from '../../src/incident/incident.ts';
import type { PageOrder, PageReason } from '../../src/incident/page-order.ts';
import { at, declared, type Life } from '../support/incident.ts';

const people: Record<string, string> = { UANA: 'Ana', UBEA: 'Bea', UCAI: 'Cai', UDANA: 'Dana' };

/** What a reader sees at that time of 2 March 2026. */
export const screenAt = (time: string): Screen => ({
  now: at(time),
  names: (user) => people[user] ?? user,
  command: '/incident',
});

/** Ana declared "Checkout is down" (SEV1, payments) at 02:00; its channel is #C42. */
export const checkout = (more: Parameters<typeof declared>[0] = {}): Life =>
  declared({ by: person('UANA'), ...more }).does('02:00:02', {
    type: 'note-channel',
    channel: { id: 'C42', name: 'inc-20260302-42-checkout-is-down' },
    problem: null,
  });

/** Bea, the primary, took it at 02:03. */
export const taken = (more: Parameters<typeof declared>[0] = {}): Life =>
  checkout(more).does('02:03', { type: 'acknowledge', by: person('UBEA'), onCall: true, confirmed: false });

/** An order to page, as the ladder's first rung gives it. */
export const order = (incident: Incident, reason: PageReason = { why: 'declared' }): PageOrder => ({
  orderedAt: at('02:00'),
  action: 'page',
  target: { kind: 'named', name: 'oncall-primary' },
  reason,
  step: reason.why === 'declared' || reason.why === 'ladder' ? 0 : null,
  nextAt: incident.escalation.next?.at ?? null,
});
