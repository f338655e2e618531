import type { Fault } from './retry.ts';

/** PagerDuty as the performers use it; `app` puts the client in. Every promise may reject with what `faultOf` reads. */
export interface PagerDutyPort {
  /** Null: no API token is configured. */
  rest: PagerDutyDesk | null;
  /** Null: no routing key is configured. */
  events: PagerDutyPager | null;
  /** What a failed call means, in words too; null where it is none of PagerDuty's. */
  faultOf(error: unknown): Fault | null;
}

interface Named {
  id: string;
  name: string;
}

type Status = 'triggered' | 'acknowledged' | 'resolved';

/** One of PagerDuty's incidents as it is now. Times epoch ms, its own clock. */
export interface Ticket {
  id: string;
  status: Status;
  escalationPolicy: Named | null;
  assignees: readonly Named[];
  /** Asked to help, whatever they answered. */
  responders: readonly Named[];
  changedAt: number | null;
}

export interface Written {
  outcome: 'done' | 'already';
  incident: Ticket;
  /** Whom PagerDuty shows as the one who did it; null: nothing was changed. */
  by: 'person' | 'configured' | null;
}

/** `as`: the acting person's e-mail. What each does: src/pagerduty/writing.ts and reading.ts. */
export interface PagerDutyDesk {
  incident(id: string, urgent?: boolean): Promise<Ticket>;
  alerts(id: string): Promise<{ rows: { details: unknown }[] }>;
  notes(id: string): Promise<{ content: string }[]>;
  onCalls(filter: { policyIds: readonly string[] }): Promise<{ rows: { level: number; person: Named }[] }>;
  personByEmail(email: string, urgent?: boolean): Promise<Named | null>;
  acknowledge(id: string, as: string | null): Promise<Written>;
  unacknowledge(id: string, as: string | null): Promise<Written>;
  resolve(id: string, resolution: string | null, as: string | null): Promise<Written>;
  reopen(id: string, as: string | null, to?: 'triggered' | 'acknowledged'): Promise<Written>;
  escalate(id: string, level: number, as: string | null): Promise<Written>;
  setPriority(id: string, name: string, as: string | null): Promise<Written>;
  addNote(id: string, content: string, as: string | null): Promise<unknown>;
  addResponders(
    id: string,
    request: { message: string; userIds: readonly string[] },
    as: string | null,
  ): Promise<unknown>;
}

export interface PagerDutyPager {
  trigger(event: {
    dedupKey: string;
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    details?: Readonly<Record<string, string>>;
    link?: { href: string; text: string };
  }): Promise<void>;
  acknowledge(dedupKey: string): Promise<void>;
  resolve(dedupKey: string): Promise<void>;
}
