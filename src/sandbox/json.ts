/** JSON of unknown shape, as it arrives over HTTP. Everything read from it goes through the functions below. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under `key`, or an empty one. */
export function objectAt(from: unknown, key: string): Json {
  const value = isObject(from) ? from[key] : undefined;
  return isObject(value) ? value : {};
}

/** The objects in the list under `key`; anything else in it is left out. */
export function objectsAt(from: unknown, key: string): Json[] {
  const value = isObject(from) ? from[key] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The string under `key`, or ''. */
export function textAt(from: unknown, key: string): string {
  const value = isObject(from) ? from[key] : undefined;
  return typeof value === 'string' ? value : '';
}

/** Parsed JSON, or undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A copy without the keys whose value is undefined: an absent key stays absent on the wire and in key lists. */
export function compact(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));
}
