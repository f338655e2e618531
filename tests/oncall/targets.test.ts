import { expect, test } from 'vitest';
import type { Address } from '../../src/oncall/address.ts';
import { type Directory, resolveTarget, targetWords } from '../../src/oncall/targets.ts';

const person = (value: string): Address => ({ kind: 'user', value });
const weekly = (...names: string[]) => ({
  primary: [
    {
      startsOn: '2026-01-05',
      handoverAt: '09:00',
      timeZone: 'UTC',
      everyHours: 168,
      members: names.map(person),
    },
  ],
});

const config: Directory = {
  teams: {
    payments: {
      onCall: weekly('ana', 'bea'),
      targets: { 'engineering-manager': [person('mia')], 'team-lead': [] },
    },
    platform: { onCall: weekly('cai'), targets: { director: [person('dan')] } },
    web: { targets: {} },
  },
  services: { checkout: { team: 'payments' }, shop: { team: 'web' }, legacy: {} },
  targets: { 'engineering-manager': [person('gus')], cto: [person('eva')], 'team-lead': [person('lea')] },
  catchAllTeam: 'platform',
};
const lonely: Directory = { ...config, catchAllTeam: undefined };

/** What somebody reads who asks for a target in the week in which ana is on call. */
function ask(name: string, service: string | null, directory = config): string {
  const at = Date.parse('2026-01-06T03:00Z');
  const { addresses, from, team, viaCatchAll, nobody } = resolveTarget(name, {
    service,
    config: directory,
    at,
  });
  const who = addresses.map(({ value }) => value).join(' and ') || `nobody (${nobody})`;
  return `${who} from ${from}; team ${team}${viaCatchAll ? ', catch-all' : ''}`;
}

test.each([
  ['oncall-primary', 'checkout', 'ana from payments on-call list; team payments'],
  ['oncall-secondary', 'checkout', 'bea from payments on-call list; team payments'],
  ['engineering-manager', 'checkout', 'mia from engineering manager of payments; team payments'],
  ['team-lead', 'checkout', 'lea from team lead for all teams; team payments'],
  ['cto', 'checkout', 'eva from CTO for all teams; team payments'],
  [
    'vp-engineering',
    'checkout',
    'nobody (nobody is configured as VP engineering) from VP engineering for all teams; team payments',
  ],
])('%s of a service with a team', (name, service, said) => {
  expect(ask(name, service)).toBe(said);
});

test.each([
  [
    'oncall-primary',
    'legacy',
    'cai from platform on-call list (catch-all: no team owns legacy); team platform, catch-all',
  ],
  [
    'oncall-primary',
    'unheard-of',
    'cai from platform on-call list (catch-all: no team owns unheard-of); team platform, catch-all',
  ],
  [
    'oncall-primary',
    'constructor',
    'cai from platform on-call list (catch-all: no team owns constructor); team platform, catch-all',
  ],
  [
    'oncall-primary',
    null,
    'cai from platform on-call list (catch-all: no service is named); team platform, catch-all',
  ],
  [
    'director',
    null,
    'dan from director of platform (catch-all: no service is named); team platform, catch-all',
  ],
  [
    'oncall-primary',
    'shop',
    'cai from platform on-call list (catch-all: web has no on-call list); team platform, catch-all',
  ],
  ['engineering-manager', 'shop', 'gus from engineering manager for all teams; team web'],
])('%s of service %s: the catch-all team answers and it is said', (name, service, said) => {
  expect(ask(name, service)).toBe(said);
});

test('a list of one person has no secondary, and that is said', () => {
  expect(ask('oncall-secondary', null)).toContain(
    'nobody (the platform on-call list names no on-call secondary)',
  );
});

test('without a catch-all team nobody answers for an unknown service, and that is said', () => {
  expect(ask('oncall-primary', null, lonely)).toBe(
    'nobody (no service is named and there is no catch-all team) from nobody; team null',
  );
  expect(ask('oncall-primary', 'shop', lonely)).toBe(
    'nobody (web has no on-call list) from web on-call list; team web',
  );
  expect(ask('cto', null, lonely)).toBe('eva from CTO for all teams; team null');
});

test('targets are called what people call them', () => {
  const words = ['oncall-primary', 'engineering-manager', 'vp-engineering', 'cto'].map(targetWords);
  expect(words).toEqual(['on-call primary', 'engineering manager', 'VP engineering', 'CTO']);
});
