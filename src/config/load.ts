import type { Config } from './config.ts';
import { defaultConfig } from './defaults.ts';
import { checkEnvironment, type Environment, type IncidentConfig, incidentConfigOf } from './environment.ts';
import { type FileReading, locate, readIncidentFile } from './incident-file.ts';
import { needsPagerDuty } from './needs.ts';
import { ConfigurationError, type Problem } from './problem.ts';

/** The text of a file, null when there is none at that path; throws when it is there and cannot be read. */
export type ReadFile = (path: string) => string | null;

/**
 * Everything that is configured: the environment, and `incident.yml` over the defaults. Throws one
 * ConfigurationError with all that is wrong in both.
 */
export function loadConfig(
  env: Record<string, string | undefined>,
  readFile: ReadFile,
): { environment: Environment; config: Config } {
  const { environment, problems } = checkEnvironment(env);
  const file = loadIncidentFile(incidentConfigOf(env), readFile);
  if (!environment || !file.config) throw new ConfigurationError([...problems, ...file.problems]);
  const { config } = file;
  const lacking = [...unsignedWebhooks(environment, config), ...unasked(environment, config, env, readFile)];
  if (lacking.length === 0) return { environment, config };
  throw new ConfigurationError(lacking);
}

/** What PagerDuty is to answer, and cannot be asked. */
function unasked(
  { pagerdutyApiToken }: Environment,
  config: Config,
  env: Record<string, string | undefined>,
  readFile: ReadFile,
): Problem[] {
  if (pagerdutyApiToken !== null) return [];
  return locate(needsPagerDuty(config), readFile(incidentConfigOf(env).path) ?? '');
}

/** Who is called must be able to tell that it is us. */
function unsignedWebhooks({ webhookSecret }: Environment, { webhooks }: Config): Problem[] {
  const [first] = Object.keys(webhooks);
  if (first === undefined || webhookSecret !== null) return [];
  const wrong = `is missing, though incident.yml has the webhook ${first}`;
  return [{ name: 'WEBHOOK_SECRET', wrong, cure: 'set it to a secret of at least 16 characters' }];
}

/** The file at `path` over the defaults; without a file the defaults, unless somebody asked for that very file. */
export function loadIncidentFile({ path, from }: IncidentConfig, readFile: ReadFile): FileReading {
  const trouble = (wrong: string, cure: string): FileReading => ({
    config: null,
    problems: [{ name: from === 'argument' ? 'config:check' : 'INCIDENT_CONFIG', wrong, cure }],
  });
  let text: string | null;
  try {
    text = readFile(path);
  } catch (error) {
    return trouble(...unreadable({ path, from }, error));
  }
  if (text !== null) return readIncidentFile(text, path.replace(/^\.\//, ''));
  if (from === 'default') return { config: defaultConfig(), problems: [] };
  const unset = from === 'argument' ? '' : ', or unset it to run on the defaults';
  return trouble(`there is no file ${path}`, `correct the path${unset}`);
}

/** What is wrong, and its cure. */
function unreadable({ path, from }: IncidentConfig, error: unknown): [wrong: string, cure: string] {
  if ((error as { code?: string }).code === 'EISDIR') {
    if (from === 'argument') return [`${path} is a folder`, 'name a file in it'];
    return [
      `${path} is a folder, probably made by docker run -v because there was no such file`,
      'remove it and write the file, or correct the path',
    ];
  }
  const why = error instanceof Error ? error.message : String(error);
  return [`${path} cannot be read (${why})`, 'let the user that runs Tocsin read it'];
}
