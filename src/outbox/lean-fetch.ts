import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'undici';

type Fetch = typeof globalThis.fetch;
type Heard = (status: number, headers: IncomingHttpHeaders, text: string) => Response;

/**
 * `fetch` at a third of what it costs the event loop: text goes out through undici's `request`, without the web streams
 * that the standard demands and nobody here reads. A file still goes by `fetch`. Redirections are answers, not
 * followed. Rejects as `fetch` does when there is no answer, or when `signal` says so.
 */
export const leanFetch: Fetch = fetching((status, headers, text) => {
  const heard = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Response(text === '' ? null : text, { status, headers: heard });
});

/** The same for the WebClient, without the parts of a `Response` that it does not read. */
export const webClientFetch: Fetch = fetching((status, headers, text) =>
  textResponse(
    status,
    {
      get: (name) => headers[name.toLowerCase()]?.toString() ?? null,
      entries: () => Object.entries(headers),
    },
    text,
  ),
);

/** As much of a `Response` as the WebClient reads, and no more: a whole one costs as much as the call. */
export function textResponse(
  status: number,
  headers: { get: (name: string) => string | null; entries: () => Iterable<[string, unknown]> },
  text: string,
): Response {
  const response = { status, statusText: '', url: '', headers, body: null, text: async () => text };
  return response as unknown as Response;
}

function fetching(responseOf: Heard): Fetch {
  return async (input, init) => {
    if (input instanceof Request || typeof init?.body !== 'string') return fetch(input, init);
    const { method, body, signal } = init;
    const headers = Object.fromEntries(new Headers(init.headers));
    const answer = await request(input, { method: method as 'POST', headers, body, signal });
    return responseOf(answer.statusCode, answer.headers, await answer.body.text());
  };
}
