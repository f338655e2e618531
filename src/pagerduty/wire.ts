import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { cleanLine } from '../incident/text.ts';
import { type PagerDutyFailure, pagerDutyError } from './failure.ts';
import { type Pace, turnsOf } from './pace.ts';

export type Fetch = typeof globalThis.fetch;

export interface WireOptions {
  /** Ends with a slash. */
  baseUrl: string;
  fetch: Fetch;
  clock: Clock;
  /** Real time, as Slack's client has it: after that a call has an unknown fate. */
  timeoutMs: number;
  pace: Pace;
  /** Sent with every call. */
  headers: Readonly<Record<string, string>>;
  /** Never in an error, whatever the other side answers. */
  secrets: readonly string[];
}

export interface Request<T> {
  method: 'GET' | 'PUT' | 'POST';
  /** As PagerDuty's documentation has it: `/incidents/{id}`. */
  template: string;
  /** For the places in braces. */
  ids?: Readonly<Record<string, string>>;
  query?: readonly (readonly [name: string, value: string])[];
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Somebody is woken, or must not be: goes ahead of everything else. */
  urgent?: boolean;
  /** What is used of the answer. */
  answer: z.ZodType<T>;
}

export type Wire = <T>(request: Request<T>) => Promise<T>;

/** What may stand in a path; `..` would lead elsewhere. */
const idPattern = /^[\w-]{1,255}$/;
/** More than any answer we ask for: a page of 100 incidents is well below 1 MB. */
const answerBytesMax = 8 * 1024 * 1024;
const wordsLengthMax = 300;

/** Where a 429 does not say for how long. */
const pauseDefaultMs = 10_000;
const pauseMaxMs = 600_000;

/** Calls one of PagerDuty's interfaces. Rejects with a PagerDutyError, for which `pagerDutyFaultOf` has words. */
export function wireTo(options: WireOptions): Wire {
  const turns = turnsOf(options.clock, options.pace);
  return (request) => {
    const route = `${request.method} ${request.template}`;
    const failure = (what: PagerDutyFailure['what']) => pagerDutyError({ route, what });
    if (!Object.values(request.ids ?? {}).every((id) => idPattern.test(id))) {
      return Promise.reject(failure({ kind: 'not-an-id' }));
    }
    const urgent = request.urgent ?? false;
    const call = async () => {
      const { status, headers, text } = await exchange(options, request, failure, () =>
        turns.silence(urgent),
      );
      if (status < 200 || status >= 300) {
        const what = refusalOf(status, headers, text, options.secrets);
        if (status === 429) turns.pause(Math.min(what.retryAfterMs ?? pauseDefaultMs, pauseMaxMs));
        throw failure(what);
      }
      const read = request.answer.safeParse(jsonOf(text));
      if (!read.success) throw failure({ kind: 'unreadable', status });
      return read.data;
    };
    return turns.take(urgent, call, {
      heldBack: (retryAfterMs) => failure({ kind: 'held-back', retryAfterMs }),
      unreachable: () => failure({ kind: 'unreachable' }),
    });
  };
}

interface Exchanged {
  status: number;
  headers: Headers;
  text: string;
}

async function exchange<T>(
  { baseUrl, fetch, timeoutMs, headers }: WireOptions,
  request: Request<T>,
  failure: (what: PagerDutyFailure['what']) => Error,
  silence: () => void,
): Promise<Exchanged> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(addressOf(baseUrl, request), {
      method: request.method,
      headers: { ...headers, ...request.headers },
      // A redirection would carry the token to wherever it points.
      redirect: 'manual',
      signal,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return { status: response.status, headers: response.headers, text: await boundedText(response) };
  } catch (error) {
    silence();
    if (signal.aborted) throw failure({ kind: 'timeout' });
    throw failure({ kind: 'network', code: codeOf(error) });
  }
}

function addressOf<T>(baseUrl: string, { template, ids = {}, query = [] }: Request<T>): URL {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
  const url = new URL(path.slice(1), baseUrl);
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}

/** What is beyond the bound is not read; what is left then is no JSON any more. */
async function boundedText(response: Response): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > answerBytesMax) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  const word = cause?.code ?? code;
  return typeof word === 'string' ? cleanLine(word, wordsLengthMax) : 'no answer';
}

const errorBody = z.looseObject({
  error: z
    .looseObject({
      message: z.string().nullish().catch(null),
      code: z.number().nullish().catch(null),
      errors: z.array(z.string()).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  // The Events API has its words one level up.
  message: z.string().nullish().catch(null),
  errors: z.array(z.string()).nullish().catch(null),
});

type Answered = Extract<PagerDutyFailure['what'], { kind: 'answered' }>;

function refusalOf(status: number, headers: Headers, text: string, secrets: readonly string[]): Answered {
  const read = errorBody.safeParse(jsonOf(text));
  const { error, message, errors } = read.success ? read.data : {};
  const said = [error?.message ?? message, ...(error?.errors ?? errors ?? [])];
  const words = said.filter((one) => typeof one === 'string').join(': ');
  return {
    kind: 'answered',
    status,
    code: error?.code ?? null,
    words: cleanLine(redacted(words, secrets), wordsLengthMax),
    retryAfterMs: status === 429 ? waitOf(headers) : null,
  };
}

/** Seconds until the minute is over; PagerDuty may leave all of its headers out of a 429. */
function waitOf(headers: Headers): number | null {
  for (const name of ['ratelimit-reset', 'retry-after']) {
    const seconds = Number(headers.get(name) ?? Number.NaN);
    if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  }
  return null;
}

function redacted(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clear, secret) => clear.replaceAll(secret, '…'), text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
