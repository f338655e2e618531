import { channelName, purpose as purposeText, topic as topicText } from '../../blocks/channel.ts';
import type { Incident } from '../../incident/incident.ts';
import { callTitle } from '../../incident/references.ts';
import type { Context, Delivery, Job, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel } from '../incident-channel.ts';
import { unlessLimited } from '../limited.ts';
import { findChannel } from '../reconcile.ts';
import { wordOf } from '../retry.ts';
import { peopleShown } from './shown.ts';

/** Names tried when one is taken: `inc-…`, `inc-…-2`, … */
const namesMax = 5;
const listPagesMax = 20;
/** Ids per invite call (platform.md section 2.3). */
const inviteMax = 100;

/** Slack's words for "this workspace does not let you": the incident runs in a thread instead. */
const forbiddenWords = new Set([
  'restricted_action',
  'cannot_create_channel',
  'user_is_restricted',
  'no_permission',
  'too_many_convos_for_team',
]);

/** The name carries the incident's number, so a taken one is ours from an earlier try, or somebody else's on purpose. */
export const openChannel: Performer<'open-channel'> = {
  send: async (context, _effect, { incident }) => {
    if (incident.channel) return cancelled('it has a channel');
    // Asked for first, and not waited for: the names are there when the card needs them, right after the channel is.
    void context.people.learn(peopleShown(incident));
    for (let suffix = 1; suffix <= namesMax; suffix += 1) {
      const name = channelName(incident, suffix === 1 ? undefined : suffix);
      try {
        const answer = await context.slack.conversations.create({ name, is_private: incident.isPrivate });
        const id = answer.channel?.id;
        if (!id) throw new Error('Slack made a channel without saying which');
        return done(opened(id, answer.channel?.name ?? name, incident.channelProblem));
      } catch (error) {
        const word = wordOf(error) ?? '';
        if (forbiddenWords.has(word)) return done({ type: 'note-channel-refused', error: word });
        if (word !== 'name_taken') throw error;
        const adopted = await adopt(context, name, incident.isPrivate);
        if (adopted) return done(opened(adopted, name, incident.channelProblem));
      }
    }
    return done({ type: 'note-channel-refused', error: 'name_taken' });
  },
};

const opened = (id: string, name: string, problem: string | null) =>
  ({ type: 'note-channel', channel: { id, name }, problem }) as const;

/** A channel of that name that we made and that serves no incident: an earlier try of this very effect. */
async function adopt(context: Context, name: string, isPrivate: boolean): Promise<string | null> {
  let cursor: string | undefined;
  for (let page = 0; page < listPagesMax; page += 1) {
    const answer = await context.slack.users.conversations({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: 200,
      cursor,
    });
    const sameKind = (answer.channels ?? []).filter((one) => (one.is_private ?? false) === isPrivate);
    const id = findChannel(sameKind, name, context.identity().botUser);
    if (id) return isServing(context, id) ? null : id;
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (!cursor) return null;
  }
  return null;
}

const isServing = ({ store }: Context, channel: string): boolean =>
  store.linkedId('slack', channel) !== null || store.linkedId('slack-past', channel) !== null;

/** Only a channel of its own has a topic, a purpose, bookmarks and guests. */
const ownChannel = ({ incident }: Job): string | null =>
  incident.channel && incident.channel.threadTs === undefined ? incident.channel.id : null;

export const topic: Performer<'topic'> = {
  send: async (context, _effect, job) => {
    const channel = ownChannel(job);
    if (!channel) return cancelled('no channel of its own');
    return inChannel(context, job, async () => {
      await context.slack.conversations.setTopic({
        channel,
        topic: topicText(job.incident, screenOf(context)),
      });
      return done();
    });
  },
};

export const purpose: Performer<'purpose'> = {
  send: async (context, _effect, job) => {
    const channel = ownChannel(job);
    if (!channel) return cancelled('no channel of its own');
    return inChannel(context, job, async () => {
      await context.slack.conversations.setPurpose({ channel, purpose: purposeText(job.incident) });
      return done();
    });
  },
};

/** Adding a bookmark twice makes two, so the list is looked at first. */
export const bookmark: Performer<'bookmark'> = {
  send: async (context, effect, job) => {
    const channel = ownChannel(job);
    if (!channel) return cancelled('no channel of its own');
    if (effect.title === callTitle && effect.url !== job.incident.callUrl)
      return cancelled('another call is set');
    return inChannel(context, job, async () => {
      const { title, url } = effect;
      return unlessLimited('bookmarks', async () => {
        const { bookmarks = [] } = await context.slack.bookmarks.list({ channel_id: channel });
        if (bookmarks.some((known) => known.link === url)) return;
        const older = title === callTitle ? bookmarks.find((known) => known.title === title)?.id : undefined;
        if (older === undefined) {
          await context.slack.bookmarks.add({ channel_id: channel, title, type: 'link', link: url });
        } else {
          await context.slack.bookmarks.edit({ channel_id: channel, bookmark_id: older, title, link: url });
        }
      });
    });
  },
};

/** The new title in the channel's name; a name that people gave it stays. Where Slack refuses, it stays too. */
export const renameChannel: Performer<'rename-channel'> = {
  send: async (context, { before }, job) => {
    const { incident } = job;
    const channel = ownChannel(job);
    if (!channel) return cancelled('no channel of its own');
    const named = incident.channel?.name ?? '';
    if (!isNameOf(named, { ...incident, title: before })) return cancelled('somebody named it');
    if (isNameOf(named, incident)) return cancelled('it has that name');
    return inChannel(context, job, () => rename(context, incident, channel));
  },
};

async function rename(context: Context, incident: Incident, channel: string): Promise<Delivery> {
  let name: string | null = null;
  const delivery = await unlessLimited('channel-name', async () => {
    name = await takeName(context, incident, channel);
  });
  return name === null ? delivery : done({ type: 'note-channel-renamed', name });
}

/** The first of its names that is free, given to the channel. */
async function takeName(context: Context, incident: Incident, channel: string): Promise<string> {
  for (let suffix = 1; ; suffix += 1) {
    const name = channelName(incident, suffix === 1 ? undefined : suffix);
    try {
      await context.slack.conversations.rename({ channel, name });
      return name;
    } catch (error) {
      if (wordOf(error) !== 'name_taken' || suffix === namesMax) throw error;
    }
  }
}

/** Did we give this name, with or without a number at its end? */
const isNameOf = (name: string, incident: Incident): boolean =>
  Array.from({ length: namesMax }, (_, n) => channelName(incident, n === 0 ? undefined : n + 1)).includes(
    name,
  );

/** People who are in already, or cannot come, are no failure: the others are invited. */
export const invite: Performer<'invite'> = {
  send: async (context, effect, job) => {
    const channel = ownChannel(job);
    const users = effect.users.filter((user) => user !== context.identity().botUser).slice(0, inviteMax);
    if (!channel || users.length === 0) return cancelled('nobody to invite');
    return inChannel(context, job, async () => {
      await context.slack.conversations
        .invite({ channel, users: users.join(','), force: true })
        .catch((error: unknown) => {
          if (!harmlessInvites.has(wordOf(error) ?? '')) throw error;
        });
      return done();
    });
  },
};

const harmlessInvites = new Set([
  'already_in_channel',
  'cant_invite_self',
  'cant_invite',
  'user_not_found',
  'ura_max_channels',
  'user_is_restricted',
]);
