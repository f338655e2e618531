import { expect, test } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { objectsAt, textAt } from '../../src/sandbox/json.ts';
import { section, world } from './world.ts';

const texts = (answer: Json): string[] => objectsAt(answer, 'messages').map(({ text }) => String(text));

test('a channel name is taken for good: also by archived channels and by private ones the bot cannot see', async () => {
  const w = await world(undefined, { channels: ['general', { name: 'secret', isPrivate: true }] });
  await w.made('inc-1');
  await w.slack.archive('inc-1');
  for (const name of ['inc-1', 'secret', 'general']) {
    expect(await w.call('conversations.create', { name })).toMatchObject({ error: 'name_taken' });
  }
});

test('a workspace can forbid channels', async () => {
  const w = await world(undefined, { forbidChannels: true });
  expect(await w.call('conversations.create', { name: 'inc-1' })).toMatchObject({
    error: 'restricted_action',
  });
});

test('outside a channel the bot neither posts, reads, pins, invites nor describes; inside it does', async () => {
  const w = await world();
  const channel = w.slack.channel('general').id;
  const attempts = () =>
    Promise.all([
      w.call('chat.postMessage', { channel, text: 'x' }),
      w.call('conversations.history', { channel }),
      w.call('pins.list', { channel }),
      w.call('conversations.invite', { channel, users: w.slack.userId('ana') }),
      w.call('conversations.setTopic', { channel, topic: 'x' }),
    ]);
  expect((await attempts()).map(({ error }) => error)).toEqual(Array(5).fill('not_in_channel'));
  await w.call('conversations.join', { channel });
  expect((await attempts()).map(({ error }) => error)).toEqual([
    undefined,
    undefined,
    undefined,
    'already_in_channel',
    undefined,
  ]);
});

test('with chat:write.public the bot posts to public channels it is not in', async () => {
  const w = await world(undefined, { scopes: ['chat:write', 'chat:write.public'] });
  const channel = w.slack.channel('general').id;
  expect(await w.call('chat.postMessage', { channel, text: 'x' })).toMatchObject({ ok: true });
});

test('a private channel does not exist for who is not in it', async () => {
  const w = await world(undefined, { channels: ['general', { name: 'secret', isPrivate: true }] });
  const channel = w.slack.channel('secret').id;
  for (const method of ['conversations.info', 'conversations.join', 'conversations.history']) {
    expect(await w.call(method, { channel })).toMatchObject({ error: 'channel_not_found' });
  }
  const listed = await w.call('conversations.list', { types: 'public_channel,private_channel' });
  expect(objectsAt(listed, 'channels').map(({ name }) => name)).toEqual(['general']);
  expect(await w.call('conversations.list', { types: 'secret_channel' })).toMatchObject({
    error: 'invalid_types',
  });
});

test('archiving ejects the bot: it cannot post, read, edit or come back', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const { ts } = await w.call('chat.postMessage', { channel, text: 'x' });
  await w.slack.archive('inc-1');
  expect(await w.call('chat.postMessage', { channel, text: 'x' })).toMatchObject({ error: 'is_archived' });
  expect(await w.call('conversations.history', { channel })).toMatchObject({ error: 'not_in_channel' });
  expect(await w.call('chat.update', { channel, ts, text: 'y' })).toMatchObject({ error: 'is_inactive' });
  expect(await w.call('conversations.join', { channel })).toMatchObject({ error: 'is_archived' });
  expect(w.slack.channel('inc-1').isArchived).toBe(true);
});

test('inviting: one wrong id fails the call, with force the others come', async () => {
  const w = await world(undefined, {
    people: ['ana', 'bea', { name: 'gone', deleted: true }, { name: 'guest', isUltraRestricted: true }],
  });
  const channel = await w.made('inc-1');
  const [ana, bea, gone, guest] = ['ana', 'bea', 'gone', 'guest'].map((name) => w.slack.userId(name));
  const invite = (users: string, force?: boolean) =>
    w.call('conversations.invite', { channel, users, ...(force ? { force } : {}) });
  expect(await invite(w.slack.botUserId)).toMatchObject({ error: 'cant_invite_self' });
  expect(await invite('')).toMatchObject({ error: 'no_user' });
  expect(await invite(`${ana},U0NOBODY`)).toMatchObject({
    error: 'user_not_found',
    errors: [{ user: 'U0NOBODY', ok: false, error: 'user_not_found' }],
  });
  expect(w.slack.channel('inc-1').members).toEqual(['tocsin']);
  expect(await invite(`${ana},U0NOBODY,${gone},${guest}`, true)).toMatchObject({
    ok: true,
    errors: [{ error: 'user_not_found' }, { error: 'cant_invite' }, { error: 'ura_max_channels' }],
  });
  expect(await invite(`${ana}`, true)).toMatchObject({ ok: false, error: 'already_in_channel' });
  expect(await invite(`${bea}`)).toMatchObject({ ok: true });
  expect(w.slack.channel('inc-1').members).toEqual(['tocsin', 'ana', 'bea']);
});

