import type { Screen } from './blocks/message.ts';
import { readable } from './blocks/readable.ts';
import { isShown, namedIn } from './blocks/timeline.ts';
import { person } from './incident/by.ts';
import type { Command } from './incident/commands.ts';
import type { Incident, Place } from './incident/incident.ts';
import type { Mark } from './incident/marks.ts';
import { type MessageItem, readTimeline, type TimelineEntry } from './incident/timeline.ts';
import type { People } from './people.ts';
import type { ShownReaction } from './slack-message.ts';
import type { Store } from './store/store.ts';

/** `pushpin` and what Slack calls a pin in other clients' menus are different emoji: only these three mean something. */
const meanings: Readonly<Record<string, Mark | 'followup'>> = {
  pushpin: 'pin',
  star: 'star',
  ticket: 'followup',
};

/** What one person means by an emoji on a message, or by taking it away. */
export interface Reaction {
  on: boolean;
  what: Mark | 'followup';
  user: string;
  place: Place;
}

/** Null for any other emoji, and for a skin tone on one of ours. */
export const meaningOf = (emoji: string): Reaction['what'] | null =>
  Object.hasOwn(meanings, emoji) ? (meanings[emoji] ?? null) : null;

/** Causes of what reactions oblige begin so: a follow-up made by a form does not go with an emoji. */
const addedCause = 'reaction_added:';

/** What reactions meant so far: who holds which of them up, and who ever made a follow-up of a message. By message. */
export interface Heard {
  standing: Map<string, Pick<Reaction, 'what' | 'user'>[]>;
  followers: Map<string, Set<string>>;
}

const keyOf = ({ channel, ts }: Place): string => `${channel} ${ts}`;

/** Told from the rows of one incident. What was marked by row is nobody's reaction. */
export function heardIn(entries: readonly TimelineEntry[]): Heard {
  const heard: Heard = { standing: new Map(), followers: new Map() };
  const made = new Map<number, { place: Place; user: string }>();
  const hear = ({ on, what, user, place }: Reaction): void => {
    const key = keyOf(place);
    const others = (heard.standing.get(key) ?? []).filter((one) => one.what !== what || one.user !== user);
    heard.standing.set(key, on ? [...others, { what, user }] : others);
  };
  const recorded = [...entries].sort((one, other) => one.seq - other.seq);
  for (const { cause, fact } of recorded) {
    if (fact.type === 'followup-removed') {
      const origin = made.get(fact.n);
      if (origin) hear({ ...origin, on: false, what: 'followup' });
    }
    if (!('by' in fact) || fact.by.kind !== 'person') continue;
    const { user } = fact.by;
    if (fact.type === 'entry-marked' && 'ts' in fact.entry) {
      hear({ on: fact.on, what: fact.mark, user, place: fact.entry });
    }
    if (fact.type !== 'followup-added' || !fact.source) continue;
    const key = keyOf(fact.source);
    heard.followers.set(key, (heard.followers.get(key) ?? new Set()).add(user));
    if (!cause.startsWith(addedCause)) continue;
    made.set(fact.n, { place: fact.source, user });
    hear({ on: true, what: 'followup', user, place: fact.source });
  }
  return heard;
}

/** What was added and taken away without our hearing of it; `shown` as the message's history has it. */
export function missedOn(place: Place, shown: readonly ShownReaction[], heard: Heard): Reaction[] {
  const before = heard.standing.get(keyOf(place)) ?? [];
  const now = shown.flatMap(({ name = '', users = [] }) => {
    const what = meaningOf(name);
    return what === null ? [] : users.map((user) => ({ what, user }));
  });
  const isCut = (what: Reaction['what']): boolean =>
    shown.some(({ name = '', users = [], count = 0 }) => meaningOf(name) === what && count > users.length);
  // Where somebody else's ticket made a follow-up, this one may have been heard as the second, which made none.
  const isSecond = ({ what, user }: Pick<Reaction, 'what' | 'user'>): boolean =>
    what === 'followup' && [...(heard.followers.get(keyOf(place)) ?? [])].some((other) => other !== user);
  const added = now.filter((one) => !isAmong(before, one) && !isSecond(one));
  const gone = before.filter((one) => !isAmong(now, one) && !isCut(one.what));
  return [
    ...added.map((one) => ({ ...one, on: true, place })),
    ...gone.map((one) => ({ ...one, on: false, place })),
  ];
}

const isAmong = (some: readonly Pick<Reaction, 'what' | 'user'>[], one: Pick<Reaction, 'what' | 'user'>) =>
  some.some(({ what, user }) => what === one.what && user === one.user);

/** The same reaction is the same cause; `when` tells one from the next of the same person. */
export const causeOf = ({ on, what, user, place }: Reaction, when: string): string =>
  `${on ? addedCause : 'reaction_removed:'}${place.channel}:${place.ts}:${what}:${user}:${when}`;

interface Known {
  store: Store;
  people: People;
  screen: Screen;
}

/** What the reaction wants of the incident whose content the message is. Null: nothing. */
export async function commandOf(
  known: Known,
  incident: Incident,
  { on, what, user, place }: Reaction,
): Promise<Command | null> {
  const by = person(user);
  if (what !== 'followup') return { type: 'mark-entry', by, mark: what, on, entry: place };
  if (!on) {
    // The follow-up goes with the reaction that made it; other people's reactions to the same message made none.
    const standing = heardIn(known.store.timeline(incident.id)).standing.get(keyOf(place)) ?? [];
    return isAmong(standing, { what, user }) ? { type: 'remove-followup', by, source: place } : null;
  }
  const text = await wordsAt(known, incident, place);
  if (text === null) return null;
  return { type: 'add-followup', by, text, owner: null, dueAt: null, source: place, quotes: true };
}

/** What the message says now, as people read it; null when it is deleted or hidden. */
async function wordsAt(
  { store, people, screen }: Known,
  incident: Incident,
  { channel, ts }: Place,
): Promise<string | null> {
  const said = readTimeline(store.timeline(incident.id)).find(
    (item): item is MessageItem => item.kind === 'message' && item.channel === channel && item.ts === ts,
  );
  if (!said || !isShown(said)) return null;
  await people.learn(namedIn(said));
  const words = [readable(said.text, screen), ...said.files.map(({ name }) => `[${name}]`)];
  return words.join(' ').trim() || 'See the message';
}
