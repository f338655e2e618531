import { z } from 'zod';
import { suggest } from './fields.ts';
import { ConfigurationError, type Problem } from './problem.ts';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The process environment, checked. */
export type Environment = {
  slackBotToken: string;
  /** Null in Socket Mode without one: there nothing of Slack's comes in over HTTP. */
  slackSigningSecret: string | null;
  /** Of Socket Mode; null: Slack calls us over HTTP. */
  slackAppToken: string | null;
  /** Ends with a slash. */
  slackApiUrl: string;
  /** 0: any free port. */
  port: number;
  /** Path of the SQLite file. */
  databaseFile: string;
  incidentConfig: IncidentConfig;
  /** Any of them may have signed a webhook; empty when PagerDuty is not connected. */
  pagerdutyWebhookSecrets: string[];
  /** REST API key; null: nothing is changed or asked in PagerDuty. */
  pagerdutyApiToken: string | null;
  /** Login e-mail of the PagerDuty user that stands in for people without one; there whenever the token is. */
  pagerdutyFromEmail: string | null;
  /** Integration key for Events v2; null: our own incidents page nobody through PagerDuty. */
  pagerdutyRoutingKey: string | null;
  /** Both end with a slash. */
  pagerdutyApiUrl: string;
  pagerdutyEventsUrl: string;
  /** Signs what the webhooks of `incident.yml` are told; null: there are none. */
  webhookSecret: string | null;
  /** Whoever shows it may read `/healthz` and `/metrics`; null: there are no such routes. */
  healthToken: string | null;
  /** Called every minute while all is well; null: nobody outside waits for it. May be secret: never logged. */
  heartbeatUrl: string | null;
  logLevel: LogLevel;
};

/** Where `incident.yml` is, and who says so. What somebody asked for must be there; the default need not. */
export type IncidentConfig = { path: string; from: 'default' | 'INCIDENT_CONFIG' | 'argument' };

type Variable<T> = {
  /** Completes the line that starts with the variable's name. Must not show a value that may be secret. */
  wrong: string | ((value: string) => string);
  cure: string | ((value: string) => string);
  /** Undefined: the value is no good. */
  read: (value: string) => T | undefined;
  /** What an absent variable means. Without one the variable is needed. */
  fallback?: T;
};

/** What `.env.example` has where a value of one's own must go. */
const placeholders = ['xoxb-your-token', 'your-signing-secret'];

