import type { Clock } from '../../src/clock.ts';
import { type Answer, type Api, serveCall } from '../../src/sandbox/api.ts';
import { addChannel } from '../../src/sandbox/channels.ts';
import { faultPlan } from '../../src/sandbox/faults.ts';
import { userFrom } from '../../src/sandbox/people.ts';
import { rateLimiter } from '../../src/sandbox/rates.ts';
import { ALL_SCOPES } from '../../src/sandbox/rules.ts';
import { newWorkspace, type StoredFile, type Workspace } from '../../src/sandbox/workspace.ts';
import { people } from '../model/deeds.ts';
import type { Caller } from './far-side.ts';

/** A message of ours, as Slack took it. Copies of one row have the same `ref`. */
export interface Posted {
  ref: string;
  channel: string;
  ts: string;
  threadTs: string | null;
  /** When Slack took it, epoch ms. */
  at: number;
  /** How long after the call that was, ms. */
  lateMs: number;
}

export const slackToken = 'xoxb-simulated';
export const slackIdentity = { botUser: 'U0TOCSIN', botId: 'B0TOCSIN', team: 'T0SANDBOX', url: '' };

/** The Slack of the sandbox, with all its rules, in this process and without a port. */
export function simulatedSlack(clock: Clock) {
  const ws = furnished(clock);
  const api: Api = {
    ...{ ws, faults: faultPlan(), calls: [], sockets: null, watchers: new Set() },
    waitFor: rateLimiter(clock),
    isToken: (token) => token === slackToken,
    isAppToken: () => false,
    latency: async () => undefined,
  };
  const posted: Posted[] = [];
  const rests = new Map<string, { untilAt: number; toldTo: Caller }>();
  /** Calls made before the Retry-After was over that the caller had been told (I10). */
  const early: string[] = [];
  /** Every post that was asked for, carried out or not: its row's ref, and when, epoch ms. */
  const asked: { ref: string; at: number }[] = [];

  function note(method: string, args: URLSearchParams, answer: Answer, calledAt: number): void {
    if (method !== 'chat.postMessage' || !('body' in answer) || answer.body.ok !== true) return;
    posted.push({
      ref: refOf(args),
      channel: args.get('channel') ?? '',
      ts: answer.body.ts as string,
      threadTs: args.get('thread_ts'),
      at: clock.now(),
      lateMs: clock.now() - calledAt,
    });
  }

  return {
    ws,
    posted,
    asked,
    early,
    /** Carries the call out, now. `calledAt`: when it was made, epoch ms. */
    apply: async (method: string, body: string, calledAt: number): Promise<Answer> => {
      const file = ws.files.get(method);
      if (file) return received(file);
      const headers = {
        authorization: `Bearer ${slackToken}`,
        'content-type': 'application/x-www-form-urlencoded',
      };
      const answer = await serveCall(api, method, headers, Buffer.from(body));
      note(method, new URLSearchParams(body), answer, calledAt);
      return answer;
    },
    /** The caller calls. */
    hear: (method: string, body: string, caller: Caller): void => {
      const counted = countedAs(method, body);
      if (method === 'chat.postMessage')
        asked.push({ ref: refOf(new URLSearchParams(body)), at: clock.now() });
      const rest = rests.get(counted);
      if (rest && rest.toldTo === caller && rest.untilAt > clock.now())
        early.push(`${counted} ${rest.untilAt - clock.now()} ms before its Retry-After was over`);
    },
    /** The caller hears that it must wait. */
    holdBack: (method: string, body: string, caller: Caller, seconds: number): void => {
      rests.set(countedAs(method, body), { untilAt: clock.now() + seconds * 1_000, toldTo: caller });
    },
  };
}

export type SimulatedSlack = ReturnType<typeof simulatedSlack>;

/** The bytes of an upload are of no interest here, only that they arrived. */
function received(file: StoredFile): Answer {
  file.content = Buffer.alloc(file.length);
  return { status: 200, headers: {}, body: { ok: true } };
}

function furnished(clock: Clock): Workspace {
  const { botUser: userId, botId } = slackIdentity;
  const app = { id: 'A0TOCSIN', botId, userId, displayName: 'Tocsin', commands: [], shortcuts: [] };
  const ws = newWorkspace(clock, { ...app, hasHome: true }, new Set(ALL_SCOPES), false);
  ws.baseUrl = 'http://slack.invalid';
  const users = people.map((name) => userFrom(name));
  const robot = userFrom({ name: 'tocsin', id: userId, isBot: true });
  for (const user of [...users, robot]) ws.users.set(user.id, user);
  const members = users.map(({ id }) => id);
  for (const name of ['general', 'incidents'])
    addChannel(ws, { name, by: 'U0ANA', members, isGeneral: name === 'general' });
  return ws;
}

const refOf = (args: URLSearchParams): string =>
  (JSON.parse(args.get('metadata') ?? '{}') as { event_payload?: { ref?: string } }).event_payload?.ref ?? '';

/** Slack counts posts per channel, everything else per workspace (platform.md section 1.8). */
const countedAs = (method: string, body: string): string =>
  method === 'chat.postMessage' ? `${method} ${new URLSearchParams(body).get('channel')}` : method;
