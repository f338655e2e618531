import type { RichTextBlock, RichTextElement, RichTextSection } from '@slack/types';
import { cut, escaped, oneLine, type Screen } from './message.ts';

/** Part of a line: a string is literal, whatever it contains. Empty and missing parts vanish. */
export type Piece = string | RichTextElement | null | undefined | false;
export type Line = Piece | readonly Piece[];

/** Longest literal run we put into one element. */
const runLengthMax = 2_900;

/** Lines of text as one rich_text block. Missing and empty lines vanish; null when nothing is left. */
export function lines(...all: readonly Line[]): RichTextBlock | null {
  const elements = all
    .map(elementsOf)
    .filter((line) => line.length > 0)
    .flatMap((line, index): RichTextElement[] => (index === 0 ? line : [text('\n'), ...line]));
  return elements.length === 0 ? null : richText({ type: 'rich_text_section', elements });
}

/** A bulleted list, null when empty. */
export function bullets(...all: readonly Line[]): RichTextBlock | null {
  const elements = all
    .map(elementsOf)
    .filter((line) => line.length > 0)
    .map((line): RichTextSection => ({ type: 'rich_text_section', elements: line }));
  return elements.length === 0 ? null : richText({ type: 'rich_text_list', style: 'bullet', elements });
}

const richText = (...elements: RichTextBlock['elements']): RichTextBlock => ({ type: 'rich_text', elements });

const isList = (line: Line): line is readonly Piece[] => Array.isArray(line);

const elementsOf = (line: Line): RichTextElement[] =>
  (isList(line) ? line : [line]).flatMap((piece) => {
    if (!piece) return [];
    return typeof piece === 'string' ? [text(cut(piece, runLengthMax))] : [piece];
  });

const text = (words: string): RichTextElement => ({ type: 'text', text: words });

export const bold = (words: string): RichTextElement | null =>
  words === '' ? null : { type: 'text', text: cut(words, runLengthMax), style: { bold: true } };

/** A user id as Slack writes it; anything else is shown as a name. */
const userId = /^[UW][A-Z0-9]{1,30}$/;
const channelId = /^[CGD][A-Z0-9]{1,30}$/;

/** Notifies them. Where nobody shall be disturbed, use `nameOf`. */
export const mention = (user: string, screen: Screen): RichTextElement =>
  userId.test(user) ? { type: 'user', user_id: user } : text(nameOf(user, screen));

/** Everybody who is at their screen, in the channel where it is posted. */
export const here: RichTextElement = { type: 'broadcast', range: 'here' };

/** Shows the channel's name and leads there; nobody is notified. */
export const channelLink = (channel: { id: string; name: string }): RichTextElement =>
  channelId.test(channel.id)
    ? { type: 'channel', channel_id: channel.id }
    : text(`#${oneLine(channel.name, 80, 'channel')}`);

/** A link that a person may follow; only the words when the address is not http(s). */
export const link = (words: string, url: string | null): RichTextElement =>
  url !== null && /^https?:\/\/[^\s<>|]{1,2900}$/.test(url) && URL.canParse(url)
    ? { type: 'link', url, text: words }
    : text(words);

const nameLengthMax = 60;

/** Their name, which notifies nobody. */
export const nameOf = (user: string, screen: Screen): string =>
  oneLine(screen.names(user), nameLengthMax, user || 'somebody');

/** Further away than this, a time needs its date. */
const sameDayMs = 18 * 3_600_000;

const isNear = (at: number, screen: Screen): boolean =>
  at - screen.now < sameDayMs && screen.now - at < sameDayMs;

const seconds = (at: number): number => Math.max(0, Math.floor(at / 1000));

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `03:27 UTC`, with the day (`2 Mar 03:27 UTC`) when it is not of today. For places that know no reader's zone. */
export function utc(at: number, screen: Screen): string {
  const date = new Date(seconds(at) * 1000);
  const time = `${date.toISOString().slice(11, 16)} UTC`;
  return isNear(at, screen) ? time : `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${time}`;
}

/** Every reader sees their own zone; `03:27 UTC` where Slack cannot know it. `at` epoch ms. */
export const date = (at: number, screen: Screen): RichTextElement => ({
  type: 'date',
  timestamp: seconds(at),
  format: isNear(at, screen) ? '{time}' : '{date_short_pretty} {time}',
  fallback: utc(at, screen),
});

/** The same in a message's `text`. */
export const dateText = (at: number, screen: Screen): string =>
  `<!date^${seconds(at)}^${isNear(at, screen) ? '{time}' : '{date_short_pretty} {time}'}|${utc(at, screen)}>`;

/** Pieces as a message's `text`: literal where they were literal, and whoever is mentioned in them is mentioned here. */
export function flat(screen: Screen, ...pieces: readonly Piece[]): string {
  return pieces.map((piece) => flatPiece(piece, screen)).join('');
}

function flatPiece(piece: Piece, screen: Screen): string {
  if (!piece) return '';
  if (typeof piece === 'string') return escaped(piece);
  switch (piece.type) {
    case 'text':
      return escaped(piece.text);
    case 'date':
      return dateText(piece.timestamp * 1000, screen);
    case 'user':
      return `<@${piece.user_id}>`;
    case 'channel':
      return `<#${piece.channel_id}>`;
    case 'link':
      return escaped(piece.text ?? piece.url);
    case 'broadcast':
      return `<!${piece.range}>`;
    case 'color':
    case 'emoji':
    case 'team':
    case 'usergroup':
      return '';
  }
}

/** Pieces as plain text that knows no reader's zone: for sentences that go into a file or a terminal. */
export const spelledOut = (pieces: readonly Piece[], screen: Screen): string =>
  pieces.map((piece) => plainPiece(piece, screen)).join('');

function plainPiece(piece: Piece, screen: Screen): string {
  if (!piece || typeof piece === 'string') return piece || '';
  if (piece.type === 'date') return utc(piece.timestamp * 1000, screen);
  if (piece.type === 'user') return nameOf(piece.user_id, screen);
  return 'text' in piece ? (piece.text ?? '') : '';
}
