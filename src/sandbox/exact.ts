import { chosenAs, heldValue } from './choosing.ts';
import { clientComplaints, enter, hasState } from './form.ts';
import { askOptions, press, submitView } from './interactions.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import { closeAll, closeTop, topModal } from './methods/views.ts';
import type { Place } from './payloads.ts';
import { viewClosed } from './payloads.ts';
import type { Spot } from './places.ts';
import { elementAt, placeAt } from './places.ts';
import type { Seat } from './seat.ts';
import type { View } from './workspace.ts';

/** What stands in one control: see `chosenAs` for the values. */
export interface Held extends Omit<Spot, 'place'> {
  values: readonly string[];
}

/** What a person does at an exact place, as a browser does it; by label: `Hands`. All throw where the place is gone. */
export interface ExactHands {
  /**
   * Presses the button, or chooses these values, at this spot. An input that does not dispatch only keeps them.
   * Resolves when the bot has answered, to what went wrong in words, or null.
   */
  act(spot: Spot, values?: readonly string[]): Promise<string | null>;
  /** Puts what stands in controls into the open modal with this id; the app hears nothing. Blocks that are gone are left out. */
  keep(viewId: string, held: readonly Held[]): void;
  /** Submits the open modal with this id. `errors` by label where it was not taken. */
  submitModal(viewId: string): Promise<{ errors?: Record<string, string> }>;
  /** Closes it: by its Cancel button (`top`), or everything that is open by the cross in the corner (`all`). */
  leaveModal(viewId: string, how: 'top' | 'all'): Promise<void>;
  /** Asks the app which options it has for these words; they can be chosen from then on. `failed`: why there are none. */
  optionsFor(spot: Spot, words: string): Promise<{ options: Json[]; failed: string | null }>;
}

export function exactHandsOf(seat: Seat): ExactHands {
  const { ws, delivery, user } = seat;
  return {
    act: async (spot, values = []) => {
      const place = placeAt(seat, spot.place);
      const { block, element } = elementHere(seat, spot);
      const chosen = chosenAs(element, values, chooserAt(seat, spot));
      if (place.kind === 'view' && hasState(element)) hold(seat, place.view, { ...spot, values });
      if (block.type === 'input' && block.dispatch_action !== true) return null;
      const ids = { action_id: textAt(element, 'action_id'), block_id: textAt(block, 'block_id') };
      return pressFrom(seat, place, { type: element.type, ...ids, ...chosen });
    },
    keep: (viewId, held) => {
      const view = openView(seat, viewId);
      for (const one of held) hold(seat, view, one);
    },
    submitModal: async (viewId) => {
      const view = openView(seat, viewId);
      if (!view.body.submit) throw new Error('This modal has nothing to submit');
      seat.readUntil = ws.nextNumber();
      const errors = await submitChecked(seat, view);
      return Object.keys(errors).length > 0 ? { errors } : {};
    },
    leaveModal: (viewId, how) => leave(seat, openView(seat, viewId), how),
    optionsFor: async (spot, words) => {
      const place = placeAt(seat, spot.place);
      const answer = await askOptions(ws, delivery, user, place, elementHere(seat, spot), words);
      seat.offered.set(spotKey(spot), [...(seat.offered.get(spotKey(spot)) ?? []), ...answer.options]);
      return answer;
    },
  };
}

/** Presses, and remembers what this person then reads at the button. */
export async function pressFrom(seat: Seat, place: Place, action: Json): Promise<string | null> {
  const { ws, delivery, user } = seat;
  seat.readUntil = ws.nextNumber();
  const words = await press(ws, delivery, user, place, action);
  if (words !== null && place.kind !== 'view') seat.told = { version: ws.nextNumber(), words };
  return words;
}

const spotKey = ({ place, block, action }: Spot): string => JSON.stringify([place, block, action]);

const chooserAt = (seat: Seat, spot: Spot) => ({
  ws: seat.ws,
  tz: seat.user.tz,
  offered: seat.offered.get(spotKey(spot)) ?? [],
});

function elementHere(seat: Seat, spot: Spot): { block: Json; element: Json } {
  const found = elementAt(placeAt(seat, spot.place), spot);
  if (found) return found;
  throw new Error('What was there to press is gone');
}

function openView({ ws, user }: Seat, id: string): View {
  const view = topModal(ws, user.id);
  if (view?.id === id) return view;
  throw new Error('This modal is closed');
}

function hold(seat: Seat, view: View, { block, action, values }: Held): void {
  const spot = { place: `view ${view.id}`, block, action };
  const found = elementAt({ kind: 'view', view }, spot);
  if (!found) return;
  const value = heldValue(found.element, values, chooserAt(seat, spot));
  enter(view, found, value);
}

/** What Slack's client itself refuses never reaches the app. Label -> complaint; the view shows them at its blocks. */
export async function submitChecked(
  { ws, delivery, user }: Seat,
  view: View,
): Promise<Record<string, string>> {
  const complaints = clientComplaints(ws, view);
  if (complaints.length === 0) return submitView(ws, delivery, user, view);
  view.errors = Object.fromEntries(complaints.map(({ blockId, complaint }) => [blockId, complaint]));
  return Object.fromEntries(complaints.map(({ label, complaint }) => [label, complaint]));
}

/** The app hears of those views that asked to be told, the visible one first. */
export async function leave(seat: Seat, view: View, how: 'top' | 'all'): Promise<void> {
  const { ws, delivery, user } = seat;
  const isCleared = how === 'all' || view.body.clear_on_close === true;
  const ids = isCleared ? [...(ws.modals.get(user.id) ?? [])].reverse() : [view.id];
  const closed = ids.flatMap((id) => ws.views.get(id) ?? []);
  const payloads = closed
    .filter((one) => one.body.notify_on_close === true)
    .map((one) => viewClosed(ws, user, one, isCleared && closed.length > 1));
  if (isCleared) closeAll(ws, user.id);
  else closeTop(ws, user.id);
  for (const payload of payloads) await delivery.interact(payload);
}
