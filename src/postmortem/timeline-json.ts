import { isoTime } from './timeline-csv.ts';
import type { ExportEntry, ExportInput } from './timeline-export.ts';

/** Told in docs/timeline-export.md, with its schema. Readers may rely on it: fields are added, never changed. */
const formatName = 'tocsin-timeline';
const formatVersion = 1;

/** The timeline for machines. */
export function timelineJson({ incident, now }: ExportInput, entries: ExportEntry[]): string {
  const { id, title, severity, status, isPrivate, times } = incident;
  const document = {
    format: formatName,
    version: formatVersion,
    exportedAt: isoTime(now),
    incident: {
      number: id,
      title,
      severity,
      status,
      private: isPrivate,
      startedAt: isoTime(times.startedAt),
      declaredAt: isoTime(times.declaredAt),
      resolvedAt: times.resolvedAt === null ? null : isoTime(times.resolvedAt),
    },
    entries: entries.map((entry) => ({
      number: entry.number,
      at: isoTime(entry.at),
      kind: entry.kind,
      event: entry.event,
      author: entry.author,
      text: entry.text,
      reply: entry.isReply,
      files: entry.files,
      edits: entry.edits,
      editedAt: entry.editedAt === null ? null : isoTime(entry.editedAt),
      starred: entry.isStarred,
      keyEvent: entry.isKeyEvent,
      link: entry.link,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
