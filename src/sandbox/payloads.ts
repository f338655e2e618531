import { stateOf } from './form.ts';
import type { Json } from './json.ts';
import { objectsAt } from './json.ts';
import { messageJson } from './messages.ts';
import { viewJson } from './methods/views.ts';
import { newResponseUrl } from './respond.ts';
import type { Channel, Ephemeral, Message, User, View, Workspace } from './workspace.ts';
import { seconds } from './workspace.ts';

/** Where somebody clicks. */
export type Place =
  | { kind: 'message'; channel: Channel; message: Message }
  | { kind: 'ephemeral'; channel: Channel; ephemeral: Ephemeral }
  | { kind: 'view'; view: View };

/** Makes a trigger for whoever did something: it lives three seconds and opens one view. */
export function newTrigger(ws: Workspace, userId: string): string {
  const at = ws.clock.now();
  const id = `${seconds(at)}.${ws.nextNumber()}.${userId.toLowerCase()}`;
  ws.triggers.set(id, { userId, createdAt: at, isUsed: false });
  return id;
}

export function common(ws: Workspace, user: User): Json {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId ?? ws.team.id },
    api_app_id: ws.app.id,
    token: 'sandbox-verification-token',
    team: { id: ws.team.id, domain: ws.team.domain },
    enterprise: enterpriseOf(ws, user),
    is_enterprise_install: ws.isOrgInstall ?? false,
  };
}

/** Theirs: people of another organisation have another, or none. */
const enterpriseOf = (ws: Workspace, user: User): Json | null =>
  ws.enterprise && !user.isStranger ? { ...ws.enterprise } : null;

/** The form fields of a slash command. */
export function commandFields(
  ws: Workspace,
  user: User,
  channel: Channel,
  command: string,
  text: string,
): Record<string, string> {
  return {
    token: 'sandbox-verification-token',
    team_id: user.isStranger ? (user.teamId ?? ws.team.id) : ws.team.id,
    team_domain: ws.team.domain,
    ...(ws.enterprise && !user.isStranger
      ? { enterprise_id: ws.enterprise.id, enterprise_name: ws.enterprise.name }
      : {}),
    channel_id: channel.id,
    channel_name: channel.isIm ? 'directmessage' : channel.isPrivate ? 'privategroup' : channel.name,
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: ws.app.id,
    is_enterprise_install: 'false',
    response_url: newResponseUrl(ws, { channelId: channel.id, userId: user.id, source: null }),
    trigger_id: newTrigger(ws, user.id),
  };
}

/** `block_actions` for one element; `action` is the element's id, type and what was chosen. */
export function blockActions(ws: Workspace, user: User, place: Place, action: Json): Json {
  const at = ws.clock.now();
  return {
    type: 'block_actions',
    ...common(ws, user),
    trigger_id: newTrigger(ws, user.id),
    ...placeJson(ws, user, place),
    actions: [{ ...action, action_ts: `${seconds(at)}.${String(at % 1000).padStart(6, '0')}` }],
  };
}

/** `block_suggestion`: which options are there for the words typed so far? */
export function blockSuggestion(
  ws: Workspace,
  user: User,
  place: Place,
  asked: { action_id: string; block_id: string; value: string },
): Json {
  const at = place.kind === 'view' ? placeJson(ws, user, place) : messagePlace(ws, place);
  return { type: 'block_suggestion', ...common(ws, user), ...asked, ...at };
}

function placeJson(ws: Workspace, user: User, place: Place): Json {
  if (place.kind === 'view') {
    const { view } = place;
    const state = stateOf(objectsAt(view.body, 'blocks'), view.entered);
    return { container: { type: 'view', view_id: view.id }, view: viewJson(ws, view, state) };
  }
  const isEphemeral = place.kind === 'ephemeral';
  const { ts, blocks } = isEphemeral ? place.ephemeral : place.message;
  const source = { ts, isEphemeral };
  return {
    ...messagePlace(ws, place),
    state: stateOf(blocks, new Map()),
    response_url: newResponseUrl(ws, { channelId: place.channel.id, userId: user.id, source }),
  };
}

function messagePlace(ws: Workspace, place: Exclude<Place, { kind: 'view' }>): Json {
  const { channel } = place;
  const isEphemeral = place.kind === 'ephemeral';
  const { ts, threadTs } = isEphemeral ? place.ephemeral : place.message;
  return {
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    },
    channel: { id: channel.id, name: channelName(channel) },
    ...(place.kind === 'message' ? { message: messageJson(ws, channel, place.message) } : {}),
  };
}

export function channelName(channel: Channel): string {
  if (channel.isIm) return 'directmessage';
  return channel.isPrivate ? 'privategroup' : channel.name;
}

export function viewSubmission(ws: Workspace, user: User, view: View): Json {
  return {
    type: 'view_submission',
    ...common(ws, user),
    trigger_id: newTrigger(ws, user.id),
    view: viewJson(ws, view, stateOf(objectsAt(view.body, 'blocks'), view.entered)),
  };
}

export function viewClosed(ws: Workspace, user: User, view: View, isCleared: boolean): Json {
  return {
    type: 'view_closed',
    ...common(ws, user),
    view: viewJson(ws, view, stateOf(objectsAt(view.body, 'blocks'), view.entered)),
    is_cleared: isCleared,
  };
}
