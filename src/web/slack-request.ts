import type { IncomingMessage } from 'node:http';
import { isDeeperThan } from './json-depth.ts';
import type { RefusalReason } from './refusals.ts';
import { verifySlackSignature } from './slack-signature.ts';

const form = 'application/x-www-form-urlencoded';

/** What may go on to Bolt, or the status and the reason that stop it. */
export type SlackVerdict =
  | { ok: true; signature: string }
  | { ok: false; status: 401 | 400; why: RefusalReason };

/**
 * Judges a whole request to `/slack/events`: the signature first, whatever the body claims to be (`ssl_check` and
 * `url_verification` are signed like the rest, and Bolt answers them), then the shape of its JSON. Bolt, which parses
 * next, falls over (unhandled rejection) on JSON that is no object.
 */
export function judgeSlackRequest(
  req: IncomingMessage,
  body: Buffer,
  { secret, now, jsonDepthMax }: { secret: string; now: number; jsonDepthMax: number },
): SlackVerdict {
  const signature = single(req.headersDistinct['x-slack-signature']);
  const timestamp = single(req.headersDistinct['x-slack-request-timestamp']);
  const signed = verifySlackSignature({ secret, body, timestamp, signature, now });
  if (!signed.ok) return { ok: false, status: 401, why: signed.why };
  const passed = { ok: true, signature: String(signature) } as const;
  const json = jsonOf(req, body);
  if (json === null) return passed;
  if (!/^\s*\{/.test(json.toString('latin1', 0, 64))) return { ok: false, status: 400, why: 'unreadable' };
  if (isDeeperThan(json, jsonDepthMax)) return { ok: false, status: 400, why: 'too-deep' };
  return passed;
}

/** A header sent once as a string, one sent more often as the list it is. */
export function single(values: string[] | undefined): string | string[] | undefined {
  return values?.length === 1 ? values[0] : values;
}

/** Whether the media type is a form, `; charset=utf-8` or not. */
const isForm = (req: IncomingMessage): boolean =>
  req.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === form;

/** The JSON in a request, where there is any: the body, or a form's field `payload`. */
function jsonOf(req: IncomingMessage, body: Buffer): Buffer | null {
  if (!isForm(req)) return body;
  const payload = new URLSearchParams(body.toString()).get('payload');
  return payload === null ? null : Buffer.from(payload);
}

/**
 * What Bolt reads: the body in `rawBody`, and a form's media type without parameters, with which it would be taken
 * for JSON.
 */
export function readyForBolt(req: IncomingMessage, body: Buffer): IncomingMessage {
  if (isForm(req)) req.headers['content-type'] = form;
  return Object.assign(req, { rawBody: body });
}
