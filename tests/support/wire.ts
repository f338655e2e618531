import {
  type ActionId,
  encodeChoice,
  encodeTarget,
  type ModalId,
  type Target,
} from '../../src/blocks/actions.ts';
import { envelope, signature } from '../../src/sandbox/envelope.ts';
import type { Json } from '../../src/sandbox/json.ts';
import { commandFields, common, newTrigger } from '../../src/sandbox/payloads.ts';
import { newResponseUrl } from '../../src/sandbox/respond.ts';
import type { World } from '../../src/sandbox/start.ts';
import type { ShortcutId } from '../../src/slack/permissions.ts';

/** What Slack would send for one act of one person: whatever the act, and whether or not Slack would offer it to them. */
export interface Wire {
  body: string;
  type: 'application/json' | 'application/x-www-form-urlencoded';
}

export interface Answered {
  status: number;
  text: string;
}

const form = 'application/x-www-form-urlencoded';
const payloadOf = (payload: Json): Wire => ({
  type: form,
  body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
});

/** A world's wire: what goes over it looks as if Slack had sent it. Ids of channels, of people the handles. */
export function wireOf(world: World) {
  const ws = world.slack.workspace;
  const userOf = (handle: string) => {
    const user = ws.users.get(world.slack.userId(handle));
    if (!user) throw new Error(`nobody is called ${handle}`);
    return user;
  };
  const channelOf = (id: string) => {
    const channel = ws.channels.get(id);
    if (!channel) throw new Error(`there is no channel ${id}`);
    return channel;
  };
  const event = (fields: Json): Wire => {
    const id = `Ev${ws.nextNumber().toString(36).toUpperCase().padStart(9, '0')}`;
    const body = envelope(ws, id, { event_ts: `${ws.clock.now() / 1000}.000100`, ...fields });
    return { type: 'application/json', body: JSON.stringify(body) };
  };
  const said = (who: string, channel: string, text: string): Json => ({
    user: userOf(who).id,
    team: userOf(who).teamId ?? ws.team.id,
    channel,
    text,
    ts: `${Math.floor(ws.clock.now() / 1000)}.${String(ws.nextNumber()).padStart(6, '0')}`,
    ...(userOf(who).isBot && { bot_id: 'B0OTHER' }),
  });

  const acts = {
    command: (who: string, channel: string, text: string): Wire => ({
      type: form,
      body: new URLSearchParams(
        commandFields(ws, userOf(who), channelOf(channel), '/incident', text),
      ).toString(),
    }),
    /** `more` is the menu: its choice is the action. */
    click: (
      who: string,
      channel: string,
      action: ActionId,
      target: Target | string,
      isChoice = false,
    ): Wire => {
      const user = userOf(who);
      const value = typeof target === 'string' ? target : encodeTarget(target);
      const pressed = isChoice
        ? {
            type: 'overflow',
            action_id: 'more',
            selected_option: { value: typeof target === 'string' ? target : encodeChoice(action, target) },
          }
        : { type: 'button', action_id: action, value };
      return payloadOf({
        type: 'block_actions',
        ...common(ws, user),
        trigger_id: newTrigger(ws, user.id),
        container: { type: 'message', channel_id: channel, message_ts: '1.1' },
        channel: { id: channel, name: channelOf(channel).name },
        response_url: newResponseUrl(ws, { channelId: channel, userId: user.id, source: null }),
        actions: [{ ...pressed, block_id: 'b', action_ts: '1.1' }],
      });
    },
    submit: (who: string, modal: ModalId, metadata: object | string, values: Json = {}): Wire => {
      const user = userOf(who);
      const id = `V${ws.nextNumber()}`;
      return payloadOf({
        type: 'view_submission',
        ...common(ws, user),
        trigger_id: newTrigger(ws, user.id),
        view: {
          id,
          type: 'modal',
          hash: `${id}.1`,
          callback_id: modal,
          private_metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
          blocks: [{ type: 'input', block_id: 'field' }],
          state: { values },
        },
      });
    },
    shortcut: (who: string, channel: string, id: ShortcutId, ts: string): Wire => {
      const user = userOf(who);
      const begun = {
        ...common(ws, user),
        callback_id: id,
        trigger_id: newTrigger(ws, user.id),
        action_ts: '1.1',
      };
      if (id === 'declare-incident') return payloadOf({ type: 'shortcut', ...begun });
      return payloadOf({
        type: 'message_action',
        ...begun,
        channel: { id: channel, name: channelOf(channel).name },
        message_ts: ts,
        message: { type: 'message', user: world.slack.userId('ana'), ts, text: 'look here' },
        response_url: newResponseUrl(ws, { channelId: channel, userId: user.id, source: null }),
      });
    },
    mention: (who: string, channel: string, text: string): Wire =>
      event({ type: 'app_mention', ...said(who, channel, `<@${world.slack.botUserId}> ${text}`) }),
    directMessage: (who: string, channel: string, text: string): Wire =>
      event({ type: 'message', channel_type: 'im', ...said(who, channel, text) }),
    reaction: (who: string, channel: string, ts: string, on = true): Wire =>
      event({
        type: on ? 'reaction_added' : 'reaction_removed',
        user: userOf(who).id,
        reaction: 'pushpin',
        item: { type: 'message', channel, ts },
      }),
    home: (who: string, channel: string): Wire =>
      event({ type: 'app_home_opened', user: userOf(who).id, channel, tab: 'home' }),
  };

  return {
    ...acts,
    /** As Slack signs it; `headers` go over it. */
    headers: ({ body, type }: Wire): Record<string, string> => ({
      'content-type': type,
      ...signature(ws.clock, world.slack.signingSecret, body),
    }),
    send: async (wire: Wire, headers?: Record<string, string>): Promise<Answered> => {
      const all = headers ?? {
        'content-type': wire.type,
        ...signature(ws.clock, world.slack.signingSecret, wire.body),
      };
      const answer = await fetch(`http://127.0.0.1:${world.port}/slack/events`, {
        method: 'POST',
        body: wire.body,
        headers: all,
      });
      return { status: answer.status, text: await answer.text() };
    },
    /** Everything this person alone was shown until now, ephemeral, by direct message, as modal or tab; each as JSON. */
    shownTo: (who: string): string[] => {
      const { id } = userOf(who);
      const direct = [...ws.channels.values()].filter(({ isIm, members }) => isIm && members.has(id));
      return [
        ...ws.ephemerals.filter(({ userId }) => userId === id),
        ...direct.flatMap(({ messages }) => messages.map(({ ts, text, blocks }) => ({ ts, text, blocks }))),
        ...[...ws.views.values()].filter(({ userId }) => userId === id),
      ].map((one) => JSON.stringify(one));
    },
    /** Their direct message with the bot, opened when needed. */
    direct: async (who: string): Promise<string> => {
      const found = [...ws.channels.values()].find(
        ({ isIm, members }) => isIm && members.has(userOf(who).id),
      );
      if (found) return found.id;
      await world.slack.as(who).openHome('messages');
      return (
        [...ws.channels.values()].find(({ isIm, members }) => isIm && members.has(userOf(who).id))?.id ?? ''
      );
    },
  };
}

export type WireOf = ReturnType<typeof wireOf>;
