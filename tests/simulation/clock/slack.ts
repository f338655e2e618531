import { WebClient } from '@slack/web-api';
import { quiet } from '../../model/life.ts';

/** A Slack that takes every call and answers at once. */
export function agreeingSlack(now: () => number): WebClient {
  let n = 0;
  const answer = (method: string, args: URLSearchParams): Record<string, unknown> => {
    if (method === 'conversations.create') return { channel: { id: `C${++n}`, name: args.get('name') } };
    if (method !== 'chat.postMessage') return {};
    const ts = `${Math.floor(now() / 1000)}.${String(++n).padStart(6, '0')}`;
    return { channel: args.get('channel') ?? '', ts };
  };
  return new WebClient('xoxb-clock', {
    slackApiUrl: 'http://slack.invalid/api/',
    retryConfig: { retries: 0 },
    logger: quiet,
    fetch: async (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      const method = url.slice(url.lastIndexOf('/') + 1);
      const body = answer(method, new URLSearchParams(typeof init?.body === 'string' ? init.body : ''));
      return Response.json({ ok: true, ...body });
    },
  });
}
