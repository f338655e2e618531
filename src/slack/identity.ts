import type { WebClient } from '@slack/web-api';
import type { Store } from '../store/store.ts';

/** Who we are in Slack: asked once, remembered for the days when Slack is away. */
export interface SlackIdentity {
  botUser: string;
  botId: string;
  team: string;
  /** The Enterprise Grid organisation that the workspace belongs to, if it does. */
  enterprise?: string;
  url: string;
  scopes: string[];
}

/** Slack refuses us until a human mends the app or the token; the message says which and how. */
export class SlackRefusal extends Error {}

/** From an earlier start, or null. */
export function rememberedIdentity(store: Store): SlackIdentity | null {
  const stored = store.meta('identity');
  return stored ? (JSON.parse(stored) as SlackIdentity) : null;
}

/** Asks Slack. Throws what the WebClient throws: `invalid_auth` is final, no answer is not. */
export async function askIdentity(slack: WebClient, store: Store): Promise<SlackIdentity> {
  const answer = await slack.auth.test();
  if (answer.is_enterprise_install) throw new SlackRefusal(orgInstall);
  const identity: SlackIdentity = {
    botUser: answer.user_id ?? '',
    botId: answer.bot_id ?? '',
    team: answer.team_id ?? '',
    ...(answer.enterprise_id && { enterprise: answer.enterprise_id }),
    url: answer.url ?? '',
    scopes: answer.response_metadata?.scopes ?? [],
  };
  await store.saveMeta('identity', JSON.stringify(identity));
  return identity;
}

const orgInstall =
  'The Slack app is installed for the whole organisation, and Tocsin serves one workspace: install it in that workspace (Install App, then choose the workspace) and use its Bot User OAuth Token.';

/** `scope` null: Slack does not say which. */
export const scopeRefusal = (scope: string | null): SlackRefusal =>
  new SlackRefusal(
    `The Slack app lacks ${scope === null ? 'a scope' : `the scope ${scope}`}: paste manifest.yml into its App Manifest page, then reinstall it to the workspace.`,
  );

/** `word`: what Slack answered; `error`: as the WebClient threw it. */
export function refusalOf(word: string, error: unknown): SlackRefusal {
  const needed = (error as { data?: { needed?: string } } | null)?.data?.needed;
  if (word === 'missing_scope') return scopeRefusal(needed ?? null);
  return new SlackRefusal(
    `Slack refuses SLACK_BOT_TOKEN (${word}): copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of the app made from manifest.yml, put it in, and restart.`,
  );
}