test('a person is spoken to through conversations.open, never by user id', async () => {
  const w = await world(undefined, { people: ['ana', { name: 'gone', deleted: true }] });
  const ana = w.slack.userId('ana');
  expect(await w.call('chat.postMessage', { channel: ana, text: 'x' })).toMatchObject({
    error: 'channel_not_found',
  });
  const opened = await w.call('conversations.open', { users: ana });
  const channel = textAt(opened.channel, 'id');
  expect(channel).toMatch(/^D/);
  expect((await w.call('conversations.open', { users: ana })).already_open).toBe(true);
  expect(await w.call('chat.postMessage', { channel, text: 'Wake up' })).toMatchObject({ ok: true });
  expect(w.slack.as('ana').dm()).toBe('[02:00] Tocsin: Wake up');
  const errors = [];
  for (const users of ['', 'U0NOBODY', w.slack.userId('gone'), w.slack.botUserId, `${ana},U0NOBODY`]) {
    errors.push((await w.call('conversations.open', { users })).error);
  }
  expect(errors).toEqual([
    'users_list_not_supplied',
    'user_not_found',
    'user_disabled',
    'cannot_dm_bot',
    'invalid_user_combination',
  ]);
});

test('updating: text without blocks drops the blocks, blocks alone keep the text, metadata stays until cleared', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const metadata = { event_type: 'key', event_payload: { id: '1' } };
  const { ts } = await w.call('chat.postMessage', {
    channel,
    text: 'old',
    blocks: [section('card')],
    metadata,
  });
  const history = async () => {
    const { messages } = await w.call('conversations.history', {
      channel,
      include_all_metadata: true,
      limit: 1,
    });
    return (messages as Json[])[0];
  };
  await w.call('chat.update', { channel, ts, blocks: [section('card 2')] });
  expect(w.slack.channel('inc-1').transcript()).toContain('Tocsin: card 2');
  expect(await history()).toMatchObject({ text: 'old', metadata });
  await w.call('chat.update', { channel, ts, text: 'new', metadata: {} });
  const last = await history();
  expect([last?.text, last?.blocks, last?.metadata]).toEqual(['new', undefined, undefined]);
  expect(w.slack.channel('inc-1').transcript()).toContain('Tocsin: new (edited)');
  expect(await w.call('chat.update', { channel, ts })).toMatchObject({ error: 'no_text' });
});

test('rich text does not become plain blocks, and metadata has a type and a payload', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const rich = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
  };
  const { ts } = await w.call('chat.postMessage', { channel, text: 'x', blocks: [rich] });
  expect(await w.call('chat.update', { channel, ts, blocks: [section('x')] })).toMatchObject({
    error: 'block_mismatch',
  });
  const post = (more: Json) => w.call('chat.postMessage', { channel, ...more });
  expect(await post({ text: 'x', metadata: [] })).toMatchObject({ error: 'invalid_metadata_format' });
  expect(await post({ text: 'x', metadata: { event_type: 'x' } })).toMatchObject({
    error: 'invalid_metadata_schema',
  });
  expect(await post({ text: 'x', markdown_text: 'y' })).toMatchObject({ error: 'markdown_text_conflict' });
  expect(await post({})).toMatchObject({ error: 'no_text' });
  expect(await post({ text: 'x', blocks: { type: 'section' } })).toMatchObject({
    error: 'invalid_blocks_format',
  });
  expect(await post({ text: 'x', thread_ts: '1.000001' })).toMatchObject({
    error: 'cannot_reply_to_message',
  });
});

test('the bot changes and deletes only what it wrote', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  await w.slack.as('ana').join('inc-1');
  await w.slack.as('ana').say('mine', { in: 'inc-1' });
  const ts = w.slack.channel('inc-1').messages.at(-1)?.ts;
  expect(await w.call('chat.update', { channel, ts, text: 'x' })).toMatchObject({
    error: 'cant_update_message',
  });
  expect(await w.call('chat.delete', { channel, ts })).toMatchObject({ error: 'cant_delete_message' });
  expect(await w.call('chat.delete', { channel, ts: '1.000001' })).toMatchObject({
    error: 'message_not_found',
  });
  expect(await w.call('chat.getPermalink', { channel, message_ts: '1.000001' })).toMatchObject({
    error: 'message_not_found',
  });
});