/** A shell takes quotes off; a container's env file keeps them, and then no secret fits. */
const isQuoted = (value: string): boolean => /^(["'`]).*\1$/.test(value);

const unquoted = 'write the value without quotes: they would be taken for a part of it';

/** What is wrong with any value, whatever it is for. Null: nothing. */
function commonFault(value: string): string | null {
  if (isQuoted(value)) return 'is in quotes';
  return placeholders.includes(value) ? 'is still what .env.example has there' : null;
}

/** Empty counts as absent: container files can often not leave a variable out. */
function variable<T>({ wrong, cure, read, fallback }: Variable<T>) {
  return z.unknown().transform((input, context): T => {
    const value = typeof input === 'string' ? input.trim() : '';
    const common = commonFault(value);
    const result = value === '' ? fallback : read(value);
    if (common === null && result !== undefined) return result;
    const problem =
      common ?? (value === '' ? 'is missing' : typeof wrong === 'string' ? wrong : wrong(value));
    const advice = isQuoted(value) ? unquoted : typeof cure === 'string' ? cure : cure(value);
    context.issues.push({ code: 'custom', input: undefined, message: problem, params: { cure: advice } });
    return z.NEVER;
  });
}

const matching = (pattern: RegExp) => (value: string) => (pattern.test(value) ? value : undefined);

const signingSecret = {
  wrong: 'is too short to be a signing secret',
  cure: 'copy the Signing Secret from Basic Information in your Slack app',
  read: matching(/^\S{8,}$/),
};

/** Every variable that Tocsin reads. `.env.example` lists the same ones. */
export const environmentSchema = z.object({
  SLACK_BOT_TOKEN: variable({
    wrong: 'is not a bot token',
    cure: 'copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions in your Slack app',
    read: matching(/^xoxb-[A-Za-z0-9-]+$/),
  }),
  SLACK_SIGNING_SECRET: variable<string | null>(signingSecret),
  SLACK_APP_TOKEN: variable<string | null>({
    wrong: 'is not an app-level token',
    cure: 'make one (xapp-…) with the scope connections:write under Basic Information in your Slack app, or unset it and let Slack call over HTTP',
    read: matching(/^xapp-[A-Za-z0-9-]+$/),
    fallback: null,
  }),
  SLACK_API_URL: apiUrl(
    'https://slack.com/api/',
    'unset it for Slack itself, or write it like https://slack.com/api/',
  ),
  PORT: variable({
    wrong: (value) => `${JSON.stringify(value)} is not a port`,
    cure: 'use a number from 0 (any free port) to 65535, like 3000',
    read: (value) => (/^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : undefined),
    fallback: 3000,
  }),
  DATABASE_URL: variable({
    wrong: 'names a database that is not supported',
    cure: 'only SQLite files are: write file: and a path, like file:./data/tocsin.db',
    read: readDatabaseFile,
    fallback: './data/tocsin.db',
  }),
  INCIDENT_CONFIG: variable<IncidentConfig>({
    wrong: 'is not a path',
    cure: 'write the path of your incident.yml',
    read: (path) => ({ path, from: 'INCIDENT_CONFIG' }),
    fallback: { path: './incident.yml', from: 'default' },
  }),
  PAGERDUTY_WEBHOOK_SECRET: variable<string[]>({
    wrong: 'contains no secret',
    cure: 'copy the secret PagerDuty showed when the subscription was made; separate several with commas',
    read: readSecrets,
    fallback: [],
  }),
  PAGERDUTY_API_TOKEN: variable<string | null>({
    wrong: 'is not an API token',
    cure: 'copy a REST API v2 key alone, about 20 characters, from Integrations, API Access Keys in PagerDuty, or unset it',
    read: matching(/^[\w+-]{16,}$/),
    fallback: null,
  }),
  PAGERDUTY_FROM_EMAIL: variable<string | null>({
    wrong: 'is not an e-mail address',
    cure: 'write the login e-mail of a PagerDuty user: changes are shown as theirs where the person has no user there',
    read: matching(/^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/),
    fallback: null,
  }),
  PAGERDUTY_ROUTING_KEY: variable<string | null>({
    wrong: 'is not an integration key',
    cure: 'copy the Integration Key (32 characters) of an Events API v2 integration, or unset it',
    read: matching(/^[A-Za-z0-9]{32}$/),
    fallback: null,
  }),
  PAGERDUTY_API_URL: apiUrl(
    'https://api.pagerduty.com/',
    'unset it for PagerDuty itself; an account in Europe has https://api.eu.pagerduty.com/',
  ),
  PAGERDUTY_EVENTS_URL: apiUrl(
    'https://events.pagerduty.com/v2/',
    'unset it for PagerDuty itself; an account in Europe has https://events.eu.pagerduty.com/v2/',
  ),
  WEBHOOK_SECRET: variable<string | null>({
    wrong: 'is too short to be a secret',
    cure: 'make one of at least 16 characters, like openssl rand -hex 32 does, and give it to those you call',
    read: matching(/^\S{16,}$/),
    fallback: null,
  }),
  HEALTH_TOKEN: variable<string | null>({
    wrong: 'is too short to be a token, or has a space in it',
    cure: 'make one of at least 16 characters, like openssl rand -hex 32 does, and give it to your monitoring; or unset it',
    read: matching(/^[\x21-\x7e]{16,}$/),
    fallback: null,
  }),
  HEARTBEAT_URL: variable<string | null>({
    wrong: 'is not an https address',
    cure: 'copy the https address that your heartbeat monitor shows (http only on localhost), or unset it',
    read: readHeartbeatUrl,
    fallback: null,
  }),
  LOG_LEVEL: variable<LogLevel>({
    wrong: (value) => `${JSON.stringify(value)} is not a log level`,
    cure: (value) => suggest(value, logLevels, `use ${logLevels.join(', ')}`),
    read: (value) => logLevels.find((level) => level === value.toLowerCase()),
    fallback: 'info',
  }),
});

/** Where a token is shown: not to whoever is on the way. */
function apiUrl(fallback: string, cure: string) {
  return variable({
    wrong: (value) =>
      isOpen(value) ? 'is plain http, which anybody on the way can read' : 'is not an http or https address',
    cure: (value) => (isOpen(value) ? 'write https:// (http:// only on localhost)' : cure),
    read: readApiUrl,
    fallback,
  });
}

function readApiUrl(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !isPrivate(url) || url.search || url.hash) return undefined;
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

const localHosts = ['localhost', '127.0.0.1', '[::1]'];

const isPrivate = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && localHosts.includes(hostname));

const isOpen = (value: string): boolean =>
  URL.canParse(value) && new URL(value).protocol === 'http:' && !isPrivate(new URL(value));

/** What a call needs of it and no more: `fetch` takes no name and password in an address. */
function readHeartbeatUrl(value: string): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.username !== '' || url.password !== '') return undefined;
  return isPrivate(url) ? url.href : undefined;
}

