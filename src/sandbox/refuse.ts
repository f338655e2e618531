import type { Json } from './json.ts';

const REFUSAL = Symbol('refusal');

/**
 * Slack says no. Methods throw it so that they read as what happens when Slack says yes; the server turns it into
 * `{ok: false, error, ...more}` and nothing else catches it.
 */
export function refuse(error: string, more: Json = {}): never {
  throw Object.assign(new Error(error), { [REFUSAL]: { ok: false, error, ...more } });
}

/** The body of a refusal, or null for any other thrown thing. */
export function refusalOf(thrown: unknown): Json | null {
  if (!(thrown instanceof Error) || !(REFUSAL in thrown)) return null;
  return thrown[REFUSAL] as Json;
}
