import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joined, partsOf } from '../../src/blocks/section-parts.ts';
import { person } from '../../src/incident/by.ts';
import { sectionIds, sectionTitles } from '../../src/incident/postmortem-sections.ts';
import { safeMarkdown } from '../../src/postmortem/edits.ts';
import { at, declared, tsOf } from '../support/incident.ts';
import { bea, cai, draftAt, ninetyMinutes, section } from './story.ts';

const edited = (text: string) =>
  ninetyMinutes().does('04:00', { type: 'edit-postmortem', by: bea, section: 'cause', text, version: 0 });

test('every section of the document is there, in order, each with something in it (product.md section 9)', () => {
  const { markdown } = draftAt(ninetyMinutes(), '04:00');
  expect([...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
    'Summary',
    'Impact',
    'Timeline',
    'Detection',
    'Root cause: five whys',
    'Resolution',
    'Communication',
    'What went well',
    'What went poorly',
    'Where we were lucky',
    'Gaps in monitoring, process, ownership',
    'Action items',
    'People and roles',
    'Figures',
  ]);
  for (const id of sectionIds) expect(section(markdown, sectionTitles[id]).length).toBeGreaterThan(20);
  expect(markdown).toContain('](https://example.slack.com/archives/');
});

test('a section that somebody wrote stands in the document with its writer; its questions are not asked any more', () => {
  const before = draftAt(ninetyMinutes(), '04:00');
  const after = draftAt(edited('Release 512 emptied the **cache**.'), '04:30');
  expect(section(after.markdown, 'Root cause: five whys')).toBe(
    'Release 512 emptied the **cache**.\n\n_Written by Bea, 2 March 2026 04:00 UTC._',
  );
  expect(after.kept).toEqual([{ id: 'cause', by: bea, at: at('04:00') }]);
  expect(before.questions).toContain('What made it fail, and what had changed before?');
  expect(after.questions).not.toContain('What made it fail, and what had changed before?');
  const restored = edited('x').does('04:01', { type: 'restore-postmortem', by: bea, section: 'cause' });
  expect(draftAt(restored, '04:30').kept).toEqual([]);
  expect(section(draftAt(restored, '04:30').markdown, 'Root cause: five whys')).toBe(
    section(before.markdown, 'Root cause: five whys'),
  );
});

test('writing the postmortem is no part of what it tells: neither lines, nor people, nor figures', () => {
  const life = edited('x').does('04:01', { type: 'review-postmortem', by: person('zoe'), done: true });
  const { markdown } = draftAt(life, '04:30');
  expect(markdown).not.toContain('postmortem-');
  expect(section(markdown, 'People and roles')).not.toContain('Zoe');
  expect(markdown).toContain('Reviewed 2 March 2026 04:01 UTC by Zoe.');
});

test('follow-ups are the action items: number, owner, due time, done; nobody is asked for them in the channel then', () => {
  const life = ninetyMinutes()
    .does('03:20', {
      type: 'add-followup',
      by: bea,
      text: 'Warm | the cache',
      owner: 'cai',
      dueAt: at('+4 17:00'),
    })
    .does('03:21', { type: 'add-followup', by: bea, text: 'Alert on hit rate', owner: null, dueAt: null })
    .does('03:30', { type: 'finish-followup', by: cai, n: 1 });
  const drawn = draftAt(life, '04:00');
  expect(section(drawn.markdown, 'Action items').split('\n').slice(0, 4)).toEqual([
    '| No. | Action | Owner | Due | Done |',
    '| --- | --- | --- | --- | --- |',
    '| 1 | Warm \\| the cache | Cai | 6 March 2026 17:00 UTC | done 2 March 2026 03:30 UTC |',
    '| 2 | Alert on hit rate | _To answer: who?_ | _To answer: by when?_ | open |',
  ]);
  expect(drawn.questions).not.toContain('What will we change, who does it, and by when?');
});

