import type { ActionsBlock, RichTextElement, StaticSelect } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import type { Mark } from '../incident/marks.ts';
import { isHidden, leadsTo, type MessageItem, type TimelineItem } from '../incident/timeline.ts';
import { encodePage, type Page, type PageRequest, type Position } from '../incident/timeline-page.ts';
import { type ActionId, encodeChoice } from './actions.ts';
import {
  actions,
  button,
  escaped,
  limits,
  type Message,
  message,
  oneLine,
  plain,
  type Screen,
} from './message.ts';
import { permalink } from './permalink.ts';
import { readable } from './readable.ts';
import { bold, date, flat, type Line, lines, nameOf, type Piece } from './rich-text.ts';
import { isNoise, sentence } from './sentence.ts';
import { byWords, count, idOf, titleOf } from './wording.ts';

/** Entries on one page when nobody says how many, and at the most: more would not be read. */
export const entriesDefault = 15;
export const entriesMax = 30;
/** Longest entry, and all of a page together: Slack refuses messages of more than some 13,000 characters. */
const entryLengthMax = 300;
const pageLengthMax = 6_000;
const filesMax = 5;
/** Longest name of an entry in a menu. */
const choiceLengthMax = 40;

/** Whose screen it is: their time zone (IANA, null: UTC), and the workspace's address for links. */
export interface Reader {
  timeZone: string | null;
  workspaceUrl: string;
}

/** Read by people: everything but the bot's own chores and what somebody hid. */
export const isShown = (item: TimelineItem): boolean => !isHidden(item) && !isChore(item);

/** What was hidden, and nothing else. */
export const isOnlyHidden = (item: TimelineItem): boolean => isHidden(item) && !isChore(item);

const isChore = (item: TimelineItem): boolean => item.kind === 'fact' && isNoise(item.fact);

/** A user or a group, as a value of its own or mentioned in a text. */
const namedIds =
  /<@([UW][A-Z0-9]{2,30})|<!subteam\^(S[A-Z0-9]{2,30})|"(?:user|to|from|before|owner)":"([UW][A-Z0-9]{2,30})"/g;

/** Ids of the people and groups whose names an entry shows. */
export const namedIn = (item: TimelineItem): string[] =>
  [...JSON.stringify(item).matchAll(namedIds)].flatMap(
    ([, user, group, value]) => user ?? group ?? value ?? [],
  );

interface Shown {
  incident: Incident;
  /** How many entries are hidden altogether. */
  hidden: number;
  reader: Reader;
  screen: Screen;
}

/**
 * One page of the timeline for one reader, oldest entry first, the days in the reader's own zone. Under it, menus to
 * star, make a key event of, or hide an entry, and buttons to the pages beside it.
 */
export function timelineMessage(page: Page, request: PageRequest, shown: Shown): Message {
  const { items, older, newer } = page;
  const { incident, screen } = shown;
  const whose = `${idOf(incident)}: ${titleOf(incident, 100)}`;
  const title = request.isHidden ? `Hidden from the timeline of ${whose}` : `Timeline of ${whose}`;
  const total = items.length + older + newer;
  const span =
    items.length === 0 ? 'Nothing here.' : `Entries ${older + 1} to ${older + items.length} of ${total}`;
  const lengthMax = Math.min(entryLengthMax, Math.floor(pageLengthMax / Math.max(1, items.length)));
  const entries = items.map((item) => entryLine(item, shown, lengthMax));
  return message(
    [escaped(`${title}. ${span}`), ...entries.map((entry) => flat(screen, ...entry))].join('\n'),
    lines(title, span),
    lines(...withDays(items, entries, shown.reader.timeZone)),
    actions(...menus(items, request, shown)),
    actions(...pageButtons(page, request, shown)),
    lines(hint(request, screen)),
  );
}

/** A line with the day wherever another one begins. */
function withDays(
  items: readonly TimelineItem[],
  entries: readonly Piece[][],
  timeZone: string | null,
): Line[] {
  const dayOf = daysIn(timeZone);
  let before = '';
  return entries.flatMap((entry, index): Line[] => {
    const day = dayOf(items[index]?.at ?? 0);
    if (day === before) return [entry];
    before = day;
    return [bold(day), entry];
  });
}

const hint = ({ isHidden: onlyHidden }: PageRequest, { command }: Screen): string =>
  onlyHidden
    ? `These are in no view, export or postmortem draft. Back: ${command} timeline`
    : `By number: ${command} timeline star 12, also unstar, key, unkey, hide, show. As a file: ${command} timeline export`;

type Element = ActionsBlock['elements'][number];

function pageButtons(
  { items, older, newer }: Page,
  request: PageRequest,
  { incident, hidden }: Shown,
): (Element | null)[] {
  const [first, last] = [items[0], items.at(-1)];
  const go = (label: string, action: ActionId, to: PageRequest) =>
    button(label, action, { incident: incident.id, id: encodePage(to) });
  const beside = (side: 'before' | 'after', { at, seq }: Position): PageRequest => ({
    ...request,
    from: { side, position: { at, seq } },
  });
  const latest: PageRequest = { ...request, from: 'latest' };
  return [
    older > 0 && first ? go(`Older (${older})`, 'timeline-older', beside('before', first)) : null,
    newer > 0 && last ? go(`Newer (${newer})`, 'timeline-newer', beside('after', last)) : null,
    newer > 0 ? go('Latest', 'timeline-latest', latest) : null,
    !request.isHidden && hidden > 0
      ? go(`Hidden (${hidden})`, 'timeline-hidden', { ...latest, isHidden: true })
      : null,
    request.isHidden ? go('Back to the timeline', 'timeline-hidden', { ...latest, isHidden: false }) : null,
  ];
}

