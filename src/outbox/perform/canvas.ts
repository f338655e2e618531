import { canvasProblem } from '../../blocks/canvas-problem.ts';
import { canvasOf } from '../../incident/postmortem-state.ts';
import { canvasHead, canvasLengthMax, canvasMarkdown, canvasTitle } from '../../postmortem/canvas.ts';
import { type Draft, draft as draftOf } from '../../postmortem/draft.ts';
import type { Context, Delivery, Job, Performer } from '../context.ts';
import { cancelled, done } from '../context.ts';
import { inChannel } from '../incident-channel.ts';
import { faultOf, wordOf } from '../retry.ts';
import { inputNow } from './draft-input.ts';

/** Somebody deleted it. */
const goneWords = new Set(['canvas_not_found', 'canvas_deleted']);

/** How many canvases of one channel are looked into for ours. */
const canvasesMax = 10;

/** `refused`: there is none, and why in words for people; empty where nobody wants one. */
type Attempt = Delivery | { did: 'refused'; why: string };

/** The draft into the canvas of the incident's channel: the one it has, else a new one. */
export async function intoCanvas(context: Context, job: Job, draft: Draft): Promise<Attempt> {
  const { channel } = job.incident;
  if (!context.config().postmortem.canvas) return { did: 'refused', why: '' };
  if (channel?.threadTs !== undefined) return { did: 'refused', why: canvasProblem('no-channel') };
  const content = canvasMarkdown(draft, context.config().command);
  if (content.length > canvasLengthMax) return { did: 'refused', why: canvasProblem('too-long') };
  try {
    return await inChannel(context, job, () => written(context, job, content));
  } catch (error) {
    const { kind, word } = faultOf(error);
    if (kind !== 'refused' && word !== 'missing_scope') throw error;
    return { did: 'refused', why: canvasProblem(word) };
  }
}

async function written(context: Context, { incident }: Job, content: string): Promise<Delivery> {
  const known = canvasOf(incident);
  if (known && (await replaced(context, known.id, content))) return done();
  const channel = incident.channel?.id ?? '';
  const { canvas_id: id } = await context.slack.canvases.create({
    channel_id: channel,
    title: canvasTitle(incident.id),
    document_content: { type: 'markdown', markdown: content },
  });
  if (!id) throw new Error('Slack made a canvas without saying which');
  return made(context, id, channel);
}

/** False: it is gone. The same content again is no error. */
async function replaced(context: Context, id: string, content: string): Promise<boolean> {
  const document = { type: 'markdown', markdown: content } as const;
  try {
    await context.slack.canvases.edit({
      canvas_id: id,
      changes: [{ operation: 'replace', document_content: document }],
    });
    return true;
  } catch (error) {
    if (goneWords.has(wordOf(error) ?? '')) return false;
    throw error;
  }
}

/** Its channel may read it: words typed there would be lost. Where Slack lets them write all the same, its last line says so. */
async function made(context: Context, id: string, channel: string): Promise<Delivery> {
  await context.slack.canvases.access
    .set({ canvas_id: id, access_level: 'read', channel_ids: [channel] })
    .catch((error: unknown) => context.report('the canvas of a postmortem draft stays open to all', error));
  return done({ type: 'note-canvas', canvas: { id, channel } });
}

/** Ours in the incident's channel, made by a call whose answer nobody heard. Where we may not look, it stays in doubt. */
export async function findCanvas(context: Context, { incident }: Job): Promise<Attempt | null> {
  const { channel } = incident;
  const isWanted = context.config().postmortem.canvas && channel && channel.threadTs === undefined;
  if (!isWanted || canvasOf(incident)) return null;
  try {
    return await ours(context, incident.id, channel.id);
  } catch (error) {
    if (wordOf(error) !== 'missing_scope') throw error;
    return { did: 'refused', why: canvasProblem('in-doubt') };
  }
}

async function ours(context: Context, incident: number, channel: string): Promise<Delivery | null> {
  const { channel: info } = await context.slack.conversations.info({ channel });
  for (const id of canvasesAmong(info?.properties).slice(0, canvasesMax)) {
    const { sections } = await context.slack.canvases.sections.lookup({
      canvas_id: id,
      criteria: { section_types: ['h1'], contains_text: canvasHead(incident) },
    });
    if (sections && sections.length > 0) return made(context, id, channel);
  }
  return null;
}

/** Files of the tabs that are canvases, the newest first; Slack's own types do not know `data`. */
function canvasesAmong(properties: { tabs?: readonly object[] } | undefined): string[] {
  const tabs: readonly { type?: string; data?: { file_id?: string } }[] = properties?.tabs ?? [];
  return tabs
    .flatMap(({ type, data }) => (type === 'canvas' && data?.file_id ? [data.file_id] : []))
    .reverse();
}

/** The canvas that is there says what holds now. One that is gone stays gone until somebody asks for the draft again. */
export const draftCanvas: Performer<'draft-canvas'> = {
  send: async (context, _effect, { incident }) => {
    const canvas = canvasOf(incident);
    if (!canvas || !context.config().postmortem.canvas) return cancelled('there is no canvas');
    const draft = draftOf(await inputNow(context, incident));
    const content = canvasMarkdown(draft, context.config().command);
    try {
      const isThere = await replaced(context, canvas.id, content);
      return isThere ? done() : done({ type: 'note-canvas', canvas: null });
    } catch (error) {
      const { word } = faultOf(error);
      if (word !== 'missing_scope') throw error;
      return done({ type: 'note-failed', kind: 'draft-canvas', error: word });
    }
  },
};
