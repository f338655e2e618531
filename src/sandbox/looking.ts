import type { ChannelSight } from './channel-sight.ts';
import { channelSight } from './channel-sight.ts';
import { openIm } from './channels.ts';
import type { Choice } from './choices.ts';
import { choicesIn } from './choices.ts';
import { conversationOf } from './find.ts';
import { viewBlockText } from './form.ts';
import { objectsAt } from './json.ts';
import { mentionsIn } from './mentions.ts';
import { topModal } from './methods/views.ts';
import type { Place } from './payloads.ts';
import { clockTime, contentText, readable } from './render.ts';
import type { Seat, Where } from './seat.ts';
import { messageText, transcript, viewText } from './transcript.ts';
import type { Channel, User, View, Workspace } from './workspace.ts';
import { tsToMs } from './workspace.ts';

/** What a person sees. */
export interface Eyes {
  /** What came to this person's eyes only since the last act: ephemeral messages, answers, Slack's complaints. */
  reads(): string;
  /** The open modal as text, or null. */
  modal(): string | null;
  /** The direct message with the bot. */
  dm(): string;
  /** A conversation: a channel's name or its beginning, or `dm`. */
  sight(name: string): ChannelSight;
  /** The published Home tab, or ''. */
  home(): string;
  /** What lit up this person's phone: `[02:05] text` of direct messages and mentions. */
  pushes(): string[];
  /** Labels that can be pressed or picked, newest place first. */
  buttons(where?: Where): string[];
}

export function eyesOf(seat: Seat): Eyes {
  const { ws, user } = seat;
  return {
    reads: () => {
      const own = ws.ephemerals
        .filter((one) => one.userId === user.id && !one.isDeleted)
        .map((one) => ({ version: one.version, words: contentText(ws, one) }));
      return [...own, ...(seat.told ? [seat.told] : [])]
        .filter(({ version }) => version > seat.readUntil)
        .sort((a, b) => a.version - b.version)
        .map(({ words }) => words)
        .join('\n');
    },
    modal: () => {
      const view = topModal(ws, user.id);
      return view ? shownView(ws, view) : null;
    },
    dm: () => transcript(ws, openIm(ws, ws.app.userId, user.id).channel),
    sight: (name) => channelSight(ws, conversationOf(ws, user, name)),
    home: () => {
      const view = ws.views.get(ws.homes.get(user.id) ?? '');
      return view ? shownView(ws, view) : '';
    },
    pushes: () => pushesTo(ws, user),
    buttons: (where = {}) =>
      placesBefore(seat, where).flatMap((place) => choicesIn(ws, place).map(({ label }) => label)),
  };
}

function shownView(ws: Workspace, view: View): string {
  const blocks = objectsAt(view.body, 'blocks').map((block) => viewBlockText(ws, view, block));
  const trouble = view.errors[''];
  return viewText(view.body, trouble ? [...blocks, `! ${trouble}`] : blocks);
}

function pushesTo(ws: Workspace, user: User): string[] {
  const pushes: { ts: string; text: string }[] = [];
  for (const channel of ws.channels.values()) {
    if (!channel.members.has(user.id)) continue;
    for (const message of channel.messages) {
      if (message.userId === user.id || (message.subtype && message.subtype !== 'thread_broadcast')) continue;
      const isForMe =
        channel.isIm || mentionsIn(ws, channel, message).some(({ who }) => isMeant(ws, user, who));
      if (isForMe) pushes.push({ ts: message.ts, text: readable(ws, message.text) });
    }
  }
  return pushes
    .sort((a, b) => Number(a.ts) - Number(b.ts))
    .map(({ ts, text }) => `[${clockTime(tsToMs(ts))}] ${text}`);
}

function isMeant(ws: Workspace, user: User, who: string): boolean {
  return (
    who === user.id || /^(here|channel|everyone)$/.test(who) || !!ws.groups.get(who)?.users.includes(user.id)
  );
}

/** Where this person could press something: the open modal, then messages and ephemerals, newest first. */
export function placesBefore(seat: Seat, where: Where): Place[] {
  const { ws, user } = seat;
  const modal = topModal(ws, user.id);
  const home = ws.views.get(ws.homes.get(user.id) ?? '');
  if (where.in === 'home') return home ? [{ kind: 'view', view: home }] : [];
  const inModal: Place[] =
    modal && (where.in ?? 'modal') === 'modal' && !where.on ? [{ kind: 'view', view: modal }] : [];
  if (where.in === 'modal') return inModal;
  const channels = where.in ? [conversationOf(ws, user, where.in)] : [...ws.channels.values()];
  const inChannels = channels
    .filter(({ members }) => members.has(user.id))
    .flatMap((one) => placesIn(seat, one, where.on));
  return [...inModal, ...inChannels.sort((a, b) => Number(tsOf(b)) - Number(tsOf(a)))];
}

function placesIn({ ws, user }: Seat, channel: Channel, on: RegExp | undefined): Place[] {
  const messages = channel.messages
    .filter((message) => message.blocks.length > 0 && (!on || on.test(messageText(ws, channel, message))))
    .map((message): Place => ({ kind: 'message', channel, message }));
  const ephemerals = ws.ephemerals
    .filter((one) => one.channelId === channel.id && one.userId === user.id && !one.isDeleted)
    .filter((one) => !on || on.test(contentText(ws, one)))
    .map((ephemeral): Place => ({ kind: 'ephemeral', channel, ephemeral }));
  return [...messages, ...ephemerals];
}

function tsOf(place: Place): string {
  if (place.kind === 'view') return '0';
  return place.kind === 'message' ? place.message.ts : place.ephemeral.ts;
}

/** The newest thing with exactly these words on it; throws with everything that can be pressed otherwise. */
export function choiceNamed(seat: Seat, label: string, where: Where): Choice {
  const places = placesBefore(seat, where);
  for (const place of places) {
    const found = choicesIn(seat.ws, place).find((choice) => choice.label === label);
    if (found) return found;
  }
  const labels = places.flatMap((place) => choicesIn(seat.ws, place).map((choice) => `[${choice.label}]`));
  const seen = labels.length > 0 ? labels.join(' ') : 'nothing to press';
  const looked = [where.in ? ` in ${where.in}` : '', where.on ? ` on ${String(where.on)}` : ''].join('');
  throw new Error(`${seat.user.name} sees no [${label}]${looked}; there is ${seen}`);
}
