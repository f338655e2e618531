import { expect, test } from 'vitest';
import { objectAt, objectsAt, textAt } from '../../src/sandbox/json.ts';
import type { World } from './world.ts';
import { world } from './world.ts';

const markdown = (text: string) => ({ type: 'markdown', markdown: text });

/** The canvas tabs of a channel, as Slack tells of them. */
async function tabsOf({ call }: World, channel: string): Promise<string[]> {
  const { channel: info } = await call('conversations.info', { channel });
  const tabs = objectsAt(objectAt(info, 'properties'), 'tabs');
  return tabs.map((tab) => textAt(objectAt(tab, 'data'), 'file_id'));
}

test('a canvas becomes a tab of its channel; it is replaced whole, found by its headings, and can be made read-only', async () => {
  const w = await world();
  const channel = await w.made('inc-1');
  expect(await tabsOf(w, channel)).toEqual([]);
  const made = await w.call('canvases.create', {
    channel_id: channel,
    title: 'Draft',
    document_content: markdown('# INC-1\n\nfirst'),
  });
  const canvas_id = textAt(made, 'canvas_id');
  expect(await tabsOf(w, channel)).toEqual([canvas_id]);
  const changes = [{ operation: 'replace', document_content: markdown('# INC-1\n\nsecond') }];
  expect(await w.call('canvases.edit', { canvas_id, changes })).toMatchObject({ ok: true });
  const access = { canvas_id, access_level: 'read', channel_ids: [channel] };
  expect(await w.call('canvases.access.set', access)).toMatchObject({ ok: true });
  expect(w.slack.channel('inc-1').canvases).toEqual([
    { title: 'Draft', markdown: '# INC-1\n\nsecond', access: 'read' },
  ]);
  const found = async (section_types: string[], contains_text: string) =>
    objectsAt(
      await w.call('canvases.sections.lookup', { canvas_id, criteria: { section_types, contains_text } }),
      'sections',
    ).length;
  expect([await found(['h1'], 'INC-1'), await found(['h2'], 'INC-1'), await found(['h1'], 'INC-2')]).toEqual([
    1, 0, 0,
  ]);
});

test('the free plan has one canvas a channel and none beside channels; a workspace may have none at all', async () => {
  const free = await world(undefined, { canvases: 'free' });
  const channel_id = await free.made('inc-1');
  expect(await free.call('canvases.create', {})).toMatchObject({
    error: 'free_teams_cannot_create_non_tabbed_canvases',
  });
  const { canvas_id } = await free.call('canvases.create', { channel_id });
  expect(await free.call('canvases.create', { channel_id })).toMatchObject({
    error: 'free_team_canvas_tab_already_exists',
  });
  const access = { canvas_id, access_level: 'read', channel_ids: [channel_id] };
  expect(await free.call('canvases.access.set', access)).toMatchObject({ error: 'restricted_action' });
  const off = await world(undefined, { canvases: 'off' });
  expect(await off.call('canvases.create', { channel_id: await off.made('inc-1') })).toMatchObject({
    error: 'canvas_disabled_user_team',
  });
});

test('what no canvas takes is refused, and so is what the bot cannot see', async () => {
  const w = await world(undefined, { channels: ['general', { name: 'secret', isPrivate: true }] });
  const channel_id = await w.made('inc-1');
  const create = (args: object) => w.call('canvases.create', { ...args });
  expect(await create({ channel_id: w.slack.channel('general').id })).toMatchObject({
    error: 'not_in_channel',
  });
  expect(await create({ channel_id: w.slack.channel('secret').id })).toMatchObject({
    error: 'channel_not_found',
  });
  expect(await create({ channel_id, document_content: { type: 'html', html: 'x' } })).toMatchObject({
    error: 'canvas_creation_failed',
  });
  const { canvas_id } = await create({ channel_id });
  const edit = (changes: object[], id = canvas_id) => w.call('canvases.edit', { canvas_id: id, changes });
  const change = { operation: 'replace', document_content: markdown('x') };
  expect(await edit([change], 'F0NONE')).toMatchObject({ error: 'canvas_not_found' });
  expect(await edit([change, change])).toMatchObject({ error: 'invalid_arguments' });
  expect(await edit([{ operation: 'replace', document_content: {} }])).toMatchObject({
    error: 'canvas_editing_failed',
  });
  expect(await w.call('canvases.access.set', { canvas_id, access_level: 'read' })).toMatchObject({
    error: 'invalid_parameters',
  });
  await w.slack.deleteCanvases('inc-1');
  expect(await edit([change])).toMatchObject({ error: 'canvas_not_found' });
});
