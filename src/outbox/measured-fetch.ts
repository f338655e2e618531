import type { Clock } from '../clock.ts';
import { textResponse } from './lean-fetch.ts';

type Fetch = typeof globalThis.fetch;

/** How one call of the Web API ended. `word`: `ok`, Slack's own word for a failure, `http_503`, or `no_answer`. */
export interface MeasuredCall {
  method: string;
  word: string;
  tookMs: number;
}

/** The same `fetch`; each call to `apiUrl` (with a slash at its end) is told when it is over. Whatever goes elsewhere is an `upload`. */
export const measuredFetch =
  (fetch: Fetch, apiUrl: string, clock: Clock, heard: (call: MeasuredCall) => void): Fetch =>
  async (input, init) => {
    const startedAt = clock.now();
    const url = input instanceof Request ? input.url : input.toString();
    const method = url.startsWith(apiUrl) ? (url.slice(apiUrl.length).split('?')[0] ?? '') : 'upload';
    const tell = (word: string): void => heard({ method, word, tookMs: clock.now() - startedAt });
    try {
      const answer = await fetch(input, init);
      if (answer.status !== 200 || method === 'upload') {
        tell(answer.status === 200 ? 'ok' : `http_${answer.status}`);
        return answer;
      }
      const text = await answer.text();
      tell(wordIn(text));
      return textResponse(answer.status, answer.headers, text);
    } catch (error) {
      tell('no_answer');
      throw error;
    }
  };

/** Quotes inside of what people wrote are escaped in JSON, so this finds Slack's own words alone. */
function wordIn(text: string): string {
  if (/^\s*\{\s*"ok"\s*:\s*true/.test(text) || !/"ok"\s*:\s*false/.test(text)) return 'ok';
  return /"error"\s*:\s*"([a-z0-9_]{1,40})"/.exec(text)?.[1] ?? 'unknown_error';
}
