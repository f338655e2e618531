import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject, parseJson } from '../../src/sandbox/json.ts';
import type { Slack } from '../../src/sandbox/slack.ts';

/** One request that the bot got: an event's envelope, or the fields or payload of an interaction. */
export interface Heard {
  headers: Record<string, string | string[] | undefined>;
  body: Json;
  raw: string;
}

export interface Reply {
  status?: number;
  body?: string | Json;
  /** Never answers. */
  hangs?: boolean;
}

export interface TinyBot {
  url: string;
  heard: Heard[];
  /** Events heard, without their envelopes. */
  events(): Json[];
  client: WebClient;
  close(): Promise<void>;
}

/** The smallest bot: answers every request with what `reply` says (200 and nothing by default) and remembers it. */
export async function tinyBot(
  slack: Slack,
  reply: (heard: Heard, client: WebClient) => Reply | undefined | Promise<Reply | undefined> = () =>
    undefined,
): Promise<TinyBot> {
  const client = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    const answer = async () => {
      const raw = Buffer.concat(chunks).toString();
      const one: Heard = { headers: request.headers, body: bodyOf(raw), raw };
      heard.push(one);
      const { status = 200, body = '', hangs } = (await reply(one, client)) ?? {};
      if (hangs) return;
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
      response.end(isText ? body : JSON.stringify(body));
    };
    request.on('end', () => void answer());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  slack.connect(url);
  return {
    url,
    heard,
    events: () => heard.map(({ body }) => body.event).filter(isObject),
    client,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bodyOf(raw: string): Json {
  const json = parseJson(raw);
  if (isObject(json)) return json;
  const fields = Object.fromEntries(new URLSearchParams(raw));
  const payload = parseJson(fields.payload ?? '');
  return isObject(payload) ? payload : fields;
}
