import type { Author } from '../incident/messages.ts';
import type { DeletedItem, FactItem, LineFact, MessageItem, TimelineItem } from '../incident/timeline.ts';
import { escapeInline, linked, listItem } from './markdown.ts';
import { linkOf, nameIn, readableIn, type Story } from './story.ts';
import { clockTime, dayWords } from './wording.ts';

/** Whether a fact is a line of the story. What the bot notes about its own messages is not. */
const told: Record<LineFact['type'], boolean> = {
  absorbed: true,
  acknowledged: true,
  'alert-attached': true,
  'alert-changed': true,
  'alert-details-read': true,
  'alert-remark': true,
  'alerts-cleared': true,
  'call-set': true,
  canceled: true,
  'channel-changed': true,
  'channel-lost': true,
  'channel-opened': false,
  'channel-refused': true,
  'channel-renamed': true,
  'channel-requested': true,
  'close-undone': true,
  closed: true,
  declared: true,
  declined: true,
  'draft-requested': false,
  'effect-failed': true,
  'call-retried': false,
  'call-discarded': false,
  // Writing it up is no part of what is written up.
  'canvas-noted': false,
  'postmortem-due-set': false,
  'postmortem-edited': false,
  'postmortem-exported': false,
  'postmortem-owner-set': false,
  'postmortem-reminded': false,
  'postmortem-restored': false,
  'postmortem-review-undone': false,
  'postmortem-reviewed': false,
  'postmortem-snoozed': false,
  'postmortem-stopped': false,
  'postmortem-zone-noted': false,
  'export-requested': false,
  'fired-again': true,
  'page-linked': true,
  'pagerduty-asked': false,
  'pagerduty-calling': true,
  'pagerduty-failed': true,
  'pagerduty-priority-set': false,
  'kept-apart': false,
  'kept-open': true,
  'ladder-exhausted': true,
  'limit-met': false,
  'made-private': true,
  'member-joined': true,
  'member-left': true,
  merged: true,
  'no-change-posted': true,
  'note-added': true,
  'nudge-posted': false,
  'nudge-snoozed': true,
  'nudge-stopped': true,
  'nudge-started': true,
  'command-confirmed': false,
  paused: true,
  'pause-ended': true,
  nudged: true,
  'offer-declined': true,
  'offer-failed': true,
  'offer-posted': false,
  'offer-reminded': false,
  'offer-unanswered': true,
  'offer-withdrawn': true,
  'page-delivered': false,
  'page-failed': true,
  // What came of it (`people-paged`) says whom, by whose order and why.
  'page-ordered': false,
  'people-paged': true,
  'slack-quiet': true,
  'webhook-told': false,
  'webhook-failed': true,
  'place-lost': false,
  posted: false,
  'help-called': false,
  renamed: true,
  reopened: true,
  'runbook-added': true,
  resolved: true,
  'role-assigned': true,
  'role-dropped': true,
  'role-offered': true,
  'same-reported': true,
  separated: true,
  'severity-changed': true,
  'status-changed': true,
  'still-on-it': true,
  'still-on-it-asked': true,
  'ticket-recorded': true,
  unacknowledged: true,
  'update-posted': true,
  'followup-added': true,
  'followup-done': true,
  'followup-removed': false,
  'followup-snoozed': false,
  'followups-asked': false,
  'followups-given-up': false,
  'history-wanted': false,
  'commands-missed': false,
  'was-away': true,
};

/** The timeline minute by minute: one line per message or fact, with its words; days apart. Markdown. */
export function narrative(story: Story): string {
  const days: { day: string; lines: string[] }[] = [];
  for (const item of story.reading.items) {
    if (isHidden(item) || (item.kind === 'fact' && !told[item.fact.type])) continue;
    const day = dayWords(item.at);
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(lineOf(story, item));
    else days.push({ day, lines: [lineOf(story, item)] });
  }
  return days.map(({ day, lines }) => `**${day}**\n\n${lines.join('\n')}`).join('\n\n');
}

/** Somebody took it out of view: it is not in the draft either. */
export const isHidden = (item: TimelineItem): boolean => item.marks?.hide !== undefined;

/** Quotes that one draft shows; more are no choice any more. */
const quotesMax = 30;

/** What people starred, word for word, before the timeline. Empty when nobody starred anything. */
export function quotes(story: Story): string {
  const starred = story.reading.items.filter((item) => item.marks?.star && !isHidden(item));
  if (starred.length === 0) return '';
  const left = starred.length - quotesMax;
  const more = left > 0 ? [`- And ${left} more.`] : [];
  const lines = starred.slice(0, quotesMax).map((item) => lineOf(story, item));
  return ['**Quotes**', [...lines, ...more].join('\n')].join('\n\n');
}

function lineOf(story: Story, item: TimelineItem): string {
  if (item.kind === 'message') return messageLine(story, item);
  return item.kind === 'deleted' ? deletedLine(item) : factLine(story, item);
}

function messageLine(story: Story, item: MessageItem): string {
  const time = linked(clockTime(item.at), linkOf(story, item));
  const files = item.files.map((file) => linked(escapeInline(file.name) || 'file', file.link));
  const attached = files.length > 0 ? ` (${files.length === 1 ? 'file' : 'files'}: ${files.join(', ')})` : '';
  const text = readableIn(story, item.text);
  const words = text.trim() === '' && files.length === 0 ? 'message without text' : text;
  const edited = item.edited ? ' (edited)' : '';
  return listItem(
    `${time} ${keyMark(item)}${threadMark(item)}**${authorName(story, item.author)}**: `,
    words,
    `${edited}${attached}`,
  );
}

const deletedLine = (item: DeletedItem): string =>
  `- ${clockTime(item.at)} ${threadMark(item)}message deleted`;

/** A reply in a thread is marked: it answers something further up. */
const threadMark = (item: MessageItem | DeletedItem): string => (item.threadTs === null ? '' : '↳ ');

/** Somebody pinned it: the reader who skims stops here. */
const keyMark = (item: TimelineItem): string => (item.marks?.pin ? '**Key event** ' : '');

function authorName(story: Story, author: Author): string {
  if (author.user !== null) return nameIn(story, author.user) || 'somebody';
  return `${escapeInline(author.app ?? '') || 'an app'} (app)`;
}

function factLine(story: Story, item: FactItem): string {
  const { at, fact } = item;
  const time = linked(clockTime(at), linkOf(story, item));
  return listItem(`${time} ${keyMark(item)}`, readableIn(story, story.sentence(fact)));
}
