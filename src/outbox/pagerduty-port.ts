import type { Fault } from './retry.ts';

/** PagerDuty as the performers use it; `app` puts the client in. Every promise may reject with what `faultOf` reads. */
export interface PagerDutyPort {
  /** Null: no API token is configured. */
  rest: PagerDutyDesk | null;
  /** How our own incident of that service pages there. Null: not at all. */
  opener(service: string | null): PagerDutyOpener | null;
  /** Of the keys under which our own incidents page; null: they never do. */
  keyPrefix: string | null;
  /** What a failed call means, in words too; null where it is none of PagerDuty's. */
  faultOf(error: unknown): Fault | null;
}

/**
 * By an event with the service's own routing key; else, by its PagerDuty id, through the REST API; else by an event with
 * the key for everything. `instead`: that key, where the REST API says no.
 */
export type PagerDutyOpener =
  | { by: 'event'; pager: PagerDutyPager }
  | { by: 'rest'; serviceId: string; instead: PagerDutyPager | null };

interface Named {
  id: string;
  name: string;
}

type Status = 'triggered' | 'acknowledged' | 'resolved';

/** One of PagerDuty's incidents as it is now. Times epoch ms, its own clock. */
export interface Ticket {
  id: string;
  title: string;
  url: string | null;
  service: Named | null;
  status: Status;
  escalationPolicy: Named | null;
  assignees: readonly Named[];
  /** Asked to help, whatever they answered. */
  responders: readonly Named[];
  createdAt: number | null;
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
  /** `key`: ours; the open one that has it already is the answer then. */
  create(
    incident: {
      title: string;
      serviceId: string;
      key: string;
      urgency: 'high';
      details: string;
      policyId?: string;
    },
    as: string | null,
  ): Promise<Written>;
  rename(id: string, title: string, as: string | null): Promise<Written>;
  addNote(id: string, content: string, as: string | null): Promise<unknown>;
  addResponders(
    id: string,
    request: { message: string; userIds?: readonly string[]; policyIds?: readonly string[] },
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
