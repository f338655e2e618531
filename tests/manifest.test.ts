import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { DEFAULT_SHORTCUTS } from '../src/sandbox/shortcuts.ts';
import { canvasScopes, groupScopes, neededScopes } from '../src/slack/scopes.ts';
import { type BotEvent, eventScopes, methodScopes } from './support/slack-scopes.ts';
import { slackUse, sorted } from './support/slack-use.ts';
import { parse, root, sourcesUnder } from './support/source.ts';

const text = readFileSync(join(root, 'manifest.yml'), 'utf8');
const command = z.object({ command: z.string(), url: z.string(), should_escape: z.boolean() });
const manifest = z
  .object({
    features: z.object({
      slash_commands: z.array(command),
      shortcuts: z
        .array(z.object({ name: z.string(), type: z.string(), callback_id: z.string() }))
        .default([]),
    }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.object({
      event_subscriptions: z.object({ request_url: z.string(), bot_events: z.array(z.string()) }),
      interactivity: z.object({ is_enabled: z.boolean(), request_url: z.string() }),
    }),
  })
  .parse(parseYaml(text));
const { slash_commands: commands, shortcuts } = manifest.features;
const { event_subscriptions: subscriptions, interactivity } = manifest.settings;
const scopes = manifest.oauth_config.scopes.bot;

const product = sourcesUnder('src').filter((source) => !source.path.startsWith('src/sandbox/'));
const use = slackUse(product);

const scopesOfEvent = (event: string) => eventScopes[event as BotEvent] ?? [];
const scopesInUse = sorted([
  ...use.methods.flatMap((method) => methodScopes[method] ?? []),
  ...subscriptions.bot_events.flatMap(scopesOfEvent),
  ...(commands.length > 0 ? ['commands'] : []),
]);

test('every Web API method that the code calls has a row in the table of scopes', () => {
  expect(use.methods.filter((method) => !Object.hasOwn(methodScopes, method))).toEqual([]);
});

test('every event of the manifest has a row in the table of scopes', () => {
  expect(subscriptions.bot_events.filter((event) => !Object.hasOwn(eventScopes, event))).toEqual([]);
});

test('the manifest asks for every scope that a method, an event or a command needs', () => {
  expect(scopesInUse.filter((scope) => !scopes.includes(scope))).toEqual([]);
});

test('the start refuses without exactly the scopes of the manifest, but for those of canvas and user groups', () => {
  expect(sorted([...neededScopes, ...canvasScopes, ...groupScopes])).toEqual(sorted(scopes));
});

test('the manifest asks for no scope that nothing needs', () => {
  expect(scopes.filter((scope) => !scopesInUse.includes(scope))).toEqual([]);
});

test('the manifest subscribes to every event that the code listens to', () => {
  expect(use.events.filter((event) => !subscriptions.bot_events.includes(event))).toEqual([]);
});

test('the code listens to every event that the manifest subscribes to', () => {
  expect(subscriptions.bot_events.filter((event) => !use.events.includes(event))).toEqual([]);
});

test('commands and shortcuts are the ones the code hears', () => {
  expect(use.commands.filter((name) => !commands.some((one) => one.command === name))).toEqual([]);
  expect(sorted(shortcuts.map((one) => one.callback_id))).toEqual(use.shortcuts);
  expect(commands.map((one) => one.command)).toEqual(['/incident']);
});

test('the pretend Slack offers the shortcuts of the manifest', () => {
  const offered = DEFAULT_SHORTCUTS.map(({ name, type, callbackId }) => ({
    name,
    type,
    callback_id: callbackId,
  }));
  expect(shortcuts.map(({ name, type, callback_id }) => ({ name, type, callback_id }))).toEqual(offered);
});

test('commands and clicks are heard by the code', () => {
  expect(use.hearsCommands).toBe(true);
  expect(use.hearsClicks).toBe(interactivity.is_enabled);
});

test('mentions in commands arrive as ids, and everything arrives at one address', () => {
  expect(commands.map((one) => one.should_escape)).toEqual(commands.map(() => true));
  const urls = [...commands.map((one) => one.url), subscriptions.request_url, interactivity.request_url];
  expect(sorted(urls)).toEqual(['https://tocsin.example.com/slack/events']);
});

test('scopes and events are in order and without doubles', () => {
  expect(scopes).toEqual(sorted(scopes));
  expect(subscriptions.bot_events).toEqual(sorted(subscriptions.bot_events));
});

const schemaPath = join(
  process.env.FIXTURES_DIR ?? join(root, '../shared/fixtures'),
  'slack-manifest.schema.json',
);

test.skipIf(!existsSync(schemaPath))("the manifest follows Slack's schema (skipped without fixtures)", () => {
  const validate = new Ajv({ strict: false, formats: { uri: true } }).compile(
    JSON.parse(readFileSync(schemaPath, 'utf8')),
  );
  const check = (document: unknown) => (validate(document) ? [] : validate.errors);
  expect(check(parseYaml(text))).toEqual([]);
  expect(check(parseYaml(text.replace('should_escape', 'should_escpae')))).not.toEqual([]);
});

test.each([
  ['await client.chat.postMessage({});', ['chat.postMessage']],
  ['await deps.pages?.chat.update({});', ['chat.update']],
  ['await client.usergroups.users.list({});', ['usergroups.users.list']],
  ["await client.apiCall('conversations.open', {});", ['conversations.open']],
  ["const call = { method: 'pins.add', args };", ['pins.add']],
  ['const post = client.chat.postMessage;', ['chat.postMessage']],
  ['await client.filesUploadV2({});', ['filesUploadV2']],
  ["const tiers = { 'chat.delete': 3 };", []],
  ['pins.add(1); store.chat.history(); client.on(1);', []],
])('the methods in %s are seen', (code, methods) => {
  expect(slackUse([parse('src/slack/a.ts', code)]).methods).toEqual(methods);
});

test.each([
  ["app.event('channel_rename', f);", ['channel_rename']],
  ['app.message(f);', ['message.channels', 'message.groups', 'message.im']],
  ["app.event('message', f);", ['message.channels', 'message.groups', 'message.im']],
  [
    "for (const name of ['group_rename', 'group_archive'] as const) app.event(name, f);",
    ['group_archive', 'group_rename'],
  ],
  ["const name = 'group_rename';", []],
])('the events in %s are seen', (code, events) => {
  expect(slackUse([parse('src/slack/a.ts', code)]).events).toEqual(events);
});
