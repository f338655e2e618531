import { expect, test } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { textAt } from '../../src/sandbox/json.ts';
import { ALL_SCOPES, channelNameError, LIMITS, METHODS } from '../../src/sandbox/rules.ts';
import type { World } from './world.ts';
import { button, section, world } from './world.ts';

const WITHOUT_LIMITS = { rateLimits: false } as const;

test.each([
  ['', 'invalid_name_required'],
  ['a'.repeat(81), 'invalid_name_maxlength'],
  ['Inc-1', 'invalid_name_specials'],
  ['inc 1', 'invalid_name_specials'],
  ['inc.1', 'invalid_name_specials'],
  ['überfall', 'invalid_name_specials'],
  ['--', 'invalid_name_punctuation'],
  ['a'.repeat(80), null],
  ['inc-20260302-0042_x', null],
])('the channel name %j gets %s', (name, error) => {
  expect(channelNameError(name)).toBe(error);
});

/** What each limit refuses just beyond it, and takes at it. Compiles only while every limit is here. */
type Probe = (w: World, size: number) => Promise<Json>;
const inChannel =
  (run: (w: World, channel: string, size: number) => Promise<Json>): Probe =>
  async (w, size) =>
    run(w, await w.made(`c-${size}-${w.slack.channels().length}`), size);

const many = async (count: number, run: (index: number) => Promise<Json>): Promise<Json> => {
  let last: Json = {};
  for (let index = 0; index < count; index++) last = await run(index);
  return last;
};

const modal = (more: Json = {}): Json => ({
  type: 'modal',
  title: { type: 'plain_text', text: 'Title' },
  blocks: [section('x')],
  ...more,
});

const PROBES: Record<keyof typeof LIMITS, { at: number; error: string; probe: Probe }> = {
  topicLength: {
    at: 250,
    error: 'too_long',
    probe: inChannel((w, channel, size) =>
      w.call('conversations.setTopic', { channel, topic: 'x'.repeat(size) }),
    ),
  },
  inviteUsers: {
    at: 100,
    error: 'too_many_users',
    probe: inChannel((w, channel, size) => {
      const users = Array.from({ length: size }, (_, at) => `U0P${at}`).join(',');
      return w.call('conversations.invite', { channel, users });
    }),
  },
  postTextLength: {
    at: 40_000,
    error: 'msg_too_long',
    probe: inChannel((w, channel, size) => w.call('chat.postMessage', { channel, text: 'x'.repeat(size) })),
  },
  updateTextLength: {
    at: 4_000,
    error: 'msg_too_long',
    probe: inChannel(async (w, channel, size) => {
      const { ts } = await w.call('chat.postMessage', { channel, text: 'x' });
      return w.call('chat.update', { channel, ts, text: 'x'.repeat(size) });
    }),
  },
  markdownTextLength: {
    at: 12_000,
    error: 'msg_too_long',
    probe: inChannel((w, channel, size) =>
      w.call('chat.postMessage', { channel, markdown_text: 'x'.repeat(size) }),
    ),
  },
  attachments: {
    at: 100,
    error: 'too_many_attachments',
    probe: inChannel((w, channel, size) =>
      w.call('chat.postMessage', { channel, text: 'x', attachments: Array(size).fill({ text: 'y' }) }),
    ),
  },
  metadataBytes: {
    at: 8_192,
    error: 'metadata_too_large',
    probe: inChannel((w, channel, size) => {
      const empty = { event_type: 'e', event_payload: { k: '' } };
      const k = 'x'.repeat(size - JSON.stringify(empty).length);
      return w.call('chat.postMessage', { channel, text: 'x', metadata: { ...empty, event_payload: { k } } });
    }),
  },
  historyPage: {
    at: 999,
    error: 'invalid_limit',
    probe: inChannel((w, channel, size) => w.call('conversations.history', { channel, limit: size })),
  },
  listPage: {
    at: 1_000,
    error: 'invalid_limit',
    probe: (w, size) => w.call('conversations.list', { limit: size }),
  },
  pinsPerChannel: {
    at: 100,
    error: 'too_many_pins',
    probe: inChannel((w, channel, size) =>
      many(size, async () => {
        const { ts } = await w.call('chat.postMessage', { channel, text: 'x' });
        return w.call('pins.add', { channel, timestamp: ts });
      }),
    ),
  },
  bookmarksPerChannel: {
    at: 100,
    error: 'too_many_bookmarks',
    probe: inChannel((w, channel_id, size) =>
      many(size, () =>
        w.call('bookmarks.add', { channel_id, title: 'x', type: 'link', link: 'https://example.com' }),
      ),
    ),
  },
  reactionsPerMessage: {
    at: 50,
    error: 'too_many_emoji',
    probe: inChannel(async (w, channel, size) => {
      const { ts } = await w.call('chat.postMessage', { channel, text: 'x' });
      return many(size, (at) => w.call('reactions.add', { channel, timestamp: ts, name: `e${at}` }));
    }),
  },
  viewBytes: {
    at: 250_000,
    error: 'view_too_large',
    probe: async (w, size) => {
      const option = (at: number) => ({
        text: { type: 'plain_text', text: `${at} `.padEnd(75, 'x') },
        value: `${at} `.padEnd(75, 'x'),
      });
      const select = (at: number) => ({
        type: 'section',
        block_id: `s${at}`,
        text: { type: 'mrkdwn', text: 'x' },
        accessory: {
          type: 'static_select',
          action_id: `a${at}`,
          options: Array.from({ length: 100 }, (_, o) => option(o)),
        },
      });
      const blocks: Json[] = [];
      const lengthOf = () => JSON.stringify(modal({ blocks })).length;
      while (lengthOf() + JSON.stringify(select(99)).length < size - 2_000)
        blocks.push(select(blocks.length));
      while (size - lengthOf() > 3_100) blocks.push(section('x'.repeat(2_900)));
      blocks.push(section(''));
      const rest = size - lengthOf();
      blocks.pop();
      blocks.push(section('x'.repeat(rest)));
      const triggerId = await triggerOf(w);
      return w.call('views.open', { trigger_id: triggerId, view: modal({ blocks }) });
    },
  },
  canvasLength: {
    at: 1_048_576,
    error: 'canvas_creation_failed',
    probe: inChannel((w, channel_id, size) =>
      w.call('canvases.create', {
        channel_id,
        document_content: { type: 'markdown', markdown: 'x'.repeat(size) },
      }),
    ),
  },
  viewsStacked: {
    at: 3,
    error: 'push_limit_reached',
    probe: (w, size) =>
      many(size, async (index) =>
        w.call(index === 0 ? 'views.open' : 'views.push', { trigger_id: await triggerOf(w), view: modal() }),
      ),
  },
};

