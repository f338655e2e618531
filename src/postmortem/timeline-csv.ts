import type { ExportEntry } from './timeline-export.ts';

const columns: readonly (readonly [name: string, cell: (entry: ExportEntry) => string])[] = [
  ['number', ({ number }) => String(number)],
  ['time', ({ at }) => isoTime(at)],
  ['kind', ({ kind }) => kind],
  ['event', ({ event }) => event ?? ''],
  ['author', ({ author }) => author?.name ?? ''],
  ['author_id', ({ author }) => author?.id ?? ''],
  ['text', ({ text }) => text],
  ['reply', ({ isReply }) => yesNo(isReply)],
  ['files', ({ files }) => files.map(({ name, link }) => `${name} ${link}`.trim()).join('\n')],
  ['edits', ({ edits }) => String(edits)],
  ['last_edited', ({ editedAt }) => (editedAt === null ? '' : isoTime(editedAt))],
  ['starred', ({ isStarred }) => yesNo(isStarred)],
  ['key_event', ({ isKeyEvent }) => yesNo(isKeyEvent)],
  ['link', ({ link }) => link ?? ''],
];

const yesNo = (is: boolean): string => (is ? 'yes' : 'no');

/** UTC, to the millisecond. */
export const isoTime = (at: number): string => new Date(at).toISOString();

/** A head and one record for each entry, after RFC 4180: commas, CRLF, quotes doubled. UTF-8 without a mark in front. */
export const timelineCsv = (entries: readonly ExportEntry[]): string =>
  [columns.map(([name]) => name), ...entries.map((entry) => columns.map(([, cell]) => cell(entry)))]
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('');

/**
 * What a spreadsheet would take for a formula: one of `= + - @` (or their full-width twins), or a tab, carriage return
 * or line feed, also behind white space (OWASP, "CSV Injection"). Apostrophes in front count as part of it, so that
 * taking one away from what is defused gives back exactly what was written.
 */
const formula = /^'*\s*[=+\-@＝＋－＠\t\r\n]/u;

/** One cell: harmless in a spreadsheet, and quoted where it must be. */
export function csvCell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
