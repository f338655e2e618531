import { expect, test } from 'vitest';
import { timelineMessage } from '../../src/blocks/timeline.ts';
import { person } from '../../src/incident/by.ts';
import { readTimeline } from '../../src/incident/timeline.ts';
import { type PageRequest, pageOf } from '../../src/incident/timeline-page.ts';
import { at, type Life, tsOf } from '../support/incident.ts';
import { piecesOf } from './limits.ts';
import { checkout, screenAt } from './screen.ts';

const latest: PageRequest = { from: 'latest', size: 3, isHidden: false };

/** The last three entries, as Ana sees them at 03:00. */
function shown(life: Life, more: { workspaceUrl?: string; timeZone?: string | null } = {}) {
  const reader = { workspaceUrl: 'https://x.slack.com/', timeZone: null, ...more };
  return timelineMessage(pageOf(readTimeline(life.entries), latest), latest, {
    incident: life.incident,
    hidden: 0,
    reader,
    screen: screenAt('03:00'),
  });
}

/** A question, its answer in a thread, and a note. */
const talk = (): Life =>
  checkout()
    .says('02:05', 'UBEA', 'What changed?')
    .says('02:06', 'UCAI', 'Release <512>', { threadTs: tsOf('02:05') })
    .does('02:07', { type: 'add-note', by: person('UANA'), text: 'Rolled back', happenedAt: at('02:07') });

test('an entry that is a message links to it, in its thread where it is a reply; a note has no link', () => {
  const links = piecesOf(shown(talk()).blocks).flatMap(({ url }) => url ?? []);
  const p = (time: string): string => `p${tsOf(time).replace('.', '')}`;
  expect(links).toEqual([
    `https://x.slack.com/archives/C42/${p('02:05')}`,
    `https://x.slack.com/archives/C42/${p('02:06')}?thread_ts=${tsOf('02:05')}&cid=C42`,
  ]);
});

test('while the address of the workspace is unknown, entries stand without links', () => {
  expect(piecesOf(shown(talk(), { workspaceUrl: '' }).blocks).flatMap(({ url }) => url ?? [])).toEqual([]);
});

test('the text alone says what the blocks say', () => {
  const lines = shown(talk()).text.split('\n');
  expect(lines[0]).toMatch(/^Timeline of INC-42: Checkout is down\. Entries \d+ to \d+ of \d+$/);
  expect(lines.slice(1).map((line) => line.replace(/<!date[^|]*\|([^>]*)>/g, '$1'))).toEqual([
    expect.stringMatching(/^02:05 UTC Bea: What changed\? · #\d+$/),
    expect.stringMatching(/^02:06 UTC \(reply\) Cai: Release &lt;512&gt; · #\d+$/),
    expect.stringMatching(/^02:07 UTC Note by Ana: Rolled back · #\d+$/),
  ]);
});

test.each([
  ['America/Los_Angeles', 'Sunday 1 March 2026'],
  ['Europe/Berlin', 'Monday 2 March 2026'],
  ['No/Where', 'Monday 2 March 2026'],
  [null, 'Monday 2 March 2026'],
])('in the zone %s, the day is %s', (timeZone, day) => {
  expect(JSON.stringify(shown(talk(), { timeZone }).blocks)).toContain(`"${day}"`);
});
