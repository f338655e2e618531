import { pickUser } from './choices.ts';
import { leave, pressFrom, submitChecked } from './exact.ts';
import type { Which } from './find.ts';
import { conversationOf, messageMatching, userNamed } from './find.ts';
import type { Entry } from './form.ts';
import { fillIn } from './form.ts';
import { typeCommand } from './interactions.ts';
import { textAt } from './json.ts';
import { choiceNamed, eyesOf, placesBefore } from './looking.ts';
import { topModal } from './methods/views.ts';
import type { Seat, Where } from './seat.ts';
import { shortcutNamed, useGlobally, useOnMessage } from './shortcuts.ts';
import { typed } from './typing.ts';
import type { View } from './workspace.ts';

/** Commands, buttons and modals. Each resolves when the bot has answered, with what it said on the spot. */
export interface Hands {
  /** Types `/incident ...` in the channel where she is, or `in` another. Resolves to what she reads at once. */
  command(line: string, where?: { in?: string }): Promise<string>;
  /** Presses the newest button, or picks the newest option, with this label. Confirmations are confirmed. */
  click(label: string, where?: Where): Promise<void>;
  /** Picks a shortcut: of the newest message that matches, `in` a channel; without a message, of the composer. */
  shortcut(name: string, where?: { message?: Which; in?: string }): Promise<void>;
  /** Chooses a person in the newest menu with this placeholder. */
  pick(label: string, handle: string, where?: Where): Promise<void>;
  /** Fills the open modal in by label and submits it. `errors` by label where it was not taken. */
  submit(entries?: Readonly<Record<string, Entry>>): Promise<{ errors?: Record<string, string> }>;
  /** Closes the open modal by its Cancel button. */
  closeModal(): Promise<void>;
}

export function handsOf(seat: Seat): Hands {
  const { ws, delivery, user } = seat;
  return {
    command: async (line, where = {}) => {
      const channel = conversationOf(ws, user, where.in ?? seat.at);
      if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in #${channel.name}`);
      seat.readUntil = ws.nextNumber();
      const [command = '', ...words] = line.split(' ');
      await typeCommand(ws, delivery, user, channel, command, typed(ws, words.join(' '), true));
      return eyesOf(seat).reads();
    },
    click: async (label, where = {}) => {
      const { place, action } = choiceNamed(seat, label, where);
      await pressFrom(seat, place, action);
    },
    shortcut: async (name, where = {}) => {
      seat.readUntil = ws.nextNumber();
      if (!where.message) return useGlobally(ws, delivery, user, shortcutNamed(ws, name, 'global'));
      const shortcut = shortcutNamed(ws, name, 'message');
      const channel = conversationOf(ws, user, where.in ?? seat.at);
      if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in #${channel.name}`);
      const message = messageMatching(ws, channel, where.message);
      return useOnMessage(ws, delivery, user, shortcut, channel, message);
    },
    pick: async (label, handle, where = {}) => {
      const id = userNamed(ws, handle).id;
      const found = placesBefore(seat, where).map((place) => pickUser(ws, place, label, id));
      const choice = found.find((one) => one !== null);
      if (!choice) throw new Error(`${user.name} sees no menu of people called "${label}"`);
      await pressFrom(seat, choice.place, choice.action);
    },
    submit: async (entries = {}) => {
      const view = openModal(seat);
      if (!view.body.submit) throw new Error(`The modal "${titleOf(view)}" has nothing to submit`);
      for (const [label, entry] of Object.entries(entries)) fillIn(ws, view, label, entry);
      seat.readUntil = ws.nextNumber();
      const errors = await submitChecked(seat, view);
      return Object.keys(errors).length > 0 ? { errors } : {};
    },
    closeModal: async () => {
      await leave(seat, openModal(seat), 'top');
    },
  };
}

function openModal({ ws, user }: Seat): View {
  const view = topModal(ws, user.id);
  if (!view) throw new Error(`${user.name} has no modal open`);
  return view;
}

function titleOf(view: View): string {
  return textAt(view.body.title, 'text');
}
