import type { Draft } from './draft.ts';

/** Slack's, for the Markdown of a canvas, in characters (canvases.create). */
export const canvasLengthMax = 1_048_576;

/** The tab's name: without the incident's title, which may change. */
export const canvasTitle = (incident: number): string => `Postmortem draft of INC-${incident}`;

/** What its first heading begins with, by which it is known again. */
export const canvasHead = (incident: number): string => `INC-${incident}:`;

const fence = /^ {0,3}(?:`{3}|~{3})/;
const deepHeading = /^( {0,3})#{4,6}(?=\s|$)/;

/** The document for a canvas, which knows headings down to rank three; its last line says where it is edited. */
export function canvasMarkdown({ markdown }: Pick<Draft, 'markdown'>, command: string): string {
  let inCode = false;
  const lines = markdown.split('\n').map((line) => {
    if (fence.test(line)) inCode = !inCode;
    return inCode ? line : line.replace(deepHeading, '$1###');
  });
  const last = `_Do not write in here: this canvas is written anew whenever the draft changes. To change it: \`${command} postmortem edit\`_`;
  return `${lines.join('\n').trimEnd()}\n\n---\n\n${last}\n`;
}
