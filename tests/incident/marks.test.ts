import fc from 'fast-check';
import { expect, test } from 'vitest';
import { person } from '../../src/incident/by.ts';
import type { Mark, MarkedEntry } from '../../src/incident/marks.ts';
import { isHidden, readTimeline, type TimelineItem } from '../../src/incident/timeline.ts';
import { decodePage, encodePage, type PageRequest, pageOf } from '../../src/incident/timeline-page.ts';
import { read } from '../../src/postmortem/reading.ts';
import { at, declared, type Life, tsOf } from '../support/incident.ts';

/** Bea says "rolling back" at 02:03; the row is the life's last. */
function said(): { life: Life; seq: number; entry: MarkedEntry } {
  const life = declared().says('02:03', 'bea', 'rolling back');
  return { life, seq: life.entries.length, entry: { channel: 'C42', ts: tsOf('02:03') } };
}

function marks(life: Life, time: string, user: string, mark: Mark, on: boolean, entry: MarkedEntry): Life {
  return life.does(time, { type: 'mark-entry', by: person(user), mark, on, entry });
}

const marksAt = (life: Life, seq: number): string[] =>
  Object.keys(readTimeline(life.entries).find((item) => item.seq === seq)?.marks ?? {}).sort();

test('an entry bears the marks that people put on it, with who did so first and when', () => {
  const { life, seq, entry } = said();
  marks(life, '02:04', 'ana', 'star', true, entry);
  marks(life, '02:05', 'cai', 'star', true, entry);
  marks(life, '02:06', 'cai', 'pin', true, { seq });
  const item = readTimeline(life.entries).find((one) => one.seq === seq);
  expect(item?.marks).toEqual({
    star: { by: person('ana'), at: at('02:04') },
    pin: { by: person('cai'), at: at('02:06') },
  });
});

test('marks are no entries of their own', () => {
  const { life, entry } = said();
  const before = readTimeline(life.entries).length;
  marks(life, '02:04', 'ana', 'star', true, entry);
  expect(readTimeline(life.entries)).toHaveLength(before);
});

test("a reaction that is taken back leaves the mark while somebody else's stands", () => {
  const { life, seq, entry } = said();
  marks(life, '02:04', 'ana', 'star', true, entry);
  marks(life, '02:05', 'cai', 'star', true, entry);
  marks(life, '02:06', 'ana', 'star', false, entry);
  expect(marksAt(life, seq)).toEqual(['star']);
  marks(life, '02:07', 'cai', 'star', false, entry);
  expect(marksAt(life, seq)).toEqual([]);
});

test('somebody who never reacted takes nothing back', () => {
  const { life, seq, entry } = said();
  marks(life, '02:04', 'ana', 'pin', true, entry);
  marks(life, '02:05', 'cai', 'pin', false, entry);
  expect(marksAt(life, seq)).toEqual(['pin']);
});

test('taken off in the timeline, a mark is off for everybody, and can be put on again', () => {
  const { life, seq, entry } = said();
  marks(life, '02:04', 'ana', 'star', true, entry);
  marks(life, '02:05', 'cai', 'star', false, { seq });
  expect(marksAt(life, seq)).toEqual([]);
  marks(life, '02:06', 'ana', 'star', true, entry);
  expect(marksAt(life, seq)).toEqual(['star']);
});

test('a mark that is told twice counts once', () => {
  const { life, seq, entry } = said();
  marks(life, '02:04', 'ana', 'star', true, entry);
  marks(life, '02:05', 'ana', 'star', true, entry);
  marks(life, '02:06', 'ana', 'star', false, entry);
  expect(marksAt(life, seq)).toEqual([]);
});

test('notes and facts are marked by their row; a row that is not there is nobody’s', () => {
  const life = declared();
  marks(life, '02:04', 'ana', 'hide', true, { seq: 1 });
  marks(life, '02:05', 'ana', 'hide', true, { seq: 999 });
  const hidden = readTimeline(life.entries).filter(isHidden);
  expect(hidden.map(({ seq }) => seq)).toEqual([1]);
});

