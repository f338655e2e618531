import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Sent } from './http.ts';
import type { Json } from './json.ts';
import { isObject, parseJson, textAt } from './json.ts';
import { ANSWER_WITHIN_MS, SOCKETS } from './rules.ts';
import type { Again, Way } from './way.ts';
import { acceptSocket, type ServerSocket } from './websocket.ts';
import type { Workspace } from './workspace.ts';

/** Why Slack says goodbye. */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

/** What a test does to the sockets. */
export interface Sockets {
  /** How many are open. */
  count(): number;
  /** How many were ever greeted: one that is open now may be the one that was open before. */
  greeted(): number;
  /** Sends this on all of them, as it is. */
  say(text: string): void;
  /** From now on nobody is at the other end of them: what comes is not read, and no ping is answered. */
  freeze(): void;
  /** Cuts all of them, without a word. */
  cut(): void;
  /** Slack says goodbye on all of them. After `warning` the connection goes on; after the others it ends. */
  disconnect(reason: DisconnectReason): void;
  /** From now on no new one gets its hello, until `false`. */
  mute(isMute: boolean): void;
}

export interface SocketWay extends Way, Sockets {
  /** Where the next connection goes, for `apps.connections.open`. Works once. */
  url(): string;
  /** A WebSocket handshake at this machine. */
  upgrade(request: IncomingMessage, wire: Duplex): void;
}

interface Envelope {
  id: string;
  socket: ServerSocket;
  acceptsPayload: boolean;
  answer: (sent: Sent) => void;
}

/**
 * Socket Mode as Slack speaks it (https://docs.slack.dev/apis/events-api/using-socket-mode): each envelope goes to any
 * one of the open connections, and is acknowledged on that one with its id, within three seconds.
 */
export function socketWay(ws: Workspace): SocketWay {
  const tickets = new Map<string, number>();
  const open: ServerSocket[] = [];
  const waiting = new Map<string, Envelope>();
  const state = { isAway: false, isMute: false, turn: 0, ids: 0, greeted: 0 };
  /** Counted apart: how often something was sent must not change the ids of channels and people. */
  const newId = (prefix: string): string => {
    state.ids += 1;
    return `${prefix}${state.ids.toString(36).toUpperCase()}`;
  };

  /** The next in turn; another one than last time, where there is another. */
  const nextSocket = (): ServerSocket | undefined => {
    state.turn += 1;
    return open[state.turn % Math.max(1, open.length)];
  };

  async function send(type: string, payload: Json, more: Json, acceptsPayload: boolean): Promise<Sent> {
    const socket = nextSocket();
    if (!socket || state.isAway) return { kind: 'failed', reason: 'not connected' };
    const id = newId('env-');
    const over = new AbortController();
    const late = ws.clock
      .sleepUntil(ws.clock.now() + ANSWER_WITHIN_MS, over.signal)
      .then((): Sent => ({ kind: 'late' }));
    const answered = new Promise<Sent>((answer) => {
      waiting.set(id, { id, socket, acceptsPayload, answer });
    });
    socket.send(
      JSON.stringify({
        envelope_id: id,
        payload,
        type,
        accepts_response_payload: acceptsPayload,
        ...more,
      }),
    );
    const sent = await Promise.race([answered, late]);
    over.abort();
    waiting.delete(id);
    return sent;
  }

  return {
    event: (body, again) => send('events_api', body, retryFields(again), false),
    command: (fields) => send('slash_commands', { ...fields }, {}, true),
    interaction: (payload) => send('interactive', payload, {}, takesAnswer.has(String(payload.type))),
    connect: (botBaseUrl) => {
      state.isAway = botBaseUrl === null;
      if (state.isAway) for (const socket of open) socket.cut();
    },
    close: () => {
      for (const socket of open) socket.cut();
    },
    url: () => {
      const ticket = newId('T');
      tickets.set(ticket, ws.clock.now() + SOCKETS.ticketLifeMs);
      return `${ws.baseUrl.replace('http', 'ws')}/link/${ticket}?app_id=${ws.app.id}`;
    },
    upgrade: (request, wire) => {
      const ticket = /^\/link\/([^?/]+)/.exec(request.url ?? '')?.[1] ?? '';
      const isGood = (tickets.get(ticket) ?? 0) >= ws.clock.now();
      tickets.delete(ticket);
      if (!isGood || state.isAway) return void wire.end('HTTP/1.1 408 Request Timeout\r\n\r\n');
      enter(request, wire);
    },
    ...controlsOf(open, state),
  };

  function enter(request: IncomingMessage, wire: Duplex): void {
    const socket = acceptSocket(request, wire, {
      message: (text) => hear(socket, text),
      closed: () => {
        if (open.includes(socket)) open.splice(open.indexOf(socket), 1);
        for (const envelope of waiting.values()) {
          if (envelope.socket === socket) envelope.answer({ kind: 'failed', reason: 'connection closed' });
        }
      },
    });
    if (open.length >= SOCKETS.perApp) farewell(socket, 'too_many_websockets');
    else if (!state.isMute) welcome(socket);
  }

  function welcome(socket: ServerSocket): void {
    open.push(socket);
    state.greeted += 1;
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: open.length,
        debug_info: { host: 'applink-sandbox', approximate_connection_time: 18_060 },
        connection_info: { app_id: ws.app.id },
      }),
    );
  }

  /** An acknowledgement that Slack would not understand is none: what it was for comes again. */
  function hear(socket: ServerSocket, text: string): void {
    const json = parseJson(text);
    const envelope = isObject(json) ? waiting.get(textAt(json, 'envelope_id')) : undefined;
    if (!isObject(json) || !envelope || envelope.socket !== socket) return;
    envelope.answer(answerOf(envelope, json));
  }
}

/** What an app may answer with more than an acknowledgement. */
const takesAnswer: ReadonlySet<string> = new Set(['view_submission', 'block_suggestion']);

function answerOf({ acceptsPayload }: Envelope, json: Json): Sent {
  const unknown = Object.keys(json).find((key) => key !== 'envelope_id' && key !== 'payload');
  if (unknown !== undefined) return { kind: 'failed', reason: `unknown key ${unknown}` };
  const payload = json.payload ?? {};
  if (!isObject(payload)) return { kind: 'failed', reason: 'the payload is no object' };
  const isEmpty = Object.keys(payload).length === 0;
  if (!isEmpty && !acceptsPayload) return { kind: 'failed', reason: 'this envelope takes no payload' };
  const body = isEmpty ? '' : JSON.stringify(payload);
  return { kind: 'answered', status: 200, body, contentType: 'application/json', noRetry: false };
}

const retryFields = (again: Again | null): Json => ({
  retry_attempt: again?.attempt ?? 0,
  retry_reason: again?.reason ?? '',
});

function farewell(socket: ServerSocket, reason: DisconnectReason): void {
  socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-sandbox' } }));
  if (reason !== 'warning') socket.close(1000);
}

function controlsOf(open: ServerSocket[], state: { isMute: boolean; greeted: number }): Sockets {
  return {
    count: () => open.length,
    greeted: () => state.greeted,
    say: (text) => {
      for (const socket of open) socket.send(text);
    },
    freeze: () => {
      for (const socket of open) socket.freeze();
    },
    cut: () => {
      for (const socket of [...open]) socket.cut();
    },
    disconnect: (reason) => {
      for (const socket of [...open]) farewell(socket, reason);
    },
    mute: (isMute) => {
      state.isMute = isMute;
    },
  };
}