test('starred entries are quoted, pinned ones are key events, hidden ones are left out everywhere', () => {
  const place = (time: string) => ({ channel: 'C42', ts: tsOf(time) });
  const life = declared()
    .says('02:10', 'cai', 'Rolling back now')
    .says('02:11', 'bea', 'the password is hunter2')
    .says('02:12', 'bea', 'Recovered');
  for (const [mark, time] of [
    ['star', '02:10'],
    ['hide', '02:11'],
    ['star', '02:11'],
    ['pin', '02:12'],
  ] as const) {
    life.does('02:20', { type: 'mark-entry', by: bea, mark, on: true, entry: place(time) });
  }
  const timeline = section(draftAt(life, '02:30').markdown, 'Timeline');
  const quotes = timeline.slice(0, timeline.indexOf('Times are UTC'));
  expect(quotes).toContain('**Quotes**');
  expect(quotes).toMatch(/\[02:10\]\(https:[^)]*\) \*\*Cai\*\*: Rolling back now/);
  expect(timeline).not.toContain('hunter2');
  expect(timeline).toMatch(/\*\*Key event\*\* \*\*Bea\*\*: Recovered/);
});

test('what people write stays Markdown, and what would break the document or its reader is made literal', () => {
  expect(safeMarkdown('- a\n  - b\n\n**bold** [here](https://x.example)\n\n| a | b |\n| --- | --- |')).toBe(
    '- a\n  - b\n\n**bold** [here](https://x.example)\n\n| a | b |\n| --- | --- |',
  );
  expect(safeMarkdown('# One\n## Two\n### Three\n- # four')).toBe('### One\n### Two\n### Three\n- ### four');
  expect(safeMarkdown('Title\n===\nOther\n---')).toBe('Title\n\\===\nOther\n\\---');
  expect(safeMarkdown('<script>x</script> ![i](https://x.example/i.png)')).toBe(
    '&lt;script>x&lt;/script> !\\[i](https://x.example/i.png)',
  );
  expect(safeMarkdown('[a](javascript:alert(1)) [b]: https://x.example')).toBe(
    '[a]\\(javascript:alert(1)) [b]: https://x.example',
  );
  expect(safeMarkdown('[b]: https://x.example')).toBe('\\[b]: https://x.example');
  expect(safeMarkdown('```sh\n# comment\n<b>')).toBe('```\n# comment\n&lt;b>\n```');
});

const nasty = fc.constantFrom(
  '\n# heading\n',
  '\n## two',
  '\r## cr',
  '\u2028# ls',
  '\n===\n',
  '\n---\n',
  '\n```\ncode',
  '\n~~~x',
  '\n````\n',
  '<script>',
  '<!-- ',
  '![a](b)',
  '\n    ## indented',
  '\n- ## item',
  'text',
);
const text = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 20 })), {
    maxLength: 8,
  })
  .map((parts) => `w${parts.join('')}`);

test('no edit adds a heading of the document, opens a code block for good, or writes HTML', () => {
  const headings = (markdown: string) => markdown.match(/^ {0,3}#{1,2}(?:\s|$)/gm)?.length ?? 0;
  fc.assert(
    fc.property(text, (words) => {
      const lines = safeMarkdown(words).split('\n');
      let open: string | null = null;
      const outside: string[] = [];
      for (const line of lines) {
        const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
        if (open === null && mark !== null) open = mark;
        else if (open !== null && mark !== null && line.trim() === mark && mark.startsWith(open)) open = null;
        else if (open === null) outside.push(line);
      }
      expect(open).toBeNull();
      expect(headings(outside.join('\n'))).toBe(0);
      expect(lines.join('\n')).not.toContain('<');
    }),
    { numRuns: 1_000 },
  );
});

test('a text cut into the fields of a form comes out as it went in, each piece within Slack’s limit', () => {
  const long = fc.array(fc.string({ unit: 'grapheme', maxLength: 900 }), { maxLength: 25 });
  fc.assert(
    fc.property(long, fc.constantFrom('\n\n', '\n', ' ', ''), (words, between) => {
      const whole = words
        .map((word) => word.replace(/\s/g, 'x'))
        .filter((word) => word !== '')
        .join(between);
      const parts = partsOf(whole);
      if (parts === null) return;
      expect(joined(parts)).toBe(whole);
      for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(3_000);
    }),
  );
  expect(partsOf('x'.repeat(100_000))).toBeNull();
});
