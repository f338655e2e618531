import { readable } from '../blocks/readable.ts';
import { isShown, namedIn } from '../blocks/timeline.ts';
import { person } from '../incident/by.ts';
import type { Command } from '../incident/commands.ts';
import type { Incident, Place } from '../incident/incident.ts';
import { visibleTo } from '../incident/incident.ts';
import type { Mark } from '../incident/marks.ts';
import { type MessageItem, readTimeline } from '../incident/timeline.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import type { Events } from './events.ts';

/** `pushpin` and what Slack calls a pin in other clients' menus are different emoji: only these three mean something. */
const marksByEmoji: Readonly<Record<string, Mark | 'followup'>> = {
  pushpin: 'pin',
  star: 'star',
  ticket: 'followup',
};

interface Reaction {
  on: boolean;
  what: Mark | 'followup';
  user: string;
  place: Place;
  /** Idempotency key: a redelivery has the same. */
  cause: string;
}

interface ReactionEvent {
  type: string;
  user: string;
  reaction: string;
  item: { type: string; channel?: string; ts?: string };
  event_ts: string;
}

/**
 * :pushpin: makes a message a key event, :star: a quote for the postmortem, :ticket: a follow-up; taking it back
 * reverses it, for the person who does. Only content has a meaning: not what we post, and nothing outside incidents.
 */
export function hearReactions(app: Events, deps: SlackDeps): void {
  for (const type of ['reaction_added', 'reaction_removed'] as const) {
    app.event(type, async ({ event }) => {
      const reaction = reactionOf(event as ReactionEvent);
      if (reaction === null || reaction.user === deps.identity().botUser) return;
      const incident = incidentOf(deps, reaction);
      if (incident === null) return;
      const command = await commandFor(deps, incident, reaction);
      if (command) await deps.engine.handle(incident.id, command, reaction.cause);
    });
  }
}

/** Any other emoji, a skin tone on one of ours, and a reaction to a file mean nothing. */
function reactionOf({ type, user, reaction, item, event_ts }: ReactionEvent): Reaction | null {
  if (!Object.hasOwn(marksByEmoji, reaction) || item.type !== 'message') return null;
  const what = marksByEmoji[reaction];
  const { channel, ts } = item;
  if (!what || !channel || !ts) return null;
  const cause = `${type}:${channel}:${ts}:${reaction}:${user}:${event_ts}`;
  return { on: type === 'reaction_added', what, user, place: { channel, ts }, cause };
}

/** Of the incident that has recorded this very message, wherever it runs: then it is content. */
function incidentOf({ store }: SlackDeps, { place, user }: Reaction): Incident | null {
  const id = store.causedBy(`msg:${place.channel}:${place.ts}`);
  const incident = id === null ? null : store.incident(id);
  return incident && visibleTo(incident, user) ? incident : null;
}

async function commandFor(
  deps: SlackDeps,
  incident: Incident,
  { on, what, user, place }: Reaction,
): Promise<Command | null> {
  const by = person(user);
  if (what !== 'followup') return { type: 'mark-entry', by, mark: what, on, entry: place };
  if (!on) return withdrawn(incident, user, place);
  const text = await wordsAt(deps, incident, place);
  if (text === null) return null;
  return { type: 'add-followup', by, text, owner: null, dueAt: null, source: place };
}

/** The follow-up goes with the reaction that made it; other people's reactions to the same message made none. */
function withdrawn(incident: Incident, user: string, place: Place): Command | null {
  const made = incident.followups?.find(
    ({ source, by }) =>
      source?.channel === place.channel && source.ts === place.ts && by.kind === 'person' && by.user === user,
  );
  return made ? { type: 'remove-followup', by: person(user), source: place } : null;
}

/** What the message says now, as people read it; null when it is deleted or hidden. */
async function wordsAt(deps: SlackDeps, incident: Incident, { channel, ts }: Place): Promise<string | null> {
  const said = readTimeline(deps.store.timeline(incident.id)).find(
    (item): item is MessageItem => item.kind === 'message' && item.channel === channel && item.ts === ts,
  );
  if (!said || !isShown(said)) return null;
  await deps.people.learn(namedIn(said));
  const words = [readable(said.text, screenOf(deps)), ...said.files.map(({ name }) => `[${name}]`)];
  return words.join(' ').trim() || 'See the message';
}
