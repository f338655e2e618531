import type { ChannelSight } from './channel-sight.ts';
import type { Slack } from './slack.ts';
import type { Entry } from './transcript.ts';

/** What happened to one message since the last look. */
export interface Change {
  how: 'new' | 'edited' | 'deleted';
  entry: Entry;
  /** The lines that people had not read yet; of a new or deleted message all of them. */
  lines: string[];
}

/** What is new in one place: `#inc-…`, or the direct messages of one person with the bot. */
export interface News {
  place: { channel: string } | { dmOf: string };
  changes: Change[];
}

type Seen = Map<string, Entry>;

/** Remembers what stood everywhere, and tells at each call what has changed since the one before. */
export function newsOf(slack: Slack, people: readonly string[]): () => News[] {
  const seen = new Map<string, Seen>();
  return () => {
    const newestFirst = slack.channels().reverse();
    const channels = newestFirst.map((name): [News['place'], ChannelSight] => {
      return [{ channel: name }, slack.channel(name)];
    });
    const dms = people.map((name): [News['place'], ChannelSight] => {
      return [{ dmOf: name }, slack.as(name).sight('dm')];
    });
    return [...channels, ...dms].flatMap(([place, sight]) => {
      const now: Seen = new Map(sight.entries().map((entry) => [entry.ts, entry]));
      const changes = changesBetween(seen.get(sight.id) ?? new Map(), now);
      seen.set(sight.id, now);
      return changes.length > 0 ? [{ place, changes }] : [];
    });
  };
}

function changesBetween(before: Seen, now: Seen): Change[] {
  const gone = [...before.values()].filter(({ ts }) => !now.has(ts));
  const deleted = gone.map((entry): Change => ({ how: 'deleted', entry, lines: entry.text.split('\n') }));
  const others = [...now.values()].flatMap((entry): Change[] => {
    const lines = entry.text.split('\n');
    const old = before.get(entry.ts);
    if (!old) return [{ how: 'new', entry, lines }];
    if (old.text === entry.text) return [];
    const known = new Set(withoutAuthor(old.text).split('\n'));
    const fresh = withoutAuthor(entry.text)
      .split('\n')
      .filter((line) => !known.has(line));
    return [{ how: 'edited', entry, lines: fresh }];
  });
  return [...deleted, ...others];
}

/** Messages begin with their author: `Tocsin: `. */
export const withoutAuthor = (text: string): string => text.replace(/^[^:\n]{1,40}: /, '');
