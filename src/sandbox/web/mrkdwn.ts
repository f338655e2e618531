import type { Json } from '../json.ts';

/**
 * Slack's mrkdwn as the containers of a rich_text block, in which nothing is parsed any further. The library's own
 * parser decodes entities before it parses (`&lt;!here&gt;` would become a mention), takes Markdown's links, headings
 * and tables for markup, and breaks mentions with labels, so what foreigners wrote would not stay text.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function mrkdwnElements(text: string): Json[] {
  return text.split(/(```[\s\S]*?```)/).flatMap((part, index) => {
    if (index % 2 === 0) return part.trim() === '' ? [] : paragraphs(part.replace(/^\n|\n$/g, ''));
    const code = decoded(part.slice(3, -3)).replace(/^\n|\n$/g, '');
    return [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: code === '' ? ' ' : code }] }];
  });
}

/** Plain text as one section: literal, short names of emoji aside. */
export function plainElements(text: string, hasEmoji: boolean): Json[] {
  const found = hasEmoji ? text.split(/(:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)/) : [text];
  const leaves = found.flatMap((part, index) => {
    if (part === '') return [];
    return index % 2 === 1 ? [emojiLeaf(part, {})] : [{ type: 'text', text: part }];
  });
  return [{ type: 'rich_text_section', elements: leaves }];
}

const quoteMark = /^(?:>|&gt;) ?/;

/** Lines that begin with `>` are quotes, the others sections. */
function paragraphs(text: string): Json[] {
  const found: { isQuote: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const isQuote = quoteMark.test(line);
    const last = found.at(-1);
    const shown = isQuote ? line.replace(quoteMark, '') : line;
    if (last?.isQuote === isQuote) last.lines.push(shown);
    else found.push({ isQuote, lines: [shown] });
  }
  return found.map(({ isQuote, lines }) => ({
    type: isQuote ? 'rich_text_quote' : 'rich_text_section',
    elements: leavesOf(lines.join('\n'), {}),
  }));
}

type Style = Readonly<Record<string, true>>;

const emphasis: Readonly<Record<string, string>> = { '*': 'bold', _: 'italic', '~': 'strike' };
/** Code, a reference in angle brackets, an emoji, a bare address. */
const atom = /`([^`\n]+)`|<([^<>\n]+)>|(:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:)|(https?:\/\/[^\s<>|*~]+)/y;
const atomBegins: ReadonlySet<string> = new Set('`<:h');
/** Depth of emphasis within emphasis; Slack has three kinds of it. */
const depthMax = 3;

function leavesOf(text: string, style: Style): Json[] {
  const leaves: Json[] = [];
  const unclosed: Unclosed = new Map();
  let from = 0;
  const say = (until: number) => {
    if (until > from) leaves.push(textLeaf(decoded(text.slice(from, until)), style));
  };
  for (let at = 0; at < text.length; ) {
    const found = atomAt(text, at) ? atomLeaf(text, at, style) : emphasized(text, at, style, unclosed);
    if (found) {
      say(at);
      leaves.push(...found.leaves);
      at = found.end;
      from = at;
    } else at += 1;
  }
  say(text.length);
  return leaves;
}

interface Found {
  leaves: Json[];
  end: number;
}

/** Mark -> up to where it is known to close nothing: a line of thousands of them is read once. */
type Unclosed = Map<string, number>;

function atomAt(text: string, at: number): RegExpExecArray | null {
  if (!atomBegins.has(text[at] ?? '')) return null;
  atom.lastIndex = at;
  return atom.exec(text);
}

function atomLeaf(text: string, at: number, style: Style): Found | null {
  const found = atomAt(text, at);
  if (!found) return null;
  const [whole, code, inner, emoji, address] = found;
  const end = at + whole.length;
  if (code !== undefined) return { leaves: [textLeaf(decoded(code), { ...style, code: true })], end };
  if (inner !== undefined) return { leaves: [referenceLeaf(inner, style)], end };
  if (address !== undefined) {
    const url = address.replace(/[.,;:!?)'"]+$/, '');
    return { leaves: [linkLeaf(url, '', style)], end: at + url.length };
  }
  const isApart = !/\w/.test(text[at - 1] ?? ' ');
  return emoji !== undefined && isApart ? { leaves: [emojiLeaf(emoji, style)], end } : null;
}

/** `*bold*` and the like: marks at the edges of words, within one line. */
function emphasized(text: string, at: number, style: Style, unclosed: Unclosed): Found | null {
  const mark = text[at] ?? '';
  const name = emphasis[mark];
  if (name === undefined || style[name] || Object.keys(style).length >= depthMax) return null;
  if (/[\w*~]/.test(text[at - 1] ?? ' ') || /\s/.test(text[at + 1] ?? ' ')) return null;
  if (at < (unclosed.get(mark) ?? 0)) return null;
  const end = closingMark(text, at, mark);
  if (end === null) {
    const lineEnd = text.indexOf('\n', at);
    unclosed.set(mark, lineEnd < 0 ? text.length : lineEnd);
    return null;
  }
  return { leaves: leavesOf(text.slice(at + 1, end), { ...style, [name]: true }), end: end + 1 };
}

function closingMark(text: string, from: number, mark: string): number | null {
  for (let at = from + 1; at < text.length && text[at] !== '\n'; ) {
    const inside = atomAt(text, at);
    if (inside) at += inside[0].length;
    else if (text[at] === mark && at > from + 1 && isClosing(text, at)) return at;
    else at += 1;
  }
  return null;
}

const isClosing = (text: string, at: number): boolean =>
  !/\s/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + 1] ?? ' ');

function referenceLeaf(inner: string, style: Style): Json {
  const bar = inner.indexOf('|');
  const what = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? '' : decoded(inner.slice(bar + 1));
  if (what.startsWith('@')) return { type: 'user', user_id: what.slice(1), style };
  if (what.startsWith('#')) return { type: 'channel', channel_id: what.slice(1), style };
  if (what.startsWith('!subteam^')) return { type: 'usergroup', usergroup_id: what.slice(9), style };
  if (what.startsWith('!date^')) {
    const [, at = '0', format = '', url] = what.split('^');
    return { type: 'date', timestamp: Number(at), format: decoded(format), url, fallback: label, style };
  }
  if (/^!(here|channel|everyone)$/.test(what)) return { type: 'broadcast', range: what.slice(1), style };
  return what.startsWith('!') ? textLeaf(label || what, style) : linkLeaf(what, label, style);
}

/** What a link may lead to; anything else is shown as text. */
export const isSafeAddress = (url: string): boolean => /^(https?:\/\/|mailto:)\S+$/i.test(url);

function linkLeaf(address: string, label: string, style: Style): Json {
  const url = decoded(address);
  const text = label || url.replace(/^mailto:/i, '');
  return isSafeAddress(url) ? { type: 'link', url, text, style } : textLeaf(text, style);
}

const textLeaf = (text: string, style: Style): Json => ({ type: 'text', text, style });
const emojiLeaf = (name: string, style: Style): Json => ({ type: 'emoji', name: name.slice(1, -1), style });

const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
