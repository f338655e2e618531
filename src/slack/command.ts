import { oneLine } from '../blocks/message.ts';
import type { Incident } from '../incident/incident.ts';
import type { KindOfPerson } from '../incident/permissions.ts';
import type { SlackDeps } from './deps.ts';
import type { Reply } from './reply.ts';

/** One `/incident …` by one person. */
export interface Invocation {
  user: string;
  kind: KindOfPerson;
  channel: string;
  /** What follows the subcommand, as typed. */
  text: string;
  /** Idempotency key of this invocation. */
  cause: string;
}

/** A subcommand that is about an incident: it runs in its channel, or takes `INC-12` as its first word. */
export interface IncidentCommand {
  about: 'incident';
  run(deps: SlackDeps, invocation: Invocation, incident: Incident): Promise<Reply>;
}

/** A subcommand that is about none in particular; `here` is the channel's, if it has one. */
export interface GeneralCommand {
  about: 'everything';
  run(deps: SlackDeps, invocation: Invocation, here: Incident | null): Promise<Reply>;
}

export type Subcommand = IncidentCommand | GeneralCommand;

/** Words of the command's text that name people: `<@U123|ana>`, as Slack escapes them. */
export function mentionedUser(text: string): { user: string; rest: string } | null {
  const match = /<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/.exec(text);
  if (!match?.[1]) return null;
  return { user: match[1], rest: text.replace(match[0], ' ').replace(/\s+/g, ' ').trim() };
}

/** Longest part of what was typed that a refusal repeats. */
const repeatedMax = 60;

/** What was typed, as a refusal repeats it. */
export const quoted = (typed: string): string => `“${oneLine(typed, repeatedMax)}”`;

/** The incident that the first words name, however it is written at night: `INC-12`, `inc12:`, `12`. Null: none. */
export function numberFirst(text: string): { id: number; rest: string } | null {
  const found = /^\s*(?:inc[- ]?|#)?(\d{1,9})[:,]?(?=\s|$)/i.exec(text);
  return found && { id: Number(found[1]), rest: text.slice(found[0].length).trim() };
}

/** The first word, lower case, and the rest as typed. */
export function firstWord(text: string): { word: string; rest: string } {
  const trimmed = text.trim();
  const space = trimmed.search(/\s/);
  if (space < 0) return { word: trimmed.toLowerCase(), rest: '' };
  return { word: trimmed.slice(0, space).toLowerCase(), rest: trimmed.slice(space).trim() };
}

/** People and channels that Slack made ids of read as they were typed: `<@U123|ana>` -> `@ana`. */
export const named = (text: string): string =>
  text.replace(
    /<([@#])[UWCG][A-Z0-9]+\|([^>|]+)>/g,
    (_whole, sign: string, name: string) => `${sign}${name}`,
  );

/** Slack escapes `& < >` in a command's text; what we store is what was typed. */
export const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
