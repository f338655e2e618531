import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { person } from '../../src/incident/by.ts';
import { readTimeline } from '../../src/incident/timeline.ts';
import { csvCell, timelineCsv } from '../../src/postmortem/timeline-csv.ts';
import { type ExportEntry, exportFileName, exportTimeline } from '../../src/postmortem/timeline-export.ts';
import { at, declared, type Life, names, tsOf } from '../support/incident.ts';
import { root } from '../support/source.ts';

/** RFC 4180 read back: records of cells. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (cell.lastIndex < text.length) {
    const from = cell.lastIndex;
    const match = cell.exec(text);
    if (!match) throw new Error(`not RFC 4180 at ${from}: ${JSON.stringify(text.slice(from, from + 40))}`);
    const [, quoted, bare = '', end] = match;
    record.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === '\r\n') {
      records.push(record);
      record = [];
    }
  }
  return records;
}

/** What a spreadsheet shows of a defused cell, without the apostrophe in front. */
const withoutApostrophe = (cell: string): string =>
  /^'+\s*[=+\-@＝＋－＠\t\r\n]/u.test(cell) ? cell.slice(1) : cell;

const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", ' ', '＝', '＠', ';', '1', 'cmd|'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom(
    '=HYPERLINK("https://evil.example","x")',
    "'=1+1",
    '\t=1',
    ' =1',
    '-2+3',
    '"=1"',
    '\ufeff=1',
  ),
);

const entry = (text: string, author: string): ExportEntry => ({
  number: 1,
  at: at('02:03'),
  kind: 'message',
  event: null,
  author: { id: 'U1', name: author },
  text,
  isReply: false,
  files: [{ id: 'F1', name: text, link: text }],
  edits: 0,
  editedAt: null,
  isStarred: false,
  isKeyEvent: true,
  link: null,
});

test('whatever is written, a CSV export reads back as it was, and no cell begins as a formula', () => {
  fc.assert(
    fc.property(nasty, nasty, (text, author) => {
      const [head, record, ...more] = parseCsv(timelineCsv([entry(text, author)]));
      expect(more).toEqual([]);
      expect(record).toHaveLength(head?.length ?? 0);
      for (const cell of record ?? []) {
        expect(cell).not.toMatch(/^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u);
      }
      expect(withoutApostrophe(record?.[head?.indexOf('text') ?? -1] ?? '')).toBe(text);
      expect(withoutApostrophe(record?.[head?.indexOf('author') ?? -1] ?? '')).toBe(author);
    }),
  );
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ["'=1", "''=1"],
  ['a=1', 'a=1'],
  ["it's", "it's"],
  ['say "hi", please', '"say ""hi"", please"'],
  ['two\nlines', '"two\nlines"'],
])('the cell %j is written %j', (text, written) => {
  expect(csvCell(text)).toBe(written);
});

/** An incident with a bit of everything; the note and the second message are hidden, one message is deleted. */
function busy(): Life {
  const life = declared()
    .says('02:03', 'bea', 'rolling back <@cai> &amp; watching')
    .says('02:04', 'cai', 'secret hidden words')
    .says('02:05', 'ana', 'secret deleted words')
    .does('02:06', {
      type: 'add-note',
      by: person('ana'),
      text: '- first\n# second',
      happenedAt: at('01:55'),
    });
  const identity = { channel: 'C42', ts: tsOf('02:05') };
  life.happens('02:07', { type: 'message-deleted', ...identity, happenedAt: at('02:07') });
  const mark = (time: string, kind: 'star' | 'pin' | 'hide', of: string): void => {
    const place = { channel: 'C42', ts: tsOf(of) };
    life.does(time, { type: 'mark-entry', by: person('ana'), mark: kind, on: true, entry: place });
  };
  mark('02:08', 'star', '02:03');
  mark('02:09', 'pin', '02:03');
  mark('02:10', 'hide', '02:04');
  return life;
}

function exported(life: Life, format: 'markdown' | 'json' | 'csv'): string {
  return exportTimeline(
    {
      incident: life.incident,
      items: readTimeline(life.entries).filter((item) => !item.marks?.hide),
      now: at('03:00'),
      names,
      sentence: (fact) => `it ${fact.type}`,
      link: ({ channel, ts }) => `https://x.slack.com/archives/${channel}/p${ts.replace('.', '')}`,
    },
    format,
  );
}

