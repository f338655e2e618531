import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/defaults.ts';
import { readIncidentFile } from '../../src/config/incident-file.ts';
import { formatProblems } from '../../src/config/problem.ts';

/** The configuration a file means; fails the test with what is wrong with it. */
function configOf(text: string): Config {
  const { config, problems } = readIncidentFile(text);
  if (!config) throw new Error(formatProblems(problems));
  return config;
}

function complaints(text: string): string[] {
  return readIncidentFile(text).problems.map((problem) => formatProblems([problem]));
}

test.each(['', '# only a comment', 'teams:\nservices:\ntargets:\nphones:\n'])(
  '%j changes nothing',
  (text) => {
    expect(configOf(text)).toEqual(defaultConfig());
  },
);

test('maps merge key by key, lists and scalars replace', () => {
  const config = configOf(`
severities: { 2: { respondWithin: 10m } }
escalation: { steps: { 3: [{ after: 1m, action: notify, target: cto }] }, silentAfter: { 1: none } }
pagerduty: { urgencies: { low: 4 } }
timeZone: Europe/Berlin
`);
  const defaults = defaultConfig();
  expect(config.severities).toEqual({
    ...defaults.severities,
    2: { ...defaults.severities[2], respondWithinMs: 600_000 },
  });
  expect(config.escalation.steps[3]).toEqual([{ afterMs: 60_000, action: 'notify', target: 'cto' }]);
  expect(config.escalation.steps[1]).toEqual(defaults.escalation.steps[1]);
  expect(config.escalation.silentAfterMs).toEqual({ 1: null, 2: 1_800_000, 3: null, 4: null });
  expect(config.pagerduty.urgencies).toEqual({ critical: 1, high: 2, low: 4, default: 3 });
  expect(config.workingHours.timeZone).toBe('Europe/Berlin');
});

test('a team takes the general time zone and 09:00 unless it has its own', () => {
  const { teams } = configOf(`
timeZone: Asia/Tokyo
teams:
  a: { onCall: { startsOn: 2026-01-05, primary: U0ANA } }
  b: { onCall: { startsOn: 2026-01-05, primary: U0BEA, timeZone: UTC, handoverAt: 17:30 } }
  c:
`);
  expect(teams.a?.onCall?.primary).toMatchObject([{ timeZone: 'Asia/Tokyo', handoverAt: '09:00' }]);
  expect(teams.b?.onCall?.primary).toMatchObject([{ timeZone: 'UTC', handoverAt: '17:30' }]);
  expect(teams.c).toEqual({ targets: {}, onCall: undefined });
});

test('a service is critical when it is one of the critical ones, or says so itself', () => {
  const { services } = configOf(
    'services: { payments: , auth: { critical: false }, cart: { critical: true }, blog: }',
  );
  const critical = Object.entries(services).map(([name, service]) => [name, service.critical]);
  expect(Object.fromEntries(critical)).toEqual({ payments: true, auth: false, cart: true, blog: false });
});

test('reminders are set one by one, and none switches one off', () => {
  const { cadence } = configOf('cadence: { stillInvestigating: none, commanderSilent: { 3: 1h } }');
  expect(cadence.stillInvestigatingMs).toBeNull();
  expect(cadence.commanderSilentMs).toEqual({ 1: 1_200_000, 2: 2_400_000, 3: 3_600_000, 4: null });
});

test('an announce channel may be written with its # when it is quoted', () => {
  expect(configOf('announceChannel: "#war-room"').announceChannel).toBe('war-room');
});

