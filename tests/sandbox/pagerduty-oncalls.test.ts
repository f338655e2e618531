import { expect, onTestFinished, test } from 'vitest';
import { movableClock } from '../../src/sandbox/clock.ts';
import { startPagerDuty } from '../../src/sandbox/pagerduty.ts';
import { ACCEPT } from '../../src/sandbox/pagerduty-rules.ts';
import { account, nightAt } from '../pagerduty/office.ts';

const hour = 3_600_000;
const iso = (hours: number): string => new Date(nightAt + hours * hour).toISOString();

interface Row {
  user: { id: string };
  schedule: { id: string } | null;
  escalation_policy: { id: string };
  escalation_level: number;
  start: string | null;
  end: string | null;
}

/** Bea until noon, then Cai; Cai behind them, then Dana; Dana alone for search. */
async function desk() {
  const clock = movableClock(nightAt);
  const pagerduty = startPagerDuty({ clock, secrets: ['x'], ...account });
  onTestFinished(() => pagerduty.close());
  await pagerduty.listen();
  async function ask(query: Record<string, string | string[]>) {
    const search = new URLSearchParams(
      Object.entries(query).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one] as [string, string]),
      ),
    );
    const headers = { authorization: `Token token=${pagerduty.token}`, accept: ACCEPT };
    const response = await fetch(`${pagerduty.apiUrl}oncalls?${search.toString()}`, { headers });
    const body = (await response.json()) as { oncalls?: Row[]; more?: boolean; error?: { code: number } };
    const rows = (body.oncalls ?? []).map(
      ({ user, escalation_level: level, start, end }) =>
        `${user.id} ${level} ${start?.slice(11, 16) ?? '-'} ${end?.slice(11, 16) ?? '-'}`,
    );
    return { status: response.status, code: body.error?.code ?? null, rows, more: body.more };
  }
  return { clock, pagerduty, ask };
}

const payments = { 'escalation_policy_ids[]': 'PPAYMENTSPOLICY' };

test('now, without a range: who is on call at each level, shifts in their whole length, people of the policy always', async () => {
  const { clock, ask } = await desk();
  expect((await ask(payments)).rows).toEqual(['PBEA 1 00:00 12:00', 'PCAI 2 - -', 'PDANA 3 - -']);
  clock.set(nightAt + 10 * hour);
  expect((await ask(payments)).rows[0]).toBe('PCAI 1 12:00 00:00');
});

test('a range shows every shift that touches it, and an override in its time', async () => {
  const { pagerduty, ask } = await desk();
  pagerduty.override('primary', 'dana', nightAt + hour, nightAt + 2 * hour);
  const { rows } = await ask({ 'schedule_ids[]': 'PPRIMARY', since: iso(0), until: iso(12) });
  expect(rows).toEqual([
    'PBEA 1 00:00 03:00',
    'PDANA 1 03:00 04:00',
    'PBEA 1 04:00 12:00',
    'PCAI 1 12:00 00:00',
  ]);
});

test('filters add up; null among the schedules stands for those whom a policy names itself', async () => {
  const { ask } = await desk();
  expect((await ask({ ...payments, 'user_ids[]': 'PDANA' })).rows).toEqual(['PDANA 3 - -']);
  expect((await ask({ ...payments, 'schedule_ids[]': 'null' })).rows).toEqual(['PCAI 2 - -', 'PDANA 3 - -']);
  expect((await ask({ 'escalation_policy_ids[]': 'PNONE' })).rows).toEqual([]);
});

test('earliest leaves one per person, policy and level', async () => {
  const { ask } = await desk();
  const range = { 'schedule_ids[]': 'PPRIMARY', since: iso(0), until: iso(47) };
  expect((await ask(range)).rows).toHaveLength(5);
  expect((await ask({ ...range, earliest: 'true' })).rows).toEqual([
    'PBEA 1 00:00 12:00',
    'PCAI 1 12:00 00:00',
  ]);
});

test('pages, and 90 days ahead', async () => {
  const { ask } = await desk();
  const range = { 'schedule_ids[]': 'PPRIMARY', since: iso(0), until: iso(24 * 200) };
  const first = await ask({ ...range, limit: '100' });
  expect([first.rows.length, first.more]).toEqual([100, true]);
  const second = await ask({ ...range, limit: '100', offset: '100' });
  expect([second.rows.length, second.more]).toEqual([81, false]);
});

test.each<[what: string, query: Record<string, string>]>([
  ['no time', { since: 'yesterday' }],
  ['an end before the beginning', { since: iso(2), until: iso(1) }],
  ['an unknown thing to include', { 'include[]': 'teams' }],
  ['earliest that is neither', { earliest: '1' }],
  ['a filter by another name', { 'policy_ids[]': 'PX' }],
  ['a page of 101', { limit: '101' }],
])('2001, Invalid Input Provided: %s', async (_what, query) => {
  const { ask } = await desk();
  expect(await ask(query)).toMatchObject({ status: 400, code: 2001 });
});
