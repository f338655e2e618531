import { type By, userOf } from './by.ts';
import { listed, peopleOf } from './channel.ts';
import type { Effect } from './effects.ts';
import type { Channel, Incident, Place } from './incident.ts';
import { isOpen } from './incident.ts';
import { whenEnded } from './refusal.ts';
import type { Decision, Topic } from './topic.ts';

export type PrivacyCommand = { type: 'make-private'; by: By };

export type PrivacyFact = {
  type: 'made-private';
  by: By;
  /** Where it was worked on in public, with its card there, and its announcement: what the outbox has to clear up. */
  channel: Channel | null;
  card: Place | null;
  announcement: Place | null;
  /** A nudge that stands in public. */
  nudge: Place | null;
};

/**
 * A bot cannot make a public channel private, so the incident moves: it is private from this fact on, a new private
 * channel opens, and whoever was part of it comes along. What was written in public stays there.
 */
function makePrivate(incident: Incident, { by }: PrivacyCommand): Decision {
  if (incident.isPrivate) return { refused: 'already-private' };
  if (!isOpen(incident)) return whenEnded(incident);
  if (isOpening(incident)) return { refused: 'channel-opening' };
  const { card = null, announcement = null } = incident.places;
  const place = incident.nudges.standing?.place;
  const nudge = place && place.channel === incident.channel?.id ? place : null;
  return [{ type: 'made-private', by, channel: incident.channel, card, announcement, nudge }];
}

/** The public channel is on its way: what is being made now could not be called back. */
const isOpening = ({ visibility, channel, channelProblem }: Incident): boolean =>
  visibility === 'channel' && channel === null && channelProblem === null;

function evolve({ helpCalls: _calls, ...incident }: Incident, { by }: PrivacyFact): Incident {
  const user = userOf(by);
  return {
    ...incident,
    isPrivate: true,
    visibility: 'channel',
    channel: null,
    channelProblem: null,
    places: { ...incident.places, card: undefined, announcement: undefined },
    cardLostAt: null,
    members: [...new Set([...peopleOf(incident), ...(user === null ? [] : [user])])],
  };
}

/** Clears up in public, and opens the new room; what is said waits for it (one queue). */
function effects(fact: PrivacyFact, after: Incident, before: Incident): Effect[] {
  const { channel, card, announcement, nudge } = fact;
  const hasOwn = channel !== null && channel.threadTs === undefined;
  return [
    ...(announcement ? [{ kind: 'withdraw-announcement', place: announcement } as const] : []),
    ...(before.helpCalls ?? []).map((place): Effect => ({ kind: 'retract', place })),
    ...(nudge ? [{ kind: 'retract', place: nudge } as const] : []),
    ...(hasOwn ? [{ kind: 'leave-channel', channel, card } as const] : []),
    { kind: 'open-channel' },
    { kind: 'say', about: fact },
    ...listed(after),
    ...(after.places.storm ? [{ kind: 'storm-message', head: after.id } as const] : []),
  ];
}

export const privacy: Topic<PrivacyCommand, PrivacyFact> = {
  decide: { 'make-private': makePrivate },
  evolve: { 'made-private': evolve },
  effects: { 'made-private': effects },
};
