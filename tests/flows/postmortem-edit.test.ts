import { expect, test } from 'vitest';
import type { World } from '../../src/sandbox/start.ts';
import { start } from '../support/world.ts';

/** INC-1 (SEV2), acknowledged by Bea, resolved at 10:01 on Monday, 2 March; its draft stands in its channel. */
async function resolved(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ at: '2026-03-02T10:00Z', ...options });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.pass('1m');
  await world.slack.as('bea').click('Acknowledge', { in: 'dm' });
  await ana.goTo('inc-').command('/incident resolve rollback of 512');
  await world.settle();
  const bea = world.slack.as('bea').goTo('inc-');
  return { world, ana, bea, channel: () => world.slack.channel('inc-') };
}

type Person = Awaited<ReturnType<typeof resolved>>['ana'];

/** What stands in the section's form now. */
async function opened(world: World, person: Person, section: string): Promise<string> {
  await person.command(`/incident postmortem edit ${section}`);
  await world.settle();
  return person.modal() ?? '';
}

/** The newest file in the channel. */
async function newestFile({ slack }: World): Promise<{ name: string; text: string }> {
  const file = slack.channel('inc-').messages.findLast(({ files }) => files.length > 0)?.files[0];
  const authorization = `Bearer ${slack.botToken}`;
  const answer = await fetch(String(file?.url_private), { headers: { authorization } });
  return { name: String(file?.name), text: await answer.text() };
}

const draftOf = (world: World): string => {
  const said = world.slack.channel('inc-').transcript();
  return said.slice(
    said.indexOf('Tocsin: Postmortem draft'),
    said.indexOf('Tocsin: The postmortem draft as a file'),
  );
};

const facts = (world: World, type: string) =>
  world.store.timeline(1).filter(({ fact }) => fact.type === type);

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

test('the owner and the due time are set by form or command, shown in the draft and on the card, and told to the owner', async () => {
  const { world, ana, channel } = await resolved();
  expect(channel().pins[0]).toContain('Postmortem: bea, due Mar 4, 2026 10:01');
  await ana.command('/incident postmortem owner @cai');
  await world.settle();
  expect(world.slack.as('cai').dm()).toContain('ana gave you its postmortem. It is due Mar 4, 2026 10:01.');
  expect(await ana.command('/incident postmortem due friday')).toMatch(
    /The postmortem of INC-1 is due 6 Mar \d\d:00 UTC/,
  );
  await world.settle();
  expect(draftOf(world)).toContain('Owner: cai · due Mar 6, 2026');
  expect(channel().pins[0]).toContain('Postmortem: cai, due Mar 6, 2026');
  await ana.click('Owner and due…', { in: 'inc-' });
  await world.settle();
  await ana.submit({ 'Who writes it?': 'ana', 'By when?': 'in 3d' });
  await world.settle();
  expect(draftOf(world)).toContain('Owner: ana · due Mar 5, 2026');
  await ana.command('/incident postmortem due none');
  await world.settle();
  expect(channel().pins[0]).toContain('Postmortem: ana');
  expect(channel().pins[0]).not.toContain('due Mar');
});

/** Night and day go by at once; then the minute around `iso`. */
async function until(world: World, iso: string): Promise<void> {
  world.clock.set(Date.parse(iso) - 30_000);
  await world.pass('1m');
}

const askedAbout = (world: World, handle: string): number =>
  world.slack
    .as(handle)
    .pushes()
    .filter((push) => push.includes('postmortem')).length;

test('the owner is asked at 10:00 of the next working day in their zone, and reminded when it is due, by direct message', async () => {
  const people = ['ana', { name: 'bea', tz: 'America/New_York' }, 'cai', 'dana'];
  const { world } = await resolved({ slack: { people } });
  await until(world, '2026-03-03T10:00Z');
  expect(askedAbout(world, 'bea')).toBe(0);
  await until(world, '2026-03-03T15:00Z');
  expect(askedAbout(world, 'bea')).toBe(1);
  expect(world.slack.as('bea').dm()).toContain('Asked at 10:00 on the working day after it was resolved.');
  // Due at 10:01 UTC, which is at night for her: it waits for her morning.
  await until(world, '2026-03-04T10:01Z');
  expect(askedAbout(world, 'bea')).toBe(1);
  await until(world, '2026-03-04T14:00Z');
  expect(askedAbout(world, 'bea')).toBe(2);
  expect(world.slack.as('bea').dm()).toContain(
    'Its postmortem is due, and nobody has marked it as reviewed.',
  );
  await until(world, '2026-03-20T15:00Z');
  expect(askedAbout(world, 'bea')).toBe(2);
});

