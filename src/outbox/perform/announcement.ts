import { askAnnounceChannel as askOf } from '../../blocks/announce-call.ts';
import {
  announcement as announcementOf,
  announcementReply as replyOf,
  stormMessage as stormOf,
} from '../../blocks/announcement.ts';
import type { Message } from '../../blocks/message.ts';
import { isAnnounced, type PlaceName } from '../../incident/incident.ts';
import { announceChannel, forgetAnnounceChannel, knownAnnounceChannel } from '../announce-channel.ts';
import type { Context, Delivery, Job, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { edit, findPosted, post } from '../post.ts';
import { wordOf } from '../retry.ts';
import { lostWords } from './card.ts';
import { peopleShown } from './shown.ts';

/** The announce channel is not what it was: it is found (or made) anew once. */
async function inAnnounceChannel(
  context: Context,
  act: (channel: string) => Promise<Delivery>,
): Promise<Delivery> {
  const { id } = await announceChannel(context);
  try {
    return await act(id);
  } catch (error) {
    if (!['channel_not_found', 'is_archived', 'not_in_channel'].includes(wordOf(error) ?? '')) throw error;
    await forgetAnnounceChannel(context);
    return act((await announceChannel(context)).id);
  }
}

/** One message kept in the announce channel: posted once, then edited in place. */
async function keep(context: Context, job: Job, what: PlaceName, message: Message): Promise<Delivery> {
  const place = job.incident.places[what];
  if (place) {
    try {
      await edit(context, place, message);
      return done();
    } catch (error) {
      if (!lostWords.has(wordOf(error) ?? '')) throw error;
      return done({ type: 'note-place-lost', what });
    }
  }
  return inAnnounceChannel(context, async (channel) => {
    const ts = await post(context, job, { channel }, message);
    return done({ type: 'note-posted', what, channel, ts });
  });
}

async function findKept(context: Context, job: Job, what: PlaceName): Promise<Delivery | null> {
  const known = knownAnnounceChannel(context);
  if (!known || job.incident.places[what]) return null;
  const ts = await findPosted(context, job, { channel: known.id });
  return ts ? done({ type: 'note-posted', what, channel: known.id, ts }) : null;
}

/** Never for private incidents; test ones stay among themselves. Checked again here, at the door. */
const unannounced = ({ incident }: Job): boolean => !isAnnounced(incident);

export const announcement: Performer<'announcement'> = {
  send: async (context, _effect, job) => {
    if (unannounced(job)) return cancelled('private or a test');
    await context.people.learn(peopleShown(job.incident));
    return keep(context, job, 'announcement', announcementOf(job.incident, screenOf(context)));
  },
  find: (context, _effect, job) => findKept(context, job, 'announcement'),
};

export const announcementReply: Performer<'announcement-reply'> = {
  send: async (context, effect, job) => {
    const root = job.incident.places.announcement;
    if (unannounced(job) || !root) return cancelled('it is not announced');
    await context.people.learn(peopleShown(job.incident));
    const message = replyOf(effect.about, job.incident, screenOf(context));
    const where = { channel: root.channel, threadTs: root.ts, broadcast: effect.broadcast };
    await post(context, job, where, message);
    return done();
  },
  find: async (context, _effect, job) => {
    const root = job.incident.places.announcement;
    if (!root) return null;
    const ts = await findPosted(context, job, { channel: root.channel, threadTs: root.ts });
    return ts ? done() : null;
  },
};

export const stormMessage: Performer<'storm-message'> = {
  send: (context, _effect, job) => {
    const members = context.store.stormMembers(job.incident.id).filter((member) => !member.isPrivate);
    return keep(context, job, 'storm', stormOf(job.incident, members, screenOf(context)));
  },
  find: (context, _effect, job) => findKept(context, job, 'storm'),
};

/** Loud, for everybody who is there: somebody must be found. */
export const askAnnounceChannel: Performer<'ask-announce-channel'> = {
  send: async (context, effect, job) => {
    if (unannounced(job)) return cancelled('private or a test');
    await context.people.learn(peopleShown(job.incident));
    const message = askOf(effect.about, job.incident, screenOf(context));
    return inAnnounceChannel(context, async (channel) => {
      const ts = await post(context, job, { channel }, message);
      return done({ type: 'note-help-called', channel, ts });
    });
  },
  find: async (context, _effect, job) => {
    const channel = knownAnnounceChannel(context)?.id;
    const ts = channel && (await findPosted(context, job, { channel }));
    return channel && ts ? done({ type: 'note-help-called', channel, ts }) : null;
  },
};
