import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { openIm } from '../channels.ts';
import { userNamed } from '../find.ts';
import { serveAssets } from './assets.ts';
import { blockRoutes } from './block-routes.ts';
import { callBody } from './call-log.tsx';
import { ownCommands } from './commands.ts';
import type { Control } from './control.ts';
import { controlRoutes } from './control-routes.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { contentTypeOf } from './file.tsx';
import { liveStream } from './live.tsx';
import { pageHtml } from './page.tsx';
import { peopleIn, type Room } from './room.ts';
import type { Scene } from './scene.ts';
import { maySee, sightFrom } from './sight.ts';
import { type Reads, readsOf } from './unread.ts';

/** Nothing is loaded from, sent to, or framed by anybody else. Styles of elements are the Block Kit library's. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

/** The page's routes: `/as/<handle>/…` for everything that somebody in the workspace does or sees. */
export function appOf(room: Room, control: Control, hosts: HostCheck = isLocal): Hono {
  const app = new Hono({ strict: false });
  app.use(async (c, next) => {
    if (!hosts(c.req.header('host') ?? ''))
      throw new HTTPException(421, { message: 'This page is not served under that name' });
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  // A page of another site must not act here.
  app.use(csrf());
  app.get('/', (c) => c.redirect(`/as/${peopleIn(room.world)[0]?.name}/`));
  serveAssets(app);
  const desk = new Hono({ strict: false });
  pageRoutes(desk, room, control);
  conversationRoutes(desk, room);
  controlRoutes(desk, room, control);
  blockRoutes(desk, room);
  app.route('/as/:who', desk);
  app.onError((error, c) => {
    const status = error instanceof HTTPException ? error.status : 500;
    return c.text(error.message, status);
  });
  return app;
}

function pageRoutes(desk: Hono, room: Room, control: Control): void {
  const commands = ownCommands();
  const readsIn = new WeakMap<object, Reads>();
  const readsNow = (): Reads => {
    const reads = readsIn.get(room.world) ?? readsOf(room.ws);
    readsIn.set(room.world, reads);
    return reads;
  };
  const sceneOf = (c: Context, place: string): Scene => {
    const sight = sightFrom(room.ws, room.userOf(c), place, (key) => c.req.query(key) ?? '');
    return { room, control, reads: readsNow(), sight };
  };
  const show = (c: Context, place: string) => {
    const scene = sceneOf(c, place);
    if (scene.sight.channel) scene.reads.read(scene.sight.user, scene.sight.channel);
    else room.act(c, (person) => person.openHome());
    return c.html(pageHtml(scene, commands));
  };
  readsNow();
  desk.get('/', (c) => show(c, ''));
  desk.get('/in/:place', (c) => show(c, c.req.param('place')));
  desk.get('/live/:place', (c) => liveStream(c, sceneOf(c, c.req.param('place'))));
  desk.get('/dm/:other', (c) => {
    const user = room.userOf(c);
    const { channel } = openIm(room.ws, userNamed(room.ws, c.req.param('other')).id, user.id);
    return c.redirect(`/as/${user.name}/in/${channel.id}`);
  });
  desk.get('/files/:id', (c) => file(c, room));
  desk.get('/calls/:to/:number', (c) => {
    const body = callBody(room.world, c.req.param('to'), Number(c.req.param('number')));
    return body === null ? c.notFound() : c.html(body);
  });
}

/** A stored file, for members of a conversation where it was shared. */
function file(c: Context, room: Room): Response {
  const user = room.userOf(c);
  const stored = room.ws.files.get(c.req.param('id') ?? '');
  const isSeen = stored?.channels.some((id) => {
    const channel = room.ws.channels.get(id);
    return channel !== undefined && maySee(user, channel);
  });
  if (!stored?.content || !isSeen) throw new HTTPException(404, { message: 'There is no such file' });
  return c.body(new Uint8Array(stored.content), 200, {
    'content-type': contentTypeOf(stored.name),
    'content-security-policy': "default-src 'none'; sandbox",
  });
}

/** Whether the page may be asked for under this `Host`: a foreign name that leads here is somebody's trick. */
export type HostCheck = (host: string) => boolean;

const isLocal: HostCheck = (host) => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);

export interface PageServer {
  /** `http://localhost:3100` */
  url: string;
  close(): Promise<void>;
}

/** How often pages are looked at when nothing is known to have changed: answers to response URLs, the clock. */
const glanceMs = 500;

/** Serves the page. Rejects where it cannot listen there: `EADDRINUSE` where the port is taken. */
export async function servePage(
  room: Room,
  control: Control,
  { port, host }: { port: number; host: string },
): Promise<PageServer> {
  const isOpen = !['127.0.0.1', 'localhost', '::1'].includes(host);
  const app = appOf(room, control, isOpen ? () => true : isLocal);
  const glance = setInterval(() => room.lookAgain(), glanceMs);
  glance.unref();
  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const listening = serve({ fetch: app.fetch, port, hostname: host }, () => resolve(listening));
    listening.once('error', reject);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://${isOpen ? host : 'localhost'}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        clearInterval(glance);
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