const when = z.iso.datetime();
const documented = z.strictObject({
  format: z.literal('tocsin-timeline'),
  version: z.literal(1),
  exportedAt: when,
  incident: z.strictObject({
    number: z.int().positive(),
    title: z.string(),
    severity: z.int().min(1).max(4),
    status: z.string(),
    private: z.boolean(),
    startedAt: when,
    declaredAt: when,
    resolvedAt: when.nullable(),
  }),
  entries: z.array(
    z.strictObject({
      number: z.int().positive(),
      at: when,
      kind: z.enum(['message', 'deleted', 'event']),
      event: z.string().nullable(),
      author: z.strictObject({ id: z.string().nullable(), name: z.string() }).nullable(),
      text: z.string(),
      reply: z.boolean(),
      files: z.array(z.strictObject({ id: z.string(), name: z.string(), link: z.string() })),
      edits: z.int().nonnegative(),
      editedAt: when.nullable(),
      starred: z.boolean(),
      keyEvent: z.boolean(),
      link: z.url().nullable(),
    }),
  ),
});

test('the JSON export has exactly the documented fields', () => {
  const document = documented.parse(JSON.parse(exported(busy(), 'json')));
  expect(document.entries.find(({ starred }) => starred)).toMatchObject({
    kind: 'message',
    event: null,
    author: { id: 'bea', name: 'Bea' },
    text: 'rolling back @Cai & watching',
    keyEvent: true,
    at: '2026-03-02T02:03:00.000Z',
    link: expect.stringContaining('/archives/C42/p'),
  });
});

test('the schema in the documentation takes the export, and nothing that lacks a field or has one more', () => {
  const page = readFileSync(join(root, 'docs/timeline-export.md'), 'utf8');
  const schema = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '{}') as object;
  const validate = new Ajv({ strict: false, formats: { 'date-time': /Z$/, uri: /^https?:/ } }).compile(
    schema,
  );
  const document = JSON.parse(exported(busy(), 'json')) as { entries: Record<string, unknown>[] };
  expect(validate(document) || validate.errors).toBe(true);
  for (const key of Object.keys(document.entries[0] ?? {})) {
    const { [key]: _gone, ...lacking } = document.entries[0] ?? {};
    expect(validate({ ...document, entries: [lacking] })).toBe(false);
  }
  expect(validate({ ...document, more: 1 })).toBe(false);
  for (const column of exported(busy(), 'csv').split('\r\n')[0]?.split(',') ?? []) {
    expect(page).toContain(`\`${column}\``);
  }
});

test.each(['markdown', 'json', 'csv'] as const)(
  'as %s, deleted words are not in it, and what people wrote is whole',
  (format) => {
    const long = 'x'.repeat(5_000);
    const life = busy().says('02:11', 'bea', long);
    const text = exported(life, format);
    expect(text).not.toMatch(/secret/);
    expect(text).toContain('message deleted');
    expect(text).toContain(long);
  },
);

test('the Markdown export reads as a list of days, and nobody can write markup into it', () => {
  const text = exported(busy(), 'markdown');
  expect(text.split('\n').slice(0, 5)).toEqual([
    '# Timeline of INC-42: Checkout is down',
    '',
    expect.stringMatching(
      /^SEV1, investigating\. \d+ entries, exported 2 March 2026 03:00 UTC\. Times are UTC\.$/,
    ),
    '',
    '## 2 March 2026',
  ]);
  expect(text).toContain('**Ana** (note): \\- first\\\n  \\# second');
  expect(text).toMatch(
    /\[02:03\]\(https:[^)]+\) \*\*Bea\*\*: rolling back @Cai & watching \(key event; starred\)/,
  );
});

test('a file is named after its incident and the moment it was asked for', () => {
  expect(exportFileName({ id: 42 }, 'markdown', at('02:03:09'))).toBe(
    'INC-42-timeline-2026-03-02T020309Z.md',
  );
});
