import { named, unescaped } from './command.ts';

/** What `followup add …` says: the text, whom it names as owner, and the words after the last `by`. */
export interface FollowupLine {
  text: string;
  /** A Slack user id, or null. */
  owner: string | null;
  /** The date as typed, or null. */
  due: string | null;
  /** `@ghost`: written where an owner goes, and no person of that name is known to Slack. */
  unknown: string | null;
}

/** Longer words after a `by` belong to the text: no date is written in so many. */
const dateWordsMax = 4;

const mention = String.raw`<@([UW][A-Z0-9]+)(?:\|[^>]*)?>`;
const atEnd = new RegExp(`^([\\s\\S]*?)\\s*${mention}$`);
const atStart = new RegExp(`^${mention}\\s*([\\s\\S]+)$`);
const anywhere = new RegExp(mention, 'g');
/** `<!subteam^S1|@payments>`, `<!here>`: no person. */
const groupOrAll = /<!(?:subteam\^[A-Z0-9]+\|@)?([\w.-]+)(?:\|[^>]*)?>/g;

/**
 * `limit the retries @bea by friday`, with owner and date in either order. The owner is the person named last or first;
 * one who is named in the middle, alone, too, and stays in the text. `nameOf` for people whose name Slack did not send.
 */
export function readFollowupLine(typed: string, nameOf: (user: string) => string): FollowupLine {
  const first = ownerAtEnd(typed.trim());
  const dated = dateAtEnd(first.rest);
  const second = first.owner === null ? ownerAtEnd(dated.rest) : { owner: first.owner, rest: dated.rest };
  const { owner, rest } = second.owner === null ? ownerElsewhere(second.rest) : second;
  const readable = rest
    .replace(/<@([UW][A-Z0-9]+)>/g, (_whole, user: string) => `@${nameOf(user)}`)
    .replace(groupOrAll, (_whole, name: string) => `@${name}`);
  const unknown = owner === null ? (/(?:^|\s)(@[\w.-]+)$/.exec(readable.trim())?.[1] ?? null) : null;
  return { text: unescaped(named(readable)).trim(), owner, due: dated.due && unescaped(dated.due), unknown };
}

function ownerAtEnd(words: string): { owner: string | null; rest: string } {
  const found = atEnd.exec(words);
  return found ? { owner: found[2] ?? null, rest: found[1] ?? '' } : { owner: null, rest: words };
}

function ownerElsewhere(words: string): { owner: string | null; rest: string } {
  const begins = atStart.exec(words);
  if (begins) return { owner: begins[1] ?? null, rest: begins[2] ?? '' };
  const people = [...words.matchAll(anywhere)];
  return { owner: people.length === 1 ? (people[0]?.[1] ?? null) : null, rest: words };
}

/** The words after the last `by`, when they are few enough and name nobody. */
function dateAtEnd(words: string): { due: string | null; rest: string } {
  const found = /^(?:([\s\S]*)\s)?by\s+(\S[\s\S]*)$/i.exec(words);
  const due = found?.[2]?.trim() ?? '';
  if (due === '' || due.includes('<@') || due.split(/\s+/).length > dateWordsMax)
    return { due: null, rest: words };
  return { due, rest: (found?.[1] ?? '').trim() };
}