const refusals: [file: string, said: string][] = [
  ['\n\nseverites:\n', 'severites (line 3): unknown key; did you mean severities?'],
  ['escalation:\n  repeet: 1', 'escalation.repeet (line 2): unknown key; did you mean repeat?'],
  ['severities:\n  5: {}', 'severities.5 (line 2): unknown key; known keys are 1, 2, 3, 4'],
  ['channel: { colour: red }', 'channel.colour (line 1): unknown key; known keys are template'],
  ['constructor: 1\n', 'constructor (line 1): unknown key; known keys are severities, '],
  [
    'tick: x\ncommand: /a\ntick: y',
    'tick (line 3, column 1): is written twice in the same map; keep one of them',
  ],
  ['a: [1\nb: 2', 'incident.yml (line 2, column 1): is not readable YAML ('],
  [
    'tick: "*/5 * * * * *"\n---\ncommand: /fire',
    'incident.yml (line 2, column 1): begins a second document; the file must hold one: take out the --- there',
  ],
  [
    'just words',
    'incident.yml (line 1): is not a plain map of keys; write keys like in incident.example.yml',
  ],
  [
    'severities: { 1: { respondWithin: 5 minutes } }',
    'severities.1.respondWithin (line 1): "5 minutes" is not a duration or none; write it like 30s, 5m, 2h or 1d, or none',
  ],
  [
    'cadence:\n  noComms: 10',
    'cadence.noComms (line 2): 10 is not a duration; write it like 30s, 5m, 2h or 1d',
  ],
  [
    'cadence: { stillInvestigating: never }',
    'cadence.stillInvestigating (line 1): "never" is not a duration or none; write it like 30s, 5m, 2h or 1d, or none',
  ],
  [
    'cadence: { commanderSilent: { 1: 20 } }',
    'cadence.commanderSilent.1 (line 1): 20 is not a duration or none; write it like 30s, 5m, 2h or 1d, or none',
  ],
  [
    'cadence: { takeCommandAfter: none }',
    'cadence.takeCommandAfter (line 1): "none" is not a duration; write it like 30s, 5m, 2h or 1d',
  ],
  [
    'cadence: { channelSilence: 1h }',
    'cadence.channelSilence (line 1): unknown key; did you mean channelSilent?',
  ],
  [
    'machines: { channelsMax: 0 }',
    'machines.channelsMax (line 1): 0 is not a whole number from 1 to 100; write',
  ],
  [
    'tick: often',
    'tick (line 1): "often" is not a cron expression; write six fields, seconds first, like "*/5 * * * * *"',
  ],
  ['tick: "61 * * * * *"', 'tick (line 1): "61 * * * * *" is not a cron expression; '],
  [
    'timeZone: Europe/Berln',
    'timeZone (line 1): "Europe/Berln" is not a time zone; did you mean Europe/Berlin?',
  ],
  [
    'timeZone: Mars/Olympus',
    'timeZone (line 1): "Mars/Olympus" is not a time zone; use an IANA name like Europe/Berlin or UTC',
  ],
  ['command: incident', 'command (line 1): "incident" is not a slash command; write a slash, '],
  ['postmortem: { canvas: sometimes }', 'postmortem.canvas (line 1): "sometimes" is not '],
  ['announceChannel: #incidents', 'announceChannel (line 1): is empty; write its name without #, '],
  ['announceChannel: War Room', 'announceChannel (line 1): "War Room" is not a channel; '],
  ['channel: { template: "inc-{nr}" }', '{nr} is unknown: use {date}, {id} and {title}'],
  ['channel: { template: "inc-{tilte}-{id}" }', '{tilte} is unknown: did you mean title?'],
  ['channel: { template: "inc-{title}" }', 'put {id} in it, two incidents would share a channel otherwise'],
  [
    'channel: { template: "INC {id}" }',
    'use lower-case letters, digits, - and _, at most 80 characters, like inc-',
  ],
  [
    'classification: { rules: [{ severity: 5, when: { data_loss: true } }] }',
    'classification.rules.#1.severity (line 1): 5 is not a severity; use 1, 2, 3 or 4',
  ],
  [
    'classification: { rules: [{ severity: 1, when: { error_rate: 50 } }] }',
    'classification.rules.#1.when.error_rate (line 1): 50 is not a lower bound; write it like ">= 50"',
  ],
  ['classification: { rules: [{ severity: 1, when: { error_rate: "< 5" } }] }', '"< 5" is not a lower bound'],
  ['classification: { rules: [{ severity: 1, when: { eror_rate: "> 5" } }] }', 'did you mean error_rate?'],
  [
    'classification: { rules: [{ severity: 1, when: { data_loss: false } }] }',
    'false is not true; write true, or leave',
  ],
  [
    'classification: { rules: [{ severity: 1, when: {} }] }',
    'when (line 1): names no condition; write at least one',
  ],
  [
    'classification: { rules: [{ when: { data_loss: true } }] }',
    'classification.rules.#1.severity (line 1): is missing; use',
  ],
  [
    'services: { checkout: }\nclassification: { criticalServices: [chekout] }',
    'classification.criticalServices.#1 (line 2): "chekout" is an unknown service; did you mean checkout?',
  ],
  [
    'services: { a: { team: payments } }',
    'services.a.team (line 1): "payments" is an unknown team; add it under teams',
  ],
  [
    'teams: { payments: }\nservices: { a: { team: paymnts } }',
    '"paymnts" is an unknown team; did you mean payments?',
  ],
  [
    'teams: { payments: }\ncatchAllTeam: ops',
    'catchAllTeam (line 2): "ops" is an unknown team; known teams are payments',
  ],
  ['services: { cart: { dependents: [crat] } }', '"crat" is an unknown service; did you mean cart?'],
  [
    'services:\n  a: { pagerduty: [PF9KMXH] }\n  b:\n    pagerduty:\n      - PF9KMXH',
    'services.b.pagerduty.#1 (line 5): PF9KMXH already belongs to a; keep it in one place',
  ],
  ['services: { a: { pagerduty: [PF9KMXH, PF9KMXH] } }', 'PF9KMXH is listed twice; keep it in one place'],
  ['services: { a: { pagerduty: [checkout] } }', '"checkout" is not a PagerDuty service id; copy it from'],
  ['services: { a: { runbook: wiki/a } }', '"wiki/a" is not a web address; write it in full, like https://'],
  [
    'escalation: { steps: { 1: [{ after: 0s, action: page, target: oncall-primry }] } }',
    'escalation.steps.1.#1.target (line 1): "oncall-primry" is an unknown target; did you mean oncall-primary?',
  ],
  [
    'escalation:\n  steps:\n    1:\n      - { after: 5m, action: page, target: cto }\n      - { after: 1m, action: page, target: cto }',
    'escalation.steps.1.#2.after (line 5): 1m is written after 5m; put the steps in order of time',
  ],
  [
    'escalation: { steps: { 1: [{ after: 0s, action: call, target: cto }] } }',
    '"call" is not one of page, notify, ticket;',
  ],
  [
    'escalation: { steps: { 4: [{ after: 0s, action: ticket, target: cto }] } }',
    'a ticket cannot go to "cto"; use target:',
  ],
  [
    'escalation: { steps: { 4: [{ after: 0s, action: page, target: announce-channel }] } }',
    'is for tickets only; use action',
  ],
  ['targets: { cto: bob }', 'targets.cto.#1 (line 1): "bob" is not an address; use a Slack user id (U…)'],
  ['targets: { cto: +49170123456 }', 'is not an address; a phone number needs quotes: "+49170123456"'],
  [
    'targets: { cto: [] }',
    'targets.cto (line 1): is an empty list; write at least one entry, or leave the key out',
  ],
  [
    'phones: { name: x }',
    'phones (line 1): is not a list; write one entry per line, each starting with "- "',
  ],
  [
    'phones: [{ name: x, number: 112 }]',
    'phones.#1.number (line 1): 112 is not text of at most 40 characters; put it in quotes: "112"',
  ],
  ['teams: [payments]', 'teams (line 1): is not a map; write its keys below it, indented by two spaces'],
  [
    'teams: { a: { onCall: { primary: [U0ANA] } } }',
    'teams.a.onCall.startsOn (line 1): is missing; write it like 2026-01-05',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-02-30, primary: [U0ANA] } } }',
    '"2026-02-30" is not a date; write it like',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, handoverAt: 9:00, primary: [U0ANA] } } }',
    '"9:00" is not a time of day; ',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, primary: [{ members: [U0ANA, bob] }] } } }',
    'teams.a.onCall.primary.#1.members.#2 (line 1): "bob" is not an address; ',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, primary: [{ members: [] }] } } }',
    'teams.a.onCall.primary.#1.members (line 1): is an empty list; ',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, primary: [{ members: U0ANA, timezone: UTC }] } } }',
    'teams.a.onCall.primary.#1.timezone (line 1): unknown key; did you mean timeZone?',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, every: 90m, primary: U0ANA } } }',
    'teams.a.onCall.every (line 1): "90m" is not the length of a turn; write whole hours or days, like',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, primary: [{ members: U0ANA, hours: { from: 09:00, to: 17:00 } }] } } }',
    'teams.a.onCall.primary (line 1): names nobody from 2026-01-05 00:00 to 2026-01-05 09:00 (UTC); widen',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, primary: [{ members: U0ANA }, { members: U0BEA }] } } }',
    'teams.a.onCall.primary.#2 (line 1): is never asked: the rotations before it cover all its hours; take',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, primary: [U0ANA, U0BEA], secondary: U0BEA } } }',
    'teams.a.onCall.secondary.#1 (line 1): names only U0BEA, who is primary at the same time, first 2026-01-12 09:00 (UTC): nobody is their own backup; add somebody else',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, primary: [U0ANA], secondary: [{ members: U0BEA, hours: { days: [mon], from: 09:00, to: 17:00 } }, { members: [U0ANA, U0ANA] }] } } }',
    'teams.a.onCall.secondary.#2 (line 1): names only U0ANA, who is primary at the same time, first 2026-01-05 17:00 (UTC)',
  ],
  [
    'teams: { a: { onCall: { startsOn: 2026-01-05, timeZone: Europe/Berln, primary: U0ANA } } }',
    '"Europe/Berln" is not a time zone; did you mean Europe/Berlin?',
  ],
  ['roles: { comander: { title: x } }', 'roles.comander (line 1): unknown key; did you mean commander?'],
  [
    'roles: { comms: { title: "" } }',
    'roles.comms.title (line 1): "" is not text of at most 60 characters; write some text',
  ],
  ['categories: []', 'categories (line 1): is an empty list; write at least one entry, or leave the key out'],
  [
    'categories: [{ name: x, private: yes }]',
    'categories.#1.private (line 1): "yes" is not true or false; write true or false',
  ],
  [
    'workingHours: { from: "17:00", to: "09:00" }',
    'workingHours.to (line 1): is not later than from; working hours lie',
  ],
  ['workingHours: { days: [mo] }', '"mo" is not one of mon, tue, wed, thu, fri, sat, sun; did you mean mon?'],
  [
    'pagerduty: { priorities: { P1: high } }',
    'pagerduty.priorities.P1 (line 1): "high" is not a severity; use 1, 2, 3 or 4',
  ],
  [
    'pagerduty: { urgencies: { low: 9 } }',
    'pagerduty.urgencies.low (line 1): 9 is not a severity; use 1, 2, 3 or 4',
  ],
  [
    'priorityMatrix: { matrix: { high: { high: P9 } } }',
    '"P9" is not one of P1, P2, P3, P4; did you mean P1?',
  ],
];

