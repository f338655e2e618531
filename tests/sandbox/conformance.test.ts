import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, objectAt, textAt } from '../../src/sandbox/json.ts';
import { METHODS } from '../../src/sandbox/rules.ts';
import { fixture, haveFixtures, keyPaths, needsFixtures } from './fixtures.ts';
import type { World } from './world.ts';
import { button, section, world } from './world.ts';

/** Error names that Slack has now and that the list of 2021 does not know; sources in the platform notes. */
const NEWER_ERRORS: ReadonlySet<string> = new Set([
  'invalid_arguments',
  'missing_scope',
  'ratelimited',
  'unknown_method',
  'not_in_channel',
  'is_archived',
  'channel_not_found',
  'is_inactive',
  'invalid_limit',
  'invalid_cursor',
  'invalid_types',
  'no_such_subteam',
  // Of usergroups.users.update, as its page says.
  'no_users_provided',
  'invalid_users',
  'cannot_dm_bot',
  'restricted_action',
  // views.publish of an app whose Home tab is off.
  'not_enabled',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
  'markdown_text_conflict',
  'block_mismatch',
  'cannot_reply_to_message',
  'too_many_pins',
  'not_authorized',
  'view_not_found',
  'view_too_large',
  'invalid_trigger_id',
  'expired_trigger_id',
  'exchanged_trigger_id',
  'duplicate_external_id',
  'hash_conflict',
  'push_limit_reached',
  'user_not_found',
  // Of the canvases, which came later.
  'canvas_disabled_user_team',
  'canvas_creation_failed',
  'canvas_editing_failed',
  'canvas_not_found',
  'free_team_canvas_tab_already_exists',
  'free_teams_cannot_create_non_tabbed_canvases',
  'free_teams_cannot_edit_standalone_canvases',
  'invalid_parameters',
]);

/** Arguments that came after 2021. */
const NEWER_ARGS: ReadonlySet<string> = new Set([
  'metadata',
  'markdown_text',
  'client_msg_id',
  'unfurl_app_links',
  'include_all_metadata',
  'prevent_creation',
  'force',
  'reply_broadcast',
  'cursor',
  'limit',
]);

interface MethodNotes {
  params: string[];
  errors: string[];
}

function notesOf(method: string): MethodNotes | undefined {
  const all = fixture('slack-method-errors.json') as Record<string, MethodNotes>;
  return all[method];
}

/** Every `refuse('name')` in a file of methods, by the file's text. */
function refusals(): string[] {
  const folder = 'src/sandbox/methods';
  const text = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
  return [
    ...text.join('\n').matchAll(/refuse\('(\w+)'|return '([a-z_]+)';|'(is_inactive|not_in_channel)'\)/g),
  ]
    .flatMap((match) => match.slice(1))
    .filter((name) => name !== undefined);
}

const BOOKMARKS_AND_FILES =
  /^(invalid_bookmark_type|too_many_bookmarks|invalid_link|not_found|file_already_completed|dm)$/;

test.skipIf(!haveFixtures)(`every error name is one of Slack's${needsFixtures}`, () => {
  const known = new Set(Object.keys(METHODS).flatMap((method) => notesOf(method)?.errors ?? []));
  const unknown = refusals().filter(
    (name) =>
      !known.has(name) &&
      !NEWER_ERRORS.has(name) &&
      !BOOKMARKS_AND_FILES.test(name) &&
      !/^(public|private|im)$/.test(name),
  );
  expect(refusals().length).toBeGreaterThan(60);
  expect(unknown).toEqual([]);
});

test.skipIf(!haveFixtures)(`every argument we take is one of the method's${needsFixtures}`, () => {
  for (const [method, rule] of Object.entries(METHODS)) {
    const notes = notesOf(method);
    if (!notes) continue;
    const unknown = Object.keys(rule.args).filter(
      (arg) => !notes.params.includes(arg) && !NEWER_ARGS.has(arg),
    );
    expect({ method, unknown }).toEqual({ method, unknown: [] });
  }
});

