import { draftMessage } from '../../blocks/draft-message.ts';
import { permalink } from '../../blocks/permalink.ts';
import { sentence } from '../../blocks/sentence.ts';
import { namedIn } from '../../blocks/timeline.ts';
import type { Incident } from '../../incident/incident.ts';
import { ownerOf } from '../../incident/postmortem-state.ts';
import { readTimeline } from '../../incident/timeline.ts';
import { draft as draftOf, htmlDraft } from '../../postmortem/draft.ts';
import type { DraftInput } from '../../postmortem/story.ts';
import type { Context, Delivery, EffectOf, Job, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel, whereOf } from '../incident-channel.ts';
import { edit, findPosted, post, type Where } from '../post.ts';
import { lookBackMs, slackTime } from '../reconcile.ts';
import { wordOf } from '../retry.ts';
import { lostWords } from './card.ts';
import { peopleShown } from './shown.ts';

/** What the draft is made from now. Texts, not only links: free workspaces lose history. */
async function inputNow(context: Context, incident: Incident): Promise<DraftInput> {
  const entries = context.store.timeline(incident.id);
  const followers = (incident.followups ?? []).flatMap(({ owner }) => (owner === null ? [] : [owner]));
  await context.people.learn([
    ...peopleShown(incident),
    ...followers,
    ...readTimeline(entries).flatMap(namedIn),
  ]);
  const screen = screenOf(context);
  return {
    incident,
    entries,
    now: context.clock.now(),
    names: screen.names,
    sentence: (fact) => sentence(fact, screen),
    link: (place) => permalink(context.identity().url, place),
  };
}

const messageNow = async (context: Context, { incident }: Job) =>
  draftMessage(draftOf(await inputNow(context, incident)), incident, screenOf(context));

/** The five lines, open questions, owner and due date. Quiet: nobody is mentioned. */
export const draft: Performer<'draft'> = {
  send: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    if (!where) return cancelled('it has no channel');
    const message = await messageNow(context, job);
    return inChannel(context, job, async () =>
      posted(context, job.incident, where.channel, await post(context, job, where, message)),
    );
  },
  find: async (context, _effect, job) => {
    const where = whereOf(job.incident);
    const ts = where && (await findPosted(context, job, where));
    return where && ts ? posted(context, job.incident, where.channel, ts) : null;
  },
};

/** Where it is, and, for the owner's mornings, where the owner lives as far as Slack says so now. */
async function posted(context: Context, incident: Incident, channel: string, ts: string): Promise<Delivery> {
  const owner = ownerOf(incident);
  const found = owner === null ? null : await context.people.find(owner).catch(() => null);
  const isAt = { type: 'note-posted', what: 'draft', channel, ts } as const;
  if (owner === null || !found?.timeZone) return done(isAt);
  return done(isAt, { type: 'note-postmortem-zone', user: owner, timeZone: found.timeZone });
}

/** The message that is there says what holds now: edits, owner, due time, review. One that is gone stays gone. */
export const draftCard: Performer<'draft-card'> = {
  send: async (context, _effect, job) => {
    const place = job.incident.places.draft;
    if (!place) return cancelled('there is no draft yet');
    const message = await messageNow(context, job);
    await edit(context, { channel: place.channel, ts: place.ts }, message).catch((error: unknown) => {
      if (!goneWords.has(wordOf(error) ?? '')) throw error;
    });
    return done();
  },
};

const goneWords = new Set([...lostWords, 'channel_not_found', 'is_archived', 'not_in_channel']);

interface Upload {
  fileName: string;
  content: string;
  comment: string;
}

/** Found again by its name and its comment. */
const uploading = <Kind extends 'draft-file' | 'draft-export'>(
  fileOf: (context: Context, effect: EffectOf<Kind>, job: Job) => Promise<Upload>,
): Performer<Kind> => ({
  send: async (context, effect, job) => {
    const where = whereOf(job.incident);
    if (!where) return cancelled('it has no channel');
    const { fileName, content, comment } = await fileOf(context, effect, job);
    return inChannel(context, job, async () => {
      const destination = where.threadTs
        ? { channel_id: where.channel, thread_ts: where.threadTs }
        : { channel_id: where.channel };
      const file = { filename: fileName, title: fileName, content };
      await context.slack.filesUploadV2({ ...destination, ...file, initial_comment: comment });
      return done();
    });
  },
  find: async (context, effect, job) => {
    const where = whereOf(job.incident);
    return where && (await isUploaded(context, job, where, await fileOf(context, effect, job)))
      ? done()
      : null;
  },
});

async function isUploaded(context: Context, job: Job, where: Where, upload: Upload): Promise<boolean> {
  const oldest = slackTime(job.row.sentAt - lookBackMs);
  const window = { channel: where.channel, oldest, limit: 200 };
  const { messages } = where.threadTs
    ? await context.slack.conversations.replies({ ...window, ts: where.threadTs })
    : await context.slack.conversations.history(window);
  return (messages ?? []).some(
    (message) =>
      message.text === upload.comment && message.files?.some((file) => file.name === upload.fileName),
  );
}

/** The Markdown file, after the lines: phones open files badly. */
export const draftFile: Performer<'draft-file'> = uploading(async (context, _effect, { incident }) => {
  const { fileName, markdown } = draftOf(await inputNow(context, incident));
  return { fileName, content: markdown, comment: 'The postmortem draft as a file, to edit and keep.' };
});

/** The postmortem as it stands, for whoever asked for a file. */
export const draftExport: Performer<'draft-export'> = uploading(async (context, { format }, { incident }) => {
  const input = await inputNow(context, incident);
  if (format === 'html') {
    const { fileName, html } = htmlDraft(input);
    return { fileName, content: html, comment: 'The postmortem as a web page, to read, print and send.' };
  }
  const { fileName, markdown } = draftOf(input);
  return { fileName, content: markdown, comment: 'The postmortem as Markdown, for your wiki.' };
});
