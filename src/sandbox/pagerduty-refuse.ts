import type { Json } from './json.ts';
import { PAGERDUTY_ERRORS, type PagerDutyRefusalName } from './pagerduty-rules.ts';

const REFUSAL = Symbol('PagerDuty refusal');

export interface PagerDutyRefusal {
  status: number;
  body: Json;
}

/** PagerDuty says no. Thrown, so that the calls read as what happens when it says yes; the server answers with it. */
export function refuseCall(name: PagerDutyRefusalName, ...errors: string[]): never {
  const refusal = pagerDutyRefusal(name, ...errors);
  throw Object.assign(new Error(name), { [REFUSAL]: refusal });
}

/** The answer to a call that is refused. */
export function pagerDutyRefusal(name: PagerDutyRefusalName, ...errors: string[]): PagerDutyRefusal {
  const { status, code, message } = PAGERDUTY_ERRORS[name];
  const error = { message, ...(code === null ? {} : { code }), ...(errors.length > 0 ? { errors } : {}) };
  return { status, body: { error } };
}

/** The refusal with that code, for faults on demand. */
export function refusalWithCode(code: number): PagerDutyRefusal {
  const names = Object.keys(PAGERDUTY_ERRORS) as PagerDutyRefusalName[];
  const name = names.find((one) => PAGERDUTY_ERRORS[one].code === code);
  if (name === undefined) throw new Error(`PagerDuty has no error ${code} here: see pagerduty-rules.ts`);
  return pagerDutyRefusal(name);
}

/** Null for any other thrown thing. */
export function refusalThrown(thrown: unknown): PagerDutyRefusal | null {
  if (!(thrown instanceof Error) || !(REFUSAL in thrown)) return null;
  return thrown[REFUSAL] as PagerDutyRefusal;
}
