import type { By } from '../incident/by.ts';
import type { SectionId } from '../incident/postmortem-sections.ts';
import { clean } from '../incident/text.ts';
import type { TimelineEntry } from '../incident/timeline.ts';
import { closesFence, fenceOf } from './fence.ts';

/** A section as a person wrote it. `at` epoch ms. */
export interface Edit {
  text: string;
  by: By;
  at: number;
}

/** The texts that stand: the last edit of each section, unless it was restored since. */
export function editsOf(entries: readonly TimelineEntry[]): ReadonlyMap<SectionId, Edit> {
  const edits = new Map<SectionId, Edit>();
  for (const { fact, at } of entries) {
    if (fact.type === 'postmortem-edited') edits.set(fact.section, { text: fact.text, by: fact.by, at });
    else if (fact.type === 'postmortem-restored') edits.delete(fact.section);
  }
  return edits;
}

const lineEnds = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
/** A heading of the document's own rank, in a list or quote too; deeper ones are the writer's. */
const highHeading = /^([\s>+*\-\d.)]{0,20})#{1,2}(?=\s|$)/;
/** The line under a heading, or a rule; both would part the document. */
const underline = /^ {0,3}(?:=+|-{2,}|(?:- *){3,})\s*$/;
const definition = /^ {0,3}\[[^\]]{0,200}\]:/;
/** `](` that does not lead to a web or mail address. */
const strayLink = /\]\((?!https?:\/\/|mailto:)/gi;

/**
 * A section that somebody wrote is Markdown and stays Markdown: lists, links, tables, code, emphasis and headings of
 * rank three. What would break the document or its reader is made literal: HTML, images, other addresses, headings
 * of rank one and two, and a code block that was never closed.
 */
export function safeMarkdown(text: string): string {
  let open: string | null = null;
  const lines = clean(text.replace(lineEnds, '\n'))
    .split('\n')
    .map((line) => {
      if (open !== null) {
        if (closesFence(line, open)) open = null;
        return line.replaceAll('<', '&lt;');
      }
      open = fenceOf(line);
      // What stands behind the opening of a code block is its language, and nothing else.
      if (open !== null) return open;
      return safeLine(line);
    });
  return [...lines, ...(open === null ? [] : [open])].join('\n');
}

const safeLine = (line: string): string =>
  line
    .replaceAll('<', '&lt;')
    .replaceAll('![', '!\\[')
    .replace(strayLink, ']\\(')
    .replace(highHeading, '$1###')
    .replace(underline, (whole) => `\\${whole.trim()}`)
    .replace(definition, (whole) => whole.replace('[', '\\['));