/** `file:./data/x.db`, `file:/data/x.db` and `file:///data/x.db`; no host, no options, no database in memory. */
function readDatabaseFile(value: string): string | undefined {
  const path = /^file:(?:\/\/(?=\/))?(.+)$/.exec(value)?.[1];
  if (path === undefined || path.startsWith('//') || /[?#]|\/$/.test(path) || path === ':memory:')
    return undefined;
  return path;
}

function readSecrets(value: string): string[] | undefined {
  const secrets = value
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  return secrets.length > 0 ? secrets : undefined;
}

/** In Socket Mode nobody signs anything. */
const socketSchema = environmentSchema.extend({
  SLACK_SIGNING_SECRET: variable<string | null>({ ...signingSecret, fallback: null }),
});

/** What only makes sense together with another one. A change in PagerDuty is somebody's: without From it is refused. */
const companions = [
  {
    name: 'PAGERDUTY_FROM_EMAIL',
    needs: 'PAGERDUTY_API_TOKEN',
    cure: 'set it to the login e-mail of a PagerDuty user, or unset PAGERDUTY_API_TOKEN',
  },
  {
    name: 'PAGERDUTY_API_TOKEN',
    needs: 'PAGERDUTY_FROM_EMAIL',
    cure: 'set it to a REST API v2 key, or unset PAGERDUTY_FROM_EMAIL',
  },
] as const;

const isSet = (value: string | undefined): boolean => (value ?? '').trim() !== '';

function lonely(env: Variables): Problem[] {
  return companions
    .filter(({ name, needs }) => isSet(env[needs]) && !isSet(env[name]))
    .map(({ name, needs, cure }) => ({ name, wrong: `is missing, though ${needs} is set`, cure }));
}

type Variables = Record<string, string | undefined>;

/** Everything the environment says, and everything that is wrong with it. No value of a secret is in a problem. */
export function checkEnvironment(env: Variables): { environment: Environment | null; problems: Problem[] } {
  const names = Object.keys(environmentSchema.shape);
  const isSocketMode = isSet(env.SLACK_APP_TOKEN);
  const result = (isSocketMode ? socketSchema : environmentSchema).safeParse(
    Object.fromEntries(names.map((name) => [name, env[name] ?? ''])),
  );
  const alone = lonely(env);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => ({
      name: String(issue.path[0]),
      wrong: issue.message,
      cure: issue.code === 'custom' ? String(issue.params?.cure) : 'see .env.example',
    }));
    return { environment: null, problems: [...problems, ...alone] };
  }
  if (alone.length > 0) return { environment: null, problems: alone };
  const read = result.data;
  const environment = {
    slackBotToken: read.SLACK_BOT_TOKEN,
    slackSigningSecret: read.SLACK_SIGNING_SECRET,
    slackAppToken: read.SLACK_APP_TOKEN,
    slackApiUrl: read.SLACK_API_URL,
    port: read.PORT,
    databaseFile: read.DATABASE_URL,
    incidentConfig: read.INCIDENT_CONFIG,
    pagerdutyWebhookSecrets: read.PAGERDUTY_WEBHOOK_SECRET,
    pagerdutyApiToken: read.PAGERDUTY_API_TOKEN,
    pagerdutyFromEmail: read.PAGERDUTY_FROM_EMAIL,
    pagerdutyRoutingKey: read.PAGERDUTY_ROUTING_KEY,
    pagerdutyApiUrl: read.PAGERDUTY_API_URL,
    pagerdutyEventsUrl: read.PAGERDUTY_EVENTS_URL,
    webhookSecret: read.WEBHOOK_SECRET,
    healthToken: read.HEALTH_TOKEN,
    heartbeatUrl: read.HEARTBEAT_URL,
    logLevel: read.LOG_LEVEL,
  };
  return { environment, problems: [] };
}

/** The same, for who needs nothing but the environment. Throws ConfigurationError with every problem. */
export function readEnvironment(env: Variables): Environment {
  const { environment, problems } = checkEnvironment(env);
  if (!environment) throw new ConfigurationError(problems);
  return environment;
}

/** Where the database is, whatever else is wrong with the environment. Throws ConfigurationError. */
export function databaseFileOf(env: Variables): string {
  const read = environmentSchema.shape.DATABASE_URL.safeParse(env.DATABASE_URL ?? '');
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const cure = issue?.code === 'custom' ? String(issue.params?.cure) : 'see .env.example';
  throw new ConfigurationError([{ name: 'DATABASE_URL', wrong: issue?.message ?? 'is wrong', cure }]);
}

/** Where to look for `incident.yml`, whatever else is wrong with the environment. */
export function incidentConfigOf(env: Variables): IncidentConfig {
  const read = environmentSchema.shape.INCIDENT_CONFIG.safeParse(env.INCIDENT_CONFIG);
  return read.success ? read.data : { path: env.INCIDENT_CONFIG ?? '', from: 'INCIDENT_CONFIG' };
}
