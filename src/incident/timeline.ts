import type { Fact } from './facts.ts';
import type { Place } from './incident.ts';
import type { Author, FileReference } from './messages.ts';

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

/** What every line of the read timeline has: `at` is when it happened, epoch ms; `seq` names the row it comes from. */
interface ItemOrigin {
  seq: number;
  at: number;
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
}

/** Where a message was: neither its words nor its files nor its author are kept in view (product.md section 6). */
export interface DeletedItem extends ItemOrigin, Place {
  kind: 'deleted';
  threadTs: string | null;
}

/** Facts about a message's text are folded into their message; every other fact is a line of its own. */
export type LineFact = Exclude<Fact, { type: 'message-posted' | 'message-edited' | 'message-deleted' }>;

export interface FactItem extends ItemOrigin {
  kind: 'fact';
  fact: LineFact;
}

export type TimelineItem = MessageItem | DeletedItem | FactItem;

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
    } else items.push({ kind: 'fact', seq: entry.seq, at: entry.happenedAt, fact });
  }
  return items;
}

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
  return {
    ...known,
    threadTs,
    text: told.text,
    files: known.files.length > 0 ? known.files : told.files,
    edited: known.edited || told.edited || changed,
    revisions: known.revisions + (changed ? 1 : 0),
  };
}
