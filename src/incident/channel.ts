import { announced } from './announced.ts';
import type { By } from './by.ts';
import { tocsin, userOf } from './by.ts';
import type { Effect } from './effects.ts';
import type { Channel, Incident } from './incident.ts';
import { isOpen } from './incident.ts';
import { callTitle } from './references.ts';
import { whenEnded } from './refusal.ts';
import type { Topic } from './topic.ts';

export type ChannelCommand =
  /** The outbox: here it is (opened or adopted), or (with `threadTs`) the thread that stands in for it. */
  | { type: 'note-channel'; channel: Channel; problem: string | null }
  /** The outbox: Slack forbids it, with this word; the incident runs in a thread of the announce channel. */
  | { type: 'note-channel-refused'; error: string }
  /** A person wants a channel for an incident that has only a line, or is listed in a storm. */
  | { type: 'open-channel'; by: By }
  | { type: 'note-channel-renamed'; name: string }
  /** Archived, deleted, or we were removed and could not come back. */
  | { type: 'note-channel-lost'; reason: string };

export type ChannelFact =
  | { type: 'channel-opened'; channel: Channel; problem: string | null }
  | { type: 'channel-refused'; error: string }
  | { type: 'channel-requested'; by: By }
  | { type: 'channel-renamed'; name: string; before: string }
  | { type: 'channel-lost'; reason: string; channel: Channel };

export const channel: Topic<ChannelCommand, ChannelFact> = {
  decide: {
    'note-channel': (_incident, command) => [
      { type: 'channel-opened', channel: command.channel, problem: command.problem },
    ],
    'note-channel-refused': (_incident, command) => [{ type: 'channel-refused', error: command.error }],
    'open-channel': (incident, command) => {
      if (incident.visibility === 'channel') return { refused: 'has-channel' };
      return isOpen(incident) ? [{ type: 'channel-requested', by: command.by }] : whenEnded(incident);
    },
    'note-channel-renamed': (incident, command) =>
      incident.channel === null || incident.channel.name === command.name
        ? []
        : [{ type: 'channel-renamed', name: command.name, before: incident.channel.name }],
    'note-channel-lost': (incident, command) =>
      incident.channel === null || incident.channel.threadTs !== undefined
        ? []
        : [{ type: 'channel-lost', reason: command.reason, channel: incident.channel }],
  },
  evolve: {
    'channel-opened': (incident, fact) => ({
      ...incident,
      channel: fact.channel,
      channelProblem: fact.problem,
    }),
    // An announcement that stands already is the root of the thread; else the one that comes will be (delivery.ts).
    'channel-refused': (incident, fact) => inThread({ ...incident, channelProblem: fact.error }),
    'channel-requested': (incident, fact) => {
      const user = userOf(fact.by);
      const members = user ? [...new Set([...incident.members, user])] : incident.members;
      return { ...incident, visibility: 'channel', members };
    },
    'channel-renamed': (incident, fact) => ({
      ...incident,
      channel: incident.channel && { ...incident.channel, name: fact.name },
    }),
    // The old card went with the channel; the next one is posted where we can still speak.
    'channel-lost': (incident, fact) => ({
      ...incident,
      channel: null,
      channelProblem: fact.reason,
      places: { ...incident.places, card: undefined },
    }),
  },
  effects: {
    'channel-opened': (_fact, after) => arrival(after),
    'channel-refused': (fact, after) => {
      if (after.channel) return arrival(after);
      if (!after.isPrivate && !after.isTest) return [{ kind: 'announcement', isRoot: true }];
      const declarer = userOf(after.declaredBy);
      return [
        ...pageCards(after),
        ...(declarer ? [{ kind: 'tell', user: declarer, about: fact } as const] : []),
      ];
    },
    'channel-requested': (_fact, after) => [
      { kind: 'open-channel' },
      { kind: 'announcement' },
      ...listed(after),
    ],
    'channel-renamed': () => [{ kind: 'announcement' }],
    // An archived channel of a finished incident is tidiness, not a loss.
    'channel-lost': (fact, after) =>
      isOpen(after)
        ? [{ kind: 'open-channel' }, { kind: 'announcement' }, { kind: 'ask-announce-channel', about: fact }]
        : [],
  },
};

/** Without a channel of its own, the incident runs in the thread under its announcement. */
export function inThread(incident: Incident): Incident {
  const root = incident.places.announcement;
  if (incident.channel || incident.channelProblem === null || !root) return incident;
  return { ...incident, channel: { id: root.channel, name: '', threadTs: root.ts } };
}

/** How an incident is found by where people write: its channel's id, with the thread when that stands in for a channel. */
export const placeKey = (channel: string, threadTs: string | undefined): string =>
  threadTs === undefined ? channel : `${channel}:${threadTs}`;

/** What a fresh channel needs; all of it can go out in parallel. */
export function arrival(incident: Incident): Effect[] {
  const own: Effect[] =
    incident.channel?.threadTs === undefined
      ? [
          { kind: 'topic' },
          { kind: 'purpose' },
          ...(incident.runbook
            ? [{ kind: 'bookmark', title: 'Runbook', url: incident.runbook } as const]
            : []),
          ...(incident.callUrl
            ? [{ kind: 'bookmark', title: callTitle, url: incident.callUrl } as const]
            : []),
          ...(incident.runbooks ?? []).map(
            ({ service, url }): Effect => ({ kind: 'bookmark', title: `Runbook: ${service}`, url }),
          ),
          ...(incident.alertSource?.url
            ? [{ kind: 'bookmark', title: 'PagerDuty', url: incident.alertSource.url } as const]
            : []),
          { kind: 'pull-history' },
        ]
      : [];
  const people = peopleOf(incident);
  const invited: Effect[] = people.length > 0 ? [{ kind: 'invite', users: people }] : [];
  const offered: Effect[] = incident.similarTo === undefined ? [] : [{ kind: 'offer-merge' }];
  return [
    { kind: 'card' },
    ...offered,
    ...pageCards(incident),
    ...invited,
    ...own,
    ...announced(incident),
    ...listed(incident),
  ];
}

/** Whoever was paged reads where it is worked on now. */
const pageCards = ({ pages }: Incident): Effect[] =>
  Object.keys(pages).map((user) => ({ kind: 'page-card', user }));

/** What came in a storm stays in its list, with a link once it has a channel. */
export const listed = ({ stormOf }: Incident): Effect[] =>
  stormOf === null ? [] : [{ kind: 'storm-message', head: stormOf }];

/** Who belongs in the channel: the declarer, role holders, whoever was told, and the acknowledger. */
export function peopleOf(incident: Incident): string[] {
  const holders = Object.values(incident.roles).map((held) => held.user);
  // A test calls nobody, whomever it would have called.
  const told = incident.isTest ? [] : incident.escalation.reached.map((reached) => reached.user);
  const acknowledger = userOf(incident.acknowledged?.by ?? tocsin);
  const all = [userOf(incident.declaredBy), acknowledger, ...holders, ...told, ...incident.members];
  return [...new Set(all.filter((user) => user !== null))];
}
