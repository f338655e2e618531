import type { IncomingMessage } from 'node:http';

/**
 * Why there is no body: over the limit, compressed, the sender went away (or was cut off) in the middle, or it was the
 * largest when all that are being read together took too much room.
 */
export type BodyProblem = 'too-large' | 'compressed' | 'gone' | 'crowded';

/** Holds all bodies that are being read; nobody knows yet who sent them. */
export interface BodyRoom {
  /** `one` holds so many bytes now; `leave` is called once when it has to go. */
  hold(one: object, bytes: number, leave: () => void): void;
  release(one: object): void;
}

/**
 * Room for `bytesMax` in all. Where they are not enough the largest has to go: genuine requests are small, and many that
 * grow slowly together must not take the memory of the process.
 */
export function bodyRoom(bytesMax: number): BodyRoom {
  const held = new Map<object, { bytes: number; leave: () => void }>();
  let sum = 0;

  function release(one: object): void {
    sum -= held.get(one)?.bytes ?? 0;
    held.delete(one);
  }

  /** Called while `sum` is over the limit, so there is one. */
  function evictLargest(): void {
    const [largest] = [...held].sort(([, a], [, b]) => b.bytes - a.bytes);
    if (!largest) return;
    const [one, { leave }] = largest;
    release(one);
    leave();
  }

  return {
    hold: (one, bytes, leave) => {
      release(one);
      held.set(one, { bytes, leave });
      sum += bytes;
      if (sum > bytesMax) evictLargest();
    },
    release,
  };
}

/** Most bodies fit; larger ones double it. */
const firstBytes = 4 * 1024;

/**
 * The bytes of a request, at most `bytesMax`. An announced length is believed where it is too large at once, an endless
 * body is cut where it passes the limit. What came is copied together, because a body can come in pieces of one byte,
 * and each piece costs a hundred. What is left unread then is the caller's to throw away. Compressed bodies are refused
 * unread: a small one can unpack to anything, and neither Slack nor PagerDuty sends any.
 */
export function readBody(
  req: IncomingMessage,
  bytesMax: number,
  room: BodyRoom,
): Promise<Buffer | BodyProblem> {
  const { 'content-encoding': encoding = 'identity', 'transfer-encoding': transfer = 'chunked' } =
    req.headers;
  if (encoding.toLowerCase() !== 'identity' || transfer.toLowerCase() !== 'chunked') {
    return Promise.resolve('compressed');
  }
  if (Number(req.headers['content-length'] ?? 0) > bytesMax) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0);
    let size = 0;
    const end = (result: Buffer | BodyProblem): void => {
      req.off('data', take);
      room.release(req);
      bytes = Buffer.alloc(0);
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      if (size + chunk.length > bytesMax) {
        end('too-large');
        return;
      }
      if (size + chunk.length > bytes.length) {
        bytes = grown(bytes, size + chunk.length);
        room.hold(req, bytes.length, () => end('crowded'));
      }
      chunk.copy(bytes, size);
      size += chunk.length;
    };
    req.on('data', take);
    req.once('end', () => end(bytes.subarray(0, size)));
    req.once('close', () => end('gone'));
  });
}

function grown(bytes: Buffer, sizeMin: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(firstBytes, bytes.length * 2, sizeMin));
  bytes.copy(larger);
  return larger;
}
