import { expect, test } from 'vitest';
import { card } from '../../src/blocks/card.ts';
import { person } from '../../src/incident/by.ts';
import { read, readText } from '../support/read.ts';
import { checkout, screenAt, taken } from './screen.ts';

const seen = (life: ReturnType<typeof checkout>, time: string) => read(card(life.incident, screenAt(time)));

test('before anybody has it, the card says who is paged next and when', () => {
  expect(seen(checkout(), '02:01')).toBe(
    [
      'SEV1 · Checkout is down · INC-42',
      'Investigating since 02:00 UTC',
      'Impact: not known yet',
      'Nobody has it. The on-call secondary is paged 02:05 UTC.',
      'Declared 02:00 UTC by Ana',
      'Next update 02:15 UTC',
      'SEV1: error_rate 62 >= 50, revenue_impacting',
      '[Acknowledge] [Escalate…] [Take command] [⋯ Take comms | Severity… | Cancel: false alarm… | Resolve… | Roles…]',
    ].join('\n'),
  );
});

test('whoever leads before anybody has it is named in a sentence of its own', () => {
  const takes = { type: 'assign-role', timeZone: null, onlyIfVacant: true } as const;
  const life = checkout()
    .does('02:01', { ...takes, by: person('UANA'), role: 'comms', user: 'UANA' })
    .does('02:01', { ...takes, by: person('UCAI'), role: 'scribe', user: 'UCAI' });
  expect(seen(life, '02:01')).toContain('is paged 02:05 UTC. Comms lead: Ana · Scribe: Cai\n');
});

test('once somebody has it, the card says who, who leads, what was last and when the next update comes', () => {
  const life = taken()
    .does('02:04', {
      type: 'assign-role',
      by: person('UANA'),
      role: 'comms',
      user: 'UANA',
      timeZone: null,
      onlyIfVacant: true,
    })
    .does('02:12', {
      type: 'post-update',
      by: person('UBEA'),
      happening: 'EU card payments fail',
      impact: 'EU card payments fail',
      doing: 'rolling back release 512',
      nextAt: null,
    });
  expect(seen(life, '02:13')).toBe(
    [
      'SEV1 · Checkout is down · INC-42',
      'Investigating since 02:00 UTC',
      'Impact: EU card payments fail',
      'Bea has it · Commander: nobody · Comms lead: Ana',
      '02:12 UTC Bea: rolling back release 512',
      'Next update 02:27 UTC',
      'SEV1: error_rate 62 >= 50, revenue_impacting',
      '[Update] [Escalate…] [Resolve…] [⋯ Take command | Roles… | Status… | Severity… | Cancel: false alarm…]',
    ].join('\n'),
  );
});

test('the card mentions nobody, so its edits disturb nobody', () => {
  const life = taken().does('02:04', {
    type: 'assign-role',
    by: person('UANA'),
    role: 'commander',
    user: 'UANA',
    timeZone: null,
    onlyIfVacant: true,
  });
  const shown = card(life.incident, screenAt('02:05'));
  expect(JSON.stringify(shown)).not.toMatch(/"type":"(?:user|usergroup|broadcast)"|<@|<!(?!date)/);
  expect(read(shown)).toContain('Commander: Ana');
});

test('a resolved card says how it was fixed, how long it took, and offers to undo', () => {
  const life = taken().does('02:40', {
    type: 'resolve',
    by: person('UBEA'),
    how: 'rollback',
    verified: true,
    text: 'Release 512 is gone.',
  });
  expect(seen(life, '02:41')).toBe(
    [
      'SEV1 · Checkout is down · INC-42',
      'Resolved 02:40 UTC',
      'Fixed by rollback, recovery verified, says Bea. Release 512 is gone.',
      'Started 02:00 UTC, lasted 40 min',
      'Postmortem: Bea, due 4 Mar 02:40 UTC',
      'SEV1: error_rate 62 >= 50, revenue_impacting',
      '[Close…] [Reopen] [Postmortem]',
    ].join('\n'),
  );
});

test('an alert that cleared before anybody had it: paging holds and the card says until when', () => {
  const alert = {
    id: 'PD1',
    title: 'Checkout 5xx',
    url: 'https://acme.pagerduty.example/incidents/PD1',
    service: 'payments',
    at: Date.UTC(2026, 2, 2, 2, 0),
    createdAt: Date.UTC(2026, 2, 2, 1, 58),
    severity: 2,
    severityReason: 'PagerDuty priority P2',
    assignees: [],
  } as const;
  const life = checkout({
    by: { kind: 'pagerduty' },
    alert: { ...alert, assignees: [] },
    severity: 2,
    severityReason: 'PagerDuty priority P2',
    provisional: true,
  }).does('02:06', {
    type: 'note-alert',
    by: { kind: 'pagerduty' },
    id: 'PD1',
    to: 'resolved',
    at: Date.UTC(2026, 2, 2, 2, 6),
    unacknowledged: false,
  });
  const shown = seen(life, '02:07').split('\n');
  expect(shown[0]).toBe('SEV2 (provisional) · Checkout is down · INC-42');
  expect(shown[3]).toBe(
    'Nobody has it. PagerDuty says it cleared 02:06 UTC: nobody is paged. Canceled 02:36 UTC unless somebody acts.',
  );
  expect(shown[6]).toBe('SEV2: PagerDuty priority P2 · PagerDuty: 0 of 1 alert firing');
});

test('a test incident is marked, and its card says who would be paged', () => {
  const shown = card(checkout({ isTest: true }).incident, screenAt('02:01'));
  expect(read(shown)).toContain('TEST · SEV1 · Checkout is down');
  expect(read(shown)).toContain('The on-call secondary would be paged 02:05 UTC.');
  expect(readText(shown)).toMatch(/^TEST SEV1 Checkout is down\. /);
});

test('a private incident says so', () => {
  expect(seen(checkout({ isPrivate: true }), '02:01')).toContain(
    'SEV1 · Checkout is down · INC-42 · private',
  );
});

test('a canceled card says so once, and that nobody needs to do anything', () => {
  const life = checkout().does('02:10', { type: 'cancel', by: person('UBEA'), why: 'false alarm' });
  expect(seen(life, '02:11')).toBe(
    [
      'SEV1 · Checkout is down · INC-42',
      'Canceled 02:10 UTC',
      'Nobody needs to do anything.',
      'Started 02:00 UTC, lasted 10 min',
      'SEV1: error_rate 62 >= 50, revenue_impacting',
      '[Reopen]',
    ].join('\n'),
  );
});

test.each([
  ['set when declared', 'SEV1: set by Ana when declared'],
  ['not sure yet', 'SEV1: not sure yet'],
  ['', 'SEV1: set by Ana'],
])('the reason of a severity stands in a sentence of its own: "%s"', (severityReason, line) => {
  expect(seen(checkout({ severityReason }), '02:01').split('\n')).toContain(line);
});
