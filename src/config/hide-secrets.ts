import type { Environment } from './environment.ts';

/** Tokens of Slack, whoever they belong to, and the addresses by which one message can be answered. */
const shapes = /\bx(?:ox[a-z]|app)-[\w-]+|hooks\.slack\.com\/[\w/-]+/g;
const hidden = '[hidden]';
/** A shorter one would blot out words that are none; the checks at the start ask for more. */
const secretLengthMin = 8;

/**
 * Takes the secrets of this environment, and whatever looks like one of Slack's, out of a line of the log. The last
 * guard: nothing is meant to bring them there, but an error of somebody else's library says what it likes.
 */
export function hideSecrets(environment: Environment): (line: string) => string {
  const secrets = [
    environment.slackBotToken,
    environment.slackSigningSecret,
    environment.slackAppToken,
    ...environment.pagerdutyWebhookSecrets,
    environment.pagerdutyApiToken,
    environment.pagerdutyRoutingKey,
    environment.webhookSecret,
    environment.healthToken,
    environment.heartbeatUrl,
  ]
    .filter((secret) => secret !== null && secret.length >= secretLengthMin)
    // As they stand in JSON.
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, hidden), line).replace(shapes, hidden);
}
