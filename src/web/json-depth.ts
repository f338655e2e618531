const codeOf = (sign: string): number => sign.charCodeAt(0);
const [quote, backslash, brace, bracket, braceEnd, bracketEnd] = ['"', '\\', '{', '[', '}', ']'].map(codeOf);

/**
 * Whether objects and lists in a JSON text lie more than `depthMax` deep. It looks at brackets alone, so it is right
 * for JSON and says something harmless for text that is none. Bytes are enough: in UTF-8 no part of another character
 * is a bracket.
 */
export function isDeeperThan(json: Buffer, depthMax: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === quote) at = stringEnd(json, at);
    else if (sign === brace || sign === bracket) {
      depth++;
      if (depth > depthMax) return true;
    } else if (sign === braceEnd || sign === bracketEnd) depth--;
  }
  return false;
}

/** Where the string that opens at `start` closes, or the end of the text. */
function stringEnd(json: Buffer, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}
