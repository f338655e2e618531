import { tocsin, userOf } from './by.ts';
import type { Impact } from './classify.ts';
import type { Fact } from './facts.ts';
import { type Incident, isOpen } from './incident.ts';
import { raiseByMachine } from './severity.ts';
import type { Severity } from './severity-scale.ts';
import type { Topic } from './topic.ts';

/** The numbers that came with an alert, and the severity that the rules make of them. */
export type AlertDetailsCommand = {
  type: 'note-alert-details';
  id: string;
  impact: Impact;
  severity: Severity;
  /** Which rule, in its words. */
  reason: string;
};

export type AlertDetailsFact = { type: 'alert-details-read'; id: string; impact: Impact; reason: string };

/** So many entries of the details are looked at: they are foreign and of any size. */
const entriesMax = 500;

/** The names that rules and people use, and what they are in an impact. */
const numbers = {
  error_rate: 'errorRate',
  latency_p99_ms: 'latencyP99Ms',
  affected_users: 'affectedUsers',
  dependent_services: 'dependentServices',
} as const;
const flags = {
  data_loss: 'dataLoss',
  security_event: 'securityEvent',
  revenue_impacting: 'revenueImpacting',
} as const;

/** What the monitoring says with an alert, as far as the classifier knows the names: `error_rate: "62 %"`. Pure. */
export function impactOf(details: unknown): Impact {
  const impact: Impact = {};
  if (typeof details !== 'object' || details === null) return impact;
  for (const [written, value] of Object.entries(details).slice(0, entriesMax)) {
    const name = written
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_');
    const number = Object.hasOwn(numbers, name) ? numbers[name as keyof typeof numbers] : null;
    const flag = Object.hasOwn(flags, name) ? flags[name as keyof typeof flags] : null;
    const read = number === null ? null : numberIn(value);
    if (number !== null && read !== null) impact[number] = read;
    if (flag !== null && isYes(value)) impact[flag] = true;
  }
  return impact;
}

/** Below zero, and beyond what anybody measures, it is no number. */
const numberMax = 1e12;

function numberIn(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const digits = /^(\d{1,13}(?:\.\d{1,9})?)\s*(?:%|ms)?$/.exec(text)?.[1];
  const number = digits === undefined ? Number.NaN : Number(digits);
  return Number.isFinite(number) && number <= numberMax ? number : null;
}

const isYes = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && /^(true|yes)$/i.test(value.trim()));

/**
 * Numbers raise what they are worse than, and confirm a provisional severity that they agree with. They lower nothing,
 * and what a person set stands.
 */
function gradedByNumbers(incident: Incident, command: AlertDetailsCommand, now: number): Fact[] {
  const { severity: to, reason } = command;
  if (userOf(incident.severityBy) !== null) return [];
  if (to === incident.severity && incident.provisional) {
    const from = to;
    return [
      {
        type: 'severity-changed',
        by: tocsin,
        from,
        to,
        reason,
        provisional: false,
        acknowledgedBefore: null,
      },
    ];
  }
  return raiseByMachine(incident, tocsin, to, reason, now).map((fact) =>
    fact.type === 'severity-changed' ? { ...fact, provisional: false } : fact,
  );
}

export const alertDetails: Topic<AlertDetailsCommand, AlertDetailsFact> = {
  decide: {
    'note-alert-details': (incident, command, now) => {
      if (!isOpen(incident)) return [];
      const { id, impact, reason } = command;
      const read: Fact = { type: 'alert-details-read', id, impact, reason };
      return [read, ...gradedByNumbers(incident, command, now)];
    },
  },
  evolve: {
    // What a person said of the impact stands.
    'alert-details-read': (incident, { impact }) => ({
      ...incident,
      impact: { ...impact, ...incident.impact },
    }),
  },
  effects: { 'alert-details-read': () => [{ kind: 'card' }] },
};