test('an edited message keeps its marks, a deleted one has none', () => {
  const { life, seq, entry } = said();
  marks(life, '02:04', 'ana', 'star', true, entry);
  const author = { user: 'bea', app: null };
  const message = { channel: 'C42', ts: tsOf('02:03') };
  life.happens('02:05', {
    type: 'message-edited',
    ...message,
    author,
    text: 'rolled back',
    happenedAt: at('02:05'),
  });
  expect(marksAt(life, seq)).toEqual(['star']);
  life.happens('02:06', { type: 'message-deleted', ...message, happenedAt: at('02:06') });
  expect(marksAt(life, seq)).toEqual([]);
});

test('marks stay when the incident is over, and change nothing in it but its last activity', () => {
  const { life, entry } = said();
  const { lastActivityAt: _before, ...before } = life.incident;
  marks(life, '02:04', 'ana', 'pin', true, entry);
  const { lastActivityAt: _after, ...after } = life.incident;
  expect(after).toEqual(before);
});

test('whatever rests on a hidden row is known to the draft', () => {
  const { life, seq } = said();
  marks(life, '02:04', 'ana', 'hide', true, { seq });
  expect([...read(life.incident, life.entries, at('02:10')).hidden]).toEqual([seq]);
});

const itemsOf = (times: readonly number[]): TimelineItem[] =>
  times.map((time, index) => ({
    kind: 'fact',
    seq: index + 1,
    at: time,
    fact: { type: 'note-added', by: person('ana'), text: `${index}`, happenedAt: time },
  }));

test('paging to the oldest and back shows every entry once, however many share a moment', () => {
  const cases = fc.record({
    times: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 }),
    size: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(cases, ({ times, size }) => {
      const items = itemsOf(times.sort((one, other) => one - other));
      let request: PageRequest = { from: 'latest', size, isHidden: false };
      const back: number[] = [];
      for (let steps = 0; steps <= items.length; steps += 1) {
        const page = pageOf(items, request);
        back.unshift(...page.items.map(({ seq }) => seq));
        const first = page.items[0];
        if (page.older === 0 || !first) break;
        request = { ...request, from: { side: 'before', position: { at: first.at, seq: first.seq } } };
      }
      expect(back).toEqual(items.map(({ seq }) => seq));
    }),
  );
});

test('what arrives meanwhile moves no page: Older and Newer go on where one was', () => {
  const items = itemsOf([10, 20, 30, 40, 50, 60]);
  const position = { at: 40, seq: 4 };
  const before: PageRequest = { from: { side: 'before', position }, size: 2, isHidden: false };
  const more = [...items, ...itemsOf([70, 80, 90]).map((item, index) => ({ ...item, seq: 7 + index }))];
  expect(pageOf(more, before).items).toEqual(pageOf(items, before).items);
  const after = pageOf(more, { ...before, from: { side: 'after', position } });
  expect(after.items.map(({ seq }) => seq)).toEqual([5, 6]);
  expect([after.older, after.newer]).toEqual([4, 3]);
});

test('a page whose entries are gone shows the latest', () => {
  const position = { at: 99, seq: 9 };
  const page = pageOf(itemsOf([10, 20, 30]), { from: { side: 'at', position }, size: 2, isHidden: false });
  expect(page.items.map(({ seq }) => seq)).toEqual([2, 3]);
});

test('a page request survives its button, which has room for 75 characters with everything else', () => {
  const position = fc.record({
    at: fc.integer({ min: 0, max: 4e12 }),
    seq: fc.integer({ min: 1, max: 9e6 }),
  });
  const side = fc.constantFrom('before' as const, 'after' as const, 'at' as const);
  const request: fc.Arbitrary<PageRequest> = fc.record({
    from: fc.oneof(fc.constant('latest' as const), fc.record({ side, position })),
    size: fc.integer({ min: 1, max: 30 }),
    isHidden: fc.boolean(),
  });
  fc.assert(
    fc.property(request, (one) => {
      const encoded = encodePage(one);
      expect(decodePage(encoded)).toEqual(one);
      expect(encoded.length).toBeLessThanOrEqual(24);
    }),
  );
});

test.each(['', 'l', 'lx', 'l15hh', 'b15', 'b15.zz', 'q15.a.b', 'b15.a.b.h.h', '💥'])(
  'a page request that reads %j is none',
  (text) => {
    expect(decodePage(text)).toBeNull();
  },
);