test.each([
  'primary: [U0ANA, U0BEA], secondary: [U0ANA, U0BEA]',
  'primary: [U0ANA, U0BEA], secondary: [U0BEA, U0ANA]',
  'primary: [U0ANA, U0BEA], secondary: U0CAI',
  'primary: [{ members: U0ANA, hours: { from: 09:00, to: 21:00 } }, { members: U0BEA }], secondary: [{ members: U0BEA, hours: { from: 09:00, to: 21:00 } }, { members: U0ANA }]',
])('layers where somebody else can always step in are accepted: %s', (layers) => {
  expect(complaints(`teams: { a: { onCall: { startsOn: 2026-01-05, ${layers} } } }`)).toEqual([]);
});

test.each(refusals)('%j is refused with the line and the cure', (file, said) => {
  const lines = complaints(file);
  expect(lines.filter((line) => line.includes(said))).toHaveLength(1);
});

test.each(refusals.filter(([file]) => !file.includes('tick: y') && !file.includes('a: [1')))(
  '%j is one mistake and gets one line',
  (file) => {
    expect(complaints(file)).toHaveLength(1);
  },
);

test('all mistakes are reported at once, in order of lines', () => {
  const lines = complaints(
    'tick: often\ncomand: /x\nservices:\n  a: { team: b, runbook: c }\ntimeZone: Mars\n',
  );
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'tick (line 1)',
    'comand (line 2)',
    'services.a.runbook (line 4)',
    'services.a.team (line 4)',
    'timeZone (line 5)',
  ]);
});

test('a file that unfolds into far more than it says is refused', () => {
  const layers = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let layer = 1; layer < 9; layer++) {
    layers.push(
      `a${layer}: &a${layer} [${Array(9)
        .fill(`*a${layer - 1}`)
        .join(', ')}]`,
    );
  }
  expect(complaints(layers.join('\n'))).toEqual([
    'incident.yml (line 1): is not a plain map of keys; write keys like in incident.example.yml',
  ]);
});
