import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readIncidentFile } from '../../src/config/incident-file.ts';
import { createEngine } from '../../src/engine.ts';
import type { AlertCommand } from '../../src/incident/alerts.ts';
import { pagerDutyInbox } from '../../src/pagerduty/inbox.ts';
import type { PagerDutyAlert } from '../../src/pagerduty/news.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { defaultPolicy } from '../support/policy.ts';

const by = { kind: 'pagerduty' } as const;
const firedAt = Date.UTC(2026, 2, 2, 2);
const alert: PagerDutyAlert = {
  ...{ id: 'Q1', title: 'Checkout is down', url: null, service: 'payments', serviceId: 'PPAYMNT' },
  ...{ at: firedAt, createdAt: firedAt, severity: 1, severityReason: 'PagerDuty priority P1', assignees: [] },
};
const resolved: AlertCommand = {
  ...{ type: 'note-alert', by, id: 'Q1', to: 'resolved' },
  ...{ at: firedAt + 60_000, unacknowledged: false },
};

/** The real engine on a real database, and nobody who performs anything. */
async function inbox() {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-inbox-'));
  const store = await openSqlite(join(folder, 'tocsin.db'), firedAt);
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = { now: () => firedAt + 61_000, sleepUntil: async () => {} };
  const report = (problem: string) => expect.unreachable(problem);
  const machines = { channelsMax: 5, windowMs: 600_000, reopenWithinMs: 1_800_000 };
  const engine = createEngine({
    store,
    clock,
    policy: () => defaultPolicy,
    machines,
    declaring: { max: 10, windowMs: 600_000 },
    wake: () => {},
    report,
  });
  const { config } = readIncidentFile('');
  if (!config) throw new Error('the defaults are no configuration');
  const rest = { config: () => config, keyPrefix: null, resolvedAt: async () => null };
  return { store, inbox: pagerDutyInbox({ engine, store, clock, ...rest, report }) };
}

test.each(['first', 'second'])(
  'a trigger and its resolve on the way to the disk at once, the trigger %s: no alert is left firing',
  async (place) => {
    const { store, inbox: pagerduty } = await inbox();
    const acts = [
      () => pagerduty.triggered(alert, by, 'pagerduty:1'),
      () => pagerduty.changed('Q1', resolved, alert, by, 'pagerduty:2'),
    ];
    if (place === 'second') acts.reverse();
    await Promise.all(acts.map((act) => act()));
    expect(store.linked('pagerduty', 'Q1')?.alerts.Q1?.state ?? 'resolved').toBe('resolved');
  },
);

test('the same event twice at the same moment is one incident', async () => {
  const { store, inbox: pagerduty } = await inbox();
  await Promise.all([1, 1, 1].map((n) => pagerduty.triggered(alert, by, `pagerduty:${n}`)));
  expect(store.list({ limit: 10 })).toHaveLength(1);
  expect(store.timeline(1).filter(({ fact }) => fact.type === 'alert-attached')).toEqual([]);
});
