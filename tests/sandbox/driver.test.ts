import { expect, test } from 'vitest';
import type { Json } from '../../src/sandbox/json.ts';
import { objectAt, textAt } from '../../src/sandbox/json.ts';
import type { Reply } from './bot.ts';
import { button, section, world } from './world.ts';

const plain = (text: string): Json => ({ type: 'plain_text', text });
const option = (text: string): Json => ({
  text: plain(text),
  value: text.toLowerCase().replaceAll(' ', '-'),
});
const input = (label: string, element: Json, more: Json = {}): Json => ({
  type: 'input',
  block_id: label.toLowerCase(),
  label: plain(label),
  element: { action_id: `in-${label.toLowerCase()}`, ...element },
  ...more,
});

const DECLARE: Json = {
  type: 'modal',
  callback_id: 'declare',
  private_metadata: '{"at":1}',
  title: plain('Declare'),
  submit: plain('Declare'),
  close: plain('Cancel'),
  blocks: [
    input('Title', { type: 'plain_text_input', max_length: 10 }),
    input('Severity', {
      type: 'static_select',
      options: [option('SEV1 critical'), option('SEV2 major')],
      initial_option: option('SEV2 major'),
    }),
    input('Lead', { type: 'users_select' }, { optional: true }),
    input(
      'Options',
      { type: 'checkboxes', options: [option('I take command'), option('Private')] },
      { optional: true },
    ),
    input('Users', { type: 'number_input', is_decimal_allowed: false, max_value: '100' }, { optional: true }),
  ],
};

/** Opens DECLARE on the command; answers the submission with what `onSubmit` says. */
function declareBot(onSubmit: (values: Json) => Reply | undefined) {
  return async (
    { body }: { body: Json },
    client: { apiCall: (method: string, args: Json) => Promise<unknown> },
  ): Promise<Reply | undefined> => {
    if (body.command) await client.apiCall('views.open', { trigger_id: body.trigger_id, view: DECLARE });
    if (body.type !== 'view_submission') return undefined;
    return onSubmit(objectAt(objectAt(objectAt(body, 'view'), 'state'), 'values'));
  };
}

test('a command is answered, a channel appears, and everybody reads the card and presses its button', async () => {
  const { slack, bot } = await world(async ({ body }, client): Promise<Reply | undefined> => {
    if (body.command === '/incident') return { body: `Declared: ${String(body.text)}` };
    if (body.type === 'block_actions') {
      const { channel, message } = body as { channel: { id: string }; message: { ts: string } };
      await client.chat.update({ channel: channel.id, ts: message.ts, text: 'ana has it', blocks: [] });
    }
    return undefined;
  });
  expect(await slack.as('ana').command('/incident declare sev1 Checkout is down')).toBe(
    'Declared: declare sev1 Checkout is down',
  );
  const { channel } = await bot.client.conversations.create({ name: 'inc-1-checkout' });
  const id = channel?.id ?? '';
  await bot.client.conversations.invite({ channel: id, users: slack.userId('ana') });
  const card = await bot.client.chat.postMessage({
    channel: id,
    text: 'SEV1 Checkout is down',
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: '*SEV1* Checkout is down\n<@U0BEA> is paged <!date^1772416800^{time}|x>',
        },
      },
      { type: 'actions', elements: [button('Acknowledge', 'ack'), button('Escalate…', 'esc')] },
    ] as never,
  });
  await bot.client.pins.add({ channel: id, timestamp: card.ts ?? '' });
  await slack.as('ana').say('looking, @bea', { in: 'inc-', thread: /SEV1/ });
  expect(slack.channel('inc-').transcript()).toMatchInlineSnapshot(`
    "[02:00] — Tocsin joined
    [02:00] — ana joined
    [02:00] Tocsin: SEV1 Checkout is down
            @bea is paged 02:00
            [Acknowledge] [Escalate…] (pinned)
        [02:00] ana: looking, @bea"
  `);
  await slack.as('ana').click('Acknowledge');
  await slack.quiet();
  expect(slack.channel('inc-').transcript()).toMatchInlineSnapshot(`
    "[02:00] — Tocsin joined
    [02:00] — ana joined
    [02:00] Tocsin: ana has it (edited) (pinned)
        [02:00] ana: looking, @bea"
  `);
  expect(slack.channel('inc-').members).toEqual(['tocsin', 'ana']);
  await expect(slack.as('ana').click('Nope')).rejects.toThrow(
    'ana sees no [Nope]; there is nothing to press',
  );
});

