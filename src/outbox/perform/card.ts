import { card as cardOf } from '../../blocks/card.ts';
import type { Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel, whereOf } from '../incident-channel.ts';
import { unlessLimited } from '../limited.ts';
import { edit, findPosted, post } from '../post.ts';
import { wordOf } from '../retry.ts';
import { peopleShown } from './shown.ts';

/** Somebody deleted the message, or Slack no longer lets us edit it. */
export const lostWords = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** One message, edited in place; posted anew only when it is gone. */
export const card: Performer<'card'> = {
  send: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    if (!where) return cancelled('it has no channel');
    await context.people.learn(peopleShown(job.incident));
    const message = cardOf(job.incident, screenOf(context));
    const place = job.incident.places.card;
    return inChannel(context, job, async () => {
      if (!place) {
        const ts = await post(context, job, where, message);
        return done({ type: 'note-posted', what: 'card', channel: where.channel, ts });
      }
      try {
        await edit(context, place, message);
        return done();
      } catch (error) {
        if (!lostWords.has(wordOf(error) ?? '')) throw error;
        return done({ type: 'note-place-lost', what: 'card' });
      }
    });
  },
  find: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    if (!where || job.incident.places.card) return null;
    const ts = await findPosted(context, job, where);
    return ts ? done({ type: 'note-posted', what: 'card', channel: where.channel, ts }) : null;
  },
};

export const pinCard: Performer<'pin-card'> = {
  send: async (context, _effect, job) => {
    const place = job.incident.places.card;
    if (!place) return cancelled('there is no card');
    return inChannel(context, job, async () => {
      return unlessLimited('pins', async () => {
        await context.slack.pins
          .add({ channel: place.channel, timestamp: place.ts })
          .catch((error: unknown) => {
            if (!['already_pinned', 'message_not_found'].includes(wordOf(error) ?? '')) throw error;
          });
      });
    });
  },
};
