import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { sandboxWebhookSecret, type World } from '../../src/sandbox/start.ts';
import { machine } from '../support/machine.ts';
import { start } from '../support/world.ts';

type Options = Parameters<typeof start>[0];

/** Ana declares by the form, so that a service can be named. */
async function declared(service: string, options: Options, severity = 'SEV1 critical'): Promise<World> {
  const world = await start(options);
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Checkout is down',
    'How bad is it for users?': severity,
    Service: service,
  });
  await world.settle();
  return world;
}

/** `02:05 Paged @cai (…): nobody has it.`: the channel's lines about who was told, without what they are. */
const told = (world: World): string[] =>
  world.slack
    .channel('inc-')
    .transcript()
    .split('\n')
    .filter((line) => /Tocsin: (?:Paged|Told|Nobody|Everybody)/.test(line))
    .map((line) => line.replace(/^\[(..:..)\] Tocsin: /, '$1 ').replace(/ \([^)]*\)/g, ''));

const people = `
teams:
  payments:
    onCall: { startsOn: '2026-01-05', primary: [U0BEA], secondary: [U0CAI] }
    targets: { team-lead: [U0DANA] }
catchAllTeam: payments
targets: { cto: [U0FINN], director: [U0EVE] }
services: { payments: { team: payments }, search: {} }
`;

const quick = `${people.replace('search: {}', 'search: { escalation: quick }')}
escalation:
  policies:
    quick:
      repeat: 1
      repeatAfter: 2m
      steps:
        1: [{ after: 0s, action: page, target: team-lead }, { after: 1m, action: page, target: [cto, director] }]
`;

test('a service names its own policy: its steps, its repeat count and the pause between its rounds', async () => {
  const world = await declared('search', { incidentFile: quick });
  await world.pass('8m');
  expect(told(world)).toEqual([
    '02:00 Paged @dana: it was declared.',
    '02:01 Paged @finn, @eve: nobody has it.',
    '02:03 Paged @dana: nobody has it.',
    '02:04 Paged @finn, @eve: nobody has it.',
    '02:06 Everybody on the ladder was paged and nobody answered.',
  ]);
  expect(world.slack.channel('inc-').transcript()).toContain('finn and eve are paged 02:01.');
});

test('services without a policy of their own are paged as before; so is a severity that the policy leaves out', async () => {
  const world = await declared('payments', { incidentFile: quick });
  expect(told(world)).toEqual(['02:00 Paged @bea: it was declared.']);
  const other = await declared('search', { incidentFile: quick }, 'SEV2 major');
  expect(told(other)).toEqual(['02:00 Paged @bea: it was declared.']);
});

test('a team names the policy of all its services', async () => {
  const world = await declared('payments', {
    incidentFile: quick.replace('payments:\n    onCall', 'payments:\n    escalation: quick\n    onCall'),
  });
  expect(told(world)).toEqual(['02:00 Paged @dana: it was declared.']);
});

test('a step names people, groups and e-mail addresses directly, and whoever is behind several of them once', async () => {
  const world = await declared('payments', {
    incidentFile: `${people}
escalation:
  steps:
    1: [{ after: 0s, action: page, target: [oncall-primary, U0BEA, S0NIGHT, dana@example.com] }]
`,
    slack: { groups: [{ handle: 'night', id: 'S0NIGHT', users: ['bea', 'cai'] }] },
  });
  expect(told(world)).toEqual(['02:00 Paged @bea, @cai, @dana: it was declared.']);
  expect(
    world.slack
      .as('bea')
      .dm()
      .match(/Nobody has it yet/g),
  ).toHaveLength(1);
  expect(world.slack.as('bea').dm()).toContain('You are primary for payments.');
  expect(world.slack.as('dana').dm()).toContain('You are asked to help. Nobody has it yet.');
});

const branched = `${people.replace('search: {}', 'search: { escalation: quick }')}
escalation:
  policies:
    quick:
      workingHours: { days: [mon, tue, wed, thu, fri], from: 08:00, to: 18:00, timeZone: Europe/Berlin }
      steps:
        1:
          - { after: 0s, action: page, target: oncall-primary }
          - after: 1m
            action: page
            target: oncall-secondary
            inHours: { action: notify, target: team-lead }
            outOfHours: { target: [oncall-secondary, cto] }
`;

