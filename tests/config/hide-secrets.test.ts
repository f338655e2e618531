import { expect, test } from 'vitest';
import type { Environment } from '../../src/config/environment.ts';
import { hideSecrets } from '../../src/config/hide-secrets.ts';

const environment = {
  slackBotToken: 'xoxb-1-ours',
  slackSigningSecret: 'signing-secret',
  slackAppToken: null,
  pagerdutyWebhookSecrets: ['one-"quoted"-secret'],
  pagerdutyApiToken: 'api-token-1234567',
  pagerdutyRoutingKey: null,
  webhookSecret: null,
  healthToken: null,
  heartbeatUrl: 'https://beat.example/secret-path',
} as unknown as Environment;

test.each([
  ['our tokens', 'Bearer xoxb-1-ours', 'Bearer [hidden]'],
  ['a token of somebody else', 'they wrote xoxp-9-theirs-1 there', 'they wrote [hidden] there'],
  ['an app-level token', 'xapp-1-A1-x', '[hidden]'],
  ['secrets that look like words', 'a signing-secret and api-token-1234567', 'a [hidden] and [hidden]'],
  ['secrets as JSON has them', JSON.stringify('one-"quoted"-secret'), '"[hidden]"'],
  ['the address of the heartbeat', 'no answer of https://beat.example/secret-path', 'no answer of [hidden]'],
  [
    'the address of an answer',
    'https://hooks.slack.com/commands/T1/2/x was gone',
    'https://[hidden] was gone',
  ],
  ['nothing else', '{"level":40,"msg":"request refused"}', '{"level":40,"msg":"request refused"}'],
])('%s: taken out of a line of the log', (_what, line, shown) => {
  expect(hideSecrets(environment)(line)).toBe(shown);
});
