import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Hono } from 'hono';

const require = createRequire(import.meta.url);
const own = (name: string) => new URL(name, import.meta.url);

const js = 'text/javascript; charset=utf-8';
const css = 'text/css; charset=utf-8';

/** Everything that the page loads besides itself: of this folder, and of packages installed here. */
const assets: Readonly<Record<string, { type: string; file: () => string | URL }>> = {
  'style.css': { type: css, file: () => own('style.css') },
  'blocks.css': { type: css, file: () => own('blocks.css') },
  'client.js': { type: js, file: () => own('client.js') },
  'blocks.js': { type: js, file: () => own('blocks.js') },
  'icon.svg': { type: 'image/svg+xml', file: () => own('icon.svg') },
  'htmx.js': { type: js, file: () => require.resolve('htmx.org/dist/htmx.min.js') },
  'hx-sse.js': { type: js, file: () => require.resolve('htmx.org/dist/ext/hx-sse.min.js') },
};

/** Serves `/assets/<name>`, read once. */
export function serveAssets(app: Hono): void {
  const read = new Map<string, string>();
  app.get('/assets/:name', (c) => {
    const name = c.req.param('name');
    const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
    if (!asset) return c.notFound();
    const content = read.get(name) ?? readFileSync(asset.file(), 'utf8');
    read.set(name, content);
    return c.body(content, 200, { 'content-type': asset.type, 'cache-control': 'no-cache' });
  });
}
