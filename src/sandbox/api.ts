import type { IncomingHttpHeaders } from 'node:http';
import { rawArguments, typedArguments } from './arguments.ts';
import type { FaultPlan, Planned } from './faults.ts';
import type { Json } from './json.ts';
import { textAt } from './json.ts';
import { canvasMethods } from './methods/canvases.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { fileMethods } from './methods/files.ts';
import { historyMethods } from './methods/history.ts';
import { markMethods } from './methods/marks.ts';
import type { Method } from './methods/method.ts';
import { kindOf, needScope } from './methods/method.ts';
import { userMethods } from './methods/users.ts';
import { viewMethods } from './methods/views.ts';
import { refusalOf } from './refuse.ts';
import type { MethodRule } from './rules.ts';
import { METHODS } from './rules.ts';
import type { SocketWay } from './socket-way.ts';
import type { Workspace } from './workspace.ts';

/** One Web API call, as the log keeps it. */
export interface Call {
  method: string;
  args: Json;
  /** Epoch ms of the sandbox's clock. */
  at: number;
  ok: boolean;
  error?: string;
  /** It was sent away for so many seconds. */
  retryAfter?: number;
  /** The body that went back; undefined: none did, or not yet. */
  answer?: Json;
}

/** What goes back over HTTP; `null` means nothing does, and `hangs` whether the connection stays open. */
export type Answer =
  | { status: number; headers: Record<string, string>; body: Json }
  | { raw: string; isCut: boolean }
  | { hangs: boolean };

export interface Api {
  ws: Workspace;
  faults: FaultPlan;
  calls: Call[];
  /** Seconds to wait, 0 to go ahead. */
  waitFor: (method: string, args: Json) => number;
  /** Whether the token is the valid one. */
  isToken: (token: string) => boolean;
  /** The same for the app-level token. */
  isAppToken: (token: string) => boolean;
  /** Null: Socket Mode is off in this app. */
  sockets: SocketWay | null;
  watchers: Set<(call: Call, moment: 'before' | 'after') => void | Promise<void>>;
  /** Real time that a call takes; applied half before and half after. */
  latency: () => Promise<void>;
}

const ALL_METHODS: Readonly<Record<string, Method>> = {
  ...userMethods,
  ...conversationMethods,
  ...historyMethods,
  ...chatMethods,
  ...markMethods,
  ...fileMethods,
  ...canvasMethods,
  ...viewMethods,
};

/** Serves one call: faults, token, rate, arguments, scope, then the method itself. Logs it whatever happens. */
export async function serveCall(
  api: Api,
  method: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Answer> {
  const raw = rawArguments(body, headers);
  const call: Call = { method, args: raw ?? {}, at: api.ws.clock.now(), ok: false };
  api.calls.push(call);
  const fault = api.faults.take(method);
  for (const watch of api.watchers) await watch(call, 'before');
  await api.latency();
  if (fault?.when === 'before') return told(call, failed(call, fault));
  const result = raw ? judged(api, call, headers, raw) : { ok: false, error: 'invalid_json' };
  note(call, result);
  for (const watch of api.watchers) await watch(call, 'after');
  await api.latency();
  return told(call, fault ? failed(call, fault) : answerOf(api.ws, result));
}

function told(call: Call, answer: Answer): Answer {
  if ('body' in answer) call.answer = answer.body;
  return answer;
}

function note(call: Call, result: Json): void {
  call.ok = result.ok === true;
  if (!call.ok) call.error = textAt(result, 'error');
  if (typeof result.retryAfter === 'number') call.retryAfter = result.retryAfter;
}

function answerOf({ scopes }: Workspace, result: Json): Answer {
  if (typeof result.retryAfter !== 'number') {
    return { status: 200, headers: { 'x-oauth-scopes': [...scopes].join(',') }, body: result };
  }
  const headers = { 'retry-after': String(result.retryAfter) };
  return { status: 429, headers, body: { ok: false, error: 'ratelimited' } };
}

function failed(call: Call, { trouble, when }: Planned): Answer {
  if (when === 'before') call.ok = false;
  if ('timeout' in trouble || 'reset' in trouble) {
    call.error = 'timeout' in trouble ? 'timeout' : 'reset';
    return { hangs: 'timeout' in trouble };
  }
  if ('raw' in trouble) {
    call.error = 'unreadable';
    return { raw: trouble.raw, isCut: trouble.isCut ?? false };
  }
  if ('error' in trouble) {
    call.error = trouble.error;
    return { status: 200, headers: {}, body: { ok: false, error: trouble.error } };
  }
  call.error = `http ${trouble.status}`;
  if (trouble.retryAfter !== undefined) call.retryAfter = trouble.retryAfter;
  const headers: Record<string, string> =
    trouble.retryAfter === undefined ? {} : { 'retry-after': String(trouble.retryAfter) };
  const error = trouble.status === 429 ? 'ratelimited' : 'server_error';
  return { status: trouble.status, headers, body: { ok: false, error } };
}

function judged(api: Api, call: Call, headers: IncomingHttpHeaders, raw: Json): Json {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? textAt(raw, 'token');
  if (call.method === 'apps.connections.open') return openConnection(api, token);
  const rule = METHODS[call.method];
  const run = ALL_METHODS[call.method];
  if (!rule || !run) return { ok: false, error: 'unknown_method', req_method: call.method };
  if (token === '') return { ok: false, error: 'not_authed' };
  if (api.isAppToken(token)) return { ok: false, error: 'not_allowed_token_type' };
  if (!api.isToken(token)) return { ok: false, error: 'invalid_auth' };
  const retryAfter = api.waitFor(call.method, raw);
  if (retryAfter > 0) return { ok: false, error: 'ratelimited', retryAfter };
  const typed = typedArguments(raw, rule);
  if ('errors' in typed) {
    return { ok: false, error: 'invalid_arguments', response_metadata: { messages: typed.errors } };
  }
  call.args = typed.args;
  return applied(api.ws, rule, run, typed.args);
}

/** The one method here that takes the app-level token, and nothing else. */
function openConnection(api: Api, token: string): Json {
  if (token === '') return { ok: false, error: 'not_authed' };
  if (api.isToken(token)) return { ok: false, error: 'not_allowed_token_type' };
  if (!api.isAppToken(token)) return { ok: false, error: 'invalid_auth' };
  const retryAfter = api.waitFor('apps.connections.open', {});
  if (retryAfter > 0) return { ok: false, error: 'ratelimited', retryAfter };
  return api.sockets ? { ok: true, url: api.sockets.url() } : { ok: false, error: 'forbidden_team' };
}

function applied(ws: Workspace, rule: MethodRule, run: Method, args: Json): Json {
  try {
    checkScope(ws, rule, args);
    return { ok: true, ...run(ws, args) };
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (refusal) return refusal;
    throw thrown;
  }
}

/** Scopes that depend on the conversation are judged by it; methods without one judge by what they are asked for. */
function checkScope(ws: Workspace, rule: MethodRule, args: Json): void {
  const isByKind = 'public' in rule.scopes;
  const channel = ws.channels.get(textAt(args, 'channel'));
  if (!isByKind) needScope(ws, rule, 'public');
  else if (channel) needScope(ws, rule, kindOf(channel));
}
