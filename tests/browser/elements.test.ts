import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { textAt } from '../../src/sandbox/json.ts';
import { actions, option, plain } from '../sandbox/web-desk.ts';
import { button } from '../sandbox/world.ts';
import { browserTest, choose, press, reads } from './sandbox.ts';
import { openSmallRoom } from './small-bot.ts';

const options = [option('One'), option('Two')];
const pick = (label: string) => async (where: Locator) => {
  await where.locator('select').selectOption({ label });
};
const tick = (label: string) => (where: Locator) => where.getByLabel(label).check();
const write = (words: string) => (where: Locator) => where.locator('input.bk-text-input').fill(words);
/** Several things: the list opens, and tells the bot when it closes. */
const tickAll =
  (...labels: string[]) =>
  async (where: Locator) => {
    await where.locator('summary').click();
    for (const label of labels) await where.getByLabel(label).check();
    await where.page().keyboard.press('Escape');
  };

browserTest.each<[type: string, more: Json, act: (where: Locator) => Promise<void>, received: Json]>([
  ['button', { text: plain('Go'), value: 'v' }, (where) => press(where, 'Go'), { value: 'v' }],
  ['overflow', { options }, (where) => choose(where, 'Two'), { selected_option: options[1] }],
  ['static_select', { options }, pick('Two'), { selected_option: options[1] }],
  [
    'static_select',
    { option_groups: [{ label: plain('Group'), options }] },
    pick('One'),
    { selected_option: options[0] },
  ],
  ['users_select', {}, pick('@bea (Bea)'), { selected_user: 'U0BEA' }],
  ['channels_select', {}, pick('#general'), { selected_channel: 'C0000001' }],
  ['conversations_select', {}, pick('#general'), { selected_conversation: 'C0000001' }],
  ['multi_static_select', { options }, tickAll('One', 'Two'), { selected_options: options }],
  ['multi_users_select', {}, tickAll('@bea', '@cai'), { selected_users: ['U0BEA', 'U0CAI'] }],
  ['multi_channels_select', {}, tickAll('#general'), { selected_channels: ['C0000001'] }],
  ['multi_conversations_select', {}, tickAll('#general'), { selected_conversations: ['C0000001'] }],
  ['checkboxes', { options }, tick('Two'), { selected_options: [options[1]] }],
  ['radio_buttons', { options }, tick('One'), { selected_option: options[0] }],
  ['datepicker', {}, write('2026-03-04'), { selected_date: '2026-03-04' }],
  ['timepicker', {}, write('14:05'), { selected_time: '14:05' }],
  [
    'datetimepicker',
    {},
    write('2026-03-02T03:00'),
    { selected_date_time: Date.parse('2026-03-02T03:00Z') / 1000 },
  ],
])('%s: what is done with the mouse is what the bot hears of (%#)', async (type, more, act, received) => {
  const { post, acted } = await openSmallRoom();
  const where = await post([actions({ type, action_id: 'el', ...more })]);
  await act(where);
  await expect.poll(acted).toMatchObject([{ type, action_id: 'el', block_id: 'row', ...received }]);
});

browserTest('the bot is asked for options while one types, and hears which was chosen', async () => {
  const { post, acted } = await openSmallRoom(({ body }) =>
    body.type === 'block_suggestion'
      ? { body: { options: [option(`Found ${textAt(body, 'value')}`)] } }
      : undefined,
  );
  const where = await post([actions({ type: 'external_select', action_id: 'el', min_query_length: 2 })]);
  await where.locator('summary').click();
  await where.getByRole('searchbox').fill('pay');
  await where.getByLabel('Found pay').check();
  await expect.poll(acted).toMatchObject([{ selected_option: option('Found pay') }]);
  await reads(where.locator('summary')).toBe('Found pay');
});

browserTest('a question comes first; the bot hears nothing when the answer is no', async () => {
  const { post, acted } = await openSmallRoom();
  const confirm = {
    title: plain('Sure?'),
    text: plain('It hurts'),
    confirm: plain('Yes'),
    deny: plain('No'),
  };
  const where = await post([actions({ ...button('Go', 'el'), confirm })]);
  const question = where.getByRole('dialog', { name: 'Sure?' });
  await press(where, 'Go');
  await press(question, 'No');
  await question.waitFor({ state: 'hidden' });
  expect(acted()).toEqual([]);
  await press(where, 'Go');
  await press(question, 'Yes');
  await expect.poll(acted).toMatchObject([{ action_id: 'el' }]);
});

browserTest('a button with an address opens it in a tab of its own, and the bot hears of it', async () => {
  const { post, acted, ana, url: here } = await openSmallRoom();
  const url = `${here}/as/bea/in/home`;
  const where = await post([actions({ ...button('Runbook', 'el'), url })]);
  const [tab] = await Promise.all([
    ana.context().waitForEvent('page'),
    where.getByRole('link', { name: 'Runbook' }).click(),
  ]);
  await tab.waitForURL(url);
  await expect.poll(acted).toMatchObject([{ action_id: 'el' }]);
});

browserTest('every block stands there as it was meant', async () => {
  const { post, ana } = await openSmallRoom();
  const where = await post([
    { type: 'header', text: plain('Header') },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: '*bold* <@U0BEA> <!date^1772416800^{date_num} {time}|x> :fire:' },
    },
    { type: 'section', fields: [plain('left'), plain('right')] },
    { type: 'context', elements: [plain('small <b>')] },
    { type: 'divider' },
    { type: 'markdown', text: '# Title\n**strong**' },
    { type: 'table', rows: [[{ type: 'raw_text', text: 'cell' }]] },
    { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'graph' },
  ]);
  await reads(where).toBe(
    'Header bold @bea 2026-03-02 02:00 🔥 left right small <b> Title strong cell 🖼 graph',
  );
  for (const words of ['Header', 'bold', 'strong'])
    expect(await weightOf(where.getByText(words, { exact: true })), words).toBeGreaterThan(500);
  expect(await where.getByRole('cell', { name: 'cell' }).count()).toBe(1);
  expect(await ana.locator('#messages img').count()).toBe(0);
});

interface Styles {
  getComputedStyle(element: unknown): { fontWeight: string };
}

const weightOf = (where: Locator): Promise<number> =>
  where.evaluate((element) => Number((globalThis as unknown as Styles).getComputedStyle(element).fontWeight));
