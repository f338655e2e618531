import { actorOf } from '../incident/decide.ts';
import type { ExportFormat } from '../incident/exporting.ts';
import type { Fact } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import type { FileReference } from '../incident/messages.ts';
import { leadsTo, type TimelineItem } from '../incident/timeline.ts';
import { readable } from './slack-text.ts';
import { timelineCsv } from './timeline-csv.ts';
import { timelineJson } from './timeline-json.ts';
import { timelineMarkdown } from './timeline-markdown.ts';

/** What an export is made from. `items` are those that may be read, in their order; `now` epoch ms. */
export interface ExportInput {
  incident: Incident;
  items: readonly TimelineItem[];
  now: number;
  /** A person's or a group's name for a Slack id. */
  names: (id: string) => string;
  /** A fact as one plain-text sentence, without the time. */
  sentence: (fact: Fact) => string;
  /** The address of a message; null when there is none. */
  link: (place: { channel: string; ts: string }, threadTs: string | null) => string | null;
}

/** One line of an exported timeline. Times epoch ms. Of a deleted message only that there was one. */
export interface ExportEntry {
  number: number;
  at: number;
  kind: 'message' | 'deleted' | 'event';
  /** Which fact it is, e.g. `severity-changed`; null for messages. */
  event: string | null;
  /** Null: no person and no app, or nobody may know. `id` null: an app. */
  author: { id: string | null; name: string } | null;
  /** Whole, as people read it. */
  text: string;
  isReply: boolean;
  files: FileReference[];
  /** How often its text changed, and when last. */
  edits: number;
  editedAt: number | null;
  isStarred: boolean;
  isKeyEvent: boolean;
  link: string | null;
}

const writers: Record<ExportFormat, (input: ExportInput, entries: ExportEntry[]) => string> = {
  markdown: timelineMarkdown,
  json: timelineJson,
  csv: (_input, entries) => timelineCsv(entries),
};

/** The timeline as the text of a file. */
export const exportTimeline = (input: ExportInput, format: ExportFormat): string =>
  writers[format](
    input,
    input.items.map((item) => entryOf(input, item)),
  );

const extensions: Record<ExportFormat, string> = { markdown: 'md', json: 'json', csv: 'csv' };

/** `INC-42-timeline-2026-03-02T021500Z.csv`; `at` (epoch ms) is when it was asked for, so each asking has its file. */
export function exportFileName(incident: { id: number }, format: ExportFormat, at: number): string {
  const time = new Date(at).toISOString().slice(0, 19).replaceAll(':', '');
  return `INC-${incident.id}-timeline-${time}Z.${extensions[format]}`;
}

function entryOf(input: ExportInput, item: TimelineItem): ExportEntry {
  const place = leadsTo(item);
  const common = {
    number: item.seq,
    at: item.at,
    event: null,
    isStarred: item.marks?.star !== undefined,
    isKeyEvent: item.marks?.pin !== undefined,
    link: place && input.link(place, item.kind === 'message' ? item.threadTs : null),
  };
  const whole = { files: [], edits: 0, editedAt: null, isReply: false };
  if (item.kind === 'fact') {
    const { fact } = item;
    const user = actorOf(fact);
    const author = user === null ? null : { id: user, name: input.names(user) };
    return { ...common, ...whole, kind: 'event', event: fact.type, author, text: factText(input, fact) };
  }
  const isReply = item.threadTs !== null;
  if (item.kind === 'deleted') {
    return { ...common, ...whole, kind: 'deleted', author: null, text: 'message deleted', isReply };
  }
  const { user, app } = item.author;
  return {
    ...common,
    kind: 'message',
    author: { id: user, name: user === null ? (app ?? 'an app') : input.names(user) },
    text: readable(item.text, input.names),
    isReply,
    files: item.files,
    edits: item.revisions,
    editedAt: item.editedAt ?? null,
  };
}

/** What people wrote is kept whole; everything else is the sentence that the timeline shows. */
function factText(input: ExportInput, fact: Fact): string {
  if (fact.type === 'note-added') return readable(fact.text, input.names);
  if (fact.type !== 'update-posted') return input.sentence(fact);
  const { happening, impact, doing } = fact;
  const parts = [happening, impact && `Impact: ${impact}`, doing && `Doing: ${doing}`];
  return readable(parts.filter((part) => part !== '').join('\n'), input.names);
}
