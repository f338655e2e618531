import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Block, Message, type MessageProps } from 'slack-blocks-to-jsx';
import type { Json } from '../json.ts';
import { isObject, objectAt, objectsAt, textAt } from '../json.ts';
import { SITE } from '../pagerduty-events.ts';
import { nameOf } from '../render.ts';
import type { User, Workspace } from '../workspace.ts';
import { dateWords } from './block-dates.ts';
import { emojiOf, nameByParser } from './emoji.tsx';
import { isSafeAddress, mrkdwnElements, plainElements } from './mrkdwn.ts';

/**
 * Layout blocks as HTML, drawn by slack-blocks-to-jsx. Every text comes to it as rich_text, in which it parses nothing
 * (see mrkdwn.ts). Its own ids, inline styles and preloads are taken off: they repeat on a page, or its rules refuse them.
 */

/** Who looks, and at what. */
export interface Eyesight {
  ws: Workspace;
  viewer: User;
}

/** One text object, or '' for none. */
export function textHtml(sight: Eyesight, text: unknown): string {
  if (!isObject(text) || textAt(text, 'text') === '') return '';
  const words = textAt(text, 'text');
  if (text.type === 'mrkdwn' && !mayBeMarked.test(words)) return unmarked(words);
  const elements =
    text.type === 'mrkdwn' ? mrkdwnElements(words) : plainElements(words, text.emoji !== false);
  return blockHtml(sight, { type: 'rich_text', elements });
}

/** Nothing in a text without one of these means more than its letters. */
const mayBeMarked = /[*_~`<>&\n]|:[a-z0-9_+'-]+:|https?:/;

/** Most of what people say: thousands of lines need not go through the library. */
const unmarked = (words: string): string =>
  renderToStaticMarkup(<p className="slack_blocks_to_jsx__rich_text_section_element">{words}</p>);

/** mrkdwn or plain text, which flows with what stands around it. */
export function Words({ text, ...sight }: Eyesight & { text: unknown }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: React drew it, every text in it is escaped
  return <div className="bk-text" dangerouslySetInnerHTML={{ __html: textHtml(sight, text) }} />;
}

/** What stands in a message without blocks, a topic or a purpose: mrkdwn all of them. */
export function Mrkdwn({ text, ...sight }: Eyesight & { text: string }) {
  return <Words {...sight} text={{ type: 'mrkdwn', text }} />;
}

/** A block that the library lays out. */
export function Drawn({ block, ...sight }: Eyesight & { block: Json }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: React drew it, every text in it is escaped
  return <div className="bk-text" dangerouslySetInnerHTML={{ __html: blockHtml(sight, block) }} />;
}

/** The newest texts that were drawn; the same ones stand before many eyes. */
const cache = new Map<string, string>();
const cachedMax = 5_000;

function blockHtml(sight: Eyesight, block: Json): string {
  const json = JSON.stringify(block.type === 'table' ? withLiteralCells(block) : block);
  const key = `${sight.viewer.id} ${shownNames(sight.ws, json)} ${minuteOf(sight, json)} ${json}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const html = cleaned(renderToStaticMarkup(messageOf(sight, JSON.parse(json) as Block)));
  const oldest = cache.size >= cachedMax ? cache.keys().next().value : undefined;
  if (oldest !== undefined) cache.delete(oldest);
  cache.set(key, html);
  return html;
}

/** Names change under what stays the same. */
const shownNames = (ws: Workspace, json: string): string =>
  [...json.matchAll(/"(?:user|channel|usergroup)_id":"([^"]*)"/g)]
    .map(
      ([, id = '']) => ws.users.get(id)?.name ?? ws.channels.get(id)?.name ?? ws.groups.get(id)?.handle ?? id,
    )
    .join();

/** "Today" and "5 minutes ago" change too. */
const minuteOf = ({ ws }: Eyesight, json: string): string =>
  json.includes('"type":"date"') ? String(Math.floor(ws.clock.now() / 60_000)) : '';

const messageOf = (sight: Eyesight, block: Block) => (
  <Message blocks={[block]} name="" logo="" withoutWrapper unstyled hooks={hooksOf(sight)} />
);

