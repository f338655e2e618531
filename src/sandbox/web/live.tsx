import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { callItems } from './call-log.tsx';
import { ChannelList } from './channel-list.tsx';
import { Composer } from './composer.tsx';
import { conversationItems, threadItems } from './conversation.tsx';
import { Head } from './head.tsx';
import { eyeOnList, type Item, type ListEye, partial } from './item-list.ts';
import { modalMark } from './modal.tsx';
import { Home, ModalRegion, Troubles } from './page.tsx';
import type { Scene } from './scene.ts';
import { sideLive, threadRoot } from './side.tsx';
import { StartHere } from './start-here.tsx';
import { Top } from './top.tsx';

/** The stream of one tab: fragments, each with the place where it goes, as soon as something looks different. */
export function liveStream(c: Context, scene: Scene): Response {
  const { room } = scene;
  const { world } = room;
  const isCurrent = Number(c.req.query('since')) === room.revision && !c.req.header('last-event-id');
  return streamSSE(c, async (stream) => {
    const eye = eyeOf(scene);
    const bell = bellOf();
    const unhear = room.onChange(bell.ring);
    stream.onAbort(bell.ring);
    let html = isCurrent ? '' : eye.whole();
    for (let id = 1; !stream.aborted && world === room.world; id += 1) {
      if (html !== '') await stream.writeSSE({ data: html, id: String(id) });
      await bell.rung();
      if (world === room.world) html = eye.look();
    }
    if (!stream.aborted) await stream.writeSSE({ event: 'other-world', data: 'load' });
    unhear();
  });
}

/** Rings are kept until somebody waits for one. */
function bellOf() {
  let isRung = false;
  let wake = () => {};
  return {
    ring: () => {
      isRung = true;
      wake();
    },
    rung: async () => {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      isRung = false;
    },
  };
}

/** What one tab shows, and what has changed there since the last look. */
export interface Eye {
  look(): string;
  whole(): string;
}

/** More messages than asked for may stand on a page before the oldest leave it. */
const overhang = 100;

export function eyeOf(scene: Scene): Eye {
  const { sight } = scene;
  let marks = new Map(regionsOf(scene).map(({ id, mark }) => [id, mark]));
  const lists = new Map<string, ListEye>();
  let first = '';
  for (const [id, items] of listsOf(scene, sight.last)) {
    lists.set(id, eyeOnList(id, items));
    if (id === 'messages' && items.length >= sight.last) first = items[0]?.id ?? '';
  }
  if (sight.channel) scene.reads.read(sight.user, sight.channel);

  function changedRegions(): string[] {
    const now = regionsOf(scene);
    const changed = now.filter(({ id, mark }) => marks.get(id) !== mark);
    marks = new Map(now.map(({ id, mark }) => [id, mark]));
    return changed.map(({ id, html }) => partial(id, 'outerMorph', html()));
  }

  /** While somebody reads, what is new does not push what is old away at once. */
  function itemsNow(): [string, Item[]][] {
    return listsOf(scene, sight.last + overhang).map(([id, items]) => {
      if (id !== 'messages') return [id, items];
      const shown = items.filter((item) => item.id >= first);
      if (shown.length < sight.last + overhang) return [id, shown];
      const newest = shown.slice(-sight.last);
      first = newest[0]?.id ?? '';
      return [id, newest];
    });
  }

  function look(): string {
    if (sight.channel) scene.reads.read(sight.user, sight.channel);
    const inLists = itemsNow().flatMap(([id, items]) => lists.get(id)?.look(items) ?? []);
    return [...inLists, ...changedRegions()].join('');
  }

  function whole(): string {
    const inLists = listsOf(scene, sight.last).map(([id, items]) => lists.get(id)?.whole(items) ?? '');
    const all = regionsOf(scene).map(({ id, html }) => partial(id, 'outerMorph', html()));
    return [...inLists, ...all].join('');
  }

  return { look, whole };
}

/** Lists that grow and change by elements. */
function listsOf(scene: Scene, last: number): [string, Item[]][] {
  const { sight, room } = scene;
  const { ws } = room;
  const root = threadRoot(scene);
  return [
    ...(sight.channel
      ? [['messages', conversationItems(ws, sight.user, sight.channel, last)] as [string, Item[]]]
      : []),
    ...(sight.channel && root
      ? [['thread', threadItems(ws, sight.user, sight.channel, root)] as [string, Item[]]]
      : []),
    ...(sight.side?.kind === 'log' ? [['log', callItems(scene)] as [string, Item[]]] : []),
  ];
}

/** Parts that are small: drawn whole to see whether they look different, but for the modal, in which people write. */
function regionsOf(scene: Scene): Item[] {
  const { sight, room } = scene;
  const side = sideLive(scene);
  const drawn: [string, string][] = [
    ['top', draw(<Top scene={scene} />)],
    ['channels', draw(<ChannelList scene={scene} />)],
    ['head', draw(<Head scene={scene} />)],
    ['composer', draw(<Composer scene={scene} />)],
    ['troubles', draw(<Troubles scene={scene} />)],
    ...(sight.channel ? [['start', draw(<StartHere scene={scene} />)] as [string, string]] : []),
    ...(sight.channel ? [] : [['home', draw(<Home scene={scene} />)] as [string, string]]),
    ...(side === null ? [] : [['side-live', side] as [string, string]]),
  ];
  return [
    ...drawn.map(([id, html]) => ({ id, mark: html, html: () => html })),
    { id: 'modal', mark: modalMark(room.ws, sight.user), html: () => draw(<ModalRegion scene={scene} />) },
  ];
}

const draw = (part: ReactElement): string => renderToStaticMarkup(part);
