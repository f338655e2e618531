import type { ReceiverEvent } from '@slack/bolt';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { movableClock } from '../../src/sandbox/clock.ts';
import { startSlack } from '../../src/sandbox/slack.ts';
import { slackLogger } from '../../src/slack/logger.ts';
import { openLine } from '../../src/slack/socket-line.ts';

/** A line to a Slack whose clock stands still, on which whatever comes is answered. */
async function openedLine(hear = (event: ReceiverEvent) => event.ack()) {
  const clock = movableClock(Date.parse('2026-03-02T02:00:00Z'));
  const channels = [{ name: 'general', bot: true }];
  const slack = await startSlack({ clock, channels, socketMode: true });
  onTestFinished(() => slack.close());
  slack.connect('by socket');
  const logger = slackLogger(pino({ level: 'silent' }));
  const { appToken, apiUrl } = slack;
  const report = () => undefined;
  const options = { appToken, apiUrl, clock, logger, timeoutMs: 10_000, pongWithinMs: 300, hear, report };
  return { slack, line: await openLine(options) };
}

test('a line on which nobody answers a ping is gone, though nobody has hung up', async () => {
  const { slack, line } = await openedLine();
  slack.sockets.freeze();
  expect(await line.farewell).toBe('gone');
  await line.gone;
});

test('a line is closed after what it heard is answered', async () => {
  let answer = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let heard = 0;
  const { slack, line } = await openedLine(async (event) => {
    heard += 1;
    await asked;
    await event.ack();
  });
  const said = slack.as('ana').say('The last words', { in: 'general' });
  await expect.poll(() => heard).toBe(1);
  const closed = line.close();
  answer();
  await Promise.all([closed, said]);
  expect(slack.deliveries[0]?.attempts.map(({ outcome }) => outcome)).toMatchObject([{ kind: 'answered' }]);
});
