import type { IncomingMessage } from 'node:http';

/** Why there is no body: over the limit, compressed, or the sender went away (or was cut off) in the middle. */
export type BodyProblem = 'too-large' | 'compressed' | 'gone';

/**
 * The bytes of a request, at most `bytesMax`. An announced length is believed at once, an endless one is cut where it
 * passes the limit: never more than `bytesMax` and one chunk are held. What is left unread then is the caller's to
 * throw away. Compressed bodies are refused unread: a small one can unpack to anything, and neither Slack nor
 * PagerDuty sends any.
 */
export function readBody(req: IncomingMessage, bytesMax: number): Promise<Buffer | BodyProblem> {
  const { 'content-encoding': encoding = 'identity', 'transfer-encoding': transfer = 'chunked' } =
    req.headers;
  if (encoding.toLowerCase() !== 'identity' || transfer.toLowerCase() !== 'chunked') {
    return Promise.resolve('compressed');
  }
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= bytesMax) return;
      req.off('data', take);
      chunks.length = 0;
      resolve('too-large');
    };
    req.on('data', take);
    req.once('end', () => resolve(Buffer.concat(chunks)));
    req.once('close', () => resolve('gone'));
  });
}
