import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { leanFetch, webClientFetch } from '../../src/outbox/lean-fetch.ts';

interface Heard {
  method: string;
  type: string;
  body: string;
}

/** A server that answers as told, and what it heard. */
async function server(answer: (res: ServerResponse, req: IncomingMessage) => void) {
  const heard: Heard[] = [];
  const hear = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const type = req.headers['content-type'] ?? '';
    heard.push({ method: req.method ?? '', type, body: Buffer.concat(chunks).toString() });
    answer(res, req);
  };
  const http = createServer((req, res) => void hear(req, res));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/auth.test`, heard };
}

const form = {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Bearer t' },
  body: 'channel=C1&text=%C3%A4',
};

const both = [
  ['leanFetch', leanFetch],
  ['webClientFetch', webClientFetch],
] as const;

test.each(both)(
  '%s: text goes out as it is, and the answer has its status, headers and words',
  async (_name, fetch) => {
    const { url, heard } = await server((res, req) => {
      res.setHeader('x-oauth-scopes', 'chat:write,pins:write');
      res.end(JSON.stringify({ ok: true, token: req.headers.authorization, ä: 'ö' }));
    });
    const answer = await fetch(url, form);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('X-OAuth-Scopes')).toBe('chat:write,pins:write');
    expect(JSON.parse(await answer.text())).toEqual({ ok: true, token: 'Bearer t', ä: 'ö' });
    expect(heard).toEqual([{ method: 'POST', type: form.headers['Content-Type'], body: form.body }]);
  },
);

test.each(
  both.flatMap(([name, fetch]) => [204, 302, 429, 500].map((status) => [name, status, fetch] as const)),
)('%s: a status of %i is an answer, not an error, and is not followed', async (_name, status, fetch) => {
  const { url, heard } = await server((res) => {
    res.writeHead(status, { 'retry-after': '7', location: '/elsewhere' }).end();
  });
  const answer = await fetch(url, form);
  expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([status, '7', '']);
  expect(heard).toHaveLength(1);
});

test('nobody there, a cut connection and a signal that says enough all reject', async () => {
  const cut = await server((_res, req) => req.socket.destroy());
  await expect(leanFetch(cut.url, form)).rejects.toThrow();
  const silent = await server(() => undefined);
  const signal = AbortSignal.timeout(20);
  await expect(leanFetch(silent.url, { ...form, signal })).rejects.toThrow(/timeout/i);
  await expect(leanFetch('http://127.0.0.1:9/api/auth.test', form)).rejects.toThrow();
});

test('a file is a form of several parts', async () => {
  const { url, heard } = await server((res) => res.end('{"ok":true}'));
  const body = new FormData();
  body.append('file', new Blob(['what happened']), 'draft.md');
  expect(await (await leanFetch(url, { method: 'POST', body })).json()).toEqual({ ok: true });
  expect(heard[0]!.type).toMatch(/^multipart\/form-data; boundary=/);
  expect(heard[0]!.body).toContain('filename="draft.md"');
});
