import { draftMessage, type WholeDraft } from '../../blocks/draft-message.ts';
import type { Incident } from '../../incident/incident.ts';
import { canvasOf, ownerOf } from '../../incident/postmortem-state.ts';
import { draft as draftOf, htmlDraft } from '../../postmortem/draft.ts';
import type { Context, Delivery, EffectOf, Job, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { inChannel, whereOf } from '../incident-channel.ts';
import { edit, findPosted, post, type Where } from '../post.ts';
import { lookBackMs, slackTime } from '../reconcile.ts';
import { wordOf } from '../retry.ts';
import { findCanvas, intoCanvas } from './canvas.ts';
import { lostWords } from './card.ts';
import { inputNow } from './draft-input.ts';

const messageNow = async (context: Context, { incident }: Job) =>
  draftMessage(
    draftOf(await inputNow(context, incident)),
    incident,
    screenOf(context),
    whole(context, incident),
  );

/** Where the whole draft is, as far as is known now. */
function whole(context: Context, incident: Incident): WholeDraft {
  const canvas = canvasOf(incident);
  if (!context.config().postmortem.canvas) return 'file';
  const { url, team } = context.identity();
  return canvas ? { canvas: url === '' ? null : `${url}docs/${team}/${canvas.id}` } : 'coming';
}

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
    if (place.channel !== job.incident.channel?.id) return cancelled('it stands where it was public');
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
      message.text?.startsWith(upload.comment) &&
      message.files?.some((file) => file.name === upload.fileName),
  );
}

/** The Markdown file. `why` it is no canvas, where one was wanted. */
const uploadingDraft = (why: string): Performer<'draft-file'> =>
  uploading(async (context, _effect, { incident }) => {
    const { fileName, markdown } = draftOf(await inputNow(context, incident));
    return { fileName, content: markdown, comment: `${draftComment} ${why}`.trim() };
  });

const draftComment = 'The postmortem draft as a file, to edit and keep.';

/** The whole document after the lines, because phones open files badly: into a canvas where there may be one, else as a file. */
export const draftFile: Performer<'draft-file'> = {
  send: async (context, effect, job) => {
    if (!whereOf(job.incident)) return cancelled('it has no channel');
    const attempt = await intoCanvas(context, job, draftOf(await inputNow(context, job.incident)));
    return attempt.did === 'refused' ? uploadingDraft(attempt.why).send(context, effect, job) : attempt;
  },
  find: async (context, effect, job) => {
    const uploaded = await uploadingDraft('').find?.(context, effect, job);
    const attempt = uploaded ?? (await findCanvas(context, job));
    return attempt?.did === 'refused' ? uploadingDraft(attempt.why).send(context, effect, job) : attempt;
  },
};

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
