import { expect, test } from 'vitest';
import { refusal } from '../../src/blocks/refusal.ts';
import { person } from '../../src/incident/by.ts';
import type { MergeObstacle } from '../../src/incident/merging.ts';
import type { Refusal } from '../../src/incident/refusal.ts';
import { at } from '../support/incident.ts';
import { screenAt } from './screen.ts';

type Words<Name extends Refusal['refused']> = Omit<Extract<Refusal, { refused: Name }>, 'refused'>;

const bea = { by: person('UBEA'), at: at('02:00') };
const comms = { role: 'comms', user: 'UBEA', at: at('02:00') } as const;
const canceled = { status: 'canceled', at: at('02:00') } as const;

/** One of each; the compiler asks for a new one. */
const examples: { [Name in Refusal['refused']]: Words<Name> } = {
  'already-acknowledged': bea,
  'not-acknowledged': {},
  'not-the-acknowledger': bea,
  'confirm-acknowledge': { nextAt: at('02:05'), nextTargets: ['cto'] },
  'not-asked': {},
  'already-declined': bea,
  ended: canceled,
  'merge-refused': { why: 'itself', id: 7, status: 'investigating', into: null },
  'nothing-to-undo': {},
  'undo-superseded': { severity: 2, by: person('UBEA'), reason: '' },
  'end-superseded': canceled,
  'undo-severity-expired': { severity: 2, at: at('02:00') },
  'not-ended': { status: 'identified' },
  'illegal-transition': { from: 'monitoring', to: 'triage', allowed: ['identified', 'investigating'] },
  'undo-expired': canceled,
  'same-severity': { severity: 2 },
  'severity-set-by-person': {},
  'already-has-role': comms,
  'role-vacant': comms,
  'role-taken': comms,
  'nothing-to-hand-over': comms,
  'offer-to-oneself': comms,
  'already-offered': comms,
  'offer-gone': comms,
  'no-change-used-up': { max: 2 },
  'no-update-yet': {},
  'nudge-runs': { rule: 'update-due' },
  'nudge-gone': { rule: 'update-due' },
  'nobody-has-it': {},
  'not-paused': {},
  'too-long': { maxMs: 7 * 86_400_000 },
  empty: { what: 'the note' },
  'not-resolved': { status: 'identified' },
  'checklist-open': { missing: ['stable'] },
  'no-followup': { n: 3, open: [1, 2] },
  'followup-done': { n: 3, at: at('02:00') },
  'followup-exists': { n: 3, text: 'limit the retries' },
  'too-many-followups': { max: 200 },
  'not-a-member': { user: 'UBEA' },
  'section-changed': { section: 'impact', ...bea },
  'section-not-edited': { section: 'impact' },
  'postmortem-not-yet': { status: 'identified' },
  'already-reviewed': bea,
  'not-reviewed': {},
  'owns-already': { user: 'UBEA' },
  'no-reminder': {},
  'no-channel': {},
  'has-channel': {},
  'already-private': {},
  'channel-opening': {},
  'same-title': {},
  'same-call': {},
  'declared-too-often': { max: 10, windowMs: 600_000, nextAt: at('02:10') },
  'ladder-exhausted': {},
  'in-the-future': {},
  'too-long-ago': { earliestAt: at('02:00') - 30 * 86_400_000, maxMs: 30 * 86_400_000 },
  stale: {},
};

const obstacles: readonly MergeObstacle[] = ['merged', 'ended', 'private', 'test', 'into-test', 'no-channel'];

const refusals = [
  ...Object.entries(examples).map(([refused, words]) => ({ refused, ...words }) as Refusal),
  ...obstacles.map((why): Refusal => ({ refused: 'merge-refused', why, id: 7, status: 'closed', into: 9 })),
];

/** It asks a question, and does it once that is answered. */
const questions = ['confirm-acknowledge'];

test.each(refusals.filter(({ refused }) => !questions.includes(refused)))(
  'every refusal says that nothing changed, in whole sentences: %o',
  (refused) => {
    const words = refusal(refused, screenAt('02:01'));
    expect(words).toMatch(/Nothing changed[.:]/);
    expect(words).not.toMatch(/undefined|null|NaN|\.\.|\s{2}|\(\)|\s$/);
    expect(words).toMatch(/^["A-Z]/);
  },
);
