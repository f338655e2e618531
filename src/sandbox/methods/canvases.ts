import type { Json } from '../json.ts';
import { isObject, objectAt, objectsAt, textAt } from '../json.ts';
import { refuse } from '../refuse.ts';
import { LIMITS } from '../rules.ts';
import type { Canvas, Workspace } from '../workspace.ts';
import { newId, seconds } from '../workspace.ts';
import type { Method } from './method.ts';
import { ownChannel, seenChannel } from './method.ts';

/** Documents beside a channel's messages. What the free plan lacks is read off the error names of the methods. */
export const canvasMethods: Readonly<Record<string, Method>> = {
  'canvases.create': create,
  'canvases.edit': edit,
  'canvases.access.set': setAccess,
  'canvases.sections.lookup': lookup,
};

function create(ws: Workspace, args: Json): Json {
  if (ws.canvasPlan === 'off') return refuse('canvas_disabled_user_team');
  const isTabbed = args.channel_id !== undefined;
  if (ws.canvasPlan === 'free' && !isTabbed) return refuse('free_teams_cannot_create_non_tabbed_canvases');
  const channel = isTabbed ? ownChannel(ws, args, 'channel_id') : null;
  if (channel && ws.canvasPlan === 'free' && canvasesIn(ws, channel.id).length > 0) {
    return refuse('free_team_canvas_tab_already_exists');
  }
  const markdown = args.document_content === undefined ? '' : markdownOf(args);
  if (markdown === null) return refuse('canvas_creation_failed');
  const canvas = addCanvas(ws, {
    by: ws.app.userId,
    title: textAt(args, 'title'),
    markdown,
    channelId: channel?.id,
  });
  return { canvas_id: canvas.id };
}

/** A canvas that somebody made; in a channel it is a tab that its members may write in. */
export function addCanvas(
  ws: Workspace,
  made: { by: string; title: string; markdown: string; channelId?: string },
): Canvas {
  const { by, title, markdown, channelId = null } = made;
  const canvas: Canvas = {
    id: newId(ws, 'F'),
    by,
    title,
    markdown,
    channelId,
    access: 'write',
    at: ws.clock.now(),
  };
  ws.canvases.set(canvas.id, canvas);
  return canvas;
}

/** The content of a request; null for what is no Markdown, or too much of it. */
function markdownOf(args: Json): string | null {
  const content = objectAt(args, 'document_content');
  const { type, markdown } = content;
  if (type !== 'markdown' || typeof markdown !== 'string') return null;
  return markdown.length > LIMITS.canvasLength ? null : markdown;
}

/** One change in one call; of those that Slack has, replacing everything. */
function edit(ws: Workspace, args: Json): Json {
  const canvas = canvasAt(ws, args);
  if (ws.canvasPlan === 'free' && canvas.channelId === null) {
    return refuse('free_teams_cannot_edit_standalone_canvases');
  }
  const changes = objectsAt(args, 'changes');
  const [change] = changes;
  if (!change || changes.length > 1 || change.operation !== 'replace' || change.section_id !== undefined) {
    return refuse('invalid_arguments');
  }
  if (isForeign(ws, canvas) && canvas.access === 'read') return refuse('restricted_action');
  canvas.markdown = markdownOf(change) ?? refuse('canvas_editing_failed');
  return {};
}

function setAccess(ws: Workspace, args: Json): Json {
  if (ws.canvasPlan === 'free') return refuse('restricted_action');
  const canvas = canvasAt(ws, args);
  const channels = args.channel_ids;
  if (!Array.isArray(channels) || args.user_ids !== undefined) return refuse('invalid_parameters');
  const level = textAt(args, 'access_level');
  if (level !== 'read' && level !== 'write') return refuse('invalid_arguments');
  if (isForeign(ws, canvas)) return refuse('restricted_action');
  for (const channel of channels) {
    if (seenChannel(ws, { channel }).id !== canvas.channelId) return refuse('channel_not_found');
  }
  canvas.access = level;
  return {};
}

/** Headings by rank, other lines without one. */
function lookup(ws: Workspace, args: Json): Json {
  const canvas = canvasAt(ws, args);
  const criteria = objectAt(args, 'criteria');
  const types = Array.isArray(criteria.section_types) ? criteria.section_types : [];
  const words = textAt(criteria, 'contains_text');
  if (!isObject(args.criteria) || (types.length === 0 && words === '')) return refuse('invalid_arguments');
  const sections = canvas.markdown.split('\n').flatMap((line, at) => {
    const rank = /^(#{1,3}) /.exec(line)?.[1]?.length;
    const isWanted =
      types.length === 0 || types.includes(`h${rank}`) || (rank && types.includes('any_header'));
    return isWanted && line.includes(words) ? [{ id: `temp:C:${canvas.id}${at}` }] : [];
  });
  return { sections };
}

function canvasAt(ws: Workspace, args: Json): Canvas {
  if (ws.canvasPlan === 'off') return refuse('canvas_disabled_user_team');
  const canvas = ws.canvases.get(textAt(args, 'canvas_id'));
  const channel = ws.channels.get(canvas?.channelId ?? '');
  const isSeen = canvas && (!isForeign(ws, canvas) || channel?.members.has(ws.app.userId));
  return isSeen ? canvas : refuse('canvas_not_found');
}

const isForeign = (ws: Workspace, { by }: Canvas): boolean => by !== ws.app.userId;

export const canvasesIn = (ws: Workspace, channelId: string): Canvas[] =>
  [...ws.canvases.values()].filter((canvas) => canvas.channelId === channelId);

/** `properties` of a conversation that has canvases among its tabs; as a free workspace was seen to show it. */
export function tabsJson(ws: Workspace, channelId: string): Json {
  const tabs = canvasesIn(ws, channelId).map(({ id, at }) => ({
    id: `Ct${id.slice(1)}`,
    type: 'canvas',
    data: { file_id: id, shared_ts: `${seconds(at)}.000000` },
    label: '',
  }));
  return tabs.length === 0 ? {} : { properties: { tabs } };
}
