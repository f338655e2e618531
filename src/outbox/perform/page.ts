import { pageCard as pageCardOf, page as pageOf } from '../../blocks/page.ts';
import { pageStillWanted } from '../../incident/page-order.ts';
import type { Context, EffectOf, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { edit, findPosted, post } from '../post.ts';
import { wordOf } from '../retry.ts';
import { lostWords } from './card.ts';
import { peopleShown } from './shown.ts';

const delivered = (effect: EffectOf<'page'>, channel: string, ts: string, knewChannel: boolean) =>
  done({
    type: 'note-paged',
    user: effect.user,
    channel,
    ts,
    order: effect.order,
    standing: effect.standing,
    note: effect.note,
    knewChannel,
  });

/** A direct message that rings a phone. Claimed after somebody acknowledged, it is not sent any more. */
export const page: Performer<'page'> = {
  send: async (context, effect, job) => {
    if (!pageStillWanted(job.incident, effect.order)) return cancelled('no longer wanted');
    const begunAt = context.clock.now();
    await context.people.learn(peopleShown(job.incident));
    const channel = await context.people.dm(effect.user);
    // Slack may have taken its time to say who that is and where.
    if (context.clock.now() - begunAt > promptMs) await noteCalling(context, job.row.id);
    const incident = context.store.incident(job.incident.id) ?? job.incident;
    if (!pageStillWanted(incident, effect.order)) return cancelled('no longer wanted');
    const message = pageOf(incident, effect.user, effect, screenOf(context));
    const ts = await post(context, job, { channel }, message);
    return delivered(effect, channel, ts, incident.channel !== null);
  },
  find: async (context, effect, job) => {
    const channel = await context.people.dm(effect.user);
    const ts = await findPosted(context, job, { channel });
    // What an earlier life knew when it wrote this, nobody can tell.
    return ts ? delivered(effect, channel, ts, false) : null;
  },
};

/** From when a page is begun, right after its claim, to its call, at the most, ms: the grace of its lane has as much to spare. */
const promptMs = 100;

/** Killed from here on, the next life looks a grace after this call. A disk that fails holds no page up. */
const noteCalling = (context: Context, row: number): Promise<void> =>
  context.store.calling(row, context.clock.now()).catch(() => undefined);

/** The page DM says what holds now: theirs, stood down, or wanted again. */
export const pageCard: Performer<'page-card'> = {
  send: async (context, effect, job) => {
    const place = job.incident.pages[effect.user];
    if (!place) return cancelled('they were not paged');
    await context.people.learn(peopleShown(job.incident));
    const message = pageCardOf(job.incident, effect.user, screenOf(context));
    await edit(context, { channel: place.channel, ts: place.ts }, message).catch((error: unknown) => {
      if (!lostWords.has(wordOf(error) ?? '')) throw error;
    });
    return done();
  },
};
