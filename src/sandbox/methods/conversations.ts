import { addChannel, describe, isNameTaken, join, openIm, rename } from '../channels.ts';
import type { Json } from '../json.ts';
import { compact, objectsAt, textAt } from '../json.ts';
import { refuse } from '../refuse.ts';
import { channelNameError, LIMITS, METHODS } from '../rules.ts';
import type { Channel, Described, Workspace } from '../workspace.ts';
import { seconds } from '../workspace.ts';
import { tabsJson } from './canvases.ts';
import { invite } from './invite.ts';
import type { Method } from './method.ts';
import { cursorJson, flag, needScope, ownChannel, page, seenChannel } from './method.ts';

export const conversationMethods: Readonly<Record<string, Method>> = {
  'conversations.create': create,
  'conversations.join': (ws, args) => {
    const channel = seenChannel(ws, args);
    if (channel.isPrivate) return refuse('method_not_supported_for_channel_type');
    if (channel.isArchived) return refuse('is_archived');
    if (channel.members.has(ws.app.userId)) {
      return {
        channel: channelJson(ws, channel),
        warning: 'already_in_channel',
        response_metadata: { warnings: ['already_in_channel'] },
      };
    }
    join(ws, channel, ws.app.userId);
    return { channel: channelJson(ws, channel) };
  },
  'conversations.info': (ws, args) => {
    const channel = seenChannel(ws, args);
    const count = flag(args, 'include_num_members') ? { num_members: channel.members.size } : {};
    return { channel: { ...channelJson(ws, channel), ...tabsJson(ws, channel.id), ...count } };
  },
  'conversations.list': (ws, args) => listed(ws, args, () => true, 'conversations.list'),
  'users.conversations': (ws, args) => {
    const user = textAt(args, 'user') || ws.app.userId;
    const list = listed(ws, args, (channel) => channel.members.has(user), 'users.conversations');
    return { ...list, channels: objectsAt(list, 'channels').map(withoutMembership) };
  },
  'conversations.members': (ws, args) => {
    const channel = seenChannel(ws, args);
    const { items, nextCursor } = page([...channel.members], args, { standard: 100, max: LIMITS.listPage });
    return { members: items, ...cursorJson(nextCursor) };
  },
  'conversations.open': open,
  'conversations.invite': invite,
  'conversations.setTopic': (ws, args) => setDescription(ws, args, 'topic'),
  'conversations.setPurpose': (ws, args) => setDescription(ws, args, 'purpose'),
  'conversations.rename': (ws, args) => {
    const channel = ownChannel(ws, args);
    if (channel.isIm) return refuse('method_not_supported_for_channel_type');
    if (channel.creator !== ws.app.userId) return refuse('not_authorized');
    const name = textAt(args, 'name');
    const error = channelNameError(name);
    if (error) return refuse(error);
    if (name !== channel.name && isNameTaken(ws, name)) return refuse('name_taken');
    rename(ws, channel, name, ws.app.userId);
    return { channel: channelJson(ws, channel) };
  },
};

/** This list leaves out whether the bot is a member. */
function withoutMembership(channel: Json): Json {
  return compact({ ...channel, is_member: undefined });
}

function create(ws: Workspace, args: Json): Json {
  const name = textAt(args, 'name');
  const isPrivate = flag(args, 'is_private');
  needScope(ws, METHODS['conversations.create']!, isPrivate ? 'private' : 'public');
  if (ws.forbidChannels) return refuse('restricted_action');
  const error = channelNameError(name);
  if (error) return refuse(error);
  if (isNameTaken(ws, name)) return refuse('name_taken');
  const channel = addChannel(ws, { name, by: ws.app.userId, isPrivate });
  join(ws, channel, ws.app.userId);
  return { channel: channelJson(ws, channel) };
}

