/**
 * Where somebody can be reached. `user` is a Slack user id, `group` a Slack user group id, `email` is looked up
 * in Slack when it is needed, `phone` is only ever shown as text, `webhook` is a machine's: `webhook:noc`, of which
 * `value` is the name.
 */
export type Address = { kind: 'user' | 'group' | 'email' | 'phone' | 'webhook'; value: string };

const patterns: ReadonlyArray<readonly [Address['kind'], RegExp]> = [
  ['user', /^[UW][A-Z0-9]{2,20}$/],
  ['group', /^S[A-Z0-9]{2,20}$/],
  ['email', /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/],
  ['phone', /^\+[0-9][0-9 ()/.-]{5,24}$/],
];

const webhookPattern = /^webhook:([a-z0-9][\w-]{0,39})$/i;

/** Tells the kinds apart by their look; null when it is none of them. */
export function parseAddress(text: string): Address | null {
  const value = text.trim();
  const webhook = webhookPattern.exec(value)?.[1];
  if (webhook !== undefined) return { kind: 'webhook', value: webhook };
  const kind = patterns.find(([, pattern]) => pattern.test(value))?.[0];
  return kind ? { kind, value } : null;
}

/** The same person or group. */
export function sameAddress(a: Address, b: Address): boolean {
  return a.kind === b.kind && a.value.toLowerCase() === b.value.toLowerCase();
}
