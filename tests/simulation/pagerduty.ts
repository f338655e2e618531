import type { Clock } from '../../src/clock.ts';
import type { PagerDutyPolicy } from '../../src/incident/policy.ts';
import type { PagerDutyPort } from '../../src/outbox/pagerduty-port.ts';
import { isPagerDutyError } from '../../src/pagerduty/failure.ts';
import { pagerDutyFaultOf } from '../../src/pagerduty/fault.ts';
import { pagerDutyClient } from '../../src/pagerduty/rest.ts';

type Fetch = typeof globalThis.fetch;

/** What PagerDuty has under one of our keys: one incident, however often it was told. */
export interface PagerDutyIncident {
  key: string;
  state: 'triggered' | 'acknowledged' | 'resolved';
  /** When its phones rang first, epoch ms. */
  openedAt: number;
  /** How often an incident was opened under the key: once, unless it fired again after it was resolved. */
  opened: number;
}

const keyPrefix = 'tocsin-simulated-';
export const pagerDutyPolicy: PagerDutyPolicy = { keyPrefix, writes: false, notes: false };
/** Real time; a simulated call takes none of it. */
const timeoutMs = 60_000;

/** The Events API v2, as far as a page, its acknowledgement and its resolution go: a key that is open is not opened again. */
export function simulatedPagerDuty(clock: Clock) {
  const incidents = new Map<string, PagerDutyIncident>();

  function apply(body: string): object {
    const { event_action: action, dedup_key: key } = JSON.parse(body) as Record<string, string>;
    const known = incidents.get(key!);
    const isOpen = known !== undefined && known.state !== 'resolved';
    if (action === 'trigger' && !isOpen) {
      const opened = (known?.opened ?? 0) + 1;
      incidents.set(key!, { key: key!, state: 'triggered', openedAt: clock.now(), opened });
    }
    if (action !== 'trigger' && isOpen) known.state = action === 'resolve' ? 'resolved' : 'acknowledged';
    return { status: 'success', message: 'Event processed', dedup_key: key };
  }

  return { incidents, apply };
}

/** How a life reaches it: by events alone, under our own keys. */
export function pagerDutyPort(fetch: Fetch, clock: Clock): PagerDutyPort {
  const { events } = pagerDutyClient({
    ...{ token: null, fromEmail: null, routingKey: 'R0SIMULATED', fetch, clock, timeoutMs },
    apiUrl: 'http://pagerduty.invalid/',
    eventsUrl: 'http://events.pagerduty.invalid/v2/',
  });
  return {
    rest: null,
    opener: () => events && { by: 'event', pager: events },
    keyPrefix,
    faultOf: (error) => {
      if (!isPagerDutyError(error)) return null;
      const { says, cure, ...fault } = pagerDutyFaultOf(error);
      return { ...fault, words: { says, cure } };
    },
  };
}