test('ephemeral messages reach members of the channel only, and cannot be updated', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const ana = w.slack.userId('ana');
  const show = () => w.call('chat.postEphemeral', { channel, user: ana, text: 'psst' });
  expect(await show()).toMatchObject({ error: 'user_not_in_channel' });
  await w.slack.as('ana').join('inc-1');
  const { message_ts: ts } = await show();
  expect(w.slack.as('ana').reads()).toBe('psst');
  expect(w.slack.channel('inc-1').transcript()).not.toContain('psst');
  expect(await w.call('chat.update', { channel, ts, text: 'x' })).toMatchObject({
    error: 'message_not_found',
  });
});

test('history: newest first, bounds exclusive unless asked for, threads apart, pages by cursor', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const stamps: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    stamps.push(textAt(await w.call('chat.postMessage', { channel, text }), 'ts'));
  }
  const [one, two, three] = stamps;
  await w.call('chat.postMessage', { channel, text: 'reply', thread_ts: one });
  await w.call('chat.postMessage', { channel, text: 'loud', thread_ts: one, reply_broadcast: true });
  const history = (more: Json) => w.call('conversations.history', { channel, ...more });
  expect(texts(await history({}))).toEqual([
    'loud',
    'three',
    'two',
    'one',
    '<@U0TOCSIN> has joined the channel',
  ]);
  expect(texts(await history({ oldest: one, latest: three }))).toEqual(['two']);
  expect(texts(await history({ oldest: one, latest: three, inclusive: true }))).toEqual([
    'three',
    'two',
    'one',
  ]);
  const first = await history({ limit: 2, oldest: one });
  expect([texts(first), first.has_more]).toEqual([['loud', 'three'], true]);
  const cursor = textAt(first.response_metadata, 'next_cursor');
  const second = await history({ limit: 2, oldest: one, cursor });
  expect([texts(second), second.has_more]).toEqual([['two'], false]);
  const thread = await w.call('conversations.replies', { channel, ts: one });
  expect(texts(thread)).toEqual(['one', 'reply', 'loud']);
  expect(objectsAt(thread, 'messages')[0]).toMatchObject({ reply_count: 2, thread_ts: one });
  expect(texts(await w.call('conversations.replies', { channel, ts: one, oldest: two }))).toContain('loud');
  expect(await history({ oldest: 'x' })).toMatchObject({ error: 'invalid_ts_oldest' });
  expect(await history({ latest: 'x' })).toMatchObject({ error: 'invalid_ts_latest' });
  expect(await history({ cursor: 'x' })).toMatchObject({ error: 'invalid_cursor' });
  expect(await w.call('conversations.replies', { channel, ts: '1.000001' })).toMatchObject({
    error: 'thread_not_found',
  });
});

test('a deleted parent leaves a tombstone over its replies', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const { ts } = await w.call('chat.postMessage', { channel, text: 'parent' });
  await w.call('chat.postMessage', { channel, text: 'reply', thread_ts: ts });
  await w.call('chat.delete', { channel, ts });
  const [shown] = objectsAt(await w.call('conversations.history', { channel }), 'messages');
  expect(shown).toMatchObject({ subtype: 'tombstone', text: 'This message was deleted.', reply_count: 1 });
});

test('timestamps are unique and increasing, also at one moment', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const stamps: string[] = [];
  for (let at = 0; at < 5; at++)
    stamps.push(textAt(await w.call('chat.postMessage', { channel, text: 'x' }), 'ts'));
  expect(new Set(stamps).size).toBe(5);
  expect(stamps).toEqual(stamps.toSorted());
  expect(stamps.every((ts) => /^1772416800\.\d{6}$/.test(ts))).toBe(true);
});

