import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Fact } from '../../src/incident/facts.ts';
import { leadsTo, readTimeline, type TimelineEntry, type TimelineItem } from '../../src/incident/timeline.ts';
import { at, declared, tsOf } from '../support/incident.ts';

/** What people read, one line each: messages as `author: text`, facts by their type. */
function transcript(items: readonly TimelineItem[]): string[] {
  return items.map((item) => {
    const time = new Date(item.at).toISOString().slice(11, 16);
    if (item.kind === 'fact') return `${time} ${item.fact.type}`;
    const reply = item.threadTs === null ? '' : '(reply) ';
    if (item.kind === 'deleted') return `${time} ${reply}message deleted`;
    const edited = item.edited ? ` (edited, ${item.revisions})` : '';
    return `${time} ${reply}${item.author.user ?? item.author.app}: ${item.text}${edited}`;
  });
}

const identity = (time: string) => ({ channel: 'C42', ts: tsOf(time) });

/** A declared incident's rows are left out where only messages matter. */
const withoutBirth = (entries: readonly TimelineEntry[]): TimelineEntry[] =>
  entries.filter(({ fact }) => fact.type !== 'declared' && fact.type !== 'page-ordered');

function edit(time: string, text: string, editedAt: string): Fact {
  const author = { user: 'bea', app: null };
  return { type: 'message-edited', ...identity(time), author, text, happenedAt: at(editedAt) };
}

const deletion = (time: string, deletedAt: string): Fact => ({
  type: 'message-deleted',
  ...identity(time),
  happenedAt: at(deletedAt),
});

test('an edited message reads as it is now, where it was first written', () => {
  const life = declared()
    .says('02:03', 'bea', 'rolling bakc')
    .says('02:04', 'cai', 'thanks')
    .happens('02:05', edit('02:03', 'rolling back', '02:05'))
    .happens('02:06', edit('02:03', 'rolling back 512', '02:06'));
  expect(transcript(readTimeline(withoutBirth(life.entries)))).toEqual([
    '02:03 bea: rolling back 512 (edited, 2)',
    '02:04 cai: thanks',
  ]);
});

test("a deleted message's words are gone, its earlier versions' too, and a tombstone stays", () => {
  const life = declared()
    .says('02:03', 'bea', 'the password is hunter2')
    .happens('02:04', edit('02:03', 'the password is hunter3', '02:04'))
    .happens('02:05', deletion('02:03', '02:05'));
  const items = readTimeline(withoutBirth(life.entries));
  expect(transcript(items)).toEqual(['02:03 message deleted']);
  expect(JSON.stringify(items)).not.toMatch(/hunter|bea/);
});

test('a deletion wins in whatever order the news of a message arrives', () => {
  const life = declared()
    .happens('02:05', deletion('02:03', '02:03'))
    .says('02:06', 'bea', 'the password is hunter2', { ts: tsOf('02:03') })
    .happens('02:07', edit('02:03', 'the password is hunter3', '02:07'));
  expect(transcript(readTimeline(withoutBirth(life.entries)))).toEqual(['02:03 message deleted']);
});

test('a message that was told twice is one line', () => {
  const life = declared()
    .says('02:03', 'bea', 'rolling back')
    .says('02:03', 'bea', 'rolling back')
    .says('02:03', 'cai', 'in another channel', { ts: tsOf('02:04') });
  expect(transcript(readTimeline(withoutBirth(life.entries)))).toEqual([
    '02:03 bea: rolling back',
    '02:03 cai: in another channel',
  ]);
});

test('the same timestamp in another channel is another message', () => {
  const life = declared().says('02:03', 'bea', 'here');
  const author = { user: 'cai', app: null };
  life.happens('02:03', {
    type: 'message-posted',
    channel: 'C43',
    ts: tsOf('02:03'),
    author,
    text: 'there',
    threadTs: null,
    files: [],
    happenedAt: at('02:03'),
  });
  expect(transcript(readTimeline(withoutBirth(life.entries)))).toEqual([
    '02:03 bea: here',
    '02:03 cai: there',
  ]);
});

test('history pulled after an edit shows the new words as a revision', () => {
  const life = declared().says('02:03', 'bea', 'rolling bakc').says('02:03', 'bea', 'rolling back');
  expect(transcript(readTimeline(withoutBirth(life.entries)))).toEqual([
    '02:03 bea: rolling back (edited, 1)',
  ]);
});

test('an edit of a message that was never seen stands as the message', () => {
  const life = declared().happens('02:05', edit('01:50', 'checkout looks slow', '02:05'));
  expect(transcript(readTimeline(withoutBirth(life.entries)))).toEqual([
    '02:05 bea: checkout looks slow (edited, 1)',
  ]);
});

test('replies are marked, and the first message of their thread is not', () => {
  const life = declared()
    .says('02:03', 'bea', 'what changed?', { threadTs: tsOf('02:03') })
    .says('02:04', 'cai', 'release 512', { threadTs: tsOf('02:03') });
  expect(transcript(readTimeline(withoutBirth(life.entries)))).toEqual([
    '02:03 bea: what changed?',
    '02:04 (reply) cai: release 512',
  ]);
});

test('things stand in the order in which they happened, also when they were recorded later', () => {
  const life = declared()
    .says('02:03', 'bea', 'looking')
    .does('02:10', { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false })
    .does('02:12', { type: 'add-note', by: person('cai'), text: 'alert was muted', happenedAt: at('01:55') })
    .does('02:13', { type: 'record-presence', user: 'dana', joined: true, happenedAt: at('02:05') });
  const told = [
    '01:55 note-added',
    '02:00 declared',
    '02:00 page-ordered',
    '02:03 bea: looking',
    '02:05 member-joined',
    '02:10 acknowledged',
  ];
  expect(transcript(readTimeline(life.entries))).toEqual(told);
  expect(transcript(readTimeline(life.entries.toReversed()))).toEqual(told);
});

test('what only the bot said leads to its words in the channel, each time to its own', () => {
  const acknowledge = { type: 'acknowledge', by: person('bea'), onCall: true, confirmed: false } as const;
  const life = declared()
    .does('02:02', acknowledge)
    .does('02:03', { type: 'unacknowledge', by: person('bea') })
    .does('02:04', acknowledge);
  const facts = life.entries.map(({ fact }) => fact).filter(({ type }) => type === 'acknowledged');
  expect(facts).toHaveLength(2);
  for (const [n, about] of facts.entries())
    life.does('02:05', { type: 'note-said', about, channel: 'C42', ts: `${n + 1}.0` });
  const led = readTimeline(life.entries).filter(
    (item) => item.kind === 'fact' && item.fact.type === 'acknowledged',
  );
  expect(led.map(leadsTo)).toEqual([
    { channel: 'C42', ts: '1.0' },
    { channel: 'C42', ts: '2.0' },
  ]);
});

test('reading changes nothing in the rows it was given', () => {
  const life = declared()
    .says('02:03', 'bea', 'one')
    .happens('02:04', edit('02:03', 'two', '02:04'));
  const before = structuredClone(life.entries.toReversed());
  const rows = structuredClone(before);
  readTimeline(rows);
  expect(rows).toEqual(before);
});
