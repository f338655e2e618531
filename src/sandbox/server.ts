import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Answer, Api } from './api.ts';
import { serveCall } from './api.ts';
import { bodyOf } from './body.ts';
import { listenHere } from './listen.ts';
import { receiveUpload } from './methods/files.ts';
import { useResponseUrl } from './respond.ts';

/** A request larger than this is nobody's Web API call. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;

export interface HttpSide {
  baseUrl: string;
  /** Calls that are being served and will be answered. */
  busy(): number;
  close(): Promise<void>;
}

/** Serves the Web API, uploads, stored files and response URLs on a free port of 127.0.0.1. */
export async function serveHttp(api: Api, port: number): Promise<HttpSide> {
  let busy = 0;
  const server = createServer((request, response) => {
    busy += 1;
    respond(api, request, response)
      .catch((error: unknown) => {
        response.statusCode = 500;
        response.end(JSON.stringify({ ok: false, error: 'fatal_error', detail: String(error) }));
      })
      .finally(() => {
        busy -= 1;
      });
  });
  server.on('upgrade', (request, wire) => {
    if (api.sockets) api.sockets.upgrade(request, wire);
    else wire.end('HTTP/1.1 404 Not Found\r\n\r\n');
  });
  const baseUrl = await listenHere(server, port);
  return {
    baseUrl,
    busy: () => busy,
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const [, place = '', name = ''] = url.split('?')[0]!.split('/');
  const body = await bodyOf(request, BODY_BYTES_MAX);
  if (place === 'api') return send(response, await serveCall(api, name, request.headers, body));
  if (place === 'upload') {
    response.statusCode = receiveUpload(api.ws, name, body, request.headers['content-type'] ?? '');
    response.end(response.statusCode === 200 ? `OK - ${body.length}` : 'upload refused');
    return;
  }
  if (place === 'respond') {
    const { status, json } = useResponseUrl(api.ws, name, body.toString());
    return send(response, { status, headers: {}, body: json });
  }
  if (place === 'files') return sendFile(api, request, response, name);
  response.statusCode = 404;
  response.end();
}

function sendFile(api: Api, request: IncomingMessage, response: ServerResponse, id: string): void {
  const content = api.ws.files.get(id)?.content;
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  response.statusCode = content && api.isToken(token) ? 200 : 404;
  response.end(response.statusCode === 200 ? content : undefined);
}

function send(response: ServerResponse, answer: Answer): void {
  if ('hangs' in answer) {
    if (!answer.hangs) response.destroy();
    return;
  }
  if ('raw' in answer) {
    sendRaw(response, answer);
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
  response.end(JSON.stringify(answer.body));
}

/** More is announced than comes when it is cut. */
function sendRaw(response: ServerResponse, { raw, isCut }: { raw: string; isCut: boolean }): void {
  const length = Buffer.byteLength(raw) + (isCut ? 1 : 0);
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': length });
  if (isCut) response.write(raw, () => response.destroy());
  else response.end(raw);
}
