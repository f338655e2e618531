import { expect, test } from 'vitest';
import { unreadLines, unsetDatabaseLines } from '../../src/config/unset.ts';

const command = 'node --env-file=.env dist/main.js';
const said = [`There is a .env here that was not read: ${command}`];

test.each([
  ['SLACK_BOT_TOKEN=xoxb-1', said],
  ['# mine\n  export SLACK_BOT_TOKEN = "xoxb-1"\n', said],
  ['#SLACK_BOT_TOKEN=xoxb-1', []],
  ['SLACK_BOT_TOKEN=\nPORT=3000', []],
  ['SLACK_BOT_TOKEN= # later', []],
  ['MY_SLACK_BOT_TOKEN=xoxb-1', []],
  [null, []],
])('a .env that sets what is missing was not read: %j', (dotEnv, lines) => {
  expect(unreadLines(dotEnv, ['SLACK_BOT_TOKEN', 'teams.[x (line 1)'], command)).toEqual(lines);
});

test('who sets DATABASE_URL is told nothing', () => {
  expect(unsetDatabaseLines({ DATABASE_URL: 'file:./x.db' }, 'DATABASE_URL=file:./y.db', command)).toEqual(
    [],
  );
});