/** A fresh trigger of ana. */
async function triggerOf(w: World): Promise<string> {
  await w.slack.as('ana').command('/incident');
  return textAt(w.bot.heard.at(-1)?.body, 'trigger_id');
}

test.each(Object.entries(PROBES))('%s is taken at its limit and refused beyond it', async (name, rule) => {
  expect(LIMITS[name as keyof typeof LIMITS]).toBe(rule.at);
  const people = Array.from({ length: 102 }, (_, at) => ({ name: `p${at}`, id: `U0P${at}` }));
  const fresh = () => world(undefined, { ...WITHOUT_LIMITS, people: ['ana', ...people] });
  expect((await rule.probe(await fresh(), rule.at)).error).toBeUndefined();
  expect((await rule.probe(await fresh(), rule.at + 1)).error).toBe(rule.error);
});

test('a trigger opens one view within three seconds', async () => {
  const w = await world();
  const view = modal();
  const used = await triggerOf(w);
  expect(await w.call('views.open', { trigger_id: used, view })).toMatchObject({ ok: true });
  expect(await w.call('views.open', { trigger_id: used, view })).toMatchObject({
    error: 'exchanged_trigger_id',
  });
  const fresh = await triggerOf(w);
  w.clock.set(w.clock.now() + 3_000);
  const late = await triggerOf(w);
  expect(await w.call('views.open', { trigger_id: fresh, view })).toMatchObject({ ok: true });
  w.clock.set(w.clock.now() + 3_001);
  expect(await w.call('views.open', { trigger_id: late, view })).toMatchObject({
    error: 'expired_trigger_id',
  });
  expect(await w.call('views.open', { trigger_id: 'no', view })).toMatchObject({
    error: 'invalid_trigger_id',
  });
});

test('a response URL works five times and for thirty minutes', async () => {
  const w = await world();
  const respond = async (url: string) => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ text: 'hi' }) });
    return `${answer.status} ${textAt(await answer.json(), 'error')}`;
  };
  const ana = w.slack.as('ana');
  await ana.command('/incident');
  const url = textAt(w.bot.heard.at(-1)?.body, 'response_url');
  const answers: string[] = [];
  for (let use = 0; use < 6; use++) answers.push(await respond(url));
  expect(answers).toEqual([...Array(5).fill('200 '), '404 used_url']);
  expect(ana.reads()).toBe(Array(5).fill('hi').join('\n'));
  await ana.command('/incident');
  const other = textAt(w.bot.heard.at(-1)?.body, 'response_url');
  w.clock.set(w.clock.now() + 30 * 60_000);
  expect(await respond(other)).toBe('200 ');
  w.clock.set(w.clock.now() + 1);
  expect(await respond(other)).toBe('404 expired_url');
});

