/** Who did something. A person is never credited with another's action, so every command and fact carries one. */
export type By =
  | { kind: 'person'; user: string }
  | { kind: 'pagerduty'; name?: string }
  | { kind: 'clock' }
  | { kind: 'tocsin' };

/** A Slack user, by id. */
export const person = (user: string): By => ({ kind: 'person', user });
export const clock: By = { kind: 'clock' };
export const tocsin: By = { kind: 'tocsin' };

/** The Slack user id when a person did it, else null. */
export const userOf = (by: By): string | null => (by.kind === 'person' ? by.user : null);
