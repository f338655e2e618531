import { elementsOf } from './blockkit.ts';
import type { Json } from './json.ts';
import { objectsAt, textAt } from './json.ts';
import { findMessage } from './messages.ts';
import { topModal } from './methods/views.ts';
import type { Place } from './payloads.ts';
import type { Seat } from './seat.ts';

/** An element of a block somewhere, by what names it exactly. */
export interface Spot {
  /** Of `placeKey`. */
  place: string;
  /** Of `blockName`. */
  block: string;
  /** Of `actionName`. */
  action: string;
}

/** Names a place: `message C1 1234.5`, `ephemeral C1 1234.5`, `view V1`. */
export function placeKey(place: Place): string {
  if (place.kind === 'view') return `view ${place.view.id}`;
  const { ts } = place.kind === 'message' ? place.message : place.ephemeral;
  return `${place.kind} ${place.channel.id} ${ts}`;
}

/** The place of this name, where this person can press something; throws when it is gone or not before their eyes. */
export function placeAt(seat: Seat, key: string): Place {
  const [kind, id = '', ts = ''] = key.split(' ');
  const place = kind === 'view' ? viewAt(seat, id) : postAt(seat, kind === 'ephemeral', id, ts);
  if (place) return place;
  throw new Error(`That is no longer before ${seat.user.name} (${key})`);
}

function viewAt({ ws, user }: Seat, id: string): Place | null {
  const view = ws.views.get(id);
  const isShown = view && (topModal(ws, user.id) === view || ws.homes.get(user.id) === id);
  return isShown ? { kind: 'view', view } : null;
}

function postAt({ ws, user }: Seat, isEphemeral: boolean, channelId: string, ts: string): Place | null {
  const channel = ws.channels.get(channelId);
  if (!channel?.members.has(user.id)) return null;
  if (!isEphemeral) {
    const message = findMessage(channel, ts);
    return message ? { kind: 'message', channel, message } : null;
  }
  const ephemeral = ws.ephemerals.find(
    (one) => one.channelId === channelId && one.ts === ts && one.userId === user.id && !one.isDeleted,
  );
  return ephemeral ? { kind: 'ephemeral', channel, ephemeral } : null;
}

/** The blocks that stand there. */
export function blocksAt(place: Place): Json[] {
  if (place.kind === 'view') return objectsAt(place.view.body, 'blocks');
  return place.kind === 'message' ? place.message.blocks : place.ephemeral.blocks;
}

/** Its `block_id`, or `#2` for the third block where the app gave none. */
export const blockName = (block: Json, index: number): string => textAt(block, 'block_id') || `#${index}`;

/** Its `action_id`, or `#0` for the first element where the app gave none. */
export const actionName = (element: Json, index: number): string =>
  textAt(element, 'action_id') || `#${index}`;

/** The element at this spot and its block, or null. */
export function elementAt(place: Place, { block, action }: Spot): { block: Json; element: Json } | null {
  const found = blocksAt(place).find((one, index) => blockName(one, index) === block);
  const element = found && elementsOf(found).find((one, index) => actionName(one, index) === action);
  return found && element ? { block: found, element } : null;
}
