/**
 * What the user wrote over the defaults: maps merge key by key, lists and scalars replace. A map or list that was
 * left empty (`teams:` with everything below it commented out) says nothing and keeps the default.
 */
export function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (over === null && typeof base === 'object') return base;
  if (!isMap(base) || !isMap(over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(own(base, key), own(over, key))]));
}

/** A plain map, as YAML yields them. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `map[key]` unless it is inherited: a file may well use the key `constructor`. */
function own(map: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