/** Keys that real payloads have and that the recorded lists, some years old, do not. */
const NEWER_KEYS = /^(context_team_id|context_enterprise_id)$|^view\.blocks(\[|$)|\.reply_users$/;

function unexpected(ours: unknown, entry: string): string[] {
  const all = fixture('slack-payload-keys.json') as Record<string, string[]>;
  const theirs = all[entry];
  if (!theirs) throw new Error(`There is no list ${entry}`);
  const known = new Set(theirs);
  return [...keyPaths(ours)].filter(
    (path) => !known.has(path) && !NEWER_KEYS.test(path) && !isBelowOpenKey(path, known),
  );
}

/** Blocks, state, event payloads and file lists vary with the content; their keys are judged elsewhere. */
function isBelowOpenKey(path: string, known: Set<string>): boolean {
  const open =
    /(blocks\[\]|\broot|\bstate|event_payload|values|files\[\]|actions\[\]|errors\[\]|authorizations\[\])(\.|$)/;
  const match = open.exec(path);
  return match !== null && known.has(path.slice(0, match.index + match[1]!.length).replace(/\[\]$/, ''));
}

async function answers(w: World): Promise<Record<string, Json>> {
  const { call } = w;
  const ana = w.slack.userId('ana');
  const created = await call('conversations.create', { name: 'inc-1' });
  const channel = textAt(created.channel, 'id');
  const posted = await call('chat.postMessage', {
    channel,
    text: 'x',
    blocks: [section('x')],
    metadata: { event_type: 'e', event_payload: { key: '1' } },
  });
  await call('chat.postMessage', { channel, text: 'reply', thread_ts: posted.ts });
  const upload = await call('files.getUploadURLExternal', { filename: 'a.md', length: 1 });
  await fetch(textAt(upload, 'upload_url'), { method: 'POST', body: 'x' });
  await w.slack.as('ana').command('/incident');
  const trigger_id = textAt(w.bot.heard.findLast(({ body }) => body.command)?.body, 'trigger_id');
  const view = { type: 'modal', title: { type: 'plain_text', text: 'T' }, blocks: [section('x')] };
  const opened = await call('views.open', { trigger_id, view });
  return {
    'conversations.create': created,
    'chat.postMessage': posted,
    'files.getUploadURLExternal': upload,
    'views.open': opened,
    'views.update': await call('views.update', { view_id: textAt(opened.view, 'id'), view }),
    'views.publish': await call('views.publish', {
      user_id: ana,
      view: { type: 'home', blocks: [section('x')] },
    }),
    'auth.test': await call('auth.test'),
    'users.info': await call('users.info', { user: ana }),
    'users.list': await call('users.list'),
    'users.lookupByEmail': await call('users.lookupByEmail', { email: 'ana@example.com' }),
    'users.conversations': await call('users.conversations'),
    'usergroups.list': await call('usergroups.list', { include_users: true, include_count: true }),
    'usergroups.users.list': await call('usergroups.users.list', { usergroup: 'S0SRE' }),
    ...(await answersInChannel(w, channel, posted.ts, textAt(upload, 'file_id'))),
  };
}

async function answersInChannel(
  { slack, call }: World,
  channel: string,
  ts: unknown,
  fileId: string,
): Promise<Record<string, Json>> {
  const ana = slack.userId('ana');
  const general = slack.channel('general').id;
  return {
    'conversations.invite': await call('conversations.invite', { channel, users: ana }),
    'conversations.join': await call('conversations.join', { channel: general }),
    'conversations.info': await call('conversations.info', { channel, include_num_members: true }),
    'conversations.members': await call('conversations.members', { channel }),
    'conversations.open': await call('conversations.open', { users: ana }),
    'conversations.setTopic': await call('conversations.setTopic', { channel, topic: 't' }),
    'conversations.history': await call('conversations.history', { channel, include_all_metadata: true }),
    'conversations.replies': await call('conversations.replies', { channel, ts: ts }),
    'conversations.rename': await call('conversations.rename', { channel, name: 'inc-2' }),
    'chat.update': await call('chat.update', { channel, ts: ts, text: 'y' }),
    'chat.postEphemeral': await call('chat.postEphemeral', { channel, user: ana, text: 'y' }),
    'pins.add': await call('pins.add', { channel, timestamp: ts }),
    'reactions.add': await call('reactions.add', { channel, timestamp: ts, name: 'star' }),
    'bookmarks.add': await call('bookmarks.add', {
      channel_id: channel,
      title: 'x',
      type: 'link',
      link: 'https://x',
    }),
    'files.completeUploadExternal': await call('files.completeUploadExternal', {
      files: [{ id: fileId }],
      channel_id: channel,
    }),
  };
}

test.skipIf(!haveFixtures)(`responses have no key that real ones have not${needsFixtures}`, async () => {
  const w = await world(undefined, { groups: [{ handle: 'sre', users: ['ana'] }] });
  for (const [method, answer] of Object.entries(await answers(w))) {
    expect({ method, ok: answer.ok, error: answer.error }).toEqual({ method, ok: true, error: undefined });
    expect({ method, unexpected: unexpected(answer, method) }).toEqual({ method, unexpected: [] });
  }
});

// There is no record of this answer; the group in it is that of the list.
test.skipIf(!haveFixtures)(
  `a changed user group has no key that a listed one has not${needsFixtures}`,
  async () => {
    const { slack, call } = await world(undefined, { groups: [{ handle: 'sre', users: ['ana'] }] });
    const users = slack.userId('bea');
    const { ok, usergroup = null } = await call('usergroups.users.update', { usergroup: 'S0SRE', users });
    expect(usergroup).toMatchObject({ id: 'S0SRE', users: [users] });
    expect(unexpected({ ok, usergroups: [usergroup] }, 'usergroups.list')).toEqual([]);
  },
);

const EVENT_LISTS: Readonly<Record<string, string>> = {
  message: 'MessagePayload',
  'message file_share': 'MessageFileSharePayload',
  'message bot_message': 'MessageBotPayload',
  'message message_changed': 'MessageChangedPayload',
  'message message_deleted': 'MessageDeletedPayload',
  'message thread_broadcast': 'MessageThreadBroadcastPayload',
  'message channel_join': 'MessageChannelJoinPayload',
  'message channel_leave': 'MessageChannelLeavePayload',
  'message channel_topic': 'MessageChannelTopicPayload',
  'message channel_purpose': 'MessageChannelPurposePayload',
  'message channel_name': 'MessageChannelNamePayload',
  'message channel_archive': 'MessageChannelArchivePayload',
  app_mention: 'AppMentionPayload',
  app_home_opened: 'AppHomeOpenedPayload',
  member_joined_channel: 'MemberJoinedChannelPayload',
  member_left_channel: 'MemberLeftChannelPayload',
  reaction_added: 'ReactionAddedPayload',
  reaction_removed: 'ReactionRemovedPayload',
  pin_added: 'PinAddedPayload',
  channel_rename: 'ChannelRenamePayload',
  channel_archive: 'ChannelArchivePayload',
};

async function liveThrough(w: World): Promise<void> {
  const channel = await w.made('inc-1');
  const ana = w.slack.as('ana').goTo('inc-1');
  await ana.join('inc-1');
  await w.call('conversations.setTopic', { channel, topic: 't' });
  await w.call('conversations.setPurpose', { channel, purpose: 'p' });
  await ana.say('hello');
  await ana.say('reply', { thread: /hello/ });
  await ana.say('loud reply', { thread: /hello/, broadcast: true });
  await ana.edit(/hello/, 'hello you');
  await ana.delete(/: reply/);
  await ana.upload('log.txt', 'content');
  await ana.mention('ack');
  await ana.react('star', /hello/);
  await ana.unreact('star', /hello/);
  await ana.pin(/hello/);
  await ana.openHome();
  await w.slack.otherApp('Grafana').say('cpu', { in: 'inc-1' });
  await w.slack.as('bea').join('inc-1');
  await w.slack.as('bea').leave('inc-1');
  await w.slack.renameChannel('inc-1', 'inc-2');
  await w.slack.archive('inc-2');
  await w.slack.quiet();
}

test.skipIf(!haveFixtures)(
  `events have no key that real ones have not, and all kinds come${needsFixtures}`,
  async () => {
    const w = await world();
    await liveThrough(w);
    const missing = new Set(Object.keys(EVENT_LISTS));
    for (const { body } of w.bot.heard) {
      const event = objectAt(body, 'event');
      const kind = [event.type, event.subtype].filter(Boolean).join(' ');
      const list = EVENT_LISTS[kind];
      missing.delete(kind);
      if (list)
        expect({ kind, unexpected: unexpected(body, `events/${list}`) }).toEqual({ kind, unexpected: [] });
    }
    expect([...missing]).toEqual([]);
  },
);

test.skipIf(!haveFixtures)(`interactions have no key that real ones have not${needsFixtures}`, async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const ana = w.slack.as('ana');
  await ana.join('inc-1');
  await w.call('chat.postMessage', {
    channel,
    text: 'x',
    blocks: [{ type: 'actions', elements: [button('Go', 'go')] }],
  });
  await ana.command('/incident help');
  const command = w.bot.heard.at(-1)?.body;
  await ana.click('Go');
  const click = w.bot.heard.at(-1)?.body;
  const view = {
    type: 'modal',
    title: { type: 'plain_text', text: 'T' },
    submit: { type: 'plain_text', text: 'Save' },
    notify_on_close: true,
    blocks: [section('x')],
  };
  await w.call('views.open', { trigger_id: textAt(click, 'trigger_id'), view });
  await ana.submit();
  const submission = w.bot.heard.at(-1)?.body;
  await w.call('views.open', { trigger_id: textAt(submission, 'trigger_id'), view });
  await ana.closeModal();
  const closed = w.bot.heard.at(-1)?.body;
  expect([click?.type, submission?.type, closed?.type]).toEqual([
    'block_actions',
    'view_submission',
    'view_closed',
  ]);
  expect(isObject(command) && command.command).toBe('/incident');
  expect(unexpected(command, 'app-backend/slash-commands/SlashCommandPayload')).toEqual([]);
  expect(unexpected(click, 'app-backend/interactive-components/BlockActionPayload')).toEqual([]);
  expect(unexpected(submission, 'app-backend/views/ViewSubmissionPayload')).toEqual([]);
  expect(unexpected(closed, 'app-backend/views/ViewClosedPayload')).toEqual([]);
});
