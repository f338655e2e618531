import type { Json } from './json.ts';
import { isObject } from './json.ts';
import type { Channel, Message, Workspace } from './workspace.ts';

/** Somebody or everybody whom a message notifies. */
export interface Mention {
  channel: string;
  ts: string;
  /** A user or group id, or `here`, `channel`, `everyone`. */
  who: string;
  /** False for ids that nobody here has. */
  isKnown: boolean;
}

const MARKUP = /<(?:@([UW]\w+)|!subteam\^(S\w+)|!(here|channel|everyone))(?:\|[^>]*)?>/g;
/** What Slack makes of bare words where a mrkdwn object is not `verbatim`. */
const BARE = /(?:^|[\s(])@(here|channel|everyone)\b/g;

/** Lines that Slack writes itself name people and notify nobody. */
const SYSTEM = /^(channel|group)_/;

/** Whom the message notifies. In blocks only the blocks count, else the text; plain and rich text are literal. */
export function mentionsIn(ws: Workspace, channel: Channel, message: Message): Mention[] {
  const found = new Set<string>();
  if (message.subtype && SYSTEM.test(message.subtype)) return [];
  if (message.blocks.length === 0) scan(message.text, MARKUP, found);
  else for (const block of message.blocks) walk(block, found);
  return [...found].map((who) => ({
    channel: channel.id,
    ts: message.ts,
    who,
    isKnown: ws.users.has(who) || ws.groups.has(who) || /^(here|channel|everyone)$/.test(who),
  }));
}

function scan(text: string, pattern: RegExp, found: Set<string>): void {
  for (const match of text.matchAll(pattern)) {
    const who = match.slice(1).find((group) => group !== undefined);
    if (who) found.add(who);
  }
}

function walk(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) walk(one, found);
  if (!isObject(value)) return;
  mentionOf(value, found);
  for (const entry of Object.values(value)) if (typeof entry === 'object') walk(entry, found);
}

function mentionOf({ type, text, verbatim, user_id, usergroup_id, range }: Json, found: Set<string>): void {
  if (type === 'mrkdwn' && typeof text === 'string') {
    scan(text, MARKUP, found);
    if (verbatim !== true) scan(text, BARE, found);
  }
  if (type === 'markdown' && typeof text === 'string') scan(text, MARKUP, found);
  const who =
    type === 'user' ? user_id : type === 'usergroup' ? usergroup_id : type === 'broadcast' ? range : '';
  if (typeof who === 'string' && who !== '') found.add(who);
}
