import { join } from '../channels.ts';
import type { Json } from '../json.ts';
import { textAt } from '../json.ts';
import { refuse } from '../refuse.ts';
import { LIMITS } from '../rules.ts';
import type { Channel, Workspace } from '../workspace.ts';
import { channelJson } from './conversations.ts';
import { flag, ownChannel } from './method.ts';

/**
 * Invites up to a hundred people. One who cannot be invited fails the whole call and nobody comes, unless `force`
 * is set: then the others come, and `errors` names those who did not. Nobody left to invite is a refusal either way.
 */
export function invite(ws: Workspace, args: Json): Json {
  const channel = ownChannel(ws, args);
  if (channel.isIm) return refuse('method_not_supported_for_channel_type');
  const ids = [...new Set(textAt(args, 'users').split(',').filter(Boolean))];
  if (ids.length === 0) return refuse('no_user');
  if (ids.length > LIMITS.inviteUsers) return refuse('too_many_users');
  const errors = ids.flatMap((user) => {
    const error = inviteError(ws, channel, user);
    return error ? [{ user, ok: false, error }] : [];
  });
  const failed = new Set(errors.map(({ user }) => user));
  const coming = ids.filter((id) => !failed.has(id));
  const first = errors[0];
  if (first && (!flag(args, 'force') || coming.length === 0)) return refuse(first.error, { errors });
  for (const id of coming) join(ws, channel, id, ws.app.userId);
  return { channel: channelJson(ws, channel), ...(errors.length > 0 ? { errors } : {}) };
}

function inviteError(ws: Workspace, channel: Channel, id: string): string | null {
  if (id === ws.app.userId) return 'cant_invite_self';
  const user = ws.users.get(id);
  if (!user) return 'user_not_found';
  if (channel.members.has(id)) return 'already_in_channel';
  if (user.deleted) return 'cant_invite';
  if (user.isUltraRestricted && isInAChannel(ws, id)) return 'ura_max_channels';
  return null;
}

/** Single-channel guests are in exactly one channel. */
function isInAChannel(ws: Workspace, id: string): boolean {
  return [...ws.channels.values()].some((channel) => !channel.isIm && channel.members.has(id));
}
