import { closesFence, fenceOf } from './fence.ts';
import { escapeHtml, inlineHtml } from './html-inline.ts';

const heading = /^(#{1,6}) +(.*)$/;
const bullet = /^( {0,12})[-+*] +(.*)$/;
const numbered = /^( {0,12})\d{1,9}[.)] +(.*)$/;
const quote = /^ {0,3}> ?(.*)$/;
const tableRow = /^\|(.*)\|\s*$/;
const tableRule = /^\|(?: *:?-{3,}:? *\|)+\s*$/;

/** A run of lines that became one piece of HTML, and where the next begins. */
interface Block {
  html: string;
  next: number;
}

/** Markdown as HTML, block by block. Linear; whatever is no known block is a paragraph of text. */
export function blocksHtml(lines: readonly string[]): string {
  const html: string[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? '';
    if (line.trim() === '') {
      index += 1;
      continue;
    }
    const block = blockAt(lines, index);
    html.push(block.html);
    index = block.next;
  }
  return html.join('\n');
}

function blockAt(lines: readonly string[], index: number): Block {
  const line = lines[index] ?? '';
  const mark = fenceOf(line);
  if (mark !== null) return codeBlock(lines, index, mark);
  const head = heading.exec(line);
  if (head?.[1]) return { html: headingHtml(head[1].length, head[2] ?? ''), next: index + 1 };
  if (tableRow.test(line) && tableRule.test(lines[index + 1] ?? '')) return tableBlock(lines, index);
  if (bullet.test(line)) return listBlock(lines, index, 'ul', bullet);
  if (numbered.test(line)) return listBlock(lines, index, 'ol', numbered);
  if (quote.test(line)) return quoteBlock(lines, index);
  return paragraphBlock(lines, index);
}

function headingHtml(rank: number, text: string): string {
  return `<h${rank}>${inlineHtml(text.trim())}</h${rank}>`;
}

const undone = (line: string): string =>
  line.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function codeBlock(lines: readonly string[], index: number, mark: string): Block {
  let next = index + 1;
  while (next < lines.length && !closesFence(lines[next] ?? '', mark)) next += 1;
  const code = lines
    .slice(index + 1, next)
    .map(undone)
    .join('\n');
  return { html: `<pre><code>${escapeHtml(code)}</code></pre>`, next: next + 1 };
}

/** Cells end at a pipe that is not escaped. */
const cellsOf = (line: string): string[] =>
  (tableRow.exec(line.trim())?.[1] ?? '').split(/(?<!\\)\|/).map((cell) => cell.trim());

function tableBlock(lines: readonly string[], index: number): Block {
  const head = cellsOf(lines[index] ?? '');
  let next = index + 2;
  while (next < lines.length && tableRow.test(lines[next] ?? '')) next += 1;
  const rows = lines.slice(index + 2, next).map((line) => {
    const cells = head.map((_name, column) => inlineHtml(cellsOf(line)[column] ?? ''));
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const names = head.map((name) => `<th scope="col">${inlineHtml(name)}</th>`).join('');
  return {
    html: `<div class="wide"><table><thead><tr>${names}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`,
    next,
  };
}

/** Items of one list, deeper ones in the same row of items; lines that are indented go on with their item. */
function listBlock(lines: readonly string[], index: number, tag: 'ul' | 'ol', item: RegExp): Block {
  const items: string[][] = [];
  let next = index;
  while (next < lines.length) {
    const line = lines[next] ?? '';
    const begun = item.exec(line);
    if (begun) items.push([begun[2] ?? '']);
    else if (/^ {2,}\S/.test(line)) items.at(-1)?.push(line.trim());
    else break;
    next += 1;
  }
  const html = items.map((parts) => `<li>${linesHtml(parts)}</li>`).join('\n');
  return { html: `<${tag}>\n${html}\n</${tag}>`, next };
}

function quoteBlock(lines: readonly string[], index: number): Block {
  const inside: string[] = [];
  let next = index;
  while (next < lines.length) {
    const quoted = quote.exec(lines[next] ?? '');
    if (!quoted) break;
    inside.push(quoted[1] ?? '');
    next += 1;
  }
  return { html: `<blockquote><p>${linesHtml(inside)}</p></blockquote>`, next };
}

const startsBlock = (line: string): boolean =>
  line.trim() === '' ||
  fenceOf(line) !== null ||
  heading.test(line) ||
  bullet.test(line) ||
  numbered.test(line) ||
  quote.test(line);

function paragraphBlock(lines: readonly string[], index: number): Block {
  let next = index + 1;
  while (next < lines.length && !startsBlock(lines[next] ?? '')) next += 1;
  return { html: `<p>${linesHtml(lines.slice(index, next))}</p>`, next };
}

/** A backslash or two spaces at a line's end keep the break, as in Markdown. */
const linesHtml = (lines: readonly string[]): string =>
  lines
    .map((line, index) => {
      const isBroken = index < lines.length - 1 && /(?:(?<!\\)\\| {2})$/.test(line);
      const words = inlineHtml(line.replace(isBroken ? /(?:\\| +)$/ : /\s+$/, '').trimStart());
      return isBroken ? `${words}<br>` : words;
    })
    .join('\n');
