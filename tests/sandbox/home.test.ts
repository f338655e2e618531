import { expect, test } from 'vitest';
import { isObject, objectsAt, textAt } from '../../src/sandbox/json.ts';
import { button, section, world } from './world.ts';

const view = {
  type: 'home',
  blocks: [section('Welcome'), { type: 'actions', elements: [button('Go', 'go')] }],
};

test('opening the app is an event: with the tab, and with the view once there is one', async () => {
  const w = await world();
  const ana = w.slack.as('ana');
  await ana.openHome();
  await w.call('views.publish', { user_id: ana.id, view });
  await ana.openHome();
  await ana.openHome('messages');
  const opened = w.slack.deliveries
    .filter(({ type }) => type === 'app_home_opened')
    .map(({ event }) => event);
  expect(opened.map((event) => [event.tab, event.user, isObject(event.view)])).toEqual([
    ['home', ana.id, false],
    ['home', ana.id, true],
    ['messages', ana.id, false],
  ]);
  expect(opened.every((event) => textAt(event, 'channel').startsWith('D'))).toBe(true);
});

test('a press in the Home tab brings the view and a trigger, and no message, channel or way to answer', async () => {
  const w = await world();
  const ana = w.slack.as('ana');
  await w.call('views.publish', { user_id: ana.id, view });
  await ana.click('Go', { in: 'home' });
  const body = w.bot.heard.at(-1)?.body;
  expect(textAt(body?.view, 'type')).toBe('home');
  expect(objectsAt(body, 'actions')[0]).toMatchObject({ action_id: 'go' });
  for (const key of ['channel', 'message', 'response_url']) expect(body).not.toHaveProperty(key);
  const modal = { type: 'modal', title: { type: 'plain_text', text: 'Over it' }, blocks: [section('x')] };
  const trigger_id = textAt(body, 'trigger_id');
  expect((await w.call('views.open', { trigger_id, view: modal })).ok).toBe(true);
  expect(ana.modal()).toContain('Over it');
  expect(ana.home()).toContain('Welcome');
});

test('every person has a Home tab of their own; publishing again replaces it', async () => {
  const w = await world();
  const [ana, bea] = [w.slack.as('ana'), w.slack.as('bea')];
  const published = await w.call('views.publish', { user_id: ana.id, view });
  expect(bea.home()).toBe('');
  const hash = textAt(published.view, 'hash');
  const next = { type: 'home', blocks: [section('News')] };
  expect((await w.call('views.publish', { user_id: ana.id, hash, view: next })).ok).toBe(true);
  expect(ana.home()).toBe('News');
  expect(await w.call('views.publish', { user_id: ana.id, hash, view })).toMatchObject({
    error: 'hash_conflict',
  });
});

test('what Slack refuses as a Home tab: a modal, a stranger, too many blocks, an app without the tab', async () => {
  const w = await world();
  const user_id = w.slack.userId('ana');
  const modal = { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [section('x')] };
  const publish = async (args: object) => textAt(await w.call('views.publish', { ...args }), 'error');
  expect(await publish({ user_id, view: modal })).toBe('invalid_arguments');
  expect(await publish({ user_id: 'U0NOBODY', view })).toBe('user_not_found');
  const many = Array.from({ length: 101 }, () => section('x'));
  expect(await publish({ user_id, view: { type: 'home', blocks: many } })).toBe('invalid_arguments');
  const without = await world(undefined, { hasHome: false });
  expect(await without.call('views.publish', { user_id, view })).toMatchObject({ error: 'not_enabled' });
  await expect(without.slack.as('ana').openHome()).rejects.toThrow('no Home tab');
});
