import type { WebClient } from '@slack/web-api';
import type { Store } from '../store/store.ts';

/** Who we are in Slack: asked once, remembered for the days when Slack is away. */
export interface SlackIdentity {
  botUser: string;
  botId: string;
  team: string;
  url: string;
  scopes: string[];
}

/** Nobody has told us yet who we are: Slack was away at the very first start. */
export class IdentityUnknown extends Error {}

/** From an earlier start, or null. */
export function rememberedIdentity(store: Store): SlackIdentity | null {
  const stored = store.meta('identity');
  return stored ? (JSON.parse(stored) as SlackIdentity) : null;
}

/** Asks Slack. Throws what the WebClient throws: `invalid_auth` is final, no answer is not. */
export async function askIdentity(slack: WebClient, store: Store): Promise<SlackIdentity> {
  const answer = await slack.auth.test();
  const identity: SlackIdentity = {
    botUser: answer.user_id ?? '',
    botId: answer.bot_id ?? '',
    team: answer.team_id ?? '',
    url: answer.url ?? '',
    scopes: answer.response_metadata?.scopes ?? [],
  };
  await store.saveMeta('identity', JSON.stringify(identity));
  return identity;
}
