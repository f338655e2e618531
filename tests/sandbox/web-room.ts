import { onTestFinished } from 'vitest';
import { appOf } from '../../src/sandbox/web/server.ts';
import { openWorkshop } from '../../src/sandbox/web/workshop.ts';

/** A Monday. */
export const openedAt = Date.parse('2026-03-02T02:00:00Z');

/** What one tab's live stream has brought. */
export interface Tab {
  /** Everything so far. */
  html(): string;
  /** Resolves with what came until these words stood in it; what came before the call counts too. */
  until(words: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * The sandbox's page with the real bot behind it, in this process, asked over HTTP. The clock stands at 02:00; so does
 * real time (epoch ms) unless `now` says otherwise.
 */
export async function openPage(now: () => number = () => openedAt) {
  const workshop = await openWorkshop({ now, startsAt: openedAt });
  onTestFinished(() => workshop.close());
  const { room, control } = workshop;
  const app = appOf(room, control);
  const headers = { host: 'localhost:3100' };

  const get = (path: string): Promise<Response> => Promise.resolve(app.request(path, { headers }));

  return {
    room,
    control,
    app,
    get,
    /** The page, or a fragment, as text. */
    html: async (path: string) => (await get(path)).text(),
    /** Does something, and waits until everything that follows from it has come to rest. */
    post: async (path: string, fields: Readonly<Record<string, string>> = {}): Promise<Response> => {
      const body = new URLSearchParams(fields).toString();
      const type = 'application/x-www-form-urlencoded';
      const origin = 'http://localhost:3100';
      const answer = await app.request(`${origin}${path}`, {
        method: 'POST',
        headers: { ...headers, origin, 'content-type': type },
        body,
      });
      await room.idle();
      await room.world.settle();
      room.changed();
      return answer;
    },
    /** Opens a page and its live stream, as a browser does. */
    tab: async (path: string): Promise<Tab & { page: string }> => {
      const page = await (await get(path)).text();
      const live = /hx-sse:connect="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
      return { page, ...read(await get(live)) };
    },
    channel: (name: string) => room.world.slack.channel(name),
    id: (name: string) => room.world.slack.channel(name).id,
    /** The `ts` of the newest message whose text matches. */
    ts: (name: string, which: RegExp) =>
      room.world.slack.channel(name).messages.findLast(({ text }) => which.test(text))?.ts ?? '',
  };
}

function read(stream: Response): Tab {
  const reader = stream.body!.getReader();
  const decoder = new TextDecoder();
  let html = '';
  const close = () => reader.cancel();
  onTestFinished(close);
  return {
    html: () => html,
    until: async (words) => {
      while (!html.includes(words)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`the stream ended without "${words}":\n${html}`);
        html += decoder.decode(value, { stream: true });
      }
      return html;
    },
    close,
  };
}