test('a modal is filled in by label, shows what is in it, and closes when the bot takes it', async () => {
  let values: Json = {};
  const { slack } = await world(
    declareBot((submitted) => {
      values = submitted;
      return undefined;
    }),
  );
  const ana = slack.as('ana');
  await ana.command('/incident declare');
  expect(ana.modal()).toMatchInlineSnapshot(`
    "## Declare
    Title: …
    Severity: SEV2 major
    Lead (optional): …
    Options (optional): ☐ I take command ☐ Private
    Users (optional): …
    [Declare] [Cancel]"
  `);
  expect(await ana.submit({ Title: '' })).toEqual({
    errors: { Title: 'Please complete this required field.' },
  });
  expect(await ana.submit({ Title: 'longer than ten', Users: 101 })).toEqual({
    errors: { Title: 'This entry can have at most 10 characters.', Users: 'Must be at most 100.' },
  });
  await expect(ana.submit({ Titel: 'x' })).rejects.toThrow(
    'There is no input "Titel" in "Declare"; there are "Title"',
  );
  await expect(ana.submit({ Severity: 'SEV9' })).rejects.toThrow('it offers "SEV1 critical", "SEV2 major"');
  expect(
    await ana.submit({
      Title: 'API down',
      Severity: 'SEV1 critical',
      Lead: 'bea',
      'I take command': true,
      Users: 45,
    }),
  ).toEqual({});
  expect(ana.modal()).toBeNull();
  expect(values).toMatchObject({
    title: { 'in-title': { type: 'plain_text_input', value: 'API down' } },
    severity: { 'in-severity': { selected_option: { value: 'sev1-critical' } } },
    lead: { 'in-lead': { type: 'users_select', selected_user: slack.userId('bea') } },
    options: { 'in-options': { selected_options: [{ value: 'i-take-command' }] } },
    users: { 'in-users': { value: '45' } },
  });
});

test('the bot refuses a modal with errors, updates it, pushes another, and clears all', async () => {
  const answers: Json[] = [
    { response_action: 'errors', errors: { title: 'Too vague' } },
    { response_action: 'errors', errors: { nowhere: 'x' } },
    { response_action: 'push', view: { ...DECLARE, title: plain('Pushed') } },
    { response_action: 'update', view: { ...DECLARE, title: plain('Updated') } },
    { response_action: 'update', view: { ...DECLARE, title: plain('x'.repeat(25)) } },
    { response_action: 'clear' },
  ];
  const { slack } = await world(declareBot(() => ({ body: answers.shift() ?? {} })));
  const ana = slack.as('ana');
  await ana.command('/incident declare');
  expect(await ana.submit({ Title: 'x' })).toEqual({ errors: { Title: 'Too vague' } });
  expect(ana.modal()).toContain('Title: x\n  ! Too vague');
  expect(await ana.submit()).toEqual({
    errors: { '': 'We had some trouble connecting. Try again? (there is no input block nowhere)' },
  });
  await ana.submit();
  expect(ana.modal()).toContain('## Pushed');
  await ana.submit({ Title: 'y' });
  expect(ana.modal()).toContain('## Updated');
  expect(await ana.submit({ Title: 'z' })).toMatchObject({
    errors: { '': expect.stringContaining('invalid_arguments') },
  });
  await ana.submit();
  expect(ana.modal()).toBeNull();
});

test('an overflow option is picked, an ephemeral answer is replaced, and only she reads it', async () => {
  const { slack, call, made } = await world(async ({ body }) => {
    const action = objectAt({ action: (body.actions as Json[] | undefined)?.[0] }, 'action');
    const respond = (json: Json) =>
      fetch(textAt(body, 'response_url'), { method: 'POST', body: JSON.stringify(json) });
    if (textAt(objectAt(action, 'selected_option'), 'value') === 'take-comms') {
      await respond({ text: 'Sure?', blocks: [{ type: 'actions', elements: [button('Yes', 'yes')] }] });
    }
    if (action.action_id === 'yes') await respond({ text: 'Comms: ana', replace_original: true });
    return undefined;
  });
  const channel = await made('inc-1');
  const ana = slack.as('ana').goTo('inc-1');
  await ana.join('inc-1');
  const overflow = {
    type: 'overflow',
    action_id: 'more',
    options: [option('Take comms'), option('Severity')],
  };
  await call('chat.postMessage', {
    channel,
    text: 'card',
    blocks: [section('card'), { type: 'actions', elements: [overflow] }],
  });
  expect(slack.channel('inc-').transcript()).toContain('card\n        [⋯: Take comms, Severity]');
  await ana.click('Take comms', { on: /card/ });
  expect(ana.reads()).toBe('[Yes]');
  await ana.click('Yes');
  expect(ana.reads()).toBe('Comms: ana');
  await expect(slack.as('bea').click('Take comms')).rejects.toThrow(
    'bea sees no [Take comms]; there is nothing to press',
  );
  await expect(ana.click('Yes')).rejects.toThrow('ana sees no [Yes]; there is [Take comms] [Severity]');
});

