import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertNews } from '../../src/incident/alerts.ts';
import { draft } from '../../src/postmortem/draft.ts';
import { escapeInline, escapeLines, linked } from '../../src/postmortem/markdown.ts';
import { at, declared, tsOf } from '../support/incident.ts';
import { bea, sentence } from './story.ts';

test('what people type reads as they typed it, and is no markup', () => {
  expect(escapeLines('# not a heading\n- not a list\n1. nor this\n===\n> nor a quote')).toEqual([
    '\\# not a heading',
    '\\- not a list',
    '1\\. nor this',
    '\\===',
    '\\> nor a quote',
  ]);
  expect(escapeInline('[click](https://x.example) ![i](x) `code` **b** ~~s~~')).toBe(
    '\\[click\\](https://x.example) !\\[i\\](x) \\`code\\` \\*\\*b\\*\\* \\~\\~s\\~\\~',
  );
  expect(escapeInline('<img src=x> &lt; a | b')).toBe('&lt;img src=x> &amp;lt; a \\| b');
});

test('ordinary words stay ordinary', () => {
  expect(escapeInline('error_rate 62 >= 50 (release 5.1.2), R&D: "ok" - 100%!')).toBe(
    'error_rate 62 >= 50 (release 5.1.2), R&D: "ok" - 100%!',
  );
});

test('a link leads to a web address or is no link', () => {
  expect(linked('02:05', 'https://x.example/a b)c')).toBe('[02:05](https://x.example/a%20b%29c)');
  expect(linked('02:05', 'javascript:alert(1)')).toBe('02:05');
  expect(linked('02:05', null)).toBe('02:05');
});

/** Pieces that would be markup, and anything else. */
const nasty = fc.constantFrom(
  '\n# heading\n',
  '\n\n## two',
  '\r# cr',
  '\u2028# ls',
  '\u0085# nel',
  '\n===\n',
  '\n---\n',
  '\n```\ncode',
  '~~~',
  '\n    code',
  '<script>',
  '<!-- ',
  '</details>',
  '[a](https://evil.example)',
  '![a](b)',
  '[x]: https://evil.example',
  '\n| a | b |\n| --- | --- |',
  '|',
  '\\',
  '\\|',
  '**',
  '__',
  '_',
  '\n- item',
  '\n1. item',
  '\n> quote',
  '&lt;',
  '&amp;lt;b&amp;gt;',
  '&#60;b&#62;',
  '&#10;# x',
  '<@bea>',
  '<!channel>',
  '<https://evil.example|<b>>',
  '\u1fef\u1fef\u1fef',
  '\u202e',
  '$&',
  '$1',
  '\ud800',
);
const text = fc.oneof(
  fc
    .array(fc.oneof(nasty, fc.string({ unit: 'binary' }), fc.string()), { maxLength: 6 })
    .map((parts) => parts.join('')),
);

const alertOf = (words: string): AlertNews => ({
  id: 'P1',
  title: words,
  url: `https://alerts.example/${words}`,
  service: words,
  at: at('02:00'),
  createdAt: at('02:00'),
  severity: 1,
  severityReason: words,
  assignees: [words],
});

/** An incident in which every word that others choose is `words`. */
function written(words: string): string {
  const author = { user: 'bea', app: null };
  const message = { channel: 'C42', threadTs: null, text: words };
  const life = declared({
    title: words,
    summary: words,
    service: words,
    severityReason: words,
    alert: alertOf(words),
  });
  const file = { id: 'F1', name: words, link: `https://files.example/${words}` };
  life
    .happens('02:01', {
      ...message,
      type: 'message-posted',
      ts: tsOf('02:01'),
      author,
      files: [file],
      happenedAt: at('02:01'),
    })
    .happens('02:02', {
      ...message,
      type: 'message-posted',
      ts: tsOf('02:02'),
      author: { user: null, app: words },
      files: [],
      happenedAt: at('02:02'),
    })
    .happens('02:03', { type: 'note-added', by: bea, text: words, happenedAt: at('02:03') })
    .happens('02:04', {
      type: 'update-posted',
      by: bea,
      happening: words,
      impact: `x${words}`,
      doing: words,
      nextAt: null,
    })
    .happens('02:05', { type: 'page-failed', user: 'bea', error: words })
    .happens('02:06', {
      type: 'resolved',
      by: bea,
      from: 'investigating',
      how: 'other',
      verified: false,
      text: `x${words}`,
    });
  const names = (): string => words;
  const link = (): string => `https://example.slack.com/${words}`;
  return draft({ incident: life.incident, entries: life.entries, now: at('02:30'), names, sentence, link })
    .markdown;
}

/** What a document is made of, whatever its words are. */
function shape(markdown: string): Record<string, number> {
  // A backslash makes the punctuation after it a letter like any other.
  const read = markdown.replace(/\\[!-/:-@[-`{-~]/g, 'x');
  const many = (pattern: RegExp): number => read.match(pattern)?.length ?? 0;
  return {
    headings: many(/^ {0,3}#{1,6}(?:[ \t]|$)/gm),
    underlines: many(/^ {0,3}(?:=+|-{2,})[ \t]*$/gm),
    fences: many(/^ {0,3}(?:```|~~~)/gm),
    indentedCode: many(/\n\n {4}/g),
    rawHtml: many(/</g),
    links: many(/\]\(/g),
    definitions: many(/^ {0,3}\[[^\]]*\]:/gm),
    listItems: many(/^ *[-+*] /gm),
    numbered: many(/^ *\d+[.)] /gm),
    quotes: many(/^ *>/gm),
    tableRows: many(/^\|/gm),
    cells: many(/\|/g),
    bold: many(/\*\*/g),
    strays: many(/[\u2028\u2029\u0085\r\u202e]/g),
  };
}

test('no words, wherever they come from, change the structure of the document', () => {
  const plain = shape(written('word'));
  expect(plain).toMatchObject({ headings: 15, rawHtml: 0, underlines: 0, fences: 0, quotes: 0, strays: 0 });
  fc.assert(
    fc.property(text, (words) => {
      expect(shape(written(`w${words}`))).toEqual(plain);
    }),
    { numRuns: 300 },
  );
});

test('words that begin a line are as harmless as those within one', () => {
  const plain = shape(written('word'));
  fc.assert(
    fc.property(nasty, (words) => {
      expect(shape(written(`${words}w`))).toEqual(plain);
    }),
  );
});