test.each([
  [
    'at night the branch outside working hours',
    '2026-03-02T02:00Z',
    '02:01 Paged @cai, @finn: nobody has it.',
  ],
  ['by day the branch within them', '2026-03-02T10:00Z', '10:01 Told @dana: nobody has it.'],
  [
    'by the hours of the policy and its zone, not by ours',
    '2026-03-02T07:30Z',
    '07:31 Told @dana: nobody has it.',
  ],
  ['on a Sunday the branch outside', '2026-03-01T10:00Z', '10:01 Paged @cai, @finn: nobody has it.'],
])('working-hours branches: %s', async (_title, at, line) => {
  const world = await declared('search', { incidentFile: branched, at });
  const next = line.includes('Told') ? 'dana is told' : 'cai and finn are paged';
  expect(world.slack.channel('inc-').pins[0]).toContain(next);
  await world.pass('1m');
  expect(told(world).at(-1)).toBe(line);
});

test('a rung whose time comes as the working hours begin does what those say, and was announced so', async () => {
  const world = await declared('search', { incidentFile: branched, at: '2026-03-02T06:59:30Z' });
  expect(world.slack.channel('inc-').pins[0]).toContain('dana is told');
  await world.pass('1m');
  expect(told(world).at(-1)).toContain('Told @dana');
});

test('a rung that leads to nobody is skipped: the next is told within five seconds, and the channel says both', async () => {
  const world = await declared('payments', {
    incidentFile: `${people}
escalation:
  steps:
    1:
      - { after: 0s, action: page, target: [S0GONE, gone@example.com] }
      - { after: 5m, action: page, target: vp-engineering }
      - { after: 10m, action: page, target: cto }
      - { after: 20m, action: page, target: director }
`,
  });
  await world.pass('5s');
  expect(told(world)).toEqual([
    '02:00 Nobody was paged: Slack does not know S0GONE; Slack does not know gone@example.com.',
    '02:00 Nobody was paged: nobody is configured as VP engineering.',
    '02:00 Paged @finn: it was declared.',
  ]);
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript).toContain('The next in line is asked at once.');
  expect(transcript).not.toContain('Asked instead');
  expect(transcript).toContain('eve is paged 02:10.');
});

test('an id that Slack does not know: the page fails loudly, and the next is told within five seconds', async () => {
  const world = await declared('payments', { incidentFile: people.replace('U0BEA', 'U0NOBODY') });
  await world.pass('5s');
  expect(world.slack.channel('inc-').transcript()).toMatch(
    /\[02:00\] Tocsin: The page failed: .*U0NOBODY got no message from us \(user_not_found\)/,
  );
  expect(told(world).at(-1)).toBe('02:00 Paged @cai: nobody has it.');
});

test('somebody whose account is deactivated: the page fails loudly, and the next is told at once', async () => {
  const world = await declared('payments', {
    incidentFile: people,
    slack: { people: ['ana', { name: 'bea', deleted: true }, 'cai', 'dana', 'eve', 'finn'] },
  });
  await world.pass('5s');
  expect(world.slack.channel('inc-').transcript()).toContain('The page failed: @bea got no message from us');
  expect(told(world).at(-1)).toBe('02:00 Paged @cai: nobody has it.');
});

const quiet = { from: Date.parse('2026-03-01T22:00Z'), until: Date.parse('2026-03-02T07:00Z') };
const paused = { people: ['ana', { name: 'bea', quiet }, 'cai', 'dana', 'eve', 'finn'] };

