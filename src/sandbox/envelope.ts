import { createHmac } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Json } from './json.ts';
import { objectAt, textAt } from './json.ts';
import type { Workspace } from './workspace.ts';
import { seconds } from './workspace.ts';

/** How an event looks on the wire, and which events reach the bot at all. */

/** Slack's signature of a body: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<body>`. */
export function signature(clock: Clock, secret: string, body: string): Record<string, string> {
  const timestamp = String(seconds(clock.now()));
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
}

/** The body that carries an event. */
export function envelope(ws: Workspace, eventId: string, event: Json): Json {
  return {
    token: 'sandbox-verification-token',
    team_id: ws.team.id,
    context_team_id: ws.team.id,
    context_enterprise_id: ws.enterprise?.id ?? null,
    api_app_id: ws.app.id,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: Number(textAt(event, 'event_ts').split('.')[0] || seconds(ws.clock.now())),
    authorizations: [
      {
        enterprise_id: null,
        team_id: ws.team.id,
        user_id: ws.app.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: ws.channels.get(conversationOf(event))?.isShared ?? false,
    event_context: `4-${eventId}`,
  };
}

/** The id of the conversation that an event is about, or ''. */
export function conversationOf(event: Json): string {
  return (
    textAt(event, 'channel') ||
    textAt(event, 'channel_id') ||
    textAt(objectAt(event, 'channel'), 'id') ||
    textAt(objectAt(event, 'item'), 'channel')
  );
}

/** The bot hears of conversations it is in, and of what happens to public channels as a whole. */
export function isHeard(ws: Workspace, event: Json): boolean {
  const channel = ws.channels.get(conversationOf(event));
  if (!channel || channel.members.has(ws.app.userId)) return true;
  return !channel.isPrivate && textAt(event, 'type').startsWith('channel_');
}

const MESSAGE_KINDS: Readonly<Record<string, string>> = {
  channel: 'message.channels',
  group: 'message.groups',
  im: 'message.im',
};

/** Whether the event is among those subscribed to; undefined means all. */
export function isSubscribed(
  subscriptions: readonly string[] | undefined,
  ws: Workspace,
  event: Json,
): boolean {
  if (!subscriptions) return true;
  const type = textAt(event, 'type');
  const kind = ws.channels.get(conversationOf(event))?.isIm ? 'im' : textAt(event, 'channel_type');
  return subscriptions.includes(type === 'message' ? (MESSAGE_KINDS[kind] ?? type) : type);
}
