import { clean } from '../incident/text.ts';

/**
 * Foreign text in a Markdown document. Whatever a person or another system wrote reads as they wrote it, and none of
 * it is markup: no headings, lists, tables, code, quotes, HTML, images or links with a label. (A bare address shows
 * where it leads, so it is left as it is.) Rules: CommonMark 0.31 and GitHub's tables and strikethrough.
 */

/** Characters that start markup wherever they stand. */
const anywhere = /[\\`*[\]|~]/g;
/** An underscore inside a word (`error_rate`) is no emphasis; every other one could be. */
const underscore = /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
/** `&lt;` typed by a person must stay `&lt;`. */
const entity = /&(?=#|[a-z0-9]+;)/gi;
/** What makes a heading, a rule, a quote, a list, or the line under a heading or a table's head, at a line's start. */
const lineStart = /^[#+\-=:>]/;
const numberedItem = /^(\d{1,9})([.)])/;
/** Everything some reader takes for a line's end. */
const lineEnds = /\r\n?|[\n\v\f\u0085\u2028\u2029]/;

function escapeSpan(text: string): string {
  return text
    .replace(anywhere, '\\$&')
    .replace(underscore, '\\_')
    .replace(entity, '&amp;')
    .replace(/</g, '&lt;');
}

const escapeLine = (text: string): string =>
  escapeSpan(text).replace(lineStart, '\\$&').replace(numberedItem, '$1\\$2');

/** The text's lines, each escaped and safe at the start of a line; empty lines are dropped. */
export const escapeLines = (text: string): string[] =>
  text
    .split(lineEnds)
    .map((line) => clean(line).trim())
    .filter((line) => line !== '')
    .map(escapeLine);

/** The text on one line, for headings, table cells and the middle of a sentence. */
export const escapeInline = (text: string): string => escapeLines(text).join(' ');

/** One list item; the text's further lines stay inside it, each on a line of its own. */
export const listItem = (before: string, text: string, after = ''): string =>
  `- ${before}${escapeLines(text).join('\\\n  ')}${after}`;

/** A paragraph of foreign text, its lines kept. */
export const paragraph = (text: string): string => escapeLines(text).join('\\\n');

/** A link of ours with a label of ours. Only web addresses; anything else is the label alone. */
export function linked(label: string, address: string | null): string {
  const cleaned = clean(address ?? '');
  if (!/^https?:\/\//.test(cleaned)) return label;
  return `[${label}](${cleaned.replace(/[^!-~]|[\\()<>[\]"'`|*_~]/gu, (unsafe) => percentEncoded(unsafe))})`;
}

/** Not `encodeURIComponent` alone: it leaves brackets, quotes and `*_~` as they are. */
const percentEncoded = (character: string): string =>
  encodeURIComponent(character).replace(
    /[()'*_~]/g,
    (left) => `%${left.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** What the data cannot show, for people to fill in. The text is ours or escaped already. */
export const toAnswer = (question: string): string => `_To answer: ${question}_`;

/** A table; cells are escaped already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
