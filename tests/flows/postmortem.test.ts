import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** INC-1 (SEV2), acknowledged by Bea after a minute, with words in its channel. */
async function worked() {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.pass('1m');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.goTo('inc-').say('Release 512 broke the cache');
  await world.settle();
  return { world, ana, channel: () => world.slack.channel('inc-') };
}

/** Names of the files in the channel, oldest first. */
const uploaded = ({ slack }: World): string[] =>
  slack.channel('inc-').messages.flatMap(({ files }) => files.map(({ name }) => String(name)));

test('resolving posts five standalone lines, open questions, owner and due date, then the file; nobody is mentioned', async () => {
  const { world, ana, channel } = await worked();
  const mentioned = world.slack.mentions().length;
  await ana.command('/incident resolve rollback of 512');
  await world.settle();
  const said = channel().transcript();
  const draft = said.slice(said.indexOf('Tocsin: Postmortem'));
  expect(draft).toMatchInlineSnapshot(`
    "Tocsin: Postmortem draft: Checkout is down · INC-1
            SEV2 "Checkout is down" (INC-1), declared 2 March 2026 10:00 UTC by ana.
            Impact: not written down yet. It lasted 1 min (2 March 2026, 10:00 to 10:01 UTC).
            Detected at once, acknowledged 1 min after it was declared (target 15 min), mitigated after 1 min, resolved after 1 min.
            Fixed by: rollback. Of 512. Recovery was not verified.
            Worst gaps: none that the timeline shows.
            Open questions
            • Who was affected, and what could they not do?
            • When did it really start?
            • Which alert should have found it first?
            • What made it fail, and what had changed before?
            • How do we know that it has recovered?
            • Who was told, when, and by whom?
            Owner: bea · due Mar 4, 2026 10:01
            The whole draft is in the file below.
            [Edit…] [Add action item…] [Owner and due…] [Mark as reviewed] [Draft again] [Close…]
    [10:01] Tocsin: The postmortem draft as a file, to edit and keep.
            (file: INC-1-checkout-is-down.md)"
  `);
  expect(world.slack.mentions()).toHaveLength(mentioned);
  expect(uploaded(world)).toEqual(['INC-1-checkout-is-down.md']);
});

test('the command makes a fresh draft, before the end too', async () => {
  const { world, ana } = await worked();
  expect(await ana.command('/incident postmortem')).toBe(
    'The draft is on its way to the channel, then the file.',
  );
  await world.settle();
  expect(uploaded(world)).toEqual(['INC-1-checkout-is-down.md']);
  await ana.command('/incident resolve hotfix');
  await world.settle();
  await ana.click('Draft again', { in: 'inc-' });
  await world.settle();
  expect(uploaded(world)).toHaveLength(3);
});

test('evidence bullets come from the timeline and link to their messages', async () => {
  const { world, ana } = await worked();
  await ana.command('/incident resolve rollback');
  await world.settle();
  const markdown = await markdownOf(world);
  expect(markdown).toContain('Release 512 broke the cache');
  expect(markdown).toMatch(/Acknowledged in 1 min/i);
  expect(markdown).toMatch(/\(https:\/\/[^)]*archives\/C\w+\/p\d{16}\)/);
  expect(markdown).toContain('_To answer: which alert should have found it first?_');
});

test('a line that only the bot said links to where it said so', async () => {
  const { world, ana } = await worked();
  await ana.command('/incident update Half of the servers are back');
  await ana.command('/incident resolve rollback');
  await world.settle();
  const line = (await markdownOf(world)).split('\n').find((one) => one.includes('Half of the servers'));
  const posted = world.slack
    .channel('inc-')
    .messages.find(({ text }) => text.includes('Half of the servers'));
  expect(line).toContain(`p${posted?.ts.replace('.', '')}`);
});

test('a canceled incident gets no draft by itself', async () => {
  const { world, ana } = await worked();
  await ana.command('/incident cancel false alarm');
  await world.settle();
  expect(uploaded(world)).toEqual([]);
});

test('the file that Slack took without telling us is not uploaded twice', async () => {
  const { world, ana } = await worked();
  world.slack.faults.next('files.completeUploadExternal', { error: 'internal_error', when: 'after' });
  await ana.command('/incident resolve rollback');
  await world.settle();
  await world.pass('3m');
  expect(uploaded(world)).toHaveLength(1);
});

async function markdownOf({ slack }: World): Promise<string> {
  const file = slack.channel('inc-').messages.findLast(({ files }) => files.length > 0)?.files[0];
  const authorization = `Bearer ${slack.botToken}`;
  const answer = await fetch(String(file?.url_private), { headers: { authorization } });
  return answer.text();
}
