import type { Author } from '../incident/messages.ts';
import type { DeletedItem, FactItem, LineFact, MessageItem, TimelineItem } from '../incident/timeline.ts';
import { escapeInline, linked, listItem } from './markdown.ts';
import { nameIn, readableIn, type Story } from './story.ts';
import { clockTime, dayWords } from './wording.ts';

/** Whether a fact is a line of the story. What the bot notes about its own messages is not. */
const told: Record<LineFact['type'], boolean> = {
  acknowledged: true,
  'alert-attached': true,
  'alert-changed': true,
  'alert-remark': true,
  'alerts-cleared': true,
  canceled: true,
  'channel-changed': true,
  'channel-lost': true,
  'channel-opened': false,
  'channel-refused': true,
  'channel-renamed': true,
  'channel-requested': true,
  declared: true,
  declined: true,
  'draft-requested': false,
  'effect-failed': true,
  'fired-again': true,
  'kept-open': true,
  'ladder-exhausted': true,
  'member-joined': true,
  'member-left': true,
  'no-change-posted': true,
  'note-added': true,
  'nudge-posted': false,
  'nudge-snoozed': true,
  'nudge-stopped': true,
  nudged: true,
  'page-delivered': false,
  'page-failed': true,
  // What came of it (`people-paged`) says whom, by whose order and why.
  'page-ordered': false,
  'people-paged': true,
  'place-lost': false,
  posted: false,
  reopened: true,
  resolved: true,
  'role-assigned': true,
  'role-dropped': true,
  'severity-changed': true,
  'status-changed': true,
  'still-on-it': true,
  'still-on-it-asked': true,
  'ticket-recorded': true,
  unacknowledged: true,
  'update-posted': true,
  'history-wanted': false,
  'was-away': true,
};

/** The timeline minute by minute: one line per message or fact, with its words; days apart. Markdown. */
export function narrative(story: Story): string {
  const days: { day: string; lines: string[] }[] = [];
  for (const item of story.reading.items) {
    if (item.kind === 'fact' && !told[item.fact.type]) continue;
    const day = dayWords(item.at);
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(lineOf(story, item));
    else days.push({ day, lines: [lineOf(story, item)] });
  }
  return days.map(({ day, lines }) => `**${day}**\n\n${lines.join('\n')}`).join('\n\n');
}

function lineOf(story: Story, item: TimelineItem): string {
  if (item.kind === 'message') return messageLine(story, item);
  return item.kind === 'deleted' ? deletedLine(item) : factLine(story, item);
}

function messageLine(story: Story, item: MessageItem): string {
  const time = linked(clockTime(item.at), story.link(item));
  const files = item.files.map((file) => linked(escapeInline(file.name) || 'file', file.link));
  const attached = files.length > 0 ? ` (${files.length === 1 ? 'file' : 'files'}: ${files.join(', ')})` : '';
  const text = readableIn(story, item.text);
  const words = text.trim() === '' && files.length === 0 ? 'message without text' : text;
  const edited = item.edited ? ' (edited)' : '';
  return listItem(
    `${time} ${threadMark(item)}**${authorName(story, item.author)}**: `,
    words,
    `${edited}${attached}`,
  );
}

const deletedLine = (item: DeletedItem): string =>
  `- ${clockTime(item.at)} ${threadMark(item)}message deleted`;

/** A reply in a thread is marked: it answers something further up. */
const threadMark = (item: MessageItem | DeletedItem): string => (item.threadTs === null ? '' : '↳ ');

function authorName(story: Story, author: Author): string {
  if (author.user !== null) return nameIn(story, author.user) || 'somebody';
  return `${escapeInline(author.app ?? '') || 'an app'} (app)`;
}

function factLine(story: Story, { at, fact }: FactItem): string {
  const place = 'ts' in fact ? { channel: fact.channel, ts: fact.ts } : null;
  const time = linked(clockTime(at), place && story.link(place));
  return listItem(`${time} `, readableIn(story, story.sentence(fact)));
}
