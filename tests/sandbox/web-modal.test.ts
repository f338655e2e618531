import { expect, test } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, objectAt, objectsAt } from '../../src/sandbox/json.ts';
import type { Reply } from './bot.ts';
import { actions, desk, input, option, plain, words } from './web-desk.ts';
import { button, section } from './world.ts';

const options = [option('One'), option('Two')];

const FORM: Json = {
  type: 'modal',
  title: plain('Form'),
  submit: plain('Send'),
  close: plain('Not now'),
  notify_on_close: true,
  blocks: [
    input('title', { type: 'plain_text_input', max_length: 10 }),
    input('story', { type: 'plain_text_input', multiline: true }, { optional: true, hint: plain('A hint') }),
    input('mail', { type: 'email_text_input' }, { optional: true }),
    input('web', { type: 'url_text_input' }, { optional: true }),
    input('count', { type: 'number_input', is_decimal_allowed: false, max_value: '9' }, { optional: true }),
    input('level', { type: 'static_select', options, initial_option: options[0] }),
    input('flags', { type: 'checkboxes', options }, { optional: true }),
    input('when', { type: 'datetimepicker' }, { optional: true }),
    input('live', { type: 'plain_text_input' }, { optional: true, dispatch_action: true }),
  ],
};

const field = (name: string, ...values: string[]): [string, string][] => {
  const key = JSON.stringify([name, name]);
  return [['fields', key], ...values.map((value): [string, string] => [key, value])];
};

/** A bot that opens FORM on a press, and answers the form with `answer`. */
async function formOpened(answer?: Reply) {
  const one = await desk(async (body, call) => {
    if (body.type === 'block_actions' && !isObject(body.view))
      await call('views.open', { trigger_id: body.trigger_id, view: FORM });
    return body.type === 'view_submission' ? answer : undefined;
  });
  const message = await one.say([actions(button('Open', 'open'))]);
  await message.press('row', 'open');
  return one;
}

test('a modal is drawn with a label for every field, and its ids stand once', async () => {
  const { modal } = await formOpened();
  expect(words(modal())).toMatchInlineSnapshot(
    `"Form ✕ The title The story (optional) A hint The mail (optional) The web (optional) The count (optional) The level Choose an option One Two The flags (optional) One Two The when (optional) Etc/UTC The live (optional) Not now Send"`,
  );
  const ids = [...modal().matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const named = [...modal().matchAll(/(?: for| aria-labelledby| aria-describedby)="([^"]+)"/g)].map(
    ([, id]) => id,
  );
  expect(named.length).toBeGreaterThanOrEqual(10);
  for (const id of named) expect(ids).toContain(id);
});

test('what stands in every field of a modal is what the bot receives', async () => {
  const { post, viewId, last, modal } = await formOpened();
  await post('modal/submit', [
    ['view', viewId()],
    ...field('title', 'Down'),
    ...field('story', 'one\r\ntwo'),
    ...field('mail', 'a@b.c'),
    ...field('web', 'https://a.b'),
    ...field('count', '7'),
    ...field('level', 'two'),
    ...field('flags', 'one', 'two'),
    ...field('when', '2026-03-02T03:00'),
    ...field('live', ''),
  ]);
  expect(last().type).toBe('view_submission');
  expect(objectAt(objectAt(last().view, 'state'), 'values')).toEqual({
    title: { title: { type: 'plain_text_input', value: 'Down' } },
    story: { story: { type: 'plain_text_input', value: 'one\ntwo' } },
    mail: { mail: { type: 'email_text_input', value: 'a@b.c' } },
    web: { web: { type: 'url_text_input', value: 'https://a.b' } },
    count: { count: { type: 'number_input', value: '7' } },
    level: { level: { type: 'static_select', selected_option: options[1] } },
    flags: { flags: { type: 'checkboxes', selected_options: options } },
    when: { when: { type: 'datetimepicker', selected_date_time: 1772420400 } },
    live: { live: { type: 'plain_text_input', value: null } },
  });
  expect(modal()).toBe('');
});

