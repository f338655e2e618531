import { Pool } from 'undici';
import { exactNow } from './clock.ts';
import type { Ready } from './requests.ts';

/** How a request went: sent at (epoch ms with fractions), answered after. */
export interface Answered {
  sentAt: number;
  ms: number;
  status: number;
}

/** Sends over at most `connections` kept-alive connections. */
export function sender(url: string, connections: number) {
  const pool = new Pool(url, { connections, pipelining: 1 });

  /** Throws when it is not answered with 2xx: what is refused is not measured. */
  async function send({ path, headers, body }: Ready): Promise<Answered> {
    const [sentAt, started] = [exactNow(), performance.now()];
    const answer = await pool.request({ path, method: 'POST', headers, body });
    await answer.body.dump();
    const status = answer.statusCode;
    if (status < 200 || status > 299) throw new Error(`${path} answered ${status}`);
    return { sentAt, ms: performance.now() - started, status };
  }

  return {
    send,
    /** All of them, as fast as the connections carry them. Requests per second. */
    rate: async (requests: readonly Ready[]): Promise<number> => {
      const started = performance.now();
      await Promise.all(requests.map(send));
      return requests.length / ((performance.now() - started) / 1000);
    },
    close: () => pool.close(),
  };
}
