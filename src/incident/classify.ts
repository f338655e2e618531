import type { Severity } from './severity-scale.ts';

/** What is known about the impact. Absent means unknown, and an unknown number matches no rule. */
export type Impact = {
  /** Failing requests in percent. */
  errorRate?: number;
  latencyP99Ms?: number;
  /** Affected users in percent. */
  affectedUsers?: number;
  dataLoss?: boolean;
  securityEvent?: boolean;
  revenueImpacting?: boolean;
  /** How many other services suffer with this one. */
  dependentServices?: number;
};

/** Metrics that are numbers, by the names rules and people use. */
export const numberMetrics = [
  'error_rate',
  'latency_p99_ms',
  'affected_users',
  'dependent_services',
] as const;
/** Metrics that are yes or no. `critical_service` follows from the service, nobody reports it. */
export const flagMetrics = ['data_loss', 'security_event', 'revenue_impacting', 'critical_service'] as const;

type NumberMetric = (typeof numberMetrics)[number];
type FlagMetric = (typeof flagMetrics)[number];
type Metric = NumberMetric | FlagMetric;

/** A number's lower bound. There is no upper one and no "not": more impact must never lower a severity. */
export type Threshold = { operator: '>=' | '>'; value: number };

/** All conditions of `when` hold -> `severity`. Their order is the order in which the reason names them. */
export type Rule = {
  severity: Severity;
  when: Partial<Record<NumberMetric, Threshold> & Record<FlagMetric, true>>;
};

/** What configuration knows about the service in trouble; `service` is null when none was named. */
export type ServiceContext = {
  service: string | null;
  critical: boolean;
  /** How many services depend on it, used when nobody reported `dependentServices`. */
  dependents?: number;
};

export type Classification = {
  severity: Severity;
  /** As people read it: `error_rate 62 >= 50, revenue_impacting`. */
  reason: string;
};

/** The reason of a severity that no rule chose. */
export const noRuleMatched = 'no rule matched';

/** The first rule that matches decides (product.md, section 2); no match is SEV4, "no rule matched". */
export function classify(impact: Impact, context: ServiceContext, rules: readonly Rule[]): Classification {
  const known = measure(impact, context);
  for (const rule of rules) {
    const reasons = match(rule, known, context);
    if (reasons) return { severity: rule.severity, reason: reasons.join(', ') };
  }
  return { severity: 4, reason: noRuleMatched };
}

type Measured = Record<NumberMetric, number | undefined> & Record<FlagMetric, boolean>;

function measure(impact: Impact, context: ServiceContext): Measured {
  return {
    error_rate: impact.errorRate,
    latency_p99_ms: impact.latencyP99Ms,
    affected_users: impact.affectedUsers,
    dependent_services: impact.dependentServices ?? context.dependents,
    data_loss: impact.dataLoss ?? false,
    security_event: impact.securityEvent ?? false,
    revenue_impacting: impact.revenueImpacting ?? false,
    critical_service: context.critical,
  };
}

/** One reason per condition, or null as soon as one does not hold. A rule without conditions matches nothing. */
function match(rule: Rule, known: Measured, context: ServiceContext): string[] | null {
  const metrics = Object.keys(rule.when) as Metric[];
  if (metrics.length === 0) return null;
  const reasons: string[] = [];
  for (const metric of metrics) {
    const reason = isNumberMetric(metric)
      ? numberReason(metric, known[metric], rule.when[metric])
      : flagReason(metric, known[metric], context);
    if (reason === null) return null;
    reasons.push(reason);
  }
  return reasons;
}

function isNumberMetric(metric: Metric): metric is NumberMetric {
  return (numberMetrics as readonly Metric[]).includes(metric);
}

function numberReason(metric: NumberMetric, actual: number | undefined, bound?: Threshold): string | null {
  if (actual === undefined || bound === undefined) return null;
  const holds = bound.operator === '>=' ? actual >= bound.value : actual > bound.value;
  return holds ? `${metric} ${actual} ${bound.operator} ${bound.value}` : null;
}

function flagReason(metric: FlagMetric, holds: boolean, context: ServiceContext): string | null {
  if (!holds) return null;
  return metric === 'critical_service' && context.service ? `critical service ${context.service}` : metric;
}

/** A service as the classifier needs to know it. */
export type KnownService = { critical?: boolean; dependents?: readonly string[] };

/**
 * What configuration says about `service`. A service that says nothing itself is critical when
 * `criticalServices` names it, listed among the services or not.
 */
export function serviceContext(
  service: string | null,
  services: Readonly<Record<string, KnownService>>,
  criticalServices: readonly string[],
): ServiceContext {
  if (service === null) return { service, critical: false };
  const known = Object.hasOwn(services, service) ? services[service] : undefined;
  return {
    service,
    critical: known?.critical ?? criticalServices.includes(service),
    dependents: known?.dependents?.length,
  };
}

/** Severity by PagerDuty's priority name (`P1`) and by its urgency; `default` answers for every other urgency. */
export type PagerDutyMapping = {
  priorities: Readonly<Record<string, Severity>>;
  urgencies: Readonly<Record<string, Severity> & { default: Severity }>;
};

/** A severity that a person or a number has yet to confirm. */
export type Provisional = Classification & { provisional: true };

/** A PagerDuty webhook carries no numbers: its priority decides where it is mapped, else its urgency. */
export function fromPagerDuty(
  alert: { priority?: string | null; urgency?: string | null },
  mapping: PagerDutyMapping,
): Provisional {
  const priority = alert.priority?.trim() ?? '';
  const byPriority = lookUp(priority, mapping.priorities);
  if (byPriority)
    return { severity: byPriority, reason: `PagerDuty priority ${priority}`, provisional: true };
  const urgency = alert.urgency?.trim() ?? '';
  return {
    severity: lookUp(urgency, mapping.urgencies) ?? mapping.urgencies.default,
    reason: urgency === '' ? 'PagerDuty gave no priority or urgency' : `PagerDuty urgency ${urgency}`,
    provisional: true,
  };
}

function lookUp(name: string, table: Readonly<Record<string, Severity>>): Severity | undefined {
  return Object.entries(table).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** Impact and urgency as people estimate them. */
export const levels = ['high', 'medium', 'low'] as const;
export type Level = (typeof levels)[number];
export const priorities = ['P1', 'P2', 'P3', 'P4'] as const;
export type Priority = (typeof priorities)[number];

/** `matrix[impact][urgency]` is the priority; `severities` turns that into a severity. */
export type PriorityMatrix = {
  matrix: Readonly<Record<Level, Readonly<Record<Level, Priority>>>>;
  severities: Readonly<Record<Priority, Severity>>;
};

/** The severity when only estimates are known, and the priority it came from. */
export function fromPriority(
  impact: Level,
  urgency: Level,
  matrix: PriorityMatrix,
): Classification & { priority: Priority } {
  const priority = matrix.matrix[impact][urgency];
  return {
    priority,
    severity: matrix.severities[priority],
    reason: `${priority}: impact ${impact}, urgency ${urgency}`,
  };
}
