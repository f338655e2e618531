import { expect, test } from 'vitest';
import type { Call } from '../../src/sandbox/api.ts';
import type { Slack } from '../../src/sandbox/slack.ts';
import { environmentOf, folder, type Running, run, slackNow, until } from '../support/process.ts';

/** Two cold starts on a busy machine, the ten seconds of the channel lane's grace, and whatever is waited for between. */
const withinMs = 300_000;

const isChannel = ({ method, args }: Call) =>
  method === 'conversations.create' && String(args.name).startsWith('inc-');
const isPage = ({ method, args }: Call) =>
  method === 'chat.postMessage' && String(args.channel).startsWith('D');
const isCard = ({ method, args }: Call, slack: Slack) =>
  method === 'chat.postMessage' &&
  slack.callsTo('conversations.setTopic').some((topic) => topic.args.channel === args.channel);

type Wanted = (call: Call, slack: Slack) => boolean;
const moments: [title: string, when: 'before' | 'after', which: Wanted][] = [
  ['Slack makes the channel', 'before', isChannel],
  ['Slack has made the channel', 'after', isChannel],
  ['Slack takes the card', 'before', isCard],
  ['Slack has taken the card', 'after', isCard],
  ['Slack takes the page', 'before', isPage],
  ['Slack has taken the page', 'after', isPage],
];

test.concurrent.each(moments)(
  'SIGKILL when %s: after a restart one channel, one card, one page',
  async (_title, when, which) => {
    const slack = await slackNow();
    const environment = environmentOf(slack, folder());
    const first = run(environment);
    slack.connect(`http://127.0.0.1:${await first.listening}`);
    const killed = killAt(slack, first, when, which);
    await slack
      .as('ana')
      .command('/incident declare sev1 Checkout is down')
      .catch(() => undefined);
    await killed;
    const second = run(environment);
    slack.connect(`http://127.0.0.1:${await second.listening}`);
    const since = slack.calls.length;
    // The pin follows the card's place; a page in doubt is looked for in the DM.
    await until('the card is settled', () => slack.calls.some(isPinned));
    await until(
      'the page in doubt is looked up',
      () => which !== isPage || slack.calls.slice(since).some(isLookInDm),
    );
    await until('the page is there', () => slack.as('bea').dm().includes('Checkout is down'));
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(slack.channels().filter((name) => name.startsWith('inc-'))).toHaveLength(1);
    const times = (text: string, words: string) => text.split(words).length - 1;
    expect(times(slack.channel('inc-').transcript(), 'SEV1 · Checkout is down · INC-1')).toBe(1);
    expect(times(slack.as('bea').dm(), '· Checkout is down')).toBe(1);
    expect(slack.as('cai').dm()).toBe('');
  },
  withinMs,
);

const isLookInDm = ({ method, args }: Call) =>
  method === 'conversations.history' && String(args.channel).startsWith('D');
const isPinned = ({ method, ok }: Call) => method === 'pins.add' && ok;

/** Resolves when the process is gone. The call that meets the moment waits for that. */
function killAt(
  slack: Slack,
  { child, ended }: Running,
  when: 'before' | 'after',
  which: Wanted,
): Promise<void> {
  return new Promise((resolve) => {
    const stop = slack.watch(async (call, moment) => {
      if (moment !== when || !which(call, slack)) return;
      stop();
      child.kill('SIGKILL');
      await ended;
      resolve();
      if (when === 'before') throw new Error('the caller is dead');
    });
  });
}
