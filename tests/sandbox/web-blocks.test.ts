import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { textAt } from '../../src/sandbox/json.ts';
import { placeKey } from '../../src/sandbox/places.ts';
import { Blocks } from '../../src/sandbox/web/blocks.tsx';
import { mrkdwnElements } from '../../src/sandbox/web/mrkdwn.ts';
import { actions, desk, option, plain, words } from './web-desk.ts';
import { button, section } from './world.ts';

const mrkdwn = (text: string): Json => ({ type: 'section', text: { type: 'mrkdwn', text } });

test.each<[title: string, block: Json, read: string]>([
  ['bold, italic, struck and code', mrkdwn('*a* _b_ ~c~ `d*e*`'), 'a b c d*e*'],
  [
    'a person, a channel and a group',
    mrkdwn('<@U0BEA> <@U0BEA|x> <#C0000002|x> <!here>'),
    '@bea @bea 🔒 private channel @here',
  ],
  ['a date in her zone', mrkdwn('<!date^1772416800^{date_num} {time}|x>'), '2026-03-02 02:00'],
  ['a date of today', mrkdwn('<!date^1772416800^{date_short_pretty} {time}|x>'), 'today 02:00'],
  [
    'emoji by short name, and times that are none',
    mrkdwn(':fire: at 10:30:45 :nope:'),
    '🔥 at 10:30:45 :nope:',
  ],
  [
    'what foreigners wrote stays text',
    mrkdwn('&lt;!here&gt; &lt;b&gt; [x](https://e.f) # a | b'),
    '<!here> <b> [x]( https://e.f ) # a | b',
  ],
  [
    'plain text is literal',
    { type: 'section', text: plain('*a* <@U0BEA> _b_ :fire:') },
    '*a* <@U0BEA> _b_ 🔥',
  ],
  ['fields', { type: 'section', fields: [plain('one'), { type: 'mrkdwn', text: '*two*' }] }, 'one two'],
  ['a header', { type: 'header', text: plain('Now: *x*') }, 'Now: *x*'],
  [
    'context',
    {
      type: 'context',
      elements: [plain('by'), { type: 'image', image_url: 'https://e.f/g.png', alt_text: 'face' }],
    },
    'by 🖼 face',
  ],
  [
    'an image of elsewhere',
    { type: 'image', image_url: 'https://e.f/g.png', alt_text: 'graph', title: plain('T') },
    'T 🖼 graph',
  ],
  ['markdown', { type: 'markdown', text: '## T\n**b** [k](https://e.f)\n\n|h|\n|-|\n|c|' }, 'T b k h c'],
  [
    'a table',
    {
      type: 'table',
      rows: [
        [
          { type: 'raw_text', text: '*a*' },
          { type: 'raw_text', text: '<b>' },
        ],
      ],
    },
    '*a* <b>',
  ],
  [
    'rich text',
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_list',
          style: 'ordered',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'one' }] }],
        },
        { type: 'rich_text_quote', elements: [{ type: 'user', user_id: 'U0BEA' }] },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '<c>' }] },
      ],
    },
    '1. one @bea <c>',
  ],
])('a block is read as it was meant: %s', async (_title, block, read) => {
  const { say } = await desk();
  const message = await say([block, { type: 'divider' }]);
  expect(words(message.html())).toBe(read);
  expect(message.html()).not.toMatch(/ id="|javascript:|<link/);
});

test('links lead to web pages and mail only, in a tab of their own that knows nothing of this one', async () => {
  const { say } = await desk();
  const message = await say([
    mrkdwn('<https://a.b/?c=1&amp;d=2|one> <javascript:alert(1)|two> <mailto:a@b.c|three>'),
    { type: 'markdown', text: '[four](javascript:alert(1)) [five](irc://x) ![six](https://e.f/g.png)' },
    actions({ ...button('Seven', 'url'), url: 'javascript:alert(1)' }),
  ]);
  const links = [...message.html().matchAll(/<a [^>]*href="([^"]*)"[^>]*>/g)];
  expect(links.map(([, url]) => url)).toEqual([
    'https://a.b/?c=1&amp;d=2',
    'mailto:a@b.c',
    'https://e.f/g.png',
  ]);
  for (const [tag] of links) expect(tag).toMatch(/rel="[^"]*noopener/);
  expect(words(message.html())).toBe('one two three four five 🖼 six Seven');
  expect(message.html()).not.toContain('<img');
});

