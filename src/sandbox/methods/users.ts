import type { Json } from '../json.ts';
import { textAt } from '../json.ts';
import { refuse } from '../refuse.ts';
import { LIMITS } from '../rules.ts';
import type { User, UserGroup, Workspace } from '../workspace.ts';
import { seconds } from '../workspace.ts';
import type { Method } from './method.ts';
import { cursorJson, flag, page } from './method.ts';

/** What Slack says in place of a time that there is none of: a second into 1970. */
const noMoment = 1_000;

export const userMethods: Readonly<Record<string, Method>> = {
  'auth.test': (ws) => ({
    url: `https://${ws.team.domain}.slack.com/`,
    team: ws.team.name,
    user: ws.users.get(ws.app.userId)?.name ?? '',
    team_id: ws.team.id,
    user_id: ws.app.userId,
    bot_id: ws.app.botId,
    is_enterprise_install: ws.isOrgInstall ?? false,
    ...(ws.enterprise ? { enterprise_id: ws.enterprise.id } : {}),
  }),
  'users.info': (ws, args) => {
    const user = ws.users.get(textAt(args, 'user')) ?? refuse('user_not_found');
    return { user: userJson(ws, user) };
  },
  'users.list': (ws, args) => {
    const all = [...ws.users.values()];
    const { items, nextCursor } = page(all, args, { standard: all.length || 1, max: LIMITS.listPage });
    return {
      members: items.map((user) => userJson(ws, user)),
      cache_ts: seconds(ws.clock.now()),
      ...cursorJson(nextCursor),
    };
  },
  'users.lookupByEmail': (ws, args) => {
    const email = textAt(args, 'email').toLowerCase();
    for (const user of ws.users.values()) {
      if (user.email.toLowerCase() === email && !user.deleted) return { user: userJson(ws, user) };
    }
    return refuse('users_not_found');
  },
  // Of others, Slack shows no `snooze_*`: their pause is the stretch around now.
  'dnd.info': (ws, args) => {
    const user = ws.users.get(textAt(args, 'user') || ws.app.userId) ?? refuse('user_not_found');
    const { from = noMoment, until = noMoment } = user.quiet ?? {};
    return {
      dnd_enabled: user.quiet !== undefined,
      next_dnd_start_ts: Math.floor(from / 1000),
      next_dnd_end_ts: Math.floor(until / 1000),
    };
  },
  'usergroups.list': (ws, args) => ({
    usergroups: [...ws.groups.values()].map((group) => ({
      ...groupJson(ws, group),
      ...(flag(args, 'include_users') ? { users: group.users } : {}),
      ...(flag(args, 'include_count') ? { user_count: group.users.length } : {}),
    })),
  }),
  'usergroups.users.list': (ws, args) => {
    const group = ws.groups.get(textAt(args, 'usergroup')) ?? refuse('no_such_subteam');
    return { users: group.users };
  },
  /** Replaces everybody in it. A group without a member is not possible. */
  'usergroups.users.update': (ws, args) => {
    const group = ws.groups.get(textAt(args, 'usergroup')) ?? refuse('no_such_subteam');
    const users = textAt(args, 'users')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
    if (users.length === 0) refuse('no_users_provided');
    for (const id of users) {
      const user = ws.users.get(id);
      if (!user || user.deleted || user.isBot || user.isRestricted || user.isUltraRestricted)
        refuse('invalid_users');
    }
    const members = [...new Set(users)];
    ws.groups.set(group.id, { ...group, users: members });
    return { usergroup: { ...groupJson(ws, group), users: members, user_count: members.length } };
  },
};

const groupJson = (ws: Workspace, group: UserGroup): Json => ({
  id: group.id,
  team_id: ws.team.id,
  is_usergroup: true,
  name: group.name,
  description: '',
  handle: group.handle,
  is_external: false,
  date_create: 0,
  date_update: 0,
  date_delete: 0,
});

/** A user as `users.info` shows it; the e-mail only with its scope, as in real Slack. */
function userJson(ws: Workspace, user: User): Json {
  const [firstName = '', ...rest] = user.realName.split(' ');
  return {
    id: user.id,
    team_id: user.teamId ?? ws.team.id,
    ...(ws.enterprise && !user.isStranger
      ? { enterprise_user: { id: user.id, enterprise_id: ws.enterprise.id, teams: [ws.team.id] } }
      : {}),
    name: user.name,
    deleted: user.deleted,
    color: '9f69e7',
    real_name: user.realName,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: user.tzOffset,
    profile: {
      title: '',
      phone: '',
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      first_name: firstName,
      last_name: rest.join(' '),
      status_text: '',
      status_emoji: '',
      avatar_hash: '',
      team: ws.team.id,
      ...(user.isBot ? { bot_id: ws.app.botId, api_app_id: ws.app.id } : {}),
      ...(ws.scopes.has('users:read.email') && !user.isBot ? { email: user.email } : {}),
    },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isRestricted,
    is_ultra_restricted: user.isUltraRestricted,
    is_bot: user.isBot,
    ...(user.isStranger ? { is_stranger: true } : {}),
    is_app_user: false,
    is_email_confirmed: true,
    updated: 0,
    who_can_share_contact_card: 'EVERYONE',
  };
}