test('do-not-disturb is named, not ignored: the page goes out first, then the channel says until when', async () => {
  const world = await declared('payments', { incidentFile: people, slack: paused });
  expect(world.slack.as('bea').dm()).toContain('Nobody has it yet.');
  expect(world.slack.channel('inc-').transcript()).toContain(
    'Slack only; bea paused until 07:00. This page may not ring.\n        cai is paged 02:15.'.replace(
      '02:15',
      '02:05',
    ),
  );
  const order = world.slack.calls.map(({ method }) => method);
  expect(order.indexOf('chat.postMessage')).toBeLessThan(order.indexOf('dnd.info'));
  await world.slack.as('ana').click('Page cai now', { in: 'inc-' });
  await world.settle();
  expect(told(world).at(-1)).toContain('Paged @cai');
});

test('that Slack does not say who is paused holds no page up, and nothing is claimed', async () => {
  const world = await start({ incidentFile: people, slack: paused });
  world.slack.faults.next('dnd.info', { error: 'missing_scope' });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(world.slack.as('bea').dm()).toContain('Nobody has it yet.');
  expect(world.slack.channel('inc-').transcript()).not.toContain('Slack only');
  await world.pass('5m');
  expect(told(world).at(-1)).toContain('Paged @cai');
});

test('nobody is asked about for a step that only tells, and whoever is awake is not named', async () => {
  const world = await declared('payments', { incidentFile: people, slack: paused }, 'SEV3 minor');
  expect(told(world)).toEqual(['02:00 Told @bea: it was declared.']);
  expect(world.slack.callsTo('dnd.info')).toHaveLength(0);
});

const withMachine = (url: string): string => `${people}
webhooks: { noc: { url: '${url}' } }
escalation:
  steps:
    1: [{ after: 0s, action: page, target: [oncall-primary, webhook:noc] }, { after: 5m, action: page, target: cto }]
    2: [{ after: 0s, action: page, target: webhook:noc }, { after: 5m, action: page, target: cto }]
`;

test('a webhook is told with the people, once, signed, and the channel names it', async () => {
  const noc = await machine();
  const world = await declared('payments', { incidentFile: withMachine(noc.url) });
  expect(told(world)).toEqual(['02:00 Paged @bea, the webhook noc: it was declared.']);
  expect(noc.heard).toHaveLength(1);
  const { headers, body } = noc.heard[0]!;
  const signed = createHmac('sha256', sandboxWebhookSecret)
    .update(`v1:${String(headers['x-tocsin-timestamp'])}:${body}`)
    .digest('hex');
  expect(headers['x-tocsin-signature']).toBe(`v1=${signed}`);
  expect(JSON.parse(body)).toMatchObject({
    version: 1,
    event: 'page',
    why: 'declared',
    incident: 1,
    severity: 'SEV1',
    title: 'Checkout is down',
    service: 'payments',
    declaredAt: '2026-03-02T02:00:00.000Z',
    next: { at: '2026-03-02T02:05:00.000Z', action: 'page', targets: ['cto'] },
  });
});

test('a webhook that stumbles is told again under the same delivery; an acknowledgement ends that too', async () => {
  const noc = await machine(503, 503, 204);
  const world = await declared('payments', { incidentFile: withMachine(noc.url) });
  await world.pass('10s');
  expect(noc.heard.map(({ headers }) => headers['x-tocsin-delivery'])).toEqual(
    Array(3).fill(noc.heard[0]?.headers['x-tocsin-delivery']),
  );
  const slow = await machine(503, 503, 503);
  const other = await declared('payments', { incidentFile: withMachine(slow.url) });
  await other.slack.as('bea').click('Acknowledge', { in: 'dm' });
  const before = slow.heard.length;
  await other.pass('1m');
  expect(slow.heard.length).toBe(before);
});

test('a webhook that refuses is a line in the channel, and a step that had nobody else passes on at once', async () => {
  const noc = await machine(404);
  const world = await declared('payments', { incidentFile: withMachine(noc.url) }, 'SEV2 major');
  await world.pass('5s');
  expect(noc.heard).toHaveLength(1);
  const transcript = world.slack.channel('inc-').transcript();
  expect(transcript).toContain('The webhook noc could not be told (answered 404).');
  expect(told(world).at(-1)).toBe('02:00 Paged @finn: it was declared.');
});

