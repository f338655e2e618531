import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The server's end of a WebSocket (RFC 6455), as much of it as Slack uses: text messages, pings, and a close. */
export interface ServerSocket {
  send(text: string): void;
  /** Says goodbye; the other side answers, and the connection ends. */
  close(code: number): void;
  /** Reads no more. */
  freeze(): void;
  /** Cuts the connection, without a word. */
  cut(): void;
}

export interface SocketEars {
  message(text: string): void;
  /** Once, however it ended. */
  closed(): void;
}

const opcodes = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
/** RFC 6455 section 1.3. */
const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const messageBytesMax = 4 * 1024 * 1024;
/** RFC 6455 section 7.4.1. */
const closeCodes = { protocolError: 1002, wrongType: 1003, tooBig: 1009 } as const;

/** Answers the upgrade and takes the connection over. */
export function acceptSocket(request: IncomingMessage, wire: Duplex, ears: SocketEars): ServerSocket {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1').update(`${key}${handshakeGuid}`).digest('base64');
  wire.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const socket: ServerSocket = {
    send: (text) => void wire.write(frame(opcodes.text, Buffer.from(text))),
    close: (code) => void wire.write(frame(opcodes.close, closeBody(code))),
    freeze: () => void wire.pause(),
    cut: () => wire.destroy(),
  };
  const read = frameReader(socket, wire, ears);
  wire.on('data', read);
  wire.on('error', () => wire.destroy());
  wire.on('close', () => ears.closed());
  return socket;
}

function closeBody(code: number): Buffer {
  const body = Buffer.alloc(2);
  body.writeUInt16BE(code);
  return body;
}

/** A whole message in one frame; a server does not mask. */
function frame(opcode: number, body: Buffer): Buffer {
  const head = Buffer.alloc(body.length < 126 ? 2 : body.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  if (body.length < 126) head[1] = body.length;
  else if (body.length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(body.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([head, body]);
}

interface Frame {
  opcode: number;
  isLast: boolean;
  isMasked: boolean;
  body: Buffer;
  /** Bytes it took on the wire. */
  length: number;
}

/** The first frame in the bytes, `too-big`, or null while it is not all there. */
function firstFrame(bytes: Buffer): Frame | 'too-big' | null {
  if (bytes.length < 2) return null;
  const short = bytes[1]! & 0x7f;
  const isMasked = (bytes[1]! & 0x80) !== 0;
  const lengthEnd = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < lengthEnd) return null;
  const size =
    short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (size > messageBytesMax) return 'too-big';
  const start = lengthEnd + (isMasked ? 4 : 0);
  if (bytes.length < start + size) return null;
  const body = Buffer.from(bytes.subarray(start, start + size));
  if (isMasked) for (let at = 0; at < size; at += 1) body[at]! ^= bytes[lengthEnd + (at & 3)]!;
  return { opcode: bytes[0]! & 0x0f, isLast: (bytes[0]! & 0x80) !== 0, isMasked, body, length: start + size };
}

function frameReader(socket: ServerSocket, wire: Duplex, ears: SocketEars): (chunk: Buffer) => void {
  let bytes = Buffer.alloc(0);
  /** A message that comes in pieces. */
  let pieces: Buffer[] = [];

  function fail(code: number): void {
    socket.close(code);
    wire.end();
  }

  function take({ opcode, isLast, isMasked, body }: Frame): void {
    if (!isMasked) fail(closeCodes.protocolError);
    else if (opcode === opcodes.ping) wire.write(frame(opcodes.pong, body));
    // Answers the close, or ends what we closed ourselves.
    else if (opcode === opcodes.close) wire.end(frame(opcodes.close, body.subarray(0, 2)));
    else if (opcode === opcodes.text || opcode === opcodes.more) collect(body, isLast);
    else if (opcode !== opcodes.pong) fail(closeCodes.wrongType);
  }

  function collect(body: Buffer, isLast: boolean): void {
    pieces.push(body);
    const message = Buffer.concat(pieces);
    if (isLast) pieces = [];
    if (message.length > messageBytesMax) fail(closeCodes.tooBig);
    else if (isLast) ears.message(message.toString());
  }

  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let next = firstFrame(bytes); next !== null; next = firstFrame(bytes)) {
      if (next === 'too-big') {
        fail(closeCodes.tooBig);
        return;
      }
      bytes = bytes.subarray(next.length);
      take(next);
    }
  };
}
