import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { draftOf, facts, opened, resolved } from '../support/resolved.ts';
import { start } from '../support/world.ts';

/** The newest file in the channel. */
async function newestFile({ slack }: World): Promise<{ name: string; text: string }> {
  const file = slack.channel('inc-').messages.findLast(({ files }) => files.length > 0)?.files[0];
  const authorization = `Bearer ${slack.botToken}`;
  const answer = await fetch(String(file?.url_private), { headers: { authorization } });
  return { name: String(file?.name), text: await answer.text() };
}

test('a section is edited by form: chosen from a list, then its text as it stands; the edit is a fact and the draft says so', async () => {
  const { world, ana } = await resolved();
  await ana.click('Edit…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'Which section?': 'Impact' });
  await world.settle();
  expect(ana.modal()).toContain('It was SEV2');
  await ana.submit({ Text: 'Nobody in the EU could pay by card.\n\n- about 1,200 orders' });
  await world.settle();
  expect(facts(world, 'postmortem-edited')).toMatchObject([
    {
      fact: { section: 'impact', text: 'Nobody in the EU could pay by card.\n\n- about 1,200 orders' },
    },
  ]);
  expect(draftOf(world)).toContain(
    'Kept as edited: Impact (ana). To go back: /incident postmortem restore impact',
  );
  expect(draftOf(world)).not.toContain('Who was affected, and what could they not do?');
  expect(await ana.command('/incident timeline')).toContain('ana edited the postmortem, Impact');
});

test('making the draft again keeps edited sections and says which; so does reopening and resolving again', async () => {
  const { world, ana } = await resolved();
  await opened(world, ana, 'root cause');
  await ana.submit({ Text: 'Release 512 emptied the cache.' });
  await world.settle();
  expect(await ana.command('/incident postmortem')).toBe(
    'The draft is on its way to the channel, then the file. Kept as edited: Root cause: five whys.',
  );
  await world.settle();
  expect((await newestFile(world)).text).toContain(
    '## Root cause: five whys\n\nRelease 512 emptied the cache.',
  );
  await ana.command('/incident reopen it is back');
  await ana.command('/incident resolve hotfix');
  await world.settle();
  const { text } = await newestFile(world);
  expect(text).toContain('Release 512 emptied the cache.');
  expect(text).toContain('_Written by ana, 2 March 2026 10:01 UTC._');
  expect(text).toContain('Fixed by: hotfix');
});

test('two people edit the same section: the later one reads what changed, keeps what they typed, and may save again', async () => {
  const { world, ana, bea } = await resolved();
  await opened(world, ana, 'impact');
  await opened(world, bea, 'impact');
  await bea.submit({ Text: 'Bea was faster.' });
  await world.settle();
  await ana.submit({ Text: 'Ana knows better.' });
  await world.settle();
  expect(ana.modal()).toContain('bea changed this section');
  expect(ana.modal()).toContain('Bea was faster.');
  expect(ana.modal()).toContain('Ana knows better.');
  expect(facts(world, 'postmortem-edited')).toHaveLength(1);
  await ana.submit();
  await world.settle();
  expect(facts(world, 'postmortem-edited').map(({ fact }) => 'text' in fact && fact.text)).toEqual([
    'Bea was faster.',
    'Ana knows better.',
  ]);
});

test('an edited section goes back to the drawn text, by form or by command; one that nobody edited is refused', async () => {
  const { world, ana } = await resolved();
  expect(await ana.command('/incident postmortem restore impact')).toContain(
    'Nobody edited “Impact”, so there is nothing to restore. Nothing changed.',
  );
  for (const restore of ['form', 'command']) {
    await opened(world, ana, 'impact');
    await ana.submit({ Text: 'Wrong.' });
    await world.settle();
    if (restore === 'form') {
      await opened(world, ana, 'impact');
      await ana.submit({ 'Restore the text drawn from the timeline': true });
    } else await ana.command('/incident postmortem restore impact');
    await world.settle();
    expect(ana.reads()).toContain('“Impact” is drawn from the timeline again.');
    expect(draftOf(world)).not.toContain('Kept as edited');
  }
  await ana.command('/incident postmortem');
  await world.settle();
  expect((await newestFile(world)).text).toContain('It was SEV2');
});

test('a section longer than Slack’s 3,000 characters is edited in parts, and nothing of it is lost', async () => {
  const { world, ana } = await resolved();
  await opened(world, ana, 'impact');
  const long = Array.from({ length: 140 }, (_, n) => `- order ${n} could not be paid for`).join('\n');
  await ana.submit({ Text: long.slice(0, 2_990), 'More text': long.slice(2_990) });
  await world.settle();
  expect(await opened(world, ana, 'impact')).toContain('Text, part 1 of 2');
  await ana.submit({ 'More text': 'The last line.' });
  await world.settle();
  const [, second] = facts(world, 'postmortem-edited').map(({ fact }) => ('text' in fact ? fact.text : ''));
  expect(second).toContain('- order 139 could not be paid for\n\nThe last line.');
  expect(second).toContain('- order 1 could not be paid for\n- order 2 could');
});

test('a section longer than ten fields is refused with the way out: the file', async () => {
  const { world, ana } = await resolved();
  for (let n = 0; n < 8; n += 1) await ana.say(`${n} ${'long words '.repeat(350)}`);
  await world.settle();
  expect(await ana.command('/incident postmortem edit timeline')).toMatch(
    /“Timeline” has \d+ characters, more than a form takes .* Nothing changed\. Take the file and edit that: \/incident postmortem export/,
  );
});

test('outside its channel the number comes first, and everything works from there', async () => {
  const { world, ana } = await resolved();
  await ana.command('/incident INC-1 postmortem edit impact', { in: 'general' });
  await world.settle();
  expect(await ana.submit({ Text: 'Written from elsewhere.' })).toEqual({});
  await world.settle();
  expect(facts(world, 'postmortem-edited')).toHaveLength(1);
});

test('an empty section and one that was not touched change nothing', async () => {
  const { world, ana } = await resolved();
  await opened(world, ana, 'impact');
  await ana.submit();
  await world.settle();
  expect(ana.reads()).toContain('The text is as it was. Nothing changed.');
  await opened(world, ana, 'impact');
  await ana.submit({ Text: '   ' });
  await world.settle();
  expect(facts(world, 'postmortem-edited')).toEqual([]);
});

test('action items become follow-ups, and their section lists them with owner, due time, and what is done', async () => {
  const { world, ana } = await resolved();
  await ana.click('Edit…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'Which section?': 'Action items' });
  await world.settle();
  await ana.submit({
    'What needs to be done?': 'Warm the cache before a release',
    'Who does it?': 'bea',
    'By when?': 'friday',
  });
  await ana.command('/incident postmortem action alert on the hit rate');
  await world.settle();
  await ana.command('/incident followup done 2');
  await ana.command('/incident postmortem');
  await world.settle();
  expect(world.store.incident(1)?.followups).toMatchObject([
    { n: 1, text: 'Warm the cache before a release' },
    { n: 2, text: 'alert on the hit rate' },
  ]);
  const { text } = await newestFile(world);
  expect(text).toMatch(
    /\| 1 \| Warm the cache before a release \| bea \| 6 March 2026 \d\d:\d\d UTC \| open \|/,
  );
  expect(text).toMatch(
    /\| 2 \| alert on the hit rate \| _To answer: who\?_ \| .* \| done 2 March 2026 10:01 UTC \|/,
  );
});

test('export: Markdown, or one HTML file that loads nothing, runs nothing, and has everything escaped', async () => {
  const { world, ana } = await resolved();
  await ana.say('<script>alert(1)</script> & "quotes"');
  await opened(world, ana, 'impact');
  await ana.submit({ Text: 'See <img src=x onerror=alert(1)> and **this**' });
  await world.settle();
  expect(await ana.command('/incident postmortem export html')).toBe(
    'The HTML file is on its way to the channel.',
  );
  await world.settle();
  const page = await newestFile(world);
  expect(page.name).toBe('INC-1-checkout-is-down.html');
  expect(page.text).toMatch(/^<!doctype html>/);
  expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;');
  expect(page.text).not.toMatch(/<script|<img|<link|@import|url\(/);
  expect(page.text).toContain('<strong>this</strong>');
  expect(await ana.command('/incident postmortem export')).toBe(
    'The Markdown file is on its way to the channel.',
  );
  await world.settle();
  expect((await newestFile(world)).name).toBe('INC-1-checkout-is-down.md');
});

test('a starred message is quoted in the draft, and a pinned one is a key event', async () => {
  const { world, ana } = await resolved();
  await ana.say('Rolled back, and it recovered at once');
  await ana.say('Error rate is at zero');
  await ana.react('star', /Rolled back/);
  await ana.react('pushpin', /Error rate/);
  await ana.command('/incident postmortem');
  await world.settle();
  const { text } = await newestFile(world);
  expect(text).toMatch(/\*\*Quotes\*\*\n\n- .*Rolled back, and it recovered at once/);
  expect(text).toMatch(/\*\*Key event\*\* \*\*ana\*\*: Error rate is at zero/);
});

test.each([
  ['postmortem exprt html', 'Did you mean /incident postmortem export?'],
  ['postmortem frobnicate', 'What there is: draft, edit, restore'],
  ['postmortem edit impcat', 'Did you mean /incident postmortem edit impact?'],
  ['postmortem edit <b>', '“<b>” is no section.'],
  ['postmortem restore', 'is no section. Sections: summary, impact'],
  ['postmortem restore impact', 'Nobody edited “Impact”'],
  [
    'postmortem owner somebody',
    'Whom? Mention a person, or say me: /incident postmortem owner me. Nothing changed.',
  ],
  ['postmortem owner @ghost', 'Nothing changed.'],
  ['postmortem due someday', 'I cannot read “someday” as a date'],
  ['postmortem due 2020-01-01', 'is in the past'],
  ['postmortem unreviewed', 'is not marked as reviewed. Nothing changed.'],
  ['postmortem export pdf', '“pdf” is no format.'],
  ['postmortem export htm', 'Did you mean html?'],
])('/incident %s: refused with the cure, and nothing changes', async (typed, answer) => {
  const { world, ana } = await resolved();
  const before = world.store.timeline(1).length;
  expect(await ana.command(`/incident ${typed}`)).toContain(answer);
  expect(world.store.timeline(1)).toHaveLength(before);
});

test('an owner who is no member is refused in the form, which keeps what was chosen; so is a section that is too long for it', async () => {
  const people = ['ana', 'bea', 'cai', 'dana', { name: 'gus', isRestricted: true }];
  const { world, ana } = await resolved({ slack: { people } });
  await ana.click('Owner and due…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'Who writes it?': 'gus', 'By when?': 'friday' });
  await world.settle();
  expect(ana.modal()).toContain('That is no member of this workspace who could own it. Nothing changed.');
  expect(ana.modal()).toMatch(/gus[\s\S]*friday/);
  await ana.closeModal();
  for (let n = 0; n < 8; n += 1) await ana.say(`${n} ${'long words '.repeat(350)}`);
  await ana.command('/incident postmortem edit');
  await world.settle();
  await ana.submit({ 'Which section?': 'Timeline' });
  await world.settle();
  expect(ana.modal()).toMatch(/“Timeline” has \d+ characters, more than a form takes/);
  expect(facts(world, 'postmortem-owner-set')).toEqual([]);
});

test('a draft that stands in a channel which the incident left for a private one says nothing new there', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  const [open = ''] = world.slack.channels().filter((name) => name.startsWith('inc-'));
  await ana.command('/incident postmortem', { in: open });
  await world.settle();
  await ana.command('/incident private yes', { in: open });
  await world.settle();
  const [, hidden = ''] = world.slack.channels().filter((name) => name.startsWith('inc-'));
  await ana.command('/incident update', { in: hidden });
  await world.settle();
  await ana.submit({ 'What is happening?': 'Found it', 'Impact on users': 'Keys of 12 customers leaked' });
  await ana.command('/incident postmortem owner @bea', { in: hidden });
  await world.settle();
  expect(JSON.stringify(world.slack.channel(open).messages)).not.toContain('leaked');
  expect(world.slack.channel(open).transcript()).not.toContain('Owner: bea');
});
