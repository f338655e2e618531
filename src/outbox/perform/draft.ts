import { draftMessage } from '../../blocks/draft-message.ts';
import { sentence } from '../../blocks/sentence.ts';
import { type Draft, draft as draftOf } from '../../postmortem/draft.ts';
import type { Context, Job, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel, whereOf } from '../incident-channel.ts';
import { findPosted, post } from '../post.ts';
import { lookBackMs, slackTime } from '../reconcile.ts';
import { peopleShown } from './shown.ts';

/** The draft as the timeline gives it now. Texts, not only links: free workspaces lose history. */
async function draftNow(context: Context, { incident }: Job): Promise<Draft> {
  await context.people.learn(peopleShown(incident));
  const screen = screenOf(context);
  return draftOf({
    incident,
    entries: context.store.timeline(incident.id),
    now: context.clock.now(),
    names: screen.names,
    sentence: (fact) => sentence(fact, screen),
    link: (place) => linkTo(context, place),
  });
}

/** A message's address; built, not asked for: one call per message would take hours. */
function linkTo(context: Context, place: { channel: string; ts: string }): string | null {
  const { url } = context.identity();
  return url ? `${url}archives/${place.channel}/p${place.ts.replace('.', '')}` : null;
}

/** The five lines, open questions, owner and due date. Quiet: nobody is mentioned. */
export const draft: Performer<'draft'> = {
  send: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    if (!where) return cancelled('it has no channel');
    const message = draftMessage(await draftNow(context, job), job.incident, screenOf(context));
    return inChannel(context, job, async () => {
      const ts = await post(context, job, where, message);
      return done({ type: 'note-posted', what: 'draft', channel: where.channel, ts });
    });
  },
  find: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    const ts = where && (await findPosted(context, job, where));
    return where && ts ? done({ type: 'note-posted', what: 'draft', channel: where.channel, ts }) : null;
  },
};

/** The Markdown file, after the lines: phones open files badly. Found again by its name. */
export const draftFile: Performer<'draft-file'> = {
  send: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    if (!where) return cancelled('it has no channel');
    const { fileName, markdown } = await draftNow(context, job);
    return inChannel(context, job, async () => {
      const destination = where.threadTs
        ? { channel_id: where.channel, thread_ts: where.threadTs }
        : { channel_id: where.channel };
      await context.slack.filesUploadV2({
        ...destination,
        filename: fileName,
        title: fileName,
        content: markdown,
        initial_comment: fileComment,
      });
      return done();
    });
  },
  find: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    if (!where) return null;
    const { fileName } = await draftNow(context, job);
    const oldest = slackTime(job.row.sentAt - lookBackMs);
    const window = { channel: where.channel, oldest, limit: 200 };
    const { messages } = where.threadTs
      ? await context.slack.conversations.replies({ ...window, ts: where.threadTs })
      : await context.slack.conversations.history(window);
    const isThere = (messages ?? []).some(
      (message) => message.text === fileComment && message.files?.some((file) => file.name === fileName),
    );
    return isThere ? done() : null;
  },
};

const fileComment = 'The postmortem draft as a file, to edit and keep.';