test('what Slack itself refuses stands at its field, the bot hears nothing, and what was typed stays', async () => {
  const { post, viewId, modal, bot } = await formOpened();
  const heard = bot.heard.length;
  await post('modal/submit', [
    ['view', viewId()],
    ...field('title', ''),
    ...field('story', 'my <words>'),
    ...field('count', 'x'),
  ]);
  expect(bot.heard).toHaveLength(heard);
  expect(words(modal())).toContain('The title ⚠ Please complete this required field.');
  expect(words(modal())).toContain('The count (optional) ⚠ Please enter a number.');
  expect(modal()).toContain('>my &lt;words&gt;</textarea>');
  expect(modal()).toMatch(/<input[^>]*aria-invalid="true"[^>]*>/);
});

test('what the bot refuses stands at its field', async () => {
  const { post, viewId, modal } = await formOpened({
    body: { response_action: 'errors', errors: { title: 'Taken' } },
  });
  await post('modal/submit', [['view', viewId()], ...field('title', 'Down')]);
  expect(words(modal())).toContain('The title ⚠ Taken');
  expect(modal()).toContain('value="Down"');
});

test('a bot that fails leaves the modal open with what was typed, and says so', async () => {
  const { post, viewId, modal } = await formOpened({ status: 500 });
  await post('modal/submit', [['view', viewId()], ...field('title', 'Down')]);
  expect(words(modal())).toContain('We had some trouble connecting. Try again?');
  expect(modal()).toContain('value="Down"');
});

test('what is typed is kept without a word to the bot, and told with the next press', async () => {
  const { post, viewId, modal, bot, last } = await formOpened();
  const heard = bot.heard.length;
  await post('modal/keep', [['view', viewId()], ...field('title', 'Dow')]);
  expect(bot.heard).toHaveLength(heard);
  expect(modal()).toContain('value="Dow"');
  const spot = JSON.stringify({ place: `view ${viewId()}`, block: 'live', action: 'live' });
  await post('press', [['view', viewId()], ['spot', spot], ['value', 'x'], ...field('title', 'Down')]);
  expect(objectsAt(last(), 'actions')[0]).toMatchObject({ type: 'plain_text_input', value: 'x' });
  const values = objectAt(objectAt(last().view, 'state'), 'values');
  expect(objectAt(objectAt(values, 'title'), 'title').value).toBe('Down');
  expect(objectAt(objectAt(values, 'live'), 'live').value).toBe('x');
});

test('a modal pushed on another is closed alone by its button, and with the other by the cross', async () => {
  const pushed = { ...FORM, title: plain('Second'), blocks: [section('more')] };
  const { post, viewId, modal, last, bot } = await formOpened({
    body: { response_action: 'push', view: pushed },
  });
  const first = viewId();
  await post('modal/submit', [['view', first], ...field('title', 'Down')]);
  expect(words(modal())).toBe('Second ✕ more Not now Send');
  await post('modal/leave', [
    ['view', viewId()],
    ['how', 'top'],
  ]);
  expect(last()).toMatchObject({ type: 'view_closed', is_cleared: false });
  expect(viewId()).toBe(first);
  expect(modal()).toContain('value="Down"');
  await post('modal/submit', [['view', first], ...field('title', 'Down')]);
  await post('modal/leave', [
    ['view', viewId()],
    ['how', 'all'],
  ]);
  expect(bot.heard.slice(-2).map(({ body }) => [body.type, body.is_cleared])).toEqual([
    ['view_closed', true],
    ['view_closed', true],
  ]);
  expect(modal()).toBe('');
});

test('a modal that the bot updates keeps what was typed in fields that are still there', async () => {
  const { post, viewId, modal } = await formOpened({
    body: { response_action: 'update', view: { ...FORM, title: plain('Once more') } },
  });
  await post('modal/submit', [['view', viewId()], ...field('title', 'Down')]);
  expect(words(modal())).toMatch(/^Once more/);
  expect(modal()).toContain('value="Down"');
});
