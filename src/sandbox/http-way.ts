import type { Clock } from '../clock.ts';
import { signature } from './envelope.ts';
import { sender } from './http.ts';
import { ANSWER_WITHIN_MS } from './rules.ts';
import type { Way } from './way.ts';
import type { Workspace } from './workspace.ts';

const form = 'application/x-www-form-urlencoded';

/** Signed requests to `<base>/slack/events`; how long each waits for its answer is measured by `patience`. */
export function httpWay(ws: Workspace, secret: string, patience: Clock = ws.clock): Way {
  const http = sender(patience);
  let base: string | null = null;

  const post = async (body: string, type: string, headers: Record<string, string> = {}) => {
    if (base === null) return { kind: 'failed', reason: 'not connected' } as const;
    const all = { 'content-type': type, ...signature(ws.clock, secret, body), ...headers };
    return http.post(`${base}/slack/events`, body, all, ANSWER_WITHIN_MS);
  };

  return {
    event: (body, again) =>
      post(
        JSON.stringify(body),
        'application/json',
        again ? { 'x-slack-retry-num': String(again.attempt), 'x-slack-retry-reason': again.reason } : {},
      ),
    command: (fields) => post(new URLSearchParams(fields).toString(), form),
    interaction: (payload) =>
      post(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), form),
    connect: (botBaseUrl) => {
      base = botBaseUrl?.replace(/\/$/, '') ?? null;
    },
    close: () => http.close(),
  };
}
