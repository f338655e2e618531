/** A piece of a long text, and how it hangs on the one before: a paragraph, a line, a space, or nothing between them. */
export interface SectionPart {
  joint: 'p' | 'l' | 's' | 'n';
  text: string;
}

/** Slack takes 3,000 units in one field; what a person adds needs room. */
const partLengthMax = 2_600;
/** Fields of one form. With the room left in each, this is `sectionLengthMax` of incident/postmortem.ts. */
const partsMax = 10;

const separators = { p: '\n\n', l: '\n', s: ' ', n: '' } as const;

/** The text cut where it hurts least, so that `joined` gives it back; null when it needs more than ten fields. */
export function partsOf(text: string): SectionPart[] | null {
  const parts: SectionPart[] = [];
  let rest = text;
  let joint: SectionPart['joint'] = 'p';
  while (rest.length > partLengthMax) {
    if (parts.length === partsMax - 1) return null;
    const place = cutOf(rest);
    parts.push({ joint, text: rest.slice(0, place.at) });
    rest = rest.slice(place.at + separators[place.joint].length);
    joint = place.joint;
  }
  return [...parts, { joint, text: rest }];
}

/** The last end of a paragraph, else of a line, else of a word in the second half of what one field takes. */
function cutOf(text: string): { at: number; joint: SectionPart['joint'] } {
  const window = text.slice(0, partLengthMax);
  for (const joint of ['p', 'l', 's'] as const) {
    const at = window.lastIndexOf(separators[joint]);
    if (at > partLengthMax / 2) return { at, joint };
  }
  // Half a surrogate pair is no character.
  const last = window.charCodeAt(partLengthMax - 1);
  return { at: last >= 0xd800 && last <= 0xdbff ? partLengthMax - 1 : partLengthMax, joint: 'n' };
}

/** The parts as one text; those that were emptied leave no gap. */
export function joined(parts: readonly SectionPart[]): string {
  let text = '';
  for (const part of parts) {
    if (part.text.trim() === '') continue;
    text = text === '' ? part.text : `${text}${separators[part.joint]}${part.text}`;
  }
  return text.trim();
}
