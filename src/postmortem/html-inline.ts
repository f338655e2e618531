/** Text that means nothing to an HTML reader: the only way in which words get into the page. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** How deep emphasis may nest; deeper marks are shown as they stand. */
const depthMax = 4;

const punctuation = /[!-/:-@[-`{-~]/;
const address = /^\]\((https?:\/\/[^\s()<>"']{1,2000}|mailto:[^\s()<>"']{1,300})\)/;
const entity = /^&(amp|lt|gt|quot|#39);/;
const decoded: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/**
 * One line of Markdown as HTML: escapes, emphasis, code, and links to web and mail addresses. Whatever is no markup of
 * these kinds is text, and every text is escaped; nothing of the source is ever copied as it is.
 */
export function inlineHtml(source: string, depth = 0): string {
  let html = '';
  let text = '';
  let index = 0;
  const flush = (): void => {
    html += escapeHtml(text);
    text = '';
  };
  while (index < source.length) {
    const found = depth < depthMax ? markAt(source, index, depth) : null;
    if (found) {
      flush();
      html += found.html;
      index = found.end;
      continue;
    }
    const literal = literalAt(source, index);
    text += literal.text;
    index = literal.end;
  }
  flush();
  return html;
}

/** The character that stands there, with its backslash or its entity undone. */
function literalAt(source: string, index: number): { text: string; end: number } {
  const character = source.charAt(index);
  const next = source.charAt(index + 1);
  if (character === '\\' && punctuation.test(next)) return { text: next, end: index + 2 };
  const coded = character === '&' ? entity.exec(source.slice(index, index + 8)) : null;
  if (coded) return { text: decoded[coded[1] ?? ''] ?? '', end: index + coded[0].length };
  return { text: character, end: index + 1 };
}

interface Mark {
  html: string;
  end: number;
}

function markAt(source: string, index: number, depth: number): Mark | null {
  switch (source.charAt(index)) {
    case '*':
      return source.startsWith('**', index)
        ? emphasis(source, index, '**', 'strong', depth)
        : emphasis(source, index, '*', 'em', depth);
    case '_':
      return isWord(source.charAt(index - 1)) ? null : emphasis(source, index, '_', 'em', depth);
    case '`':
      return code(source, index);
    case '[':
      return link(source, index);
    default:
      return null;
  }
}

const isWord = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);

function emphasis(
  source: string,
  index: number,
  mark: string,
  tag: 'strong' | 'em',
  depth: number,
): Mark | null {
  const from = index + mark.length;
  if (/^\s?$/.test(source.charAt(from))) return null;
  const end = closing(source, from, (at) => {
    if (!source.startsWith(mark, at) || /\s/.test(source.charAt(at - 1))) return false;
    return mark !== '_' || !isWord(source.charAt(at + 1));
  });
  if (end <= from) return null;
  return {
    html: `<${tag}>${inlineHtml(source.slice(from, end), depth + 1)}</${tag}>`,
    end: end + mark.length,
  };
}

function code(source: string, index: number): Mark | null {
  const end = source.indexOf('`', index + 1);
  if (end <= index + 1) return null;
  const words = source
    .slice(index + 1, end)
    .replace(/&(amp|lt|gt|quot|#39);/g, (_all, name: string) => decoded[name] ?? '');
  return { html: `<code>${escapeHtml(words)}</code>`, end: end + 1 };
}

function link(source: string, index: number): Mark | null {
  const labelEnd = closing(source, index + 1, (at) => source.charAt(at) === ']');
  if (labelEnd <= index + 1) return null;
  const found = address.exec(source.slice(labelEnd));
  if (!found?.[1]) return null;
  const label = inlineHtml(source.slice(index + 1, labelEnd), depthMax);
  return {
    html: `<a href="${escapeHtml(found[1])}" rel="noreferrer noopener">${label}</a>`,
    end: labelEnd + found[0].length,
  };
}

/** How far a mark's end is looked for: longer runs are no emphasis, and the cost stays linear. */
const reachMax = 2_000;

/** The first place at or after `from` that satisfies `ends` and is not escaped; -1 when there is none. */
function closing(source: string, from: number, ends: (at: number) => boolean): number {
  const until = Math.min(source.length, from + reachMax);
  for (let at = from; at < until; at += 1) {
    if (source.charAt(at) === '\\') at += 1;
    else if (ends(at)) return at;
  }
  return -1;
}
