import { expect } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, objectAt } from '../../src/sandbox/json.ts';
import type { Reply } from '../sandbox/bot.ts';
import { input, option, plain } from '../sandbox/web-desk.ts';
import { button, section } from '../sandbox/world.ts';
import { browserTest, modal, press, reads } from './sandbox.ts';
import { openSmallRoom } from './small-bot.ts';

const options = [option('One'), option('Two')];
const form = (title: string, ...blocks: Json[]): Json => ({
  type: 'modal',
  title: plain(title),
  submit: plain('Send'),
  close: plain('Back'),
  blocks,
});
const short = form('Form', input('title', { type: 'plain_text_input' }));

/** A bot that opens `view` when a button is pressed, and answers forms with what `answer` says. */
async function openForm(view: Json, answer: () => Reply | undefined = () => undefined) {
  const room = await openSmallRoom(async ({ body }, client) => {
    if (body.type === 'block_actions')
      await client.apiCall('views.open', { trigger_id: body.trigger_id, view });
    return body.type === 'view_submission' ? answer() : undefined;
  });
  const where = await room.post([{ type: 'actions', elements: [button('Open', 'open')] }]);
  await press(where, 'Open');
  const submitted = () => {
    const sent = room.bot.heard.findLast(({ body }) => body.type === 'view_submission')?.body.view;
    return isObject(sent) ? objectAt(objectAt(sent, 'state'), 'values') : null;
  };
  return { ...room, where, form: modal(room.ana), submitted };
}

browserTest('what is filled in with the mouse and the keyboard is what the bot receives', async () => {
  const all = form(
    'Form',
    input('title', { type: 'plain_text_input' }),
    input('story', { type: 'plain_text_input', multiline: true }),
    input('mail', { type: 'email_text_input' }),
    input('page', { type: 'url_text_input' }),
    input('count', { type: 'number_input', is_decimal_allowed: false }),
    input('level', { type: 'static_select', options }),
    input('helpers', { type: 'multi_users_select' }),
    input('flags', { type: 'checkboxes', options }),
    input('way', { type: 'radio_buttons', options }),
    input('day', { type: 'datepicker' }),
    input('hour', { type: 'timepicker' }),
    input('begin', { type: 'datetimepicker' }),
  );
  const { form: open, submitted } = await openForm(all);
  const typed = {
    title: 'Down',
    story: 'one\ntwo',
    mail: 'a@b.c',
    page: 'https://a.b',
    count: '7',
    day: '2026-03-04',
    hour: '14:05',
    begin: '2026-03-02T03:00',
  };
  for (const [name, words] of Object.entries(typed)) await open.getByLabel(`The ${name}`).fill(words);
  await open.getByLabel('The level').selectOption({ label: 'Two' });
  await open.locator('summary').click();
  await open.getByLabel('@bea').check();
  await open.page().keyboard.press('Escape');
  await open.getByRole('group', { name: 'The flags' }).getByLabel('One').check();
  await open.getByRole('radiogroup', { name: 'The way' }).getByLabel('Two').check();
  await press(open, 'Send');
  await open.waitFor({ state: 'detached' });
  expect(submitted()).toMatchObject({
    title: { title: { value: 'Down' } },
    story: { story: { value: 'one\ntwo' } },
    mail: { mail: { value: 'a@b.c' } },
    page: { page: { value: 'https://a.b' } },
    count: { count: { value: '7' } },
    level: { level: { selected_option: options[1] } },
    helpers: { helpers: { selected_users: ['U0BEA'] } },
    flags: { flags: { selected_options: [options[0]] } },
    way: { way: { selected_option: options[1] } },
    day: { day: { selected_date: '2026-03-04' } },
    hour: { hour: { selected_time: '14:05' } },
    begin: { begin: { selected_date_time: Date.parse('2026-03-02T03:00Z') / 1000 } },
  });
});

browserTest('a refusal stands at its field, which has the focus, and what was typed stays', async () => {
  const { form: open } = await openForm(short, () => ({
    body: { response_action: 'errors', errors: { title: 'Taken already' } },
  }));
  await open.getByLabel('The title').fill('Down');
  await press(open, 'Send');
  await reads(open).toContain('Taken already');
  expect(await open.getByLabel('The title').inputValue()).toBe('Down');
  expect(await open.locator('input:focus').getAttribute('aria-invalid')).toBe('true');
});

browserTest('a form that the bot updates keeps what was typed; one that is pushed lies on top', async () => {
  const answers: Reply[] = [
    { body: { response_action: 'update', view: { ...short, title: plain('Once more') } } },
    { body: { response_action: 'push', view: { ...short, title: plain('On top'), blocks: [section('x')] } } },
  ];
  const { form: open, ana, where } = await openForm(short, () => answers.shift());
  const named = (name: string) => ana.getByRole('dialog', { name });
  await open.getByLabel('The title').fill('Down');
  await press(open, 'Send');
  await named('Once more').waitFor();
  expect(await open.getByLabel('The title').inputValue()).toBe('Down');
  await press(named('Once more'), 'Send');
  await named('On top').waitFor();
  await press(open, 'Back');
  await named('Once more').waitFor();
  await ana.keyboard.press('Escape');
  await open.waitFor({ state: 'detached' });
  await expect.poll(() => where.locator('button:focus').count()).toBe(1);
});

browserTest('a bot that fails leaves the form open with what was typed, and the page says so', async () => {
  const { form: open } = await openForm(short, () => ({ status: 500 }));
  await open.getByLabel('The title').fill('Down');
  await press(open, 'Send');
  await reads(open).toContain('We had some trouble connecting. Try again?');
  expect(await open.getByLabel('The title').inputValue()).toBe('Down');
});
