import { postSystem } from './messages.ts';
import type { Channel, Described, Workspace } from './workspace.ts';
import { newId, nextTs } from './workspace.ts';

/** What can happen to channels, whoever does it. Rules are judged before, by the methods or by the driver. */

const NOTHING_SAID: Described = { value: '', creator: '', setAt: 0 };

export interface NewChannel {
  name: string;
  by: string;
  isPrivate?: boolean;
  members?: Iterable<string>;
  isGeneral?: boolean;
}

export function addChannel(ws: Workspace, { name, by, isPrivate, members, isGeneral }: NewChannel): Channel {
  const channel: Channel = {
    id: newId(ws, 'C'),
    name,
    previousNames: [],
    isPrivate: isPrivate ?? false,
    isIm: false,
    isGeneral: isGeneral ?? false,
    isArchived: false,
    creator: by,
    createdAt: ws.clock.now(),
    topic: NOTHING_SAID,
    purpose: NOTHING_SAID,
    members: new Set(members ?? []),
    messages: [],
    replies: new Map(),
    pins: [],
    bookmarks: [],
    lastMicros: 0,
  };
  ws.channels.set(channel.id, channel);
  return channel;
}

/** The direct message of two people; made when it does not exist. */
export function openIm(ws: Workspace, one: string, other: string): { channel: Channel; isNew: boolean } {
  for (const channel of ws.channels.values()) {
    if (channel.isIm && channel.members.has(one) && channel.members.has(other))
      return { channel, isNew: false };
  }
  const channel = addChannel(ws, { name: '', by: one, isPrivate: true, members: [one, other] });
  ws.channels.delete(channel.id);
  channel.id = channel.id.replace('C', 'D');
  channel.isIm = true;
  ws.channels.set(channel.id, channel);
  return { channel, isNew: true };
}

function kindOf(channel: Channel): 'C' | 'G' {
  return channel.isPrivate ? 'G' : 'C';
}

export function join(ws: Workspace, channel: Channel, userId: string, inviter?: string): void {
  if (channel.members.has(userId)) return;
  channel.members.add(userId);
  ws.publish({
    type: 'member_joined_channel',
    user: userId,
    channel: channel.id,
    channel_type: kindOf(channel),
    team: ws.team.id,
    ...(inviter ? { inviter } : {}),
    event_ts: nextTs(ws, channel),
  });
  postSystem(
    ws,
    channel,
    userId,
    channel.isPrivate ? 'group_join' : 'channel_join',
    `<@${userId}> has joined the ${channel.isPrivate ? 'group' : 'channel'}`,
    inviter ? { inviter } : {},
  );
}

/** Someone goes, or is removed. The bot still gets the events about itself. */
export function leave(ws: Workspace, channel: Channel, userId: string): void {
  if (!channel.members.has(userId)) return;
  const subtype = channel.isPrivate ? 'group_leave' : 'channel_leave';
  postSystem(ws, channel, userId, subtype, `<@${userId}> has left the channel`, {});
  ws.publish({
    type: 'member_left_channel',
    user: userId,
    channel: channel.id,
    channel_type: kindOf(channel),
    team: ws.team.id,
    event_ts: nextTs(ws, channel),
  });
  channel.members.delete(userId);
}

export function describe(
  ws: Workspace,
  channel: Channel,
  what: 'topic' | 'purpose',
  value: string,
  by: string,
): void {
  channel[what] = { value, creator: by, setAt: ws.clock.now() };
  const subtype = `${channel.isPrivate ? 'group' : 'channel'}_${what}`;
  const words = value === '' ? `cleared the channel ${what}` : `set the channel ${what}: ${value}`;
  postSystem(ws, channel, by, subtype, words, { [what]: value });
}

export function rename(ws: Workspace, channel: Channel, name: string, by: string): void {
  const oldName = channel.name;
  channel.previousNames.unshift(oldName);
  channel.name = name;
  const subtype = channel.isPrivate ? 'group_name' : 'channel_name';
  postSystem(ws, channel, by, subtype, `has renamed the channel from "${oldName}" to "${name}"`, {
    old_name: oldName,
    name,
  });
  ws.publish({
    type: channel.isPrivate ? 'group_rename' : 'channel_rename',
    channel: {
      id: channel.id,
      is_channel: !channel.isPrivate,
      is_mpim: false,
      name,
      name_normalized: name,
      created: Math.floor(channel.createdAt / 1000),
    },
    event_ts: nextTs(ws, channel),
  });
}

/** It keeps its id and its people. */
export function makePrivate(ws: Workspace, channel: Channel, by: string): void {
  channel.isPrivate = true;
  postSystem(ws, channel, by, 'channel_convert_to_private', 'made this channel private', {});
}

/** Archives and, as in real Slack, ejects the bot: it sees and reads nothing of the channel afterwards. */
export function archive(ws: Workspace, channel: Channel, by: string): void {
  const prefix = channel.isPrivate ? 'group' : 'channel';
  postSystem(ws, channel, by, `${prefix}_archive`, 'archived the channel', {});
  ws.publish({
    type: `${prefix}_archive`,
    channel: channel.id,
    user: by,
    is_moved: 0,
    event_ts: nextTs(ws, channel),
  });
  channel.isArchived = true;
  channel.members.delete(ws.app.userId);
}

/** Back from the archive; the bot stays out until it joins or is invited. */
export function unarchive(ws: Workspace, channel: Channel, by: string): void {
  const prefix = channel.isPrivate ? 'group' : 'channel';
  channel.isArchived = false;
  postSystem(ws, channel, by, `${prefix}_unarchive`, 'un-archived the channel', {});
  ws.publish({ type: `${prefix}_unarchive`, channel: channel.id, user: by, event_ts: nextTs(ws, channel) });
}

/** Deletes the channel for good. */
export function destroy(ws: Workspace, channel: Channel): void {
  const type = channel.isPrivate ? 'group_deleted' : 'channel_deleted';
  ws.publish({ type, channel: channel.id, event_ts: nextTs(ws, channel) });
  ws.channels.delete(channel.id);
}

/** Whether the channel's name is taken, also by an archived or invisible one. */
export function isNameTaken(ws: Workspace, name: string): boolean {
  for (const channel of ws.channels.values()) if (!channel.isIm && channel.name === name) return true;
  return false;
}