/** The library would parse a raw cell as mrkdwn. */
const withLiteralCells = (table: Json): Json => ({
  ...table,
  rows: (Array.isArray(table.rows) ? table.rows : []).map((row: unknown) =>
    (Array.isArray(row) ? row : []).map((cell: unknown) =>
      isObject(cell) && cell.type === 'raw_text'
        ? { type: 'rich_text', elements: plainElements(textAt(cell, 'text'), false) }
        : cell,
    ),
  ),
});

/** Attributes of React's HTML hold no `>`: whatever looks like a tag is one. */
function cleaned(html: string): string {
  return html.replace(/<[a-z][^>]*>/g, (tag) => {
    if (tag.startsWith('<link ')) return '';
    if (tag.startsWith('<img ')) return pictureElsewhere(attributeOf(tag, 'src'), attributeOf(tag, 'alt'));
    if (tag.startsWith('<input ')) return / checked/.test(tag) ? '☑' : '☐';
    return tag
      .replace(/ style="margin-left:(\d+)px"/, (_, px: string) => ` data-indent="${Number(px) / indentPx}"`)
      .replace(/ (?:id|style|data-theme|data-user-id)="[^"]*"/g, '')
      .replace(/ href="([^"]*)"/, (whole, url: string) => (isAllowed(url) ? whole : ''));
  });
}

/** The library's, for each level of a list. */
const indentPx = 28;

/** As it stands in the HTML, entities and all. */
const attributeOf = (tag: string, name: string): string =>
  new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? '';

/** Nothing is fetched from other hosts: pictures in Markdown become links. */
const pictureElsewhere = (url: string, alt: string): string =>
  isSafeAddress(url) ? `<a href="${url}" target="_blank" rel="noopener noreferrer">🖼 ${alt}</a>` : `🖼 ${alt}`;

const isAllowed = (url: string): boolean =>
  isSafeAddress(url) || /^\/[^/]/.test(url) || url === pagerdutyHere;

type Hooks = NonNullable<MessageProps['hooks']>;

function hooksOf({ ws, viewer }: Eyesight): Hooks {
  const broadcast = (words: string) => () => <span className="mention mine">{words}</span>;
  return {
    user: ({ id }) => (
      <span className={id === viewer.id ? 'mention mine' : 'mention'}>@{nameOf(ws, id)}</span>
    ),
    channel: ({ id }) => <ChannelLink ws={ws} viewer={viewer} id={id} />,
    usergroup: ({ id }) => <span className="mention">@{ws.groups.get(id)?.handle ?? id}</span>,
    atHere: broadcast('@here'),
    atChannel: broadcast('@channel'),
    atEveryone: broadcast('@everyone'),
    emoji: ({ name }, parse) => emojiOf(name, nameByParser(parse)),
    date: ({ timestamp, format, link, fallback }) => {
      const at = Number(timestamp) * 1000;
      if (!Number.isFinite(at)) return fallback;
      const words = dateWords(format, { at, now: ws.clock.now(), tz: viewer.tz });
      const time = <time dateTime={new Date(at).toISOString()}>{words}</time>;
      return link ? linkTo(link, time) : time;
    },
    link: ({ href, children }) => linkTo(href, children),
  };
}

/** What stands for the sites of this PagerDuty, which nobody serves: its panel, beside the same conversation. */
export const pagerdutyHere = '?side=pagerduty';

function ChannelLink({ ws, viewer, id }: Eyesight & { id: string }) {
  const channel = ws.channels.get(id);
  const isHidden = !channel || (channel.isPrivate && !channel.members.has(viewer.id));
  if (isHidden) return <span className="mention">🔒 private channel</span>;
  return (
    <a className="mention" href={`/as/${viewer.name}/in/${id}`}>
      #{channel.name}
    </a>
  );
}

const linkTo = (url: string, words: ReactNode): ReactNode =>
  url.startsWith(`${SITE}/`) ? (
    <a href={pagerdutyHere}>{words}</a>
  ) : isSafeAddress(url) ? (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {words}
    </a>
  ) : (
    <span>{words}</span>
  );

/** A text object in plain characters, for attributes and options: emoji drawn, marks as they are. */
export function plainWords(text: unknown): string {
  const words = textAt(text, 'text');
  const [section = {}] = plainElements(words, objectAt({ text }, 'text').emoji !== false);
  return objectsAt(section, 'elements')
    .map((leaf) => (leaf.type === 'emoji' ? emojiOf(textAt(leaf, 'name')) : textAt(leaf, 'text')))
    .join('');
}
