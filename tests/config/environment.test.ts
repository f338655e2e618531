import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { incidentConfigOf, readEnvironment } from '../../src/config/environment.ts';
import { ConfigurationError } from '../../src/config/problem.ts';

const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const needed = { SLACK_BOT_TOKEN: 'xoxb-1-canary', SLACK_SIGNING_SECRET: secret };

/** The lines somebody sees who starts Tocsin with this environment. */
function complaints(env: Record<string, string | undefined>): string {
  try {
    readEnvironment(env);
    return 'fine';
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}

test('two Slack values are enough; everything else has a default', () => {
  expect(readEnvironment(needed)).toEqual({
    slackBotToken: 'xoxb-1-canary',
    slackSigningSecret: secret,
    slackAppToken: null,
    slackApiUrl: 'https://slack.com/api/',
    port: 3000,
    databaseFile: './data/tocsin.db',
    incidentConfig: { path: './incident.yml', from: 'default' },
    pagerdutyWebhookSecrets: [],
    pagerdutyApiToken: null,
    pagerdutyFromEmail: null,
    pagerdutyRoutingKey: null,
    pagerdutyApiUrl: 'https://api.pagerduty.com/',
    pagerdutyEventsUrl: 'https://events.pagerduty.com/v2/',
    webhookSecret: null,
    healthToken: null,
    heartbeatUrl: null,
    logLevel: 'info',
  });
});

test('an app-level token is Socket Mode: nobody signs anything, so the signing secret may be missing', () => {
  const tokens = { SLACK_BOT_TOKEN: 'xoxb-1-canary', SLACK_APP_TOKEN: 'xapp-1-A1-2-canary' };
  expect(readEnvironment(tokens)).toMatchObject({
    slackAppToken: 'xapp-1-A1-2-canary',
    slackSigningSecret: null,
  });
  expect(readEnvironment({ ...tokens, SLACK_SIGNING_SECRET: secret }).slackSigningSecret).toBe(secret);
  expect(complaints({ ...tokens, SLACK_SIGNING_SECRET: 'short' })).toMatch(
    /^SLACK_SIGNING_SECRET: is too short/,
  );
});

test('a bad app-level token is complained about alone: whether a signing secret is needed depends on it', () => {
  const said = complaints({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xoxb-canary' });
  expect(said).toMatch(/^SLACK_APP_TOKEN: is not an app-level token; make one \(xapp-…\)/);
  expect(said.split('\n')).toHaveLength(1);
});

test('every variable is read', () => {
  const environment = readEnvironment({
    ...needed,
    SLACK_API_URL: 'http://127.0.0.1:9/api',
    PORT: '0',
    DATABASE_URL: 'file:///var/lib/tocsin/tocsin.db',
    INCIDENT_CONFIG: '/etc/tocsin.yml',
    PAGERDUTY_WEBHOOK_SECRET: 'new, old,',
    PAGERDUTY_API_TOKEN: 'y_NbAkKc66ryYTWUXYEu',
    PAGERDUTY_FROM_EMAIL: 'tocsin+pages@example.com',
    PAGERDUTY_ROUTING_KEY: 'R0'.padEnd(32, 'A1b'),
    PAGERDUTY_API_URL: 'https://api.eu.pagerduty.com',
    PAGERDUTY_EVENTS_URL: 'https://events.eu.pagerduty.com/v2',
    HEALTH_TOKEN: 'a-token-of-enough-letters',
    HEARTBEAT_URL: 'https://heartbeats.example.com/tocsin?key=1',
    LOG_LEVEL: 'DEBUG',
  });
  expect(environment).toMatchObject({
    slackApiUrl: 'http://127.0.0.1:9/api/',
    port: 0,
    databaseFile: '/var/lib/tocsin/tocsin.db',
    incidentConfig: { path: '/etc/tocsin.yml', from: 'INCIDENT_CONFIG' },
    pagerdutyWebhookSecrets: ['new', 'old'],
    pagerdutyApiToken: 'y_NbAkKc66ryYTWUXYEu',
    pagerdutyFromEmail: 'tocsin+pages@example.com',
    pagerdutyRoutingKey: 'R0'.padEnd(32, 'A1b'),
    pagerdutyApiUrl: 'https://api.eu.pagerduty.com/',
    pagerdutyEventsUrl: 'https://events.eu.pagerduty.com/v2/',
    healthToken: 'a-token-of-enough-letters',
    heartbeatUrl: 'https://heartbeats.example.com/tocsin?key=1',
    logLevel: 'debug',
  });
});

test('a variable that is set to nothing counts as absent', () => {
  expect(complaints({ ...needed, SLACK_APP_TOKEN: '', PORT: ' ', INCIDENT_CONFIG: '' })).toBe('fine');
  expect(complaints({ ...needed, SLACK_BOT_TOKEN: '' })).toMatch(/^SLACK_BOT_TOKEN: is missing; copy/);
});

test('all problems are reported at once, one line each', () => {
  expect(
    complaints({ PORT: 'http', LOG_LEVEL: 'inof', DATABASE_URL: 'postgres://u:canary@db/x' }).split('\n'),
  ).toEqual([
    'SLACK_BOT_TOKEN: is missing; copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions in your Slack app',
    'SLACK_SIGNING_SECRET: is missing; copy the Signing Secret from Basic Information in your Slack app',
    'PORT: "http" is not a port; use a number from 0 (any free port) to 65535, like 3000',
    'DATABASE_URL: names a database that is not supported; only SQLite files are: write file: and a path, like file:./data/tocsin.db',
    'LOG_LEVEL: "inof" is not a log level; did you mean info?',
  ]);
});

test.each([
  ['SLACK_BOT_TOKEN', 'xoxp-canary', 'is not a bot token'],
  ['SLACK_BOT_TOKEN', '"xoxb-canary"', 'is in quotes'],
  ['SLACK_SIGNING_SECRET', "'canary-signing-secret'", 'is in quotes'],
  ['PAGERDUTY_WEBHOOK_SECRET', '"canary-new","canary-old"', 'is in quotes'],
  ['INCIDENT_CONFIG', '"./canary.yml"', 'is in quotes'],
  ['SLACK_SIGNING_SECRET', 'canary', 'is too short to be a signing secret'],
  ['SLACK_APP_TOKEN', 'xoxb-canary', 'is not an app-level token'],
  ['SLACK_APP_TOKEN', '"xapp-1-canary"', 'is in quotes'],
  ['SLACK_API_URL', 'ftp://canary/api', 'is not an http or https address'],
  ['SLACK_API_URL', 'canary', 'is not an http or https address'],
  ['SLACK_API_URL', 'http://slack.canary.example/api', 'is plain http, which anybody on the way can read'],
  ['SLACK_API_URL', 'http://localhost.canary.example/', 'is plain http, which anybody on the way can read'],
  ['PAGERDUTY_API_URL', 'http://api.canary.example', 'is plain http, which anybody on the way can read'],
  ['DATABASE_URL', './canary.db', 'names a database that is not supported'],
  ['DATABASE_URL', 'file::memory:', 'names a database that is not supported'],
  ['DATABASE_URL', 'file://canary/x.db', 'names a database that is not supported'],
  ['DATABASE_URL', 'file:./canary/', 'names a database that is not supported'],
  ['PAGERDUTY_WEBHOOK_SECRET', ' , ', 'contains no secret'],
  ['PAGERDUTY_API_TOKEN', 'Token token=canary', 'is not an API token'],
  ['PAGERDUTY_API_TOKEN', 'canary', 'is not an API token'],
  ['PAGERDUTY_FROM_EMAIL', 'canary', 'is not an e-mail address'],
  ['PAGERDUTY_FROM_EMAIL', 'ana@canary.example, bea@canary.example', 'is not an e-mail address'],
  ['PAGERDUTY_ROUTING_KEY', 'canary', 'is not an integration key'],
  ['PAGERDUTY_API_URL', 'api.canary.example', 'is not an http or https address'],
  ['PAGERDUTY_EVENTS_URL', 'https://canary.example/v2?x=1', 'is not an http or https address'],
  ['HEALTH_TOKEN', 'canary-is-short', 'is too short to be a token, or has a space in it'],
  ['HEALTH_TOKEN', 'canary with spaces in it', 'is too short to be a token, or has a space in it'],
  ['HEARTBEAT_URL', 'canary.example.com/beat', 'is not an https address'],
  ['HEARTBEAT_URL', 'http://canary.example.com/beat', 'is not an https address'],
  ['HEARTBEAT_URL', 'https://canary:secret@example.com/', 'is not an https address'],
  ['PORT', '65536', '"65536" is not a port'],
])('%s=%s is refused, and its value is not repeated where it may be secret', (name, value, wrong) => {
  const said = complaints({ ...needed, [name]: value });
  expect(said).toContain(`${name}: ${wrong}; `);
  expect(said).not.toContain('canary');
});

test('a PagerDuty token without an e-mail to act for, or the e-mail alone, is refused with the cure', () => {
  const token = { PAGERDUTY_API_TOKEN: 'canary_NbAkKc66ryYTW' };
  const from = { PAGERDUTY_FROM_EMAIL: 'canary@example.com' };
  expect(complaints({ ...needed, ...token })).toBe(
    'PAGERDUTY_FROM_EMAIL: is missing, though PAGERDUTY_API_TOKEN is set; set it to the login e-mail of a PagerDuty user, or unset PAGERDUTY_API_TOKEN',
  );
  expect(complaints({ ...needed, ...from, PAGERDUTY_API_TOKEN: ' ' })).toBe(
    'PAGERDUTY_API_TOKEN: is missing, though PAGERDUTY_FROM_EMAIL is set; set it to a REST API v2 key, or unset PAGERDUTY_FROM_EMAIL',
  );
  expect(complaints({ ...needed, ...token, PORT: 'x' }).split('\n')).toHaveLength(2);
  expect(complaints({ ...needed, ...token, ...from })).toBe('fine');
});

test.each([
  'http://localhost:3100/api/',
  'http://127.0.0.1:9/',
  'http://[::1]:9/',
  'https://slack.test/api/',
])('a sandbox on this machine may be called by plain http, and everybody by https: %s', (SLACK_API_URL) => {
  expect(readEnvironment({ ...needed, SLACK_API_URL }).slackApiUrl).toBe(SLACK_API_URL);
});

test('a heartbeat may go by plain http to this machine alone', () => {
  const read = (HEARTBEAT_URL: string) => readEnvironment({ ...needed, HEARTBEAT_URL }).heartbeatUrl;
  expect(read('http://127.0.0.1:8080/beat')).toBe('http://127.0.0.1:8080/beat');
  expect(read('http://[::1]/beat')).toBe('http://[::1]/beat');
  expect(complaints({ ...needed, HEARTBEAT_URL: 'http://127.0.0.1.example.com/' })).toContain(
    'HEARTBEAT_URL',
  );
});

test('an integration key pages without a token', () => {
  expect(complaints({ ...needed, PAGERDUTY_ROUTING_KEY: 'a'.repeat(32) })).toBe('fine');
});

test('.env.example as it is: every value that is no default is refused, with its name and its cure', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const written = [...text.matchAll(/^([A-Z_]+)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value]);
  expect(complaints(Object.fromEntries(written))).toBe(
    [
      'SLACK_BOT_TOKEN: is still what .env.example has there; copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions in your Slack app',
      'SLACK_SIGNING_SECRET: is still what .env.example has there; copy the Signing Secret from Basic Information in your Slack app',
    ].join('\n'),
  );
  const defaults = readEnvironment(needed);
  const others = written.filter(([name = '']) => !name.startsWith('SLACK_') || name === 'SLACK_API_URL');
  expect(readEnvironment({ ...Object.fromEntries(others), ...needed })).toEqual(defaults);
});

test('a path in quotes is looked for as it is written', () => {
  expect(incidentConfigOf({ INCIDENT_CONFIG: '"./mine.yml"' })).toEqual({
    path: '"./mine.yml"',
    from: 'INCIDENT_CONFIG',
  });
});