test('a webhook that never answers well is given up after a minute, and then the next is told', async () => {
  const noc = await machine(...Array(50).fill(500));
  const world = await declared('payments', { incidentFile: withMachine(noc.url) }, 'SEV2 major');
  await world.pass('2m');
  expect(noc.heard).toHaveLength(6);
  expect(world.slack.channel('inc-').transcript()).toContain('could not be told (answered 500).');
  expect(told(world).at(-1)).toContain('Paged @finn');
});

test('a machine is told of a private incident that there is one, and of a test nothing', async () => {
  const noc = await machine();
  const world = await start({ incidentFile: withMachine(noc.url) });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare --test sev1 Fire drill', { in: 'general' });
  await world.settle();
  expect(noc.heard).toHaveLength(0);
  expect(world.slack.channel('inc-').transcript()).toContain('Test: would page bea');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Keys leaked',
    'How bad is it for users?': 'SEV1 critical',
    Category: 'security',
  });
  await world.settle();
  expect(noc.heard).toHaveLength(1);
  expect(noc.heard[0]?.body).not.toContain('Keys');
});

test('two rungs within a minute ring one phone once: one person gets one page per incident at a time', async () => {
  const world = await declared('payments', {
    incidentFile: `${people}
escalation:
  steps:
    1: [{ after: 0s, action: page, target: U0BEA }, { after: 30s, action: page, target: [U0BEA, U0CAI] }, { after: 3m, action: page, target: U0BEA }]
`,
  });
  await world.pass('30s');
  expect(told(world).at(-1)).toBe('02:00 Paged @cai: nobody has it.');
  expect(world.slack.channel('inc-').transcript()).toContain('Not again: bea (told 02:00)');
  await world.pass('3m');
  expect(told(world).at(-1)).toBe('02:03 Paged @bea: nobody has it.');
  expect(
    world.slack
      .as('bea')
      .dm()
      .match(/Nobody has it yet/g),
  ).toHaveLength(1);
});

test('the response target: named ahead, at risk once somebody was told in vain, missed; each once, by the escalation', async () => {
  const world = await declared('payments', {
    incidentFile: `${people}
escalation:
  steps:
    1: [{ after: 0s, action: page, target: U0BEA }, { after: 4m, action: page, target: U0CAI }, { after: 7m, action: page, target: cto }, { after: 9m, action: page, target: director }]
`,
  });
  const about = () =>
    world.slack
      .channel('inc-')
      .transcript()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.includes('esponse target'));
  expect(about()).toEqual([]);
  await world.pass('4m');
  expect(about()).toEqual(['The response target is at risk: 02:05 (SEV1, within 5 min).']);
  await world.pass('2m');
  expect(about()).toHaveLength(1);
  await world.pass('3m');
  expect(about().slice(1)).toEqual(['The response target (5 min) was missed 02:05.']);
  expect(world.slack.channel('inc-').transcript()).toMatch(/\[02:07\] Tocsin: Paged @finn.*\n.*was missed/);
});

test('a response target is named with the first page when nothing else comes before it, and not once it is met', async () => {
  const world = await declared('payments', { incidentFile: people });
  const transcript = () => world.slack.channel('inc-').transcript();
  expect(transcript()).toContain('cai is paged 02:05.\n        Response target: 02:05 (SEV1, within 5 min).');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.slack.as('ana').command('/incident escalate @eve database', { in: 'inc-' });
  await world.pass('10m');
  expect(transcript().match(/esponse target/g)).toHaveLength(1);
});

test('of several targets one that Slack cannot look up holds the others up no moment, and the channel names it', async () => {
  const world = await start({
    incidentFile: `${people}
escalation:
  steps:
    1: [{ after: 0s, action: page, target: [S0NIGHT, oncall-primary] }]
`,
    slack: { groups: [{ handle: 'night', id: 'S0NIGHT', users: ['cai'] }] },
  });
  world.slack.faults.next('usergroups.users.list', { error: 'internal_error' });
  await world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  expect(told(world)).toEqual(['02:00 Paged @bea: it was declared.']);
  expect(world.slack.channel('inc-').transcript()).toContain('Slack could not say who S0NIGHT is.');
});
