import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether the request shows this token (`Authorization: Bearer <token>`). It takes the same time whatever is wrong with
 * the one it shows: digests are compared, which are equally long. A header that came twice is none.
 */
export function bears({ headersDistinct }: IncomingMessage, token: string): boolean {
  const [header, ...more] = headersDistinct.authorization ?? [];
  const shown = /^Bearer +(\S{1,1024})$/i.exec(header ?? '')?.[1];
  if (shown === undefined || more.length > 0) return false;
  return timingSafeEqual(digest(shown), digest(token));
}
