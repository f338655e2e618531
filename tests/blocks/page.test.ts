import { expect, test } from 'vitest';
import { page, pageCard } from '../../src/blocks/page.ts';
import { person } from '../../src/incident/by.ts';
import { at } from '../support/incident.ts';
import { read, readText } from '../support/read.ts';
import { checkout, order, screenAt, taken } from './screen.ts';

test('the page says what, who you are to it, who is next and why, with two buttons', () => {
  const { incident } = checkout();
  const shown = page(
    incident,
    'UBEA',
    { order: order(incident), standing: 'primary for payments' },
    screenAt('02:00'),
  );
  expect(readText(shown)).toBe("SEV1 Checkout is down. You're primary: ack by 02:05 UTC. INC-42");
  expect(read(shown)).toBe(
    [
      'SEV1 · Checkout is down',
      'You are primary for payments. Nobody has it yet.',
      'The on-call secondary is paged 02:05 UTC.',
      'Why: Ana declared it 02:00 UTC, error_rate 62 >= 50, revenue_impacting',
      "[Acknowledge] [Can't: page the on-call secondary now]",
      '#C42',
    ].join('\n'),
  );
});

test('whoever had it before a raise is asked "I have it"', () => {
  const life = checkout({ severity: 2 })
    .does('02:03', { type: 'acknowledge', by: person('UBEA'), onCall: true, confirmed: false })
    .does('02:10', { type: 'change-severity', by: person('UANA'), to: 1, reason: 'all of Europe' });
  const raised = { ...order(life.incident, { why: 'raised', by: person('UANA') }) };
  const shown = page(
    life.incident,
    'UBEA',
    { order: raised, standing: 'primary for payments' },
    screenAt('02:10'),
  );
  expect(readText(shown)).toBe(
    'SEV1 Checkout is down. Now SEV1: do you have it? Say so by 02:15 UTC. INC-42',
  );
  expect(read(shown)).toContain('Raised to SEV1, so it needs a new answer. Do you have it?');
  expect(read(shown)).toContain('Why: Ana raised the severity, all of Europe');
  expect(read(shown)).toContain('[I have it]');
});

test('a silent acknowledger is asked "Still on it?", and told what happens otherwise', () => {
  const { incident } = taken();
  const asks = { ...order(incident, { why: 'still-on-it', sinceAt: at('02:03') }), orderedAt: at('02:18') };
  const shown = page(incident, 'UBEA', { order: asks, standing: 'primary for payments' }, screenAt('02:18'));
  expect(read(shown)).toContain('Still on it? Nothing from you since 02:03 UTC.');
  expect(read(shown)).toContain('No answer by 02:23 UTC: the on-call secondary is paged.');
  expect(read(shown)).toContain("[Still on it] [Can't: page the on-call secondary now]");
});

test('somebody asked for while another has it is not told to acknowledge', () => {
  const { incident } = taken();
  const asks = order(incident, { why: 'asked', by: person('UBEA'), text: 'the database is stuck' });
  const shown = page(incident, 'UCAI', { order: asks, standing: 'database owner' }, screenAt('02:10'));
  expect(read(shown)).toContain('You are database owner. Bea has it since 02:03 UTC.');
  expect(read(shown)).toContain('Why: Bea asks for help: the database is stuck');
  expect(read(shown)).not.toContain('[Acknowledge]');
});

test('a SEV3 notice is calm: it asks to look, and threatens nobody', () => {
  const { incident } = checkout({ severity: 3 });
  const calm = { ...order(incident), action: 'notify' } as const;
  const shown = page(incident, 'UBEA', { order: calm, standing: 'primary for payments' }, screenAt('02:00'));
  expect(readText(shown)).toBe("SEV3 Checkout is down. You're primary: please look and acknowledge. INC-42");
  expect(read(shown)).toContain('[Acknowledge]\n');
});

test('afterwards each page says what holds now', () => {
  const life = taken();
  const now = screenAt('02:04');
  expect(read(pageCard(life.incident, 'UBEA', now))).toContain(
    'You have it since 02:03 UTC. Paging stopped.\n[Undo]',
  );
  expect(read(pageCard(life.incident, 'UCAI', now))).toContain('Stand down: Bea has it (02:03 UTC)');
  life.does('02:40', { type: 'resolve', by: person('UBEA'), how: 'rollback', verified: true, text: '' });
  expect(read(pageCard(life.incident, 'UCAI', screenAt('02:40')))).toContain(
    'Stand down: resolved 02:40 UTC by Bea',
  );
});

test('given back, the page asks again', () => {
  const life = taken().does('02:10', { type: 'unacknowledge', by: person('UBEA') });
  const shown = read(pageCard(life.incident, 'UCAI', screenAt('02:10')));
  expect(shown).toContain('Nobody has it yet.');
  expect(shown).toContain('[Acknowledge]');
});

test('a page about an incident that is over, because its alert fires again, offers to reopen', () => {
  const life = taken().does('02:40', {
    type: 'resolve',
    by: person('UBEA'),
    how: 'rollback',
    verified: true,
    text: '',
  });
  const asks = order(life.incident, { why: 'fired-again' });
  const shown = page(
    life.incident,
    'UBEA',
    { order: asks, standing: 'primary for payments' },
    screenAt('02:50'),
  );
  expect(read(shown)).toContain('It was resolved 02:40 UTC, and now it fires again.');
  expect(read(shown)).toContain('[Reopen]');
});