function open(ws: Workspace, args: Json): Json {
  const existing = textAt(args, 'channel');
  if (existing) {
    const channel = seenChannel(ws, args);
    return channel.isIm
      ? { no_op: true, already_open: true, channel: imJson(ws, channel, args) }
      : refuse('method_not_supported_for_channel_type');
  }
  const ids = textAt(args, 'users').split(',').filter(Boolean);
  if (ids.length === 0) return refuse('users_list_not_supplied');
  // Group messages are not part of this workspace: Tocsin speaks to one person at a time.
  if (ids.length > 1) return refuse('invalid_user_combination');
  const user = ws.users.get(ids[0]!) ?? refuse('user_not_found');
  if (user.deleted) return refuse('user_disabled');
  if (user.isBot) return refuse('cannot_dm_bot');
  const { channel, isNew } = openIm(ws, ws.app.userId, user.id);
  return { ...(isNew ? {} : { no_op: true, already_open: true }), channel: imJson(ws, channel, args) };
}

function imJson(ws: Workspace, channel: Channel, args: Json): Json {
  return flag(args, 'return_im') ? channelJson(ws, channel) : { id: channel.id };
}

function setDescription(ws: Workspace, args: Json, what: 'topic' | 'purpose'): Json {
  const channel = ownChannel(ws, args);
  if (channel.isIm) return refuse('method_not_supported_for_channel_type');
  const value = textAt(args, what);
  if (value.length > LIMITS.topicLength) return refuse('too_long');
  describe(ws, channel, what, value, ws.app.userId);
  return { channel: channelJson(ws, channel) };
}

const TYPES: Readonly<Record<string, (channel: Channel) => boolean>> = {
  public_channel: (channel) => !channel.isPrivate,
  private_channel: (channel) => channel.isPrivate && !channel.isIm,
  im: (channel) => channel.isIm,
  mpim: () => false,
};
const SCOPE_KIND = { public_channel: 'public', private_channel: 'private', im: 'im', mpim: 'im' } as const;

function listed(ws: Workspace, args: Json, wanted: (channel: Channel) => boolean, method: string): Json {
  const types = (textAt(args, 'types') || 'public_channel').split(',').map((type) => type.trim());
  if (types.some((type) => !(type in TYPES))) return refuse('invalid_types');
  for (const type of types) needScope(ws, METHODS[method]!, SCOPE_KIND[type as keyof typeof SCOPE_KIND]);
  const channels = [...ws.channels.values()].filter(
    (channel) =>
      types.some((type) => TYPES[type]!(channel)) &&
      (!channel.isPrivate || channel.members.has(ws.app.userId)) &&
      !(flag(args, 'exclude_archived') && channel.isArchived) &&
      wanted(channel),
  );
  const { items, nextCursor } = page(channels, args, { standard: 100, max: LIMITS.listPage });
  return { channels: items.map((channel) => channelJson(ws, channel)), ...cursorJson(nextCursor) };
}

/** A conversation as every `conversations.*` method shows it. */
export function channelJson(ws: Workspace, channel: Channel): Json {
  if (channel.isIm) {
    const other = [...channel.members].find((id) => id !== ws.app.userId) ?? '';
    return {
      id: channel.id,
      created: seconds(channel.createdAt),
      is_archived: false,
      is_im: true,
      is_org_shared: false,
      user: other,
      is_open: true,
      priority: 0,
    };
  }
  return {
    id: channel.id,
    name: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    created: seconds(channel.createdAt),
    is_archived: channel.isArchived,
    is_general: channel.isGeneral,
    unlinked: 0,
    name_normalized: channel.name,
    is_shared: channel.isShared ?? false,
    is_org_shared: false,
    is_ext_shared: channel.isShared ?? false,
    is_pending_ext_shared: false,
    pending_shared: [],
    context_team_id: ws.team.id,
    updated: channel.createdAt,
    creator: channel.creator,
    is_member: channel.members.has(ws.app.userId),
    topic: describedJson(channel.topic),
    purpose: describedJson(channel.purpose),
    previous_names: channel.previousNames,
  };
}

function describedJson({ value, creator, setAt }: Described): Json {
  return { value, creator, last_set: seconds(setAt) };
}