test('a text that is nothing but marks is read at once', () => {
  const text = '*a _b ~c '.repeat(4_000);
  const startedAt = performance.now();
  expect(mrkdwnElements(text)).toHaveLength(1);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

const people = { type: 'users_select', action_id: 'el', placeholder: plain('Who?') };
const options = [option('One'), option('Two')];

test.each<[title: string, element: Json, values: string[], drawn: string, received: Json]>([
  [
    'button',
    button('Go', 'el'),
    [],
    '<button class="bk-button" data-press="" type="button">Go',
    { value: 'v' },
  ],
  [
    'primary button',
    { ...button('Go', 'el'), style: 'primary' },
    [],
    'bk-button primary',
    { style: 'primary' },
  ],
  ['danger button', { ...button('Go', 'el'), style: 'danger' }, [], 'bk-button danger', { style: 'danger' }],
  [
    'button with an address',
    { ...button('Go', 'el'), url: 'https://a.b' },
    [],
    'href="https://a.b"',
    { value: 'v' },
  ],
  [
    'overflow',
    { type: 'overflow', action_id: 'el', options },
    ['two'],
    'role="menuitem"',
    { selected_option: options[1] },
  ],
  [
    'static select',
    { type: 'static_select', action_id: 'el', options },
    ['two'],
    '<option value="two">Two</option>',
    { selected_option: options[1] },
  ],
  [
    'static select with groups',
    { type: 'static_select', action_id: 'el', option_groups: [{ label: plain('G'), options }] },
    ['one'],
    '<optgroup label="G">',
    { selected_option: options[0] },
  ],
  ['users select', people, ['U0BEA'], '<option value="U0BEA">@bea', { selected_user: 'U0BEA' }],
  [
    'channels select',
    { type: 'channels_select', action_id: 'el' },
    ['C0000001'],
    '#general',
    { selected_channel: 'C0000001' },
  ],
  [
    'conversations select',
    { type: 'conversations_select', action_id: 'el' },
    ['C0000001'],
    '#general',
    { selected_conversation: 'C0000001' },
  ],
  [
    'multi static select',
    { type: 'multi_static_select', action_id: 'el', options },
    ['one', 'two'],
    'type="checkbox"',
    { selected_options: options },
  ],
  [
    'multi users select',
    { ...people, type: 'multi_users_select' },
    ['U0BEA', 'U0ANA'],
    'Who?',
    { selected_users: ['U0BEA', 'U0ANA'] },
  ],
  [
    'multi channels select',
    { type: 'multi_channels_select', action_id: 'el' },
    ['C0000001'],
    '#general',
    { selected_channels: ['C0000001'] },
  ],
  [
    'multi conversations select',
    { type: 'multi_conversations_select', action_id: 'el' },
    [],
    '#general',
    { selected_conversations: [] },
  ],
  [
    'checkboxes',
    { type: 'checkboxes', action_id: 'el', options },
    ['two'],
    'type="checkbox"',
    { selected_options: [options[1]] },
  ],
  [
    'radio buttons',
    { type: 'radio_buttons', action_id: 'el', options },
    ['one'],
    'type="radio"',
    { selected_option: options[0] },
  ],
  [
    'date picker',
    { type: 'datepicker', action_id: 'el', initial_date: '2026-03-01' },
    ['2026-03-02'],
    'type="date"',
    { selected_date: '2026-03-02' },
  ],
  [
    'time picker',
    { type: 'timepicker', action_id: 'el' },
    ['14:05'],
    'type="time"',
    { selected_time: '14:05' },
  ],
  [
    'date and time picker',
    { type: 'datetimepicker', action_id: 'el', initial_date_time: 1772416800 },
    ['2026-03-02T03:00'],
    'value="2026-03-02T02:00"',
    { selected_date_time: 1772420400 },
  ],
])(
  'an element is drawn, acted on, and the bot hears of it: %s',
  async (_title, element, values, drawn, received) => {
    const { say, acted } = await desk();
    const message = await say([actions(element)]);
    expect(message.html()).toContain(drawn);
    expect(await (await message.press('row', 'el', ...values)).json()).toEqual({ failed: null });
    expect(acted()).toMatchObject({ type: element.type, action_id: 'el', block_id: 'row', ...received });
  },
);

test('nobody hears of a channel that they are not in', async () => {
  const { say } = await desk();
  const message = await say([actions({ type: 'conversations_select', action_id: 'el' })]);
  expect(message.html()).not.toContain('secret-club');
});

test('the bot is asked for options, and only what it offered can be chosen', async () => {
  const { say, acted, last, app } = await desk(async (body) =>
    body.type === 'block_suggestion'
      ? { body: { options: [option(`Found ${textAt(body, 'value')}`)] } }
      : undefined,
  );
  const message = await say([actions({ type: 'external_select', action_id: 'el', min_query_length: 1 })]);
  expect(message.html()).toContain('Type at least 1 letters to search');
  expect((await message.press('row', 'el', 'found pay')).status).toBe(409);
  const spot = { place: placeKey(message.place), block: 'row', action: 'el' };
  const query = new URLSearchParams({ spot: JSON.stringify(spot), words: 'pay' });
  const answer: unknown = await (await app.request(`/as/ana/options?${query.toString()}`)).json();
  expect(last()).toMatchObject({ type: 'block_suggestion', action_id: 'el', block_id: 'row', value: 'pay' });
  expect(words(textAt(answer, 'html'))).toBe('Found pay');
  await message.press('row', 'el', 'found pay');
  expect(acted()).toMatchObject({ selected_option: option('Found pay') });
});

test('options that the bot does not give are said to be missing', async () => {
  const { say, app } = await desk(async () => ({ status: 500 }));
  const message = await say([actions({ type: 'external_select', action_id: 'el' })]);
  const spot = JSON.stringify({ place: placeKey(message.place), block: 'row', action: 'el' });
  const answer = await app.request(`/as/ana/options?${new URLSearchParams({ spot }).toString()}`);
  expect(await answer.json()).toEqual({ html: '', failed: 'The options could not be loaded. Try again?' });
});

test('a question comes before an element that wants one', async () => {
  const { say } = await desk();
  const confirm = {
    title: plain('Sure?'),
    text: { type: 'mrkdwn', text: 'It *hurts*' },
    confirm: plain('Yes'),
    deny: plain('No'),
  };
  const message = await say([actions({ ...button('Go', 'el'), confirm })]);
  expect(words(message.html())).toBe('Go Sure? It hurts No Yes');
  expect(message.html()).toContain('<dialog class="bk-confirm" aria-label="Sure?">');
});

test('pressing twice quickly sends once', async () => {
  const { say, bot } = await desk();
  const message = await say([actions(button('Go', 'el'))]);
  await Promise.all([message.press('row', 'el'), message.press('row', 'el')]);
  expect(bot.heard.filter(({ body }) => body.type === 'block_actions')).toHaveLength(1);
});

test('a bot that does not answer within three seconds did not respond', async () => {
  const { say, clock, slack, bot } = await desk(async () => ({ hangs: true }));
  const message = await say([actions(button('Go', 'el'))]);
  const pressing = message.press('row', 'el');
  await expect.poll(() => bot.heard.some(({ body }) => body.type === 'block_actions')).toBe(true);
  clock.set(clock.now() + 3_000);
  const line = 'This app did not respond. Apps need to respond within 3 seconds.';
  expect(await (await pressing).json()).toEqual({ failed: line });
  expect(slack.as('ana').reads()).toBe(line);
});

test('what is gone meanwhile is said to be gone', async () => {
  const { say, slack } = await desk();
  const message = await say([actions(button('Go', 'el'))]);
  await slack.deleteMessage('general', /Go/);
  const response = await message.press('row', 'el');
  expect(response.status).toBe(409);
  expect(textAt(await response.json(), 'failed')).toContain('That is no longer before ana');
});

test('a block that cannot be drawn stands there as its JSON with the reason, and the rest lives', async () => {
  const { say, ws } = await desk();
  const { place } = await say([section('x')]);
  const viewer = ws.users.get('U0ANA')!;
  const blocks: Json[] = [
    { type: 'video', title: '<b>' },
    { type: 'section', text: { type: 'mrkdwn', text: 'still here' } },
  ];
  const html = renderToStaticMarkup(createElement(Blocks, { ws, viewer, place, blocks }));
  expect(words(html)).toBe(
    'This block cannot be shown here: there is no way to draw a block of type "video" { "type": "video", "title": "<b>" } still here',
  );
});
