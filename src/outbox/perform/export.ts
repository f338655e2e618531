import { permalink } from '../../blocks/permalink.ts';
import { sentence } from '../../blocks/sentence.ts';
import { isShown, namedIn } from '../../blocks/timeline.ts';
import { visibleTo } from '../../incident/incident.ts';
import { readTimeline } from '../../incident/timeline.ts';
import { exportFileName, exportTimeline } from '../../postmortem/timeline-export.ts';
import type { Context, EffectOf, Job, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel, whereOf } from '../incident-channel.ts';
import type { Where } from '../post.ts';
import { lookBackMs, slackTime } from '../reconcile.ts';

type Export = EffectOf<'export'>;

/** The timeline as a file, as it is when it goes out. Found again by its name, which bears the time of the asking. */
export const exportFile: Performer<'export'> = {
  send: async (context, effect, job) => {
    if (!visibleTo(job.incident, effect.user)) return cancelled('it is private, and they are not in it');
    const where = await destination(context, effect, job);
    if (!where) return cancelled('it has no channel');
    const content = await contentOf(context, effect, job);
    const upload = async () => {
      const fileName = nameOf(effect, job);
      await context.slack.filesUploadV2({
        ...(where.threadTs
          ? { channel_id: where.channel, thread_ts: where.threadTs }
          : { channel_id: where.channel }),
        filename: fileName,
        title: fileName,
        content,
        initial_comment: commentOf(job),
      });
      return done();
    };
    return effect.to === 'channel' ? inChannel(context, job, upload) : upload();
  },
  find: async (context, effect, job) => {
    const where = await destination(context, effect, job);
    if (!where) return null;
    const window = { channel: where.channel, oldest: slackTime(job.row.sentAt - lookBackMs), limit: 200 };
    const { messages } = where.threadTs
      ? await context.slack.conversations.replies({ ...window, ts: where.threadTs })
      : await context.slack.conversations.history(window);
    const name = nameOf(effect, job);
    const isThere = (messages ?? []).some((message) => message.files?.some((file) => file.name === name));
    return isThere ? done() : null;
  },
};

async function destination(context: Context, effect: Export, { incident }: Job): Promise<Where | null> {
  if (effect.to === 'channel') return whereOf(incident);
  return { channel: await context.people.dm(effect.user) };
}

const nameOf = (effect: Export, { incident, row }: Job): string =>
  exportFileName(incident, effect.format, row.createdAt);

const commentOf = ({ incident }: Job): string =>
  `The timeline of INC-${incident.id}, without what was hidden or deleted.`;

async function contentOf(context: Context, effect: Export, { incident }: Job): Promise<string> {
  const items = readTimeline(context.store.timeline(incident.id)).filter(isShown);
  await context.people.learn(items.flatMap(namedIn));
  const screen = screenOf(context);
  const { url } = context.identity();
  return exportTimeline(
    {
      incident,
      items,
      now: context.clock.now(),
      names: screen.names,
      sentence: (fact) => sentence(fact, screen),
      link: (place, threadTs) => permalink(url, place, threadTs),
    },
    effect.format,
  );
}