test('people say, edit, delete, react, thread and upload, and the transcript shows what is left', async () => {
  const { slack, clock, call, made, bot } = await world();
  await made('inc-1');
  const ana = slack.as('ana').goTo('inc-1');
  await ana.join('inc-1');
  await ana.say('error <500> & more for @bea in #general');
  clock.set(clock.now() + 65_000);
  await ana.edit(/error/, 'error 500');
  await ana.say('rolling back', { thread: /error/ });
  await ana.say('wrong window');
  await ana.delete(/wrong window/);
  await ana.react('pushpin', /error/);
  await ana.upload('log.txt', 'panic', { comment: 'the log' });
  await slack.otherApp('Grafana').say('cpu at 97 %', { in: 'inc-' });
  await ana.mention('ack');
  await call('conversations.setTopic', { channel: slack.channel('inc-1').id, topic: 'SEV1 | Investigating' });
  expect(slack.channel('inc-').transcript()).toMatchInlineSnapshot(`
    "[02:00] — Tocsin joined
    [02:00] — ana joined
    [02:00] ana: error 500 (edited) :pushpin: ana
        [02:01] ana: rolling back
    [02:01] ana: the log
            (file: log.txt)
    [02:01] Grafana: cpu at 97 %
    [02:01] ana: @Tocsin ack
    [02:01] — Tocsin set the channel topic: SEV1 | Investigating"
  `);
  expect(bot.events().find(({ type }) => type === 'app_mention')).toMatchObject({ text: '<@U0TOCSIN> ack' });
  expect(bot.events().find(({ text }) => String(text).startsWith('error'))).toMatchObject({
    text: 'error &lt;500&gt; &amp; more for <@U0BEA> in <#C0000001>',
  });
  expect(slack.channel('inc-').topic).toBe('SEV1 | Investigating');
});

test('her phone lights up for direct messages and mentions, by their text; foreign markup is seen as a mention', async () => {
  const { slack, call, made } = await world();
  const channel = await made('inc-1');
  await slack.as('ana').join('inc-1');
  const dm = textAt((await call('conversations.open', { users: slack.userId('ana') })).channel, 'id');
  await call('chat.postMessage', {
    channel: dm,
    text: 'SEV1 Checkout. You are primary',
    blocks: [section('long')],
  });
  await call('chat.postMessage', { channel, text: 'quiet' });
  await call('chat.postMessage', { channel, text: 'push text', blocks: [section('<@U0ANA> update due')] });
  expect(slack.as('ana').pushes()).toEqual(['[02:00] SEV1 Checkout. You are primary', '[02:00] push text']);
  const verbatim = { type: 'section', text: { type: 'mrkdwn', text: 'hi @here', verbatim: true } };
  await call('chat.postMessage', { channel, text: 'x', blocks: [verbatim] });
  await call('chat.postMessage', { channel, text: 'x', blocks: [section('hi @here')] });
  await call('chat.postMessage', { channel, text: '<!channel> <@U0NOBODY>' });
  expect(slack.mentions('inc-1').map(({ who, isKnown }) => `${who} ${isKnown}`)).toEqual([
    'U0ANA true',
    'here true',
    'channel true',
    'U0NOBODY false',
  ]);
});

test('admins archive, rename, delete messages and throw the bot out', async () => {
  const { slack, call, made, bot } = await world();
  const channel = await made('inc-1');
  await call('chat.postMessage', { channel, text: 'card' });
  await slack.deleteMessage('inc-1', /card/);
  await slack.renameChannel('inc-1', 'war-room');
  await slack.kickBot('war-room');
  expect(
    bot
      .events()
      .slice(-4)
      .map(({ type, subtype }) => [type, subtype].filter(Boolean).join(' ')),
  ).toEqual(['message channel_name', 'channel_rename', 'message channel_leave', 'member_left_channel']);
  expect(await call('chat.postMessage', { channel, text: 'x' })).toMatchObject({ error: 'not_in_channel' });
  expect(slack.channels()).toEqual(['general', 'war-room']);
});
