import { nudge as nudgeOf } from '../../blocks/nudge.ts';
import type { Incident } from '../../incident/incident.ts';
import { ladderOf } from '../../incident/nudge-rules.ts';
import type { Rung } from '../../incident/rungs.ts';
import type { Context, EffectOf, Job, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel, whereOf } from '../incident-channel.ts';
import { findPosted, post, type Where } from '../post.ts';
import { wordOf } from '../retry.ts';
import { peopleShown } from './shown.ts';

/** Answered or superseded while it waited: not said any more. */
function stands({ nudges }: Incident, effect: EffectOf<'nudge'>): boolean {
  const { standing } = nudges;
  return standing?.rule === effect.rule && standing.rung === effect.rung && standing.dueAt === effect.dueAt;
}

const rungOf = (incident: Incident, effect: EffectOf<'nudge'>): Rung | null =>
  ladderOf(incident, effect.rule)?.rungs[effect.rung] ?? null;

async function whereTo(
  context: Context,
  effect: EffectOf<'nudge'>,
  { incident }: Job,
): Promise<Where | null> {
  const rung = rungOf(incident, effect);
  if (rung?.via === 'dm' && rung.to) return { channel: await context.people.dm(rung.to) };
  return whereOf(incident);
}

const posted = ({ rule, rung, dueAt }: EffectOf<'nudge'>, channel: string, ts: string) =>
  done({ type: 'note-nudge-posted', rule, rung, dueAt, channel, ts });

/** Notifies, so each rung is a new message; its place is reported so that the next one can take it away. */
export const nudge: Performer<'nudge'> = {
  send: async (context, effect, job) => {
    if (!stands(job.incident, effect)) return cancelled('answered meanwhile');
    const where = await whereTo(context, effect, job);
    if (!where) return cancelled('it has no channel');
    await context.people.learn(peopleShown(job.incident));
    const { rule, rung, dueAt } = effect;
    const message = nudgeOf(job.incident, { rule, rung, dueAt }, screenOf(context));
    return inChannel(context, job, async () =>
      posted(effect, where.channel, await post(context, job, where, message)),
    );
  },
  find: async (context, effect, job) => {
    const where = await whereTo(context, effect, job);
    const ts = where && (await findPosted(context, job, where));
    return where && ts ? posted(effect, where.channel, ts) : null;
  },
};

/** Takes a message of ours away; one that is gone already is fine. */
export const retract: Performer<'retract'> = {
  send: async (context, { place }) => {
    await context.slack.chat.delete({ channel: place.channel, ts: place.ts }).catch((error: unknown) => {
      const word = wordOf(error) ?? '';
      if (!['message_not_found', 'channel_not_found', 'is_archived', 'not_in_channel'].includes(word))
        throw error;
    });
    return done();
  },
};
