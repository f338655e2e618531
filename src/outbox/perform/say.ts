import { line } from '../../blocks/line.ts';
import { told } from '../../blocks/told.ts';
import { isToldInNote } from '../../incident/clock.ts';
import { stillToTell } from '../../incident/followups.ts';
import { stillReminded } from '../../incident/postmortem-reminders.ts';
import type { Context, Delivery, EffectOf, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel, whereOf } from '../incident-channel.ts';
import { findPosted, post } from '../post.ts';
import { peopleShown } from './shown.ts';

/** A fact, said in the incident's channel. */
export const say: Performer<'say'> = {
  send: async (context, effect, job) => {
    const where = whereOf(job.incident);
    if (!where) return cancelled('it has no channel');
    if (isToldInNote(job.incident, job.row.createdAt)) return cancelled('told in the note on the absence');
    await context.people.learn(peopleShown(job.incident));
    const message = line(effect.about, job.incident, screenOf(context));
    if (!message) return cancelled('nothing to say');
    return inChannel(context, job, async () => {
      const ts = await post(context, job, where, message);
      return done({ type: 'note-said', about: effect.about, channel: where.channel, ts });
    });
  },
  find: async (context, effect, job) => {
    const where = whereOf(job.incident);
    const ts = where && (await findPosted(context, job, where));
    return ts ? done({ type: 'note-said', about: effect.about, channel: where.channel, ts }) : null;
  },
};

/** A fact, told to one person by DM: a new role with its instructions. */
export const tell: Performer<'tell'> = {
  send: async (context, effect, job) => {
    const isWanted =
      stillToTell(job.incident, effect.user, effect.about) && stillReminded(job.incident, effect.about);
    if (!isWanted) return cancelled('answered meanwhile');
    if (effect.about.type === 'member-joined' && (await isStranger(context, effect.user)))
      return cancelled('of another organisation');
    await context.people.learn(peopleShown(job.incident));
    const instructions = instructionsFor(context, effect);
    const message = told(effect.about, job.incident, screenOf(context), instructions, effect.user);
    const channel = await context.people.dm(effect.user);
    await post(context, job, { channel }, message);
    return done();
  },
  find: async (context, effect, job): Promise<Delivery | null> => {
    const channel = await context.people.dm(effect.user);
    return (await findPosted(context, job, { channel })) ? done() : null;
  },
};

/** Let into a channel of ours, they read what is there, and are told no more. */
const isStranger = async ({ people }: Context, user: string): Promise<boolean> =>
  (await people.find(user))?.isStranger === true;

function instructionsFor(context: Context, effect: EffectOf<'tell'>): string {
  return effect.about.type === 'role-assigned' ? context.config().roles[effect.about.role].instructions : '';
}