test('Snooze moves the reminder, and Stop ends it', async () => {
  const { world } = await resolved();
  const bea = world.slack.as('bea').goTo('inc-');
  expect(await bea.command('/incident nudges')).toContain('bea is asked for the postmortem');
  await until(world, '2026-03-03T10:00Z');
  await bea.click('Snooze…', { in: 'dm' });
  await world.settle();
  expect(await bea.submit({ 'For how long?': '4 h' })).toEqual({});
  await until(world, '2026-03-03T14:02Z');
  expect(askedAbout(world, 'bea')).toBe(2);
  await bea.click('Stop', { in: 'dm' });
  await until(world, '2026-03-06T10:00Z');
  expect(askedAbout(world, 'bea')).toBe(2);
  await bea.click('Stop', { in: 'dm' });
  await world.settle();
  expect(bea.reads()).toContain('There is no reminder of this postmortem');
});

test('a reviewed postmortem is not asked for, and one that was handed on is asked of its new owner', async () => {
  const { world, ana } = await resolved();
  await ana.command('/incident postmortem owner @cai');
  await until(world, '2026-03-03T10:00Z');
  expect([askedAbout(world, 'bea'), askedAbout(world, 'cai')]).toEqual([0, 2]);
  await world.slack.as('cai').click('Mark as reviewed', { in: 'dm' });
  await until(world, '2026-03-05T10:00Z');
  expect(askedAbout(world, 'cai')).toBe(2);
});

test('after an absence over both times one message says the later thing, and the channel of what is over stays quiet', async () => {
  const { world, channel } = await resolved();
  const said = channel().messages.length;
  await world.restart('4d');
  await world.pass('1m');
  expect(askedAbout(world, 'bea')).toBe(1);
  expect(world.slack.as('bea').dm()).toContain('Its postmortem is due');
  expect(channel().messages).toHaveLength(said);
});

test('nobody is asked for the postmortem of a test, or of what was canceled', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare --test sev1 Trying it out', { in: 'general' });
  await ana.command('/incident declare sev2 Nothing', { in: 'general' });
  await world.settle();
  await ana.command('/incident INC-1 resolve other', { in: 'general' });
  await ana.command('/incident INC-2 cancel it was nothing', { in: 'general' });
  await world.settle();
  for (const day of [3, 4, 5]) await until(world, `2026-03-0${day}T10:05Z`);
  for (const person of ['ana', 'bea', 'cai']) expect(askedAbout(world, person)).toBe(0);
});

test('marked as reviewed, by button or command: shown in the draft and on the card, said once, and it can be undone', async () => {
  const { world, ana, channel } = await resolved();
  await ana.click('Mark as reviewed', { in: 'inc-' });
  await world.settle();
  expect(draftOf(world)).toContain('Reviewed by ana 10:01');
  expect(draftOf(world)).toContain('[Not reviewed after all]');
  expect(channel().pins[0]).toContain('Postmortem: reviewed by ana 10:01');
  expect(channel().transcript()).toContain('ana marked the postmortem as reviewed.');
  expect(await ana.command('/incident postmortem reviewed')).toContain(
    'ana marked it as reviewed at 10:01 UTC.',
  );
  await world.pass('1m');
  await opened(world, ana, 'impact');
  await ana.submit({ Text: 'More was found.' });
  await world.settle();
  expect(draftOf(world)).toContain('edited since');
  await ana.click('Not reviewed after all', { in: 'inc-' });
  await world.settle();
  expect(draftOf(world)).toContain('[Mark as reviewed]');
  expect(await ana.command('/incident postmortem unreviewed')).toContain(
    'is not marked as reviewed. Nothing changed.',
  );
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

test('the forms refuse a due time that cannot be read and keep what was typed', async () => {
  const { world, ana } = await resolved();
  await ana.click('Owner and due…', { in: 'inc-' });
  await world.settle();
  const { errors } = await ana.submit({ 'Who writes it?': 'cai', 'By when?': 'someday' });
  expect(errors).toEqual({ 'By when?': expect.stringContaining('I cannot read “someday” as a date') });
  expect(ana.modal()).toContain('someday');
  expect(facts(world, 'postmortem-owner-set')).toEqual([]);
});

test('while it runs the postmortem cannot be reviewed, and once canceled it has no owner', async () => {
  const { world, ana } = await resolved();
  await ana.command('/incident reopen');
  expect(await ana.command('/incident postmortem reviewed')).toContain(
    'the postmortem is reviewed when it is over.',
  );
  await ana.command('/incident cancel nothing');
  await world.settle();
  expect(await ana.command('/incident postmortem owner me')).toContain(
    'no postmortem is owed. Nothing changed.',
  );
});

test('the owner of a private incident’s postmortem is one of its members', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': 'Keys leaked',
    'How bad is it for users?': 'SEV2 major',
    Private: true,
  });
  await world.settle();
  await ana.goTo('inc-').command('/incident resolve other');
  await world.settle();
  expect(await ana.command('/incident postmortem owner @dana')).toContain(
    'dana is not in this private incident. Nothing changed',
  );
  expect(await world.slack.as('dana').command('/incident INC-1 postmortem', { in: 'general' })).toContain(
    'There is no INC-1.',
  );
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
