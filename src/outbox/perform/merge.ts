import { mergeOffer } from '../../blocks/merge-modal.ts';
import { tocsin } from '../../incident/by.ts';
import { isOpen } from '../../incident/incident.ts';
import { belongingsOf, mergeRefusal, otherOf, survivorOf } from '../../incident/merging.ts';
import type { Performer } from '../context.ts';
import { cancelled, done } from '../context.ts';
import { inChannel, whereOf } from '../incident-channel.ts';
import { findPosted, post } from '../post.ts';

/**
 * The second half of a merge, in the survivor: the row belongs to it, and the commit of what it takes in settles the
 * row. Should the survivor have ended in the same moment, the merged one is live again: nobody must be left with neither.
 */
export const absorb: Performer<'absorb'> = {
  send: async (context, effect, { row, incident: survivor }) => {
    const merged = context.store.incident(effect.from);
    if (merged?.mergedInto !== survivor.id) return cancelled('it was undone');
    if (!isOpen(survivor)) {
      // Everybody reads why; of a private one not even its number is told.
      const which = survivor.isPrivate ? 'the other incident' : `INC-${survivor.id}`;
      const why = `${which} ended in the same moment`;
      await context.engine.handle(merged.id, { type: 'reopen', by: tocsin, why }, `absorb:${row.ref}`);
      return cancelled('the survivor ended first');
    }
    return done({ type: 'absorb', by: effect.by, from: otherOf(merged), brings: belongingsOf(merged) });
  },
};

/** The second half of an undone merge. */
export const separate: Performer<'separate'> = {
  send: async ({ store }, effect) => {
    const merged = store.incident(effect.from);
    return merged
      ? done({ type: 'separate', by: effect.by, from: otherOf(merged) })
      : cancelled('there is no such incident');
  },
};

/** Asked once the channel is there, as long as the answer is open; never about what not everybody in it may see. */
export const offerMerge: Performer<'offer-merge'> = {
  send: async (context, _effect, job) => {
    const { incident } = job;
    const where = whereOf(incident);
    const similar = incident.similarTo === undefined ? null : context.store.incident(incident.similarTo);
    if (!where || incident.places.offer) return cancelled('it has no channel, or was asked');
    if (!similar || similar.isPrivate || mergeRefusal(incident, survivorOf(similar))) {
      return cancelled('there is nothing to merge with');
    }
    return inChannel(context, job, async () => {
      const ts = await post(context, job, where, mergeOffer(incident, similar));
      return done({ type: 'note-posted', what: 'offer', channel: where.channel, ts });
    });
  },
  find: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    const ts = where && (await findPosted(context, job, where));
    return where && ts ? done({ type: 'note-posted', what: 'offer', channel: where.channel, ts }) : null;
  },
};
