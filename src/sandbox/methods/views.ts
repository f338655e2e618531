import { isViewTooLarge, viewErrors } from '../blockkit.ts';
import type { Json } from '../json.ts';
import { isObject, objectsAt, textAt } from '../json.ts';
import { refuse } from '../refuse.ts';
import { LIMITS, TRIGGER_LIFE_MS } from '../rules.ts';
import type { View, Workspace } from '../workspace.ts';
import { newId } from '../workspace.ts';
import type { Method } from './method.ts';

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': (ws, args) => {
    const userId = useTrigger(ws, textAt(args, 'trigger_id'));
    const body = checkedView(ws, args.view, 'modal');
    closeAll(ws, userId);
    return { view: viewJson(ws, addView(ws, userId, body, null)) };
  },
  'views.push': (ws, args) => {
    const userId = useTrigger(ws, textAt(args, 'trigger_id'));
    const body = checkedView(ws, args.view, 'modal');
    return { view: viewJson(ws, pushView(ws, userId, body)) };
  },
  'views.update': (ws, args) => {
    const view = findView(ws, textAt(args, 'view_id'), textAt(args, 'external_id'));
    const hash = textAt(args, 'hash');
    if (hash && hash !== view.hash) return refuse('hash_conflict');
    updateView(ws, view, checkedView(ws, args.view, view.type, view));
    return { view: viewJson(ws, view) };
  },
  'views.publish': (ws, args) => {
    if (!ws.app.hasHome) return refuse('not_enabled');
    const userId = textAt(args, 'user_id');
    if (!ws.users.has(userId)) return refuse('user_not_found');
    const body = checkedView(ws, args.view, 'home');
    const current = ws.views.get(ws.homes.get(userId) ?? '');
    const hash = textAt(args, 'hash');
    if (current && hash && hash !== current.hash) return refuse('hash_conflict');
    if (current) updateView(ws, current, body);
    const view = current ?? addView(ws, userId, body, null);
    ws.homes.set(userId, view.id);
    return { view: viewJson(ws, view) };
  },
};

/** A trigger opens one view, within three seconds of the click. Returns who clicked. */
function useTrigger(ws: Workspace, id: string): string {
  const trigger = ws.triggers.get(id) ?? refuse('invalid_trigger_id');
  if (trigger.isUsed) return refuse('exchanged_trigger_id');
  if (ws.clock.now() - trigger.createdAt > TRIGGER_LIFE_MS) return refuse('expired_trigger_id');
  trigger.isUsed = true;
  return trigger.userId;
}

/** The view as sent, judged; `replacing` is the one whose external id it may keep. */
export function checkedView(ws: Workspace, body: unknown, type: View['type'], replacing?: View): Json {
  if (!isObject(body)) return refuse('invalid_arguments', messages(['[ERROR] view must be an object']));
  if (isViewTooLarge(body)) return refuse('view_too_large');
  const errors = viewErrors(body);
  if (body.type !== type) errors.push(`[ERROR] must be a ${type} [json-pointer:/type]`);
  if (errors.length > 0) return refuse('invalid_arguments', messages(errors));
  const externalId = textAt(body, 'external_id');
  const isTaken = [...ws.views.values()].some(
    (view) => view !== replacing && externalId !== '' && textAt(view.body, 'external_id') === externalId,
  );
  return isTaken ? refuse('duplicate_external_id') : withIds(ws, body);
}

function messages(errors: string[]): Json {
  return { response_metadata: { messages: errors } };
}

/** Slack gives ids to blocks and elements that came without. */
function withIds(ws: Workspace, body: Json): Json {
  const name = (id: unknown) => id ?? `i${ws.nextNumber().toString(36)}`;
  const element = (one: Json): Json => ({ ...one, action_id: name(one.action_id) });
  const blocks = objectsAt(body, 'blocks').map((block) => ({
    ...block,
    block_id: name(block.block_id),
    ...(isObject(block.element) ? { element: element(block.element) } : {}),
  }));
  return { ...body, blocks };
}

/** Opens a view on top of what is open. */
function addView(ws: Workspace, userId: string, body: Json, previous: View | null): View {
  const id = newId(ws, 'V');
  const view: View = {
    id,
    userId,
    type: body.type === 'home' ? 'home' : 'modal',
    hash: newHash(ws),
    body,
    rootId: previous?.rootId ?? id,
    previousId: previous?.id ?? null,
    entered: new Map(),
    errors: {},
  };
  ws.views.set(id, view);
  if (view.type === 'modal') ws.modals.set(userId, [...(ws.modals.get(userId) ?? []), id]);
  return view;
}

export function pushView(ws: Workspace, userId: string, body: Json): View {
  const stack = ws.modals.get(userId) ?? [];
  if (stack.length === 0) return refuse('view_not_found');
  if (stack.length >= LIMITS.viewsStacked) return refuse('push_limit_reached');
  return addView(ws, userId, body, topModal(ws, userId));
}

/** Replaces a view's content; what was entered stays where block and action are still there. */
export function updateView(ws: Workspace, view: View, body: Json): void {
  view.body = body;
  view.hash = newHash(ws);
  view.errors = {};
  const kept = new Set(objectsAt(body, 'blocks').map((block) => textAt(block, 'block_id')));
  for (const blockId of view.entered.keys()) if (!kept.has(blockId)) view.entered.delete(blockId);
}

function newHash(ws: Workspace): string {
  return `${Math.floor(ws.clock.now() / 1000)}.${ws.nextNumber().toString(36).padStart(8, '0')}`;
}

function findView(ws: Workspace, id: string, externalId: string): View {
  if (id) return ws.views.get(id) ?? refuse('view_not_found');
  for (const view of ws.views.values()) {
    if (externalId && textAt(view.body, 'external_id') === externalId) return view;
  }
  return refuse('view_not_found');
}

/** The modal in front of a person, or null. */
export function topModal(ws: Workspace, userId: string): View | null {
  return ws.views.get(ws.modals.get(userId)?.at(-1) ?? '') ?? null;
}

/** Closes the modal in front; the one below shows again. */
export function closeTop(ws: Workspace, userId: string): void {
  const stack = ws.modals.get(userId) ?? [];
  ws.views.delete(stack.at(-1) ?? '');
  ws.modals.set(userId, stack.slice(0, -1));
}

export function closeAll(ws: Workspace, userId: string): void {
  for (const id of ws.modals.get(userId) ?? []) ws.views.delete(id);
  ws.modals.delete(userId);
}

/** A view as Slack shows it to the app. */
export function viewJson(ws: Workspace, view: View, state: Json = { values: {} }): Json {
  const { body } = view;
  return {
    id: view.id,
    team_id: ws.team.id,
    type: view.type,
    blocks: body.blocks,
    private_metadata: textAt(body, 'private_metadata'),
    callback_id: textAt(body, 'callback_id'),
    state,
    hash: view.hash,
    title: body.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: body.clear_on_close === true,
    notify_on_close: body.notify_on_close === true,
    close: body.close ?? null,
    submit: body.submit ?? null,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: ws.app.id,
    external_id: textAt(body, 'external_id'),
    app_installed_team_id: ws.team.id,
    bot_id: ws.app.botId,
  };
}
