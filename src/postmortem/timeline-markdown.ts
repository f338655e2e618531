import { label } from '../incident/severity-scale.ts';
import { escapeInline, linked, listItem } from './markdown.ts';
import type { ExportEntry, ExportInput } from './timeline-export.ts';
import { clockTime, count, dayWords, momentWords } from './wording.ts';

/** The timeline for people: a heading, then the days and their entries. */
export function timelineMarkdown({ incident, now }: ExportInput, entries: ExportEntry[]): string {
  const days: { day: string; lines: string[] }[] = [];
  for (const entry of entries) {
    const day = dayWords(entry.at);
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(lineOf(entry));
    else days.push({ day, lines: [lineOf(entry)] });
  }
  const head = [
    `# Timeline of INC-${incident.id}: ${escapeInline(incident.title)}`,
    `${label(incident.severity)}, ${incident.status}${incident.isPrivate ? ', private' : ''}. ${count(entries.length, 'entry', 'entries')}, exported ${momentWords(now)}. Times are UTC.`,
  ];
  const body = days.map(({ day, lines }) => `## ${day}\n\n${lines.join('\n')}`);
  return `${[...head, ...body].join('\n\n')}\n`;
}

function lineOf(entry: ExportEntry): string {
  const time = linked(clockTime(entry.at), entry.link);
  const reply = entry.isReply ? '(reply) ' : '';
  const isSaid = entry.kind === 'message' || entry.event === 'note-added';
  const name = entry.author && isSaid ? `**${escapeInline(entry.author.name)}**` : '';
  const from = name === '' ? '' : `${name}${entry.event === 'note-added' ? ' (note)' : ''}: `;
  return listItem(`${time} ${reply}${from}`, entry.text, remarks(entry));
}

/** Edited, starred, key event, files: said in words behind it. */
function remarks(entry: ExportEntry): string {
  const edited =
    entry.edits === 0
      ? ''
      : `edited ${entry.edits === 1 ? '' : `${count(entry.edits, 'time')}, last `}${clockTime(entry.editedAt ?? entry.at)}`;
  const files = entry.files.map(({ name, link }) => linked(escapeInline(name) || 'file', link)).join(', ');
  const said = [
    entry.isKeyEvent ? 'key event' : '',
    entry.isStarred ? 'starred' : '',
    edited,
    files && `files: ${files}`,
  ].filter((words) => words !== '');
  return said.length === 0 ? '' : ` (${said.join('; ')})`;
}
