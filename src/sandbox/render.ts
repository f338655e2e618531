import { elementsOf } from './blockkit.ts';
import type { Json } from './json.ts';
import { isObject, objectAt, objectsAt, textAt } from './json.ts';
import type { User, Workspace } from './workspace.ts';

/** Messages, blocks and times as a person reads them, in plain text. All times are UTC. */

export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

export function nameOf(ws: Workspace, userId: string | null): string {
  if (userId === ws.app.userId) return ws.app.displayName;
  const user: User | undefined = userId ? ws.users.get(userId) : undefined;
  return user?.name ?? userId ?? 'someone';
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;

/** Fills the `{time}`-like tokens of Slack's date format; an unknown token stays as it is. */
function dateText(format: string, at: number, now: number): string {
  const date = new Date(at);
  const iso = date.toISOString();
  const short = `${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  const days = Math.floor(at / DAY_MS) - Math.floor(now / DAY_MS);
  const pretty = days === 0 ? 'today' : days === -1 ? 'yesterday' : days === 1 ? 'tomorrow' : short;
  const minutes = Math.round(Math.abs(at - now) / 60_000);
  const tokens: Readonly<Record<string, string>> = {
    date_num: iso.slice(0, 10),
    date: short,
    date_short: short,
    date_long: `${DAYS[date.getUTCDay()]}, ${short}`,
    date_pretty: pretty,
    date_short_pretty: pretty,
    date_long_pretty: pretty,
    day_divider_pretty: pretty,
    time: iso.slice(11, 16),
    time_secs: iso.slice(11, 19),
    ago: at <= now ? `${minutes} minutes ago` : `in ${minutes} minutes`,
  };
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => tokens[token] ?? whole);
}

function reference(ws: Workspace, inner: string): string {
  const [what, label] = split(inner, '|');
  if (what.startsWith('@')) return `@${label ?? nameOf(ws, what.slice(1))}`;
  if (what.startsWith('#')) return `#${ws.channels.get(what.slice(1))?.name ?? label ?? what.slice(1)}`;
  if (what.startsWith('!date^')) {
    const [, at = '0', format = ''] = what.split('^');
    return dateText(format, Number(at) * 1000, ws.clock.now());
  }
  if (what.startsWith('!subteam^'))
    return `@${ws.groups.get(what.slice(9))?.handle ?? label ?? what.slice(9)}`;
  if (what.startsWith('!')) return `@${what.slice(1)}`;
  return label ?? what.replace(/^mailto:/, '');
}

function split(text: string, by: string): [string, string | undefined] {
  const at = text.indexOf(by);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Slack's mrkdwn as read: mentions, links and dates resolved, entities and emphasis marks gone. */
export function readable(ws: Workspace, text: string): string {
  return unescapeText(
    text
      .replace(/(^|[\s(>])\*(?=\S)([^*\n]*\S)\*(?=$|[\s).,:;!?])/gm, '$1$2')
      .replace(/(^|[\s(>])_(?=\S)([^_\n]*\S)_(?=$|[\s).,:;!?])/gm, '$1$2')
      .replace(/<([^<>\n]+)>/g, (_, inner: string) => reference(ws, inner)),
  );
}

function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** A text object: mrkdwn is parsed, plain text is literal. */
export function textOf(ws: Workspace, object: unknown): string {
  const text = textAt(object, 'text');
  return isObject(object) && object.type === 'mrkdwn' ? readable(ws, text) : text;
}

/** What a button or input shows on its face: `[Acknowledge]`, `[⋯: Take comms, Severity]`, `[Pick a person ▾]`. */
function faceOf(ws: Workspace, element: Json): string {
  const options = [
    ...objectsAt(element, 'options'),
    ...objectsAt(element, 'option_groups').flatMap((g) => objectsAt(g, 'options')),
  ];
  const labels = options.map((option) => textOf(ws, option.text)).join(', ');
  if (element.type === 'button') return `[${textOf(ws, element.text)}]`;
  if (element.type === 'overflow') return `[⋯: ${labels}]`;
  if (element.type === 'image') return `(${textAt(element, 'alt_text')})`;
  const chosen = textOf(ws, objectAt(element, 'initial_option').text);
  return `[${chosen || textOf(ws, element.placeholder) || labels} ▾]`;
}

function leafText(ws: Workspace, leaf: Json): string {
  switch (leaf.type) {
    case 'link':
      return textAt(leaf, 'text') || textAt(leaf, 'url');
    case 'user':
      return `@${nameOf(ws, textAt(leaf, 'user_id'))}`;
    case 'usergroup':
      return `@${ws.groups.get(textAt(leaf, 'usergroup_id'))?.handle ?? textAt(leaf, 'usergroup_id')}`;
    case 'channel':
      return `#${ws.channels.get(textAt(leaf, 'channel_id'))?.name ?? textAt(leaf, 'channel_id')}`;
    case 'emoji':
      return `:${textAt(leaf, 'name')}:`;
    case 'broadcast':
      return `@${textAt(leaf, 'range')}`;
    case 'date':
      return dateText(textAt(leaf, 'format'), Number(leaf.timestamp) * 1000, ws.clock.now());
    default:
      return textAt(leaf, 'text');
  }
}

function richTextOf(ws: Workspace, block: Json): string {
  const parts = objectsAt(block, 'elements').map((container) => {
    if (container.type === 'rich_text_list') {
      const mark = (index: number) => (container.style === 'ordered' ? `${index + 1}.` : '•');
      return objectsAt(container, 'elements')
        .map((item, index) => `${mark(index)} ${leaves(ws, item)}`)
        .join('\n');
    }
    const text = leaves(ws, container);
    return container.type === 'rich_text_quote' ? text.replace(/^/gm, '> ') : text;
  });
  return parts.map((part) => part.replace(/\n$/, '')).join('\n');
}

function leaves(ws: Workspace, container: Json): string {
  return objectsAt(container, 'elements')
    .map((leaf) => leafText(ws, leaf))
    .join('');
}

/** One block in lines of text. */
export function blockText(ws: Workspace, block: Json): string {
  const faces = elementsOf(block).map((element) => faceOf(ws, element));
  switch (block.type) {
    case 'divider':
      return '────';
    case 'actions':
      return faces.join(' ');
    case 'context':
      return objectsAt(block, 'elements')
        .map((element) => (element.type === 'image' ? faceOf(ws, element) : textOf(ws, element)))
        .join(' ');
    case 'rich_text':
      return richTextOf(ws, block);
    case 'markdown':
      return textAt(block, 'text').replaceAll('**', '');
    case 'image':
      return `(image: ${textAt(block, 'alt_text')})`;
    case 'table':
      return tableText(ws, block);
    default: {
      const fields = objectsAt(block, 'fields').map((field) => textOf(ws, field));
      const text = [textOf(ws, block.text), ...fields].filter(Boolean).join('\n');
      return [text, ...faces].join(' ');
    }
  }
}

function tableText(ws: Workspace, block: Json): string {
  const rows = Array.isArray(block.rows) ? block.rows : [];
  return rows
    .map((row) => (Array.isArray(row) ? row.filter(isObject) : []))
    .map((cells) =>
      cells
        .map((cell) => (cell.type === 'rich_text' ? richTextOf(ws, cell) : textAt(cell, 'text')))
        .join(' | '),
    )
    .join('\n');
}

/** What stands in a message: its blocks where it has some, else its text. */
export function contentText(ws: Workspace, { text, blocks }: { text: string; blocks: Json[] }): string {
  if (blocks.length === 0) return readable(ws, text);
  return blocks
    .map((block) => blockText(ws, block))
    .filter((line) => line !== '')
    .join('\n');
}