test('pins, reactions and bookmarks say when they are there already, or not there', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const { ts: timestamp } = await w.call('chat.postMessage', { channel, text: 'x' });
  const twice = async (method: string, more: Json = {}) => {
    const answers = [];
    for (let at = 0; at < 2; at++)
      answers.push((await w.call(method, { channel, timestamp, ...more })).error ?? 'ok');
    return answers;
  };
  expect(await twice('pins.add')).toEqual(['ok', 'already_pinned']);
  expect(w.slack.channel('inc-1').pins).toEqual(['x']);
  expect(await twice('pins.remove')).toEqual(['ok', 'not_pinned']);
  expect(await twice('reactions.add', { name: 'star' })).toEqual(['ok', 'already_reacted']);
  expect(await twice('reactions.remove', { name: 'star' })).toEqual(['ok', 'no_reaction']);
  expect(await twice('reactions.add', { name: ':star:' })).toEqual(['invalid_name', 'invalid_name']);
  expect(await w.call('pins.add', { channel })).toMatchObject({ error: 'no_item_specified' });
  expect(await w.call('pins.add', { channel, timestamp: '12' })).toMatchObject({ error: 'bad_timestamp' });
  const add = { channel_id: channel, title: 'Runbook', type: 'link' };
  expect(await w.call('bookmarks.add', { ...add, link: 'runbook' })).toMatchObject({ error: 'invalid_link' });
  const { bookmark } = await w.call('bookmarks.add', { ...add, link: 'https://example.com/a' });
  const bookmark_id = textAt(bookmark, 'id');
  await w.call('bookmarks.edit', { channel_id: channel, bookmark_id, link: 'https://example.com/b' });
  expect(w.slack.channel('inc-1').bookmarks).toEqual([{ title: 'Runbook', link: 'https://example.com/b' }]);
  await w.call('bookmarks.remove', { channel_id: channel, bookmark_id });
  expect(await w.call('bookmarks.remove', { channel_id: channel, bookmark_id })).toMatchObject({
    error: 'not_found',
  });
});

test('a file goes up in three steps, by the real client too, and shows in the channel', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  await w.bot.client.filesUploadV2({
    channel_id: channel,
    filename: 'draft.md',
    content: '# Draft',
    initial_comment: 'The draft',
  });
  expect(w.slack.channel('inc-1').transcript()).toContain('Tocsin: The draft\n        (file: draft.md)');
  const early = await w.call('files.getUploadURLExternal', { filename: 'x', length: 3 });
  const complete = { files: [{ id: early.file_id }], channel_id: channel };
  expect(await w.call('files.completeUploadExternal', complete)).toMatchObject({ error: 'file_not_found' });
  const short = await fetch(textAt(early, 'upload_url'), { method: 'POST', body: 'xx' });
  expect(short.status).toBe(400);
  expect(await w.call('files.getUploadURLExternal', { filename: 'x', length: 0 })).toMatchObject({
    error: 'invalid_arguments',
  });
});

test('views: the hash guards updates, the external id is unique, a Home tab is published per person', async () => {
  const w = await world();
  const view = (title: string, more: Json = {}): Json => ({
    type: 'modal',
    title: { type: 'plain_text', text: title },
    blocks: [section('x')],
    ...more,
  });
  await w.slack.as('ana').command('/incident');
  const trigger_id = textAt(w.bot.heard.at(-1)?.body, 'trigger_id');
  const opened = await w.call('views.open', { trigger_id, view: view('One', { external_id: 'ext' }) });
  const view_id = textAt(opened.view, 'id');
  const hash = textAt(opened.view, 'hash');
  expect((await w.call('views.update', { view_id, hash, view: view('Two') })).ok).toBe(true);
  expect(await w.call('views.update', { view_id, hash, view: view('Three') })).toMatchObject({
    error: 'hash_conflict',
  });
  expect(w.slack.as('ana').modal()).toContain('## Two');
  expect(await w.call('views.update', { view_id: 'V1', view: view('x') })).toMatchObject({
    error: 'view_not_found',
  });
  expect(await w.call('views.update', { view_id, view: view('x'.repeat(25)) })).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] must be less than 25 characters [json-pointer:/title/text]'] },
  });
  const home = { type: 'home', blocks: [section('Welcome')] };
  await w.call('views.publish', { user_id: w.slack.userId('ana'), view: home });
  expect(w.slack.as('ana').home()).toBe('Welcome');
});

test('only what is left of the name: a rename is for the creator and to a free name', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  const general = w.slack.channel('general').id;
  await w.call('conversations.join', { channel: general });
  const rename = (id: string, name: string) => w.call('conversations.rename', { channel: id, name });
  expect(await rename(channel, 'general')).toMatchObject({ error: 'name_taken' });
  expect(await rename(general, 'hall')).toMatchObject({ error: 'not_authorized' });
  expect(await rename(channel, 'Inc')).toMatchObject({ error: 'invalid_name_specials' });
  expect(await rename(channel, 'inc-2')).toMatchObject({ ok: true, channel: { previous_names: ['inc-1'] } });
});
