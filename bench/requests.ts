import { createHmac } from 'node:crypto';
import { type ActionId, encodeTarget } from '../src/blocks/actions.ts';
import { pagerdutySecret } from '../src/sandbox/start.ts';

/** A request that is ready to go: signed, with every id of its own. */
export interface Ready {
  path: string;
  headers: Record<string, string>;
  body: string;
}

const form = 'application/x-www-form-urlencoded';
let last = 0;

/** A number that no other request of this run has. */
const next = (): number => {
  last += 1;
  return last;
};

/** The Slack in whose name requests are made. */
export interface Signer {
  signingSecret: string;
  apiUrl: string;
}

const responseUrl = ({ apiUrl }: Signer, n: number): string => new URL(`/respond/bench-${n}`, apiUrl).href;

function signed({ signingSecret }: Signer, contentType: string, body: string): Ready {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    path: '/slack/events',
    body,
    headers: {
      'content-type': contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${digest}`,
    },
  };
}

const team = { id: 'T0SANDBOX', domain: 'sandbox' };

/** The slash command `/incident <text>` of `user` in `channel`. */
export function command(slack: Signer, user: string, channel: string, text: string): Ready {
  const n = next();
  const fields = {
    token: 'sandbox-verification-token',
    channel_id: channel,
    channel_name: 'general',
    user_id: user,
    user_name: user.slice(2).toLowerCase(),
    command: '/incident',
    text,
    api_app_id: 'A0TOCSIN',
    is_enterprise_install: 'false',
    response_url: responseUrl(slack, n),
    trigger_id: `${Date.now()}.${n}.bench`,
  };
  return signed(slack, form, new URLSearchParams(fields).toString());
}

/** `user` presses a button of a message in `channel`. */
export function click(
  slack: Signer,
  user: string,
  channel: string,
  action: ActionId,
  incident: number,
): Ready {
  const n = next();
  const at = `${Date.now() / 1000}`;
  const payload = {
    type: 'block_actions',
    user: { id: user, username: user, name: user },
    api_app_id: 'A0TOCSIN',
    token: 'sandbox-verification-token',
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: `${Date.now()}.${n}.bench`,
    container: { type: 'message', message_ts: at, channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'general' },
    response_url: responseUrl(slack, n),
    actions: [
      {
        action_id: action,
        block_id: `b${n}`,
        type: 'button',
        text: { type: 'plain_text', text: action },
        value: encodeTarget({ incident }),
        action_ts: at,
      },
    ],
  };
  return signed(slack, form, new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
}

const words = 'rolling back release 512 on the EU cluster, error rate still at four percent and falling';

/** Somebody writes in a channel, as the Events API tells it. */
export function message(slack: Signer, user: string, channel: string): Ready {
  const n = next();
  const ts = `${Math.floor(Date.now() / 1000)}.${String(n).padStart(6, '0')}`;
  const text = `${words} (${n})`;
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] };
  const body = {
    token: 'sandbox-verification-token',
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: 'A0TOCSIN',
    event: {
      type: 'message',
      user,
      text,
      ts,
      client_msg_id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      team: team.id,
      blocks: [{ type: 'rich_text', block_id: `b${n}`, elements: [section] }],
      channel,
      channel_type: 'channel',
      event_ts: ts,
    },
    type: 'event_callback',
    event_id: `EvBENCH${n}`,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: 'U0TOCSIN',
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-EvBENCH${n}`,
  };
  return signed(slack, 'application/json', JSON.stringify(body));
}

/** A PagerDuty webhook with this body. */
export function webhook(body: string): Ready {
  const digest = createHmac('sha256', pagerdutySecret).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'PagerDuty-Webhook/V3.0',
    'x-webhook-id': `wh-${next()}`,
    'x-pagerduty-signature': `v1=${digest}`,
  };
  return { path: '/webhooks/pagerduty', headers, body };
}
