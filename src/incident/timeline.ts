import type { By } from './by.ts';
import type { Fact } from './facts.ts';
import type { Place } from './incident.ts';
import type { Mark } from './marks.ts';
import type { Author, FileReference } from './messages.ts';
import { withheldWords, withoutWithheld } from './quotes.ts';

/**
 * One stored row of the timeline. `seq` counts from 1 within the incident, in the order of recording; `at` is when it
 * was recorded and `happenedAt` when it happened (Slack's time for messages, earlier for back-dated notes), epoch ms.
 * `cause` is the idempotency key of the command it came from.
 */
export interface TimelineEntry {
  incident: number;
  seq: number;
  at: number;
  happenedAt: number;
  cause: string;
  fact: Fact;
}

/** The marks that an entry bears now, each with who put it there first and when (epoch ms). */
export type Marks = Partial<Record<Mark, { by: By; at: number }>>;

/**
 * What every line of the read timeline has: `at` is when it happened, epoch ms; `seq` names the row it comes from.
 * `marks` is missing where there are none.
 */
interface ItemOrigin {
  seq: number;
  at: number;
  marks?: Marks;
}

/** A message as it reads now, its edits folded in. `threadTs` is set for replies only. */
export interface MessageItem extends ItemOrigin, Place {
  kind: 'message';
  threadTs: string | null;
  author: Author;
  text: string;
  files: FileReference[];
  edited: boolean;
  /** How often its text changed. */
  revisions: number;
  /** When it changed last, epoch ms; missing where it never did. */
  editedAt?: number;
}

/** Where a message was: neither its words nor its files nor its author are kept in view (product.md section 6). */
export interface DeletedItem extends ItemOrigin, Place {
  kind: 'deleted';
  threadTs: string | null;
}

/** Facts about an entry (a message's text, a mark, a quote, where it was said) are folded into that entry; every other fact is a line of its own. */
export type LineFact = Exclude<
  Fact,
  {
    type:
      | 'message-posted'
      | 'message-edited'
      | 'message-deleted'
      | 'entry-marked'
      | 'quote-withheld'
      | 'said'
      | 'alert-followed';
  }
>;

export interface FactItem extends ItemOrigin {
  kind: 'fact';
  fact: LineFact;
  /** Where the channel was told of it. */
  said?: Place;
}

export type TimelineItem = MessageItem | DeletedItem | FactItem;

type MarkFact = Extract<Fact, { type: 'entry-marked' }>;
type Marking = { at: number; fact: MarkFact };

/** The same items with their marks; a deleted message is marked no more. */
function marked(items: TimelineItem[], ordered: readonly TimelineEntry[]): TimelineItem[] {
  const markings = markingsOf(ordered);
  if (markings.size === 0) return items;
  return items.map((item): TimelineItem => {
    if (item.kind === 'deleted') return item;
    const bySeq = markings.get(`${item.seq}`) ?? [];
    const place = placeOf(item);
    const byPlace = place ? (markings.get(`${place.channel} ${place.ts}`) ?? []) : [];
    const marks = marksOf([...bySeq, ...byPlace]);
    return marks ? { ...item, marks } : item;
  });
}

/** By the entry they point at, in the order of recording. */
function markingsOf(ordered: readonly TimelineEntry[]): Map<string, (Marking & { seq: number })[]> {
  const found = new Map<string, (Marking & { seq: number })[]>();
  for (const { seq, at, fact } of ordered) {
    if (fact.type !== 'entry-marked') continue;
    const { entry } = fact;
    const key = 'seq' in entry ? `${entry.seq}` : `${entry.channel} ${entry.ts}`;
    const known = found.get(key);
    if (known) known.push({ seq, at, fact });
    else found.set(key, [{ seq, at, fact }]);
  }
  return found;
}

/** What stands after all of them (marks.ts: by row for everybody, by message for one person). */
function marksOf(markings: (Marking & { seq: number })[]): Marks | null {
  const standing = new Map<Mark, Map<string, { by: By; at: number }>>();
  for (const { at, fact } of markings.sort((one, other) => one.seq - other.seq)) {
    const { mark, on, by, entry } = fact;
    const holders = standing.get(mark) ?? new Map<string, { by: By; at: number }>();
    const whose = JSON.stringify(by);
    if (on && !holders.has(whose)) holders.set(whose, { by, at });
    if (!on && 'seq' in entry) holders.clear();
    if (!on) holders.delete(whose);
    standing.set(mark, holders);
  }
  const marks: Marks = {};
  for (const [mark, holders] of standing) {
    const [first] = holders.values();
    if (first) marks[mark] = first;
  }
  return Object.keys(marks).length > 0 ? marks : null;
}

type PostedEntry = { entry: TimelineEntry; fact: Extract<Fact, { type: 'message-posted' }> };
type EditedEntry = { entry: TimelineEntry; fact: Extract<Fact, { type: 'message-edited' }> };

/** Rows in the order in which things happened; of two at the same moment, the one recorded first. */
const byHappening = (one: TimelineEntry, other: TimelineEntry): number =>
  one.happenedAt - other.happenedAt || one.seq - other.seq;

