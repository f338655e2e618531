import type { IncomingMessage, ServerResponse } from 'node:http';

/** On every answer of our own. There is no page yet, so nothing may load, be framed, be kept or be guessed. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Nothing can be said any more: answered already, or the sender is gone. */
const isOver = (res: ServerResponse): boolean => res.headersSent || res.destroyed;

/** Answers with a status and, if given, JSON. A HEAD request gets the headers alone. */
export function answer(
  res: ServerResponse,
  status: number,
  body?: object,
  headers: Record<string, string> = {},
): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  const type: Record<string, string> = text === '' ? {} : { 'content-type': 'application/json' };
  answerText(res, status, text, { ...headers, ...type });
}

/** The same with a text of the type that the headers name. */
export function answerText(
  res: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string>,
): void {
  if (isOver(res)) return;
  res.writeHead(status, { ...securityHeaders, ...headers, 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

/**
 * Refuses a request whose body is not, or not wholly, read: answers, throws away up to `discardBytesMax` of what
 * still comes, and closes. Closing at once would reset the connection before the sender has read why.
 */
export function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  discardBytesMax: number,
  headers: Record<string, string> = {},
): void {
  if (isOver(res)) return;
  res.writeHead(status, { ...securityHeaders, ...headers, connection: 'close', 'content-length': 0 });
  res.flushHeaders();
  let left = discardBytesMax;
  const close = () => {
    if (!res.writableEnded) res.end();
  };
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) close();
  });
  req.on('end', close);
  req.on('close', close);
  req.resume();
}
