import { isOpen } from './incident.ts';
import { clean } from './text.ts';
import type { Topic } from './topic.ts';

/** A file by reference: we never copy its content. */
export interface FileReference {
  id: string;
  name: string;
  link: string;
}

interface MessageIdentity {
  channel: string;
  ts: string;
}

/** Who wrote it: a person, or another app by name. */
export interface Author {
  user: string | null;
  app: string | null;
}

export type MessageCommand =
  | (MessageIdentity & {
      type: 'record-message';
      author: Author;
      text: string;
      threadTs: string | null;
      files: FileReference[];
      happenedAt: number;
    })
  | (MessageIdentity & { type: 'record-edit'; author: Author; text: string; happenedAt: number })
  | (MessageIdentity & { type: 'record-deletion'; happenedAt: number })
  | { type: 'record-presence'; user: string; joined: boolean; happenedAt: number }
  /** Topic, purpose, name: changed by a person in Slack. */
  | (MessageIdentity & {
      type: 'record-channel-change';
      user: string;
      what: 'topic' | 'purpose' | 'name' | 'archive' | 'unarchive';
      text: string;
      happenedAt: number;
    });

export type MessageFact =
  | (MessageIdentity & {
      type: 'message-posted';
      author: Author;
      text: string;
      threadTs: string | null;
      files: FileReference[];
      happenedAt: number;
    })
  | (MessageIdentity & { type: 'message-edited'; author: Author; text: string; happenedAt: number })
  | (MessageIdentity & { type: 'message-deleted'; happenedAt: number })
  | { type: 'member-joined'; user: string; happenedAt: number }
  | { type: 'member-left'; user: string; happenedAt: number }
  | (MessageIdentity & {
      type: 'channel-changed';
      user: string;
      what: 'topic' | 'purpose' | 'name' | 'archive' | 'unarchive';
      text: string;
      happenedAt: number;
    });

/** Messages are never refused, in any state of the incident. Bodies live in the timeline alone. */
export const messages: Topic<MessageCommand, MessageFact> = {
  decide: {
    'record-message': (_incident, command) => [
      { ...command, type: 'message-posted', text: clean(command.text) },
    ],
    'record-edit': (_incident, command) => [
      { ...command, type: 'message-edited', text: clean(command.text) },
    ],
    'record-deletion': (_incident, command) => [{ ...command, type: 'message-deleted' }],
    'record-presence': (_incident, command) => [
      {
        type: command.joined ? 'member-joined' : 'member-left',
        user: command.user,
        happenedAt: command.happenedAt,
      },
    ],
    'record-channel-change': (_incident, command) => [
      { ...command, type: 'channel-changed', text: clean(command.text) },
    ],
  },
  evolve: {
    'message-posted': (incident, fact) => {
      const { user } = fact.author;
      if (user === null) return incident;
      // Nobody joins a thread: whoever speaks in it is part of it.
      const isThread = incident.channel?.threadTs !== undefined && !incident.isPrivate;
      return {
        ...incident,
        ...(isThread && { members: [...new Set([...incident.members, user])] }),
        messageCount: incident.messageCount + 1,
        updates: { ...incident.updates, messagesSince: incident.updates.messagesSince + 1 },
      };
    },
    'message-edited': (incident) => incident,
    'message-deleted': (incident) => incident,
    'member-joined': (incident, fact) => ({
      ...incident,
      members: [...new Set([...incident.members, fact.user])],
    }),
    'member-left': (incident, fact) => ({
      ...incident,
      members: incident.members.filter((user) => user !== fact.user),
    }),
    'channel-changed': (incident) => incident,
  },
  effects: {
    'message-posted': () => [],
    'message-edited': () => [],
    'message-deleted': () => [],
    // Whoever comes late, uncalled, is told by DM where things stand.
    'member-joined': (fact, after, before) =>
      isOpen(after) && !before.members.includes(fact.user)
        ? [{ kind: 'tell', user: fact.user, about: fact }]
        : [],
    'member-left': () => [],
    'channel-changed': () => [],
  },
};
