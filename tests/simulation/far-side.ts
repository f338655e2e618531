import type { MovableClock } from '../../src/sandbox/clock.ts';
import { never } from '../support/mortal.ts';
import { type PagerDutyIncident, simulatedPagerDuty } from './pagerduty.ts';
import { type SimulatedSlack, simulatedSlack } from './slack.ts';
import type { Fate, Weather } from './weather.ts';

type Fetch = typeof globalThis.fetch;

/** Whoever calls: one life of the process. Once it is over it hears nothing, and makes no new calls. */
export interface Caller {
  isOver: boolean;
}

/** Slack and PagerDuty, which go on whatever becomes of the process, and the way to them. */
export interface FarSide {
  slack: SimulatedSlack;
  pagerduty: { incidents: Map<string, PagerDutyIncident> };
  /** What a life calls them by. `passes` hears of each call before it is made and after it was answered; true: dead by now. */
  fetchesFor(caller: Caller, passes: (moment: string) => boolean | Error): { slack: Fetch; pagerduty: Fetch };
}

/** `sky`: the clock that calls travel by, moved by the driver. */
export function farSide(sky: MovableClock, weather: Weather, leave: () => void): FarSide {
  const slack = simulatedSlack(sky);
  const pagerduty = simulatedPagerDuty(sky);

  /** Carries the call out when its time has come, whoever still waits for the answer. */
  async function applied(afterMs: number | null, apply: () => Promise<Response>): Promise<Response | null> {
    if (afterMs === null) return null;
    if (afterMs > 0) await sky.sleepUntil(sky.now() + afterMs);
    leave();
    return apply();
  }

  async function travel(
    { appliedAfterMs, heardAfterMs, hears }: Fate,
    apply: () => Promise<Response>,
  ): Promise<Response> {
    leave();
    const heardAt = sky.now() + heardAfterMs;
    const answer = applied(appliedAfterMs, apply);
    const own = hears === 'answer' ? await answer : null;
    if (heardAt > sky.now()) await sky.sleepUntil(heardAt);
    if (own) return own;
    if (hears === 'nothing' || hears === 'answer') throw new TypeError('fetch failed: no answer');
    if ('error' in hears) return Response.json({ ok: false, error: hears.error });
    const headers: Record<string, string> =
      hears.retryAfter === undefined ? {} : { 'retry-after': `${hears.retryAfter}` };
    return new Response('{}', { status: hears.status, headers });
  }

  async function overSlack(body: string, method: string, calledAt: number): Promise<Response> {
    const answer = await slack.apply(method, body, calledAt);
    if (!('body' in answer)) throw new Error('the simulated Slack always has an answer of its own');
    return new Response(JSON.stringify(answer.body), { status: answer.status, headers: answer.headers });
  }

  function fetchesFor(caller: Caller, passes: (moment: string) => boolean | Error) {
    const slackFetch: Fetch = async (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      const method = url.slice(url.lastIndexOf('/') + 1);
      const name = url.includes('/upload/') ? 'upload' : method;
      const body = typeof init?.body === 'string' ? init.body : '';
      if (caller.isOver || passes(`before ${name}`) === true) return never();
      slack.hear(method, body, caller);
      const at = sky.now();
      const fate = weather.fate({ to: name === 'upload' ? 'storage' : 'slack', at });
      const answer = await heard(caller, () => travel(fate, () => overSlack(body, method, at)));
      if (passes(`after ${name}`) === true) return never();
      const seconds = Number(answer.headers.get('retry-after') ?? 0);
      if (answer.status === 429) slack.holdBack(method, body, caller, seconds);
      return answer;
    };
    const pagerdutyFetch: Fetch = async (_input, init) => {
      const body = init?.body as string;
      if (caller.isOver || passes('before PagerDuty') === true) return never();
      const apply = async () => Response.json(pagerduty.apply(body), { status: 202 });
      const fate = weather.fate({ to: 'pagerduty', at: sky.now() });
      const answer = await heard(caller, () => travel(fate, apply));
      return passes('after PagerDuty') === true ? never() : answer;
    };
    return { slack: slackFetch, pagerduty: pagerdutyFetch };
  }

  return { slack, pagerduty, fetchesFor };
}

/** The dead hear neither answers nor failures. */
async function heard(caller: Caller, call: () => Promise<Response>): Promise<Response> {
  try {
    const answer = await call();
    return caller.isOver ? await never() : answer;
  } catch (error) {
    if (caller.isOver) return never();
    throw error;
  }
}
