import type { Delivery } from './delivery.ts';
import { failureOf, isOk } from './interactions.ts';
import type { Json } from './json.ts';
import { messageJson } from './messages.ts';
import { showEphemeral } from './methods/chat.ts';
import { channelName, common, newTrigger } from './payloads.ts';
import { newResponseUrl } from './respond.ts';
import { SHORTCUTS } from './rules.ts';
import type { Channel, Message, User, Workspace } from './workspace.ts';
import { seconds } from './workspace.ts';

/** An entry of the manifest's `features.shortcuts`. */
export interface Shortcut {
  name: string;
  callbackId: string;
  /** `message`: in the menu of every message; `global`: in the menu of the composer. */
  type: 'message' | 'global';
}

/** Those of the bot's manifest; tests/manifest.test.ts compares them. */
export const DEFAULT_SHORTCUTS: readonly Shortcut[] = [
  { name: 'Declare incident', callbackId: 'declare-incident', type: 'global' },
  { name: 'Declare from message', callbackId: 'declare-from-message', type: 'message' },
  { name: 'Add to timeline', callbackId: 'add-to-timeline', type: 'message' },
  { name: 'Make follow-up', callbackId: 'make-followup', type: 'message' },
];

/** As Slack takes them from a manifest. Throws with what it would refuse. */
export function checkedShortcuts(shortcuts: readonly Shortcut[]): readonly Shortcut[] {
  if (shortcuts.length > SHORTCUTS.perApp)
    throw new Error(`an app has at most ${SHORTCUTS.perApp} shortcuts`);
  for (const { name, callbackId } of shortcuts) {
    if (name === '' || name.length > SHORTCUTS.nameLength) {
      throw new Error(`"${name}": the name of a shortcut has 1 to ${SHORTCUTS.nameLength} characters`);
    }
    if (callbackId === '' || callbackId.length > SHORTCUTS.idLength) {
      throw new Error(`"${name}": its callback_id has 1 to ${SHORTCUTS.idLength} characters`);
    }
  }
  return shortcuts;
}

/** The shortcut of this name and kind; throws with those there are. */
export function shortcutNamed(ws: Workspace, name: string, type: Shortcut['type']): Shortcut {
  const found = ws.app.shortcuts.find((one) => one.name === name && one.type === type);
  if (found) return found;
  const there = ws.app.shortcuts.filter((one) => one.type === type).map((one) => `"${one.name}"`);
  throw new Error(`There is no ${type} shortcut "${name}"; there are ${there.join(', ') || 'none'}`);
}

const begun = (ws: Workspace, user: User, { callbackId }: Shortcut): Json => {
  const at = ws.clock.now();
  return {
    ...common(ws, user),
    callback_id: callbackId,
    trigger_id: newTrigger(ws, user.id),
    action_ts: `${seconds(at)}.${String(at % 1000).padStart(6, '0')}`,
  };
};

/** Picks it in a message's menu. The bot needs not be in the channel. A failure shows to this person there. */
export async function useOnMessage(
  ws: Workspace,
  delivery: Delivery,
  user: User,
  shortcut: Shortcut,
  channel: Channel,
  message: Message,
): Promise<void> {
  const sent = await delivery.interact({
    type: 'message_action',
    ...begun(ws, user, shortcut),
    channel: { id: channel.id, name: channelName(channel) },
    message_ts: message.ts,
    message: messageJson(ws, channel, message),
    response_url: newResponseUrl(ws, { channelId: channel.id, userId: user.id, source: null }),
  });
  if (isOk(sent)) return;
  const line = `${shortcut.name} failed with the error ${failureOf(sent)}`;
  showEphemeral(ws, channel, user.id, line, [], null);
}

/** Picks it in the composer's menu. It knows no channel. */
export async function useGlobally(
  ws: Workspace,
  delivery: Delivery,
  user: User,
  shortcut: Shortcut,
): Promise<void> {
  const sent = await delivery.interact({ type: 'shortcut', ...begun(ws, user, shortcut) });
  if (!isOk(sent)) throw new Error(`${shortcut.name} failed with the error ${failureOf(sent)}`);
}
