import { expect, test } from 'vitest';
import { commandsOf, type SlackMessage } from '../src/slack-message.ts';

const us = { botId: 'B0TOCSIN', botUser: 'U0TOCSIN' };
const told = (message: SlackMessage) => commandsOf('C1', message, us);
const ana = { ts: '1772445600.000100', user: 'U0ANA', text: 'The password is hunter2' };

test('an event and the same message in history have one cause, with and without an edit', () => {
  const edited = { ...ana, text: 'never mind', edited: { ts: '1772445700.000200' } };
  const event = told({
    subtype: 'message_changed',
    ts: '1772445700.000300',
    message: edited,
    previous_message: ana,
  });
  expect(told(ana).map(({ cause }) => cause)).toEqual(['msg:C1:1772445600.000100']);
  expect(event.map(({ cause }) => cause)).toEqual(['msg:C1:1772445600.000100:1772445700.000200']);
  expect(told(edited).map(({ cause }) => cause)).toEqual([
    'msg:C1:1772445600.000100',
    'msg:C1:1772445600.000100:1772445700.000200',
  ]);
});

test('a link that unfolds is no edit', () => {
  const unfurled = { ...ana, edited: { ts: '1772445700.000200' } };
  expect(told({ subtype: 'message_changed', message: unfurled, previous_message: ana })).toEqual([]);
  expect(told({ subtype: 'message_changed', message: ana, previous_message: ana })).toEqual([]);
});

test.each<[string, SlackMessage]>([
  [
    'by its own event',
    { subtype: 'message_deleted', deleted_ts: ana.ts, previous_message: ana, ts: '1772445800.0' },
  ],
  [
    'as a tombstone over its replies',
    {
      subtype: 'message_changed',
      ts: '1772445800.0',
      message: { subtype: 'tombstone', ts: ana.ts, user: 'USLACKBOT', text: 'This message was deleted.' },
      previous_message: ana,
    },
  ],
])('a deleted message is known %s', (_how, message) => {
  expect(told(message)).toEqual([
    {
      cause: 'msg:C1:1772445600.000100:deleted',
      command: { type: 'record-deletion', channel: 'C1', ts: ana.ts, happenedAt: 1_772_445_800_000 },
    },
  ]);
});

test('what people do to the channel is recorded under their name', () => {
  const [topic] = told({ subtype: 'channel_topic', ts: ana.ts, user: 'U0ANA', topic: 'All hands' });
  expect(topic?.command).toMatchObject({
    type: 'record-channel-change',
    user: 'U0ANA',
    what: 'topic',
    text: 'All hands',
  });
  const [join] = told({ subtype: 'group_join', ts: ana.ts, user: 'U0ANA', text: 'joined' });
  expect(join?.command).toMatchObject({ type: 'record-presence', user: 'U0ANA', joined: true });
});

test('another app is quoted by name, attachments included', () => {
  const [post] = told({
    ts: ana.ts,
    bot_id: 'B0GRAFANA',
    username: 'Grafana',
    text: '',
    attachments: [{ title: 'p99 alert', text: 'is firing', fallback: 'not shown' }],
  });
  expect(post?.command).toMatchObject({
    author: { user: null, app: 'Grafana' },
    text: 'p99 alert: is firing',
  });
});

test.each<[string, SlackMessage]>([
  ['what we say', { ...ana, user: us.botUser }],
  ['what we say through our bot id', { ...ana, user: undefined, bot_id: us.botId }],
  ['our edits', { subtype: 'message_changed', message: { ...ana, user: us.botUser, edited: { ts: '1.0' } } }],
  [
    'what we take away',
    { subtype: 'message_deleted', deleted_ts: ana.ts, previous_message: { ...ana, user: us.botUser } },
  ],
  [
    'a tombstone in history',
    { subtype: 'tombstone', ts: ana.ts, user: 'USLACKBOT', text: 'This message was deleted.' },
  ],
])('%s is not content', (_what, message) => {
  expect(told(message)).toEqual([]);
});