/** What a menu does to an entry, as it begins: "Star #12 …". */
type Deed = readonly [words: string, mark: Mark, on: boolean];

const deeds: Record<Mark, (item: TimelineItem) => Deed> = {
  star: ({ marks }) => (marks?.star ? ['Unstar', 'star', false] : ['Star', 'star', true]),
  pin: ({ marks }) => (marks?.pin ? ['No key event', 'pin', false] : ['Key event', 'pin', true]),
  hide: ({ marks }) => (marks?.hide ? ['Show', 'hide', false] : ['Hide', 'hide', true]),
};

const menuNames: Record<Mark, string> = { star: 'Star…', pin: 'Key event…', hide: 'Hide…' };

/** One menu for each mark, with the entries of the page in it. Deleted messages are past marking. */
function menus(items: readonly TimelineItem[], request: PageRequest, shown: Shown): (Element | null)[] {
  const markable = items.filter((item) => item.kind !== 'deleted');
  const [first] = items;
  if (!first || markable.length === 0) return [];
  // The page is shown again from its first entry on.
  const again: PageRequest = { ...request, from: { side: 'at', position: { at: first.at, seq: first.seq } } };
  const marks: readonly Mark[] = request.isHidden ? ['hide'] : ['star', 'pin', 'hide'];
  return marks.map((mark): StaticSelect => {
    const options = markable.slice(0, limits.options).map((item) => {
      const [words, , on] = deeds[mark](item);
      const id = encodeMarking({ on, seq: item.seq, request: again });
      return {
        text: plain(
          oneLine(`${words} #${item.seq} ${said(item, shown.screen, choiceLengthMax)}`, choiceLengthMax),
        ),
        value: encodeChoice(`mark-${mark}`, { incident: shown.incident.id, id }),
      };
    });
    const placeholder = plain(request.isHidden ? 'Show again…' : menuNames[mark]);
    return { type: 'static_select', action_id: `mark-${mark}` satisfies ActionId, placeholder, options };
  });
}

/** Its time (a link where it is or stems from a message), what it says, and its marks in words. */
function entryLine(item: TimelineItem, { reader, screen }: Shown, lengthMax: number): Piece[] {
  const { marks = {} } = item;
  const place = leadsTo(item);
  const threadTs = item.kind === 'message' ? item.threadTs : null;
  const link = place && permalink(reader.workspaceUrl, place, threadTs);
  return [
    timeOf(item.at, link, screen),
    ` ${said(item, screen, lengthMax)}`,
    ...(item.kind === 'message' ? editedWords(item, screen) : []),
    marks.pin ? ' · key event' : '',
    marks.star ? ' · starred' : '',
    ...(marks.hide ? [` · hidden by ${byWords(marks.hide.by, screen)} `, date(marks.hide.at, screen)] : []),
    item.kind === 'deleted' ? '' : ` · #${item.seq}`,
  ];
}

/** The day stands above it. */
function timeOf(at: number, link: string | null, screen: Screen): RichTextElement {
  const shown = date(at, screen);
  return shown.type === 'date' ? { ...shown, format: '{time}', ...(link !== null && { url: link }) } : shown;
}

function said(item: TimelineItem, screen: Screen, lengthMax: number): string {
  if (item.kind === 'fact') return oneLine(sentence(item.fact, screen), lengthMax);
  const reply = item.threadTs === null ? '' : '(reply) ';
  if (item.kind === 'deleted') return `${reply}message deleted`;
  const { user, app } = item.author;
  const author = user === null ? oneLine(app ?? '', 60, 'an app') : nameOf(user, screen);
  const files = item.files.slice(0, filesMax).map(({ name }) => `[${oneLine(name, 60, 'a file')}]`);
  const text = [readable(item.text, screen), ...files].join(' ');
  const words = oneLine(text, lengthMax, 'message without text');
  return oneLine(`${reply}${author}: ${words}`, lengthMax);
}

/** `(edited 10:07)`, `(edited 3 times, last 10:07)`. Its earlier words are not shown: somebody took them back. */
function editedWords({ edited, editedAt, revisions }: MessageItem, screen: Screen): Piece[] {
  if (!edited) return [];
  const times = revisions < 2 ? '' : ` ${count(revisions, 'time')}${editedAt === undefined ? '' : ', last'}`;
  return [` (edited${times}`, ...(editedAt === undefined ? [] : [' ', date(editedAt, screen)]), ')'];
}

/** What a choice of a menu asks for, besides its mark, and which page is to be shown again. */
interface Marking {
  on: boolean;
  seq: number;
  request: PageRequest;
}

/** `+2f:f15.m7q2x9a0.12`: a choice has room for 75 characters. */
const encodeMarking = ({ on, seq, request }: Marking): string =>
  `${on ? '+' : '-'}${seq.toString(36)}:${encodePage(request)}`;

/** The marking and, still encoded, its page; null for anything else. */
export function decodeMarking(text: string): { on: boolean; seq: number; page: string } | null {
  const parts = /^([+-])([0-9a-z]{1,8}):(.{1,40})$/.exec(text);
  return parts && { on: parts[1] === '+', seq: Number.parseInt(parts[2] ?? '', 36), page: parts[3] ?? '' };
}

/** `Monday 2 March 2026` in that zone; UTC where the zone is not known. */
function daysIn(timeZone: string | null): (at: number) => string {
  const format = formatter(timeZone ?? 'UTC') ?? formatter('UTC');
  return (at) => format?.format(at).replaceAll(',', '') ?? '';
}

function formatter(timeZone: string): Intl.DateTimeFormat | null {
  const parts = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone });
  } catch {
    return null;
  }
}
