import { expect, test } from 'vitest';
import { parseDeclare } from '../../src/blocks/declare-modal.ts';
import { readIncidentFile } from '../../src/config/incident-file.ts';
import { outdated } from '../../src/slack/judge.ts';

const choice = (value: string) => ({ selected_option: { value } });
const values = {
  title: { title: { value: 'Checkout is down' } },
  severity: { severity: choice('2') },
  service: { service: choice('mail') },
  also: { also: { selected_options: [{ value: 'search' }] } },
  category: { category: choice('weather') },
  noticed: { noticed: choice('pigeon') },
};

test('what a form offered and the configuration does not know any more is refused at its field', () => {
  const form = parseDeclare(values, 0);
  const { config } = readIncidentFile('services: { payments: {} }');
  if (!('ok' in form) || !config) throw new Error('form and configuration are sound');
  expect(outdated(form.ok, config)).toEqual({
    service: '“mail” is not configured any more. Choose another, or none.',
    also: '“search” is not configured any more. Choose another, or none.',
    category: '“weather” is not configured any more. Choose another, or none.',
    noticed: '“pigeon” is not configured any more. Choose another, or none.',
  });
});

test('what it still knows is taken', () => {
  const form = parseDeclare(values, 0);
  const { config } = readIncidentFile(
    'services: { mail: {}, search: {} }\ncategories: [{ name: weather }]\nsources: [pigeon]',
  );
  if (!('ok' in form) || !config) throw new Error('form and configuration are sound');
  expect(outdated(form.ok, config)).toEqual({});
});
