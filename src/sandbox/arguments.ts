import type { IncomingHttpHeaders } from 'node:http';
import type { Json } from './json.ts';
import { isObject, parseJson } from './json.ts';
import type { ArgKind, MethodRule } from './rules.ts';
import { COMMON_ARGS } from './rules.ts';

/** The arguments of a call as they came: form fields are strings, JSON bodies have their types. */
export function rawArguments(body: Buffer, headers: IncomingHttpHeaders): Json | null {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/json')) {
    const value = parseJson(body.toString());
    return isObject(value) ? value : null;
  }
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

/** Arguments with the types of the rule, or what is wrong with them in Slack's words. */
export function typedArguments(raw: Json, rule: MethodRule): { args: Json } | { errors: string[] } {
  const args: Json = {};
  const errors: string[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const kind = rule.args[key];
    if (kind === undefined) {
      if (!COMMON_ARGS.includes(key)) errors.push(`[ERROR] unknown argument: ${key}`);
      continue;
    }
    const typed = typedValue(value, kind);
    if (typed === undefined) errors.push(`[ERROR] ${key} must be ${KINDS[kind.charAt(0)]}`);
    else args[key] = typed;
  }
  for (const [key, kind] of Object.entries(rule.args)) {
    if (kind.endsWith('!') && !isGiven(args[key])) errors.push(`[ERROR] missing required field: ${key}`);
  }
  return errors.length > 0 ? { errors } : { args };
}

const KINDS: Readonly<Record<string, string>> = { s: 'a string', i: 'an integer', b: 'a boolean', j: 'JSON' };

/** Topics and purposes may be emptied; every other required text says something. */
function isGiven(value: unknown): boolean {
  return value !== undefined;
}

function typedValue(value: unknown, kind: ArgKind): unknown {
  switch (kind) {
    case 's':
    case 's!':
      return typeof value === 'string' ? value : undefined;
    case 'i':
    case 'i!': {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      return Number.isInteger(number) ? number : undefined;
    }
    case 'b':
      if (value === true || value === 'true' || value === '1') return true;
      return value === false || value === 'false' || value === '0' ? false : undefined;
    case 'j':
    case 'j!': {
      const json = typeof value === 'string' ? parseJson(value) : value;
      return typeof json === 'object' && json !== null ? json : undefined;
    }
  }
}