/**
 * What people read of an incident's rows, in the order in which things happened, whatever order the rows come in. A
 * message is known by (channel, ts): told twice it is one line, where it was first posted. A deletion wins over
 * anything told before or after it. An edit of a message we never saw stands as the message. Linear in rows that are
 * nearly in order, which stored ones are.
 */
export function readTimeline(entries: readonly TimelineEntry[]): TimelineItem[] {
  const ordered = [...entries].sort(byHappening);
  const items: TimelineItem[] = [];
  const places = new Map<string, number>();
  const instead = withheldWords(entries);
  const saidAt = placesSaid(entries);
  const keep = (item: MessageItem | DeletedItem): void => {
    const key = `${item.channel} ${item.ts}`;
    const known = places.get(key);
    if (known === undefined) places.set(key, items.push(item) - 1);
    else items[known] = merged(items[known], item);
  };
  for (const entry of ordered) {
    const { fact } = entry;
    if (fact.type === 'message-posted') keep(posted({ entry, fact }));
    else if (fact.type === 'message-edited') keep(edited({ entry, fact }));
    else if (fact.type === 'message-deleted') {
      const { channel, ts } = fact;
      keep({ kind: 'deleted', seq: entry.seq, at: entry.happenedAt, channel, ts, threadTs: null });
    } else if (
      fact.type !== 'entry-marked' &&
      fact.type !== 'quote-withheld' &&
      fact.type !== 'said' &&
      fact.type !== 'alert-followed'
    ) {
      const said = saidAt(fact);
      items.push({
        kind: 'fact',
        seq: entry.seq,
        at: entry.happenedAt,
        fact: withoutWithheld(fact, instead),
        ...(said && { said }),
      });
    }
  }
  return marked(items, ordered);
}

/** Finds where a recorded fact was said. The same thing may have happened twice: then the first line tells of the first. */
function placesSaid(entries: readonly TimelineEntry[]): (fact: Fact) => Place | undefined {
  const places = new Map<string, Place[]>();
  for (const { fact } of entries) {
    if (fact.type !== 'said') continue;
    const key = JSON.stringify(fact.about);
    places.set(key, [...(places.get(key) ?? []), { channel: fact.channel, ts: fact.ts }]);
  }
  return (fact) => (places.size === 0 ? undefined : places.get(JSON.stringify(fact))?.shift());
}

/** The message that an entry is, or stems from; null for what was never one, and for one that is deleted. */
export function placeOf(item: TimelineItem): Place | null {
  if (item.kind === 'deleted') return null;
  const about = item.kind === 'message' ? item : item.fact;
  if ('ts' in about) return { channel: about.channel, ts: about.ts };
  return 'source' in about && about.source ? (about.source as Place) : null;
}

/** The message that an entry's line leads to: its own, else the one it was declared from, else ours that tells of it. */
export function leadsTo(item: TimelineItem): Place | null {
  const own = placeOf(item);
  if (own || item.kind !== 'fact') return own;
  const source = item.fact.type === 'declared' ? item.fact.fromMessage : undefined;
  return source ? { channel: source.channel, ts: source.ts } : (item.said ?? null);
}

/** Hidden by somebody. Such an entry is in no view, export or draft. */
export const isHidden = ({ marks }: TimelineItem): boolean => marks?.hide !== undefined;

function posted({ entry, fact }: PostedEntry): MessageItem {
  return {
    kind: 'message',
    seq: entry.seq,
    at: entry.happenedAt,
    channel: fact.channel,
    ts: fact.ts,
    // Slack marks the first message of a thread with its own ts.
    threadTs: fact.threadTs === fact.ts ? null : fact.threadTs,
    author: fact.author,
    text: fact.text,
    files: fact.files,
    edited: false,
    revisions: 0,
  };
}

function edited({ entry, fact }: EditedEntry): MessageItem {
  return {
    kind: 'message',
    seq: entry.seq,
    at: entry.happenedAt,
    channel: fact.channel,
    ts: fact.ts,
    threadTs: null,
    author: fact.author,
    text: fact.text,
    files: [],
    edited: true,
    revisions: 1,
    editedAt: entry.happenedAt,
  };
}

/** What is known of a message, and what is told of it next (later, or at the same moment). */
function merged(known: TimelineItem | undefined, told: MessageItem | DeletedItem): MessageItem | DeletedItem {
  if (known === undefined || known.kind === 'fact') return told;
  const threadTs = known.threadTs ?? told.threadTs;
  const { seq, at, channel, ts } = known;
  if (known.kind === 'deleted' || told.kind === 'deleted') {
    return { kind: 'deleted', seq, at, channel, ts, threadTs };
  }
  // A redelivery says nothing new; another text (an edit, or history pulled after one) is a revision.
  const changed = told.text !== known.text;
  const editedAt = (changed ? told.editedAt : undefined) ?? known.editedAt;
  return {
    ...known,
    ...(editedAt !== undefined && { editedAt }),
    threadTs,
    text: told.text,
    files: known.files.length > 0 ? known.files : told.files,
    edited: known.edited || told.edited || changed,
    revisions: known.revisions + (changed ? 1 : 0),
  };
}