test.each([
  ['T2', 'users.list', 20],
  ['T3', 'users.conversations', 50],
  ['T4', 'users.info', 100],
] as const)('%s: %s passes %i times at once, then waits', async (_, method, calls) => {
  const w = await world();
  const args = method === 'users.info' ? { user: w.slack.userId('ana') } : {};
  for (let count = 0; count < calls; count++) expect((await w.call(method, args)).ok).toBe(true);
  const refused = await fetch(`${w.slack.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${w.slack.botToken}` },
    body: new URLSearchParams(Object.entries(args)),
  });
  const wait = Math.ceil(60 / calls);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, String(wait)]);
  w.clock.set(w.clock.now() + wait * 1_000);
  expect((await w.call(method, args)).ok).toBe(true);
});

test('posts to one channel: a burst of twenty, then one a second; other channels are not held up', async () => {
  const w = await world();
  const [one, other] = [await w.made('one'), await w.made('other')];
  for (let count = 0; count < 20; count++) await w.call('chat.postMessage', { channel: one, text: 'x' });
  expect(await w.call('chat.postMessage', { channel: one, text: 'x' })).toMatchObject({
    error: 'ratelimited',
  });
  expect((await w.call('chat.postMessage', { channel: other, text: 'x' })).ok).toBe(true);
  w.clock.set(w.clock.now() + 1_000);
  expect((await w.call('chat.postMessage', { channel: one, text: 'x' })).ok).toBe(true);
  expect((await w.call('chat.postMessage', { channel: one, text: 'x' })).ok).toBe(false);
});

test('a workspace takes four hundred posts a minute at once', async () => {
  const w = await world();
  const channels = await Promise.all(Array.from({ length: 20 }, (_, at) => w.made(`c${at}`)));
  w.clock.set(w.clock.now() + 60_000);
  channels.push(await w.made('one-more'));
  for (const channel of channels.slice(0, 20)) {
    for (let count = 0; count < 20; count++) await w.call('chat.postMessage', { channel, text: 'x' });
  }
  const last = await w.call('chat.postMessage', { channel: channels[20], text: 'x' });
  expect(last).toMatchObject({ error: 'ratelimited' });
});

test.each(Object.entries(METHODS).filter(([, { scopes }]) => !Array.isArray(scopes) || scopes.length > 0))(
  '%s without its scope is missing_scope',
  async (method, rule) => {
    const scopes = 'public' in rule.scopes ? rule.scopes.public : rule.scopes;
    const provided = ALL_SCOPES.filter((scope) => !scopes.includes(scope));
    const w = await world(undefined, { scopes: provided, channels: [{ name: 'general', bot: true }] });
    const channel = w.slack.channel('general').id;
    const required = Object.entries(rule.args).filter(([, kind]) => kind.endsWith('!'));
    const ids = { channel, channel_id: channel };
    const samples: Json = { ...ids, length: 1, files: [], name: 'x', changes: [], criteria: {} };
    const args = Object.fromEntries(required.map(([key]) => [key, samples[key] ?? 'x']));
    const name = method === 'conversations.create' ? { name: 'x' } : {};
    const answer = await w.call(method, { ...args, ...name });
    expect(answer).toMatchObject({
      error: 'missing_scope',
      needed: scopes.join(','),
      provided: provided.join(','),
    });
  },
);

test.each(Object.entries(METHODS))(
  '%s refuses unknown and missing arguments, naming them',
  async (method, rule) => {
    const w = await world();
    const required = Object.entries(rule.args).filter(([, kind]) => kind.endsWith('!'));
    const answer = await w.call(method, { colour: 'blue', team_id: 'T1' });
    expect(answer).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: [
          '[ERROR] unknown argument: colour',
          ...required.map(([key]) => `[ERROR] missing required field: ${key}`),
        ],
      },
    });
  },
);

test('tokens: none, wrong, revoked, restored; and methods that do not exist', async () => {
  const w = await world();
  const bare = await fetch(`${w.slack.apiUrl}auth.test`, { method: 'POST' });
  expect(await bare.json()).toEqual({ ok: false, error: 'not_authed' });
  w.slack.tokens.revoke();
  expect(await w.call('auth.test')).toMatchObject({ error: 'invalid_auth' });
  w.slack.tokens.restore();
  expect(await w.call('auth.test')).toMatchObject({ ok: true, user_id: w.slack.botUserId });
  expect(await w.call('chat.shout')).toMatchObject({ error: 'unknown_method' });
});

test('buttons need unique action ids, and a message at most fifty blocks', async () => {
  const w = await world();
  const channel = await w.made('c');
  const post = (blocks: Json[]) => w.call('chat.postMessage', { channel, text: 'x', blocks });
  expect(
    await post([{ type: 'actions', elements: [button('A', 'same'), button('B', 'same')] }]),
  ).toMatchObject({
    error: 'invalid_blocks',
    response_metadata: { messages: ['[ERROR] `action_id` "same" already exists [json-pointer:/blocks/0]'] },
  });
  expect((await post(Array(50).fill({ type: 'divider' }))).ok).toBe(true);
  expect(await post(Array(51).fill({ type: 'divider' }))).toMatchObject({
    response_metadata: { messages: ['[ERROR] no more than 50 items allowed [json-pointer:/blocks]'] },
  });
});
