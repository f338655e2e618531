/** Longest title we keep, in code points. Screens show less; the declaration itself is never refused for length. */
export const titleLengthMax = 3000;
/** Longest body of a note, update, reason or message we keep, in code points (Slack's own cap is 40,000 characters). */
export const bodyLengthMax = 40_000;

const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// Bidirectional overrides and isolates, zero-width characters and the byte-order mark: they reorder or hide what people read.
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]/g;

/**
 * Foreign text made harmless to show: NFC, no control, bidi or zero-width characters, lone surrogates replaced, at most
 * `lengthMax` code points. New lines and tabs stay. Mentions and markup are not touched: rendering makes those literal.
 */
export function clean(text: string, lengthMax = bodyLengthMax): string {
  const visible = text.toWellFormed().normalize('NFC').replace(controls, '').replace(invisible, '');
  return shorten(visible.trim(), lengthMax);
}

/** Like `clean`, on one line. */
export function cleanLine(text: string, lengthMax = titleLengthMax): string {
  return clean(text.replace(/\s+/g, ' '), lengthMax);
}

/** At most `lengthMax` code points, an ellipsis in the last place when something was cut. */
export function shorten(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const points = Array.from(text);
  return points.length <= lengthMax ? text : `${points.slice(0, lengthMax - 1).join('')}…`;
}
