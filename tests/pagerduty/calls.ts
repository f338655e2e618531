import { createHmac } from 'node:crypto';
import { pino } from 'pino';
import type { PagerDutyMapping } from '../../src/incident/classify.ts';
import { type PagerDutyInbox, pagerDutyWebhook } from '../../src/pagerduty/webhook.ts';

const secret = 'pagerduty-test-secret';
export const occurredAt = Date.parse('2026-04-07T03:47:13.414Z');

export const mapping: PagerDutyMapping = {
  priorities: { P1: 1, P2: 2, P3: 3, P4: 4, P5: 4 },
  urgencies: { critical: 1, high: 2, default: 3 },
};

const reference = (type: string, id: string, summary: string) => ({
  id,
  type: `${type}_reference`,
  summary,
  self: `https://api.pagerduty.com/${type}s/${id}`,
  html_url: `https://acme.pagerduty.com/${type}s/${id}`,
});

export const user = (id: string, summary: string) => reference('user', id, summary);

/** A whole incident as PagerDuty's documentation shows it. */
export const incident = (changes: object = {}) => ({
  ...reference('incident', 'Q2CKYRLH85UNN4', ''),
  type: 'incident',
  number: 37,
  status: 'triggered',
  incident_key: 'dfead9d88e0649e8b7dee514b1875756',
  created_at: '2026-04-07T03:47:13Z',
  title: 'Checkout is down',
  service: reference('service', 'PF9KMXH', 'API Service'),
  assignees: [user('PTUXL6G', 'Bea Busy')],
  escalation_policy: reference('escalation_policy', 'PUS0KTE', 'Default'),
  teams: [],
  priority: null,
  urgency: 'high',
  conference_bridge: null,
  resolve_reason: null,
  incident_type: { name: 'incident_default' },
  ...changes,
});

/** The body of one event. */
export const envelope = (type: string, data: unknown = incident(), changes: object = {}): Buffer =>
  Buffer.from(
    JSON.stringify({
      event: {
        id: '01FKZSRAPTMF55RE69G8BQHGC6',
        event_type: type,
        resource_type: 'incident',
        occurred_at: '2026-04-07T03:47:13.414Z',
        agent: user('PLH1HKV', 'Tenex Engineer'),
        client: null,
        data,
        ...changes,
      },
    }),
  );

export const sign = (body: Buffer, key = secret): string =>
  `v1=${createHmac('sha256', key).update(body).digest('hex')}`;

interface World {
  secrets?: string[];
  at?: number;
  /** What the inbox fails with, instead of storing. */
  fails?: Error;
}

/** A webhook with an inbox that writes down what it is given. */
export function listen({ secrets = [secret], at = occurredAt + 1000, fails }: World = {}) {
  const stored: unknown[][] = [];
  const lines: Record<string, unknown>[] = [];
  let now = at;
  const store = async (...what: unknown[]) => {
    if (fails) throw fails;
    stored.push(what);
  };
  const heard: number[] = [];
  const inbox: PagerDutyInbox = {
    triggered: (...what) => store('triggered', ...what),
    changed: (...what) => store('changed', ...what),
    quarantine: (body, ...what) => store('quarantine', body.toString(), ...what),
    heard: (when) => void heard.push(when),
  };
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const webhook = pagerDutyWebhook({ secrets, mapping, log, now: () => now, inbox });
  /** Delivers a body, signed as PagerDuty would unless `signature` says otherwise; the status it gets. */
  const deliver = async (
    body: Buffer,
    headers: { signature?: string | string[] } = { signature: sign(body) },
  ) => {
    const { status } = await webhook(body, { signature: headers.signature, webhookId: 'webhook-1' });
    return status;
  };
  return {
    deliver,
    stored,
    heard,
    lines,
    alarms: () => lines.filter((line) => line.level === 50),
    pass: (ms: number) => {
      now += ms;
    },
  };
}
