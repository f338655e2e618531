import { expect, test } from 'vitest';
import { defaultIncidentFile } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

const incidentFile = `${defaultIncidentFile}  search: { runbook: 'https://runbooks.example.com/search' }
  mail: {}
`;

async function world(options: Parameters<typeof start>[0] = {}) {
  const made = await start({ at: '2026-03-02T10:00Z', incidentFile, ...options });
  return { world: made, ana: made.slack.as('ana').goTo('general') };
}

test('in an incident: the runbook of its service; of another one by name, which is bookmarked once', async () => {
  const { world: w, ana } = await world();
  await ana.command('/incident declare');
  await w.settle();
  await ana.submit({
    'What is broken?': 'Cards fail',
    'How bad is it for users?': 'SEV2 major',
    Service: 'payments',
  });
  await w.settle();
  const own = await ana.command('/incident runbook', { in: 'inc-' });
  expect(own).toContain('Runbook of payments: https://runbooks.example.com/payments');
  expect(await ana.command('/incident runbook Search', { in: 'inc-' })).toContain(
    'Runbook of search: https://runbooks.example.com/search',
  );
  await ana.command('/incident runbook search', { in: 'inc-' });
  await w.settle();
  expect(w.slack.channel('inc-').bookmarks).toEqual([
    { title: 'Runbook', link: 'https://runbooks.example.com/payments' },
    { title: 'Runbook: search', link: 'https://runbooks.example.com/search' },
  ]);
});

test('an incident that names no service lists what there is', async () => {
  const { world: w, ana } = await world();
  await ana.command('/incident declare sev3 Something is odd');
  await w.settle();
  const read = await ana.command('/incident runbook', { in: 'inc-' });
  expect(read).toContain('INC-1 names no service.');
  expect(read).toContain('payments');
  expect(read).toContain('search');
});

test('outside an incident it shows the runbook and bookmarks nothing', async () => {
  const { world: w, ana } = await world();
  expect(await ana.command('/incident runbook search')).toContain('https://runbooks.example.com/search');
  expect(w.slack.callsTo('bookmarks.add')).toEqual([]);
  expect(await ana.command('/incident runbook')).toContain('Runbooks');
});

test('an unknown service gets the nearest one; one without a runbook says how to configure it', async () => {
  const { ana } = await world();
  expect(await ana.command('/incident runbook serch')).toBe(
    '“serch” is no service. Nothing changed. Did you mean search?',
  );
  expect(await ana.command('/incident runbook warehouse')).toContain('Known: payments, search, mail.');
  expect(await ana.command('/incident runbook mail')).toBe(
    'mail has no runbook. Nothing changed. To configure one, write in incident.yml, under services, mail: runbook: https://…',
  );
  expect(await ana.command('/incident runbook constructor')).toContain('is no service');
});

test('nothing configured at all says how to', async () => {
  const { ana } = await world({ incidentFile: 'services: { mail: {} }\n' });
  expect(await ana.command('/incident runbook')).toContain('No service has a runbook yet. To configure one');
});
