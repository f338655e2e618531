import { pino } from 'pino';
import { expect, test } from 'vitest';
import { start } from '../support/world.ts';

const incidentFile = `
teams:
  payments:
    onCall:
      startsOn: '2026-02-23'
      primary: [U0BEA, U0ZOE]
      secondary:
        - members: [U0CAI, gone@example.com]
    targets: { team-lead: [U0BOT] }
targets: { cto: [U0ZOE], vp-engineering: U0NOBODY, director: [S0GONE, S0NIGHT, U0GUS] }
escalation:
  policies:
    quick: { steps: { 1: [{ after: 0s, action: page, target: [U0ZOE, zoe@example.com] }] } }
`;

const slack = {
  people: [
    'ana',
    'bea',
    'cai',
    'dana',
    { name: 'gus', isRestricted: true },
    { name: 'zoe', deleted: true },
    { name: 'bot', isBot: true },
  ],
  groups: [{ handle: 'night', id: 'S0NIGHT', users: ['cai'] }],
};

/** Everybody has been asked about. */
const round = '15m';

test('whoever is named in incident.yml and cannot be paged stands in doctor, with the lines and the cure', async () => {
  const logged: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => logged.push(line) });
  const world = await start({ incidentFile, slack, log });
  const ana = world.slack.as('ana');
  expect(await ana.command('/incident doctor')).toContain('All is well.');
  await world.pass(round);
  const report = await ana.command('/incident doctor');
  const [troubles] = report.split('\nLast word from Slack');
  expect(troubles).toMatchInlineSnapshot(`
    "6 things to look at.
    • teams.payments.onCall.primary.#2 (line 6), targets.cto.#1 (line 10), escalation.policies.quick.steps.1.#1.target.#1 (line 13): U0ZOE (zoe) is deactivated in Slack and cannot be paged; correct it, or write somebody else there
    • teams.payments.onCall.secondary.#1.members.#2 (line 8): Slack does not know gone@example.com; correct it, or write somebody else there
    • teams.payments.targets.team-lead.#1 (line 9): U0BOT (bot) is a bot and cannot be paged; correct it, or write somebody else there
    • targets.vp-engineering (line 10): Slack does not know U0NOBODY; correct it, or write somebody else there
    • targets.director.#1 (line 10): S0GONE is no user group of this workspace with anybody in it; correct it, or write somebody else there
    • escalation.policies.quick.steps.1.#1.target.#2 (line 13): Slack does not know zoe@example.com; correct it, or write somebody else there"
  `);
  // Guests are paged, and groups that have members.
  expect(report).not.toMatch(/U0GUS|S0NIGHT/);
  expect(logged.filter((line) => line.includes('incident.yml: '))).toHaveLength(6);
});

test('everybody is asked about once a day, one at a time: who left since stands there by then', async () => {
  const world = await start({ incidentFile, slack });
  const report = () => world.slack.as('ana').command('/incident doctor');
  await world.pass(round);
  const asked = () => world.slack.callsTo('users.info').filter(({ args }) => args.user === 'U0CAI').length;
  const before = asked();
  world.slack.deactivate('cai');
  await world.pass('20h');
  expect(asked()).toBe(before);
  expect(await report()).not.toContain('U0CAI');
  await world.pass('4h');
  expect(asked()).toBe(before + 1);
  expect(await report()).toContain(
    'teams.payments.onCall.secondary.#1.members.#1 (line 8): U0CAI (cai) is deactivated in Slack',
  );
});

test('Slack does not answer: nobody is accused, and it is asked again within the hour', async () => {
  const world = await start({ incidentFile, slack });
  world.slack.faults.always('users.info', { error: 'internal_error' });
  await world.pass(round);
  const ana = world.slack.as('ana');
  expect(await ana.command('/incident doctor')).not.toContain('U0ZOE');
  world.slack.faults.clear();
  await world.pass('2h');
  expect(await ana.command('/incident doctor')).toContain('U0ZOE (zoe) is deactivated in Slack');
});
