import type { AlertNews } from './alerts.ts';
import type { By } from './by.ts';
import { tocsin, userOf } from './by.ts';
import type { Impact } from './classify.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Incident, MessageSource } from './incident.ts';
import { fireNextStep } from './ladder.ts';
import type { PageReason } from './page-order.ts';
import type { Policy } from './policy.ts';
import { callByTemplate } from './references.ts';
import type { Refusal } from './refusal.ts';
import { takeRole } from './roles.ts';
import type { Severity } from './severity-scale.ts';
import { clean, cleanLine } from './text.ts';

/** The wish for a new incident: from a person, or from an alert. Text is as it came in. */
export interface Declare {
  type: 'declare';
  by: By;
  title: string;
  severity: Severity;
  severityReason: string;
  provisional: boolean;
  summary?: string;
  service?: string;
  category?: string;
  impact?: Impact;
  isPrivate?: boolean;
  isTest?: boolean;
  takeCommand?: boolean;
  timeZone?: string;
  startedAt?: number;
  runbook?: string;
  alert?: AlertNews;
  visibility: Incident['visibility'];
  stormOf?: number;
  /** The open incident this may be a second report of. */
  similarTo?: number;
  /** The message it is declared from. */
  fromMessage?: MessageSource;
  /** How it was noticed, one of the configured sources. */
  noticedBy?: string;
  /** Other services that suffer with `service`. */
  alsoServices?: string[];
  policy: Policy;
}

export interface Declared {
  type: 'declared';
  by: By;
  id: number;
  title: string;
  summary: string;
  severity: Severity;
  severityReason: string;
  provisional: boolean;
  service: string | null;
  category: string | null;
  impact: Impact;
  isPrivate: boolean;
  isTest: boolean;
  startedAt: number;
  detectedAt: number;
  runbook: string | null;
  alert: AlertNews | null;
  visibility: Incident['visibility'];
  stormOf: number | null;
  similarTo?: number;
  fromMessage?: MessageSource;
  /** How it was noticed, one of the configured sources. */
  noticedBy?: string;
  /** Other services that suffer with `service`. */
  alsoServices?: string[];
  policy: Policy;
}

export type DeclaringFact = Declared;

/**
 * The first facts of incident `id`: declared, then whatever follows at once: command taken, and step 0 of the ladder.
 * Declaring is never an acknowledgement.
 */
export function declare(id: number, command: Declare, now: number): Fact[] {
  const startedAt = Math.min(command.startedAt ?? command.alert?.createdAt ?? now, now);
  const declared: Declared = {
    type: 'declared',
    by: command.by,
    id,
    title: cleanLine(command.title),
    summary: clean(command.summary ?? ''),
    severity: command.severity,
    severityReason: command.severityReason,
    provisional: command.provisional,
    service: command.service ?? null,
    category: command.category ?? null,
    impact: command.impact ?? {},
    isPrivate: command.isPrivate ?? false,
    isTest: command.isTest ?? false,
    startedAt,
    detectedAt: Math.min(command.alert?.createdAt ?? now, now),
    runbook: command.runbook ?? null,
    alert: command.alert ?? null,
    visibility: command.visibility,
    stormOf: command.stormOf ?? null,
    ...(command.similarTo !== undefined && { similarTo: command.similarTo }),
    ...(command.fromMessage && { fromMessage: command.fromMessage }),
    ...(command.noticedBy && { noticedBy: command.noticedBy }),
    ...(command.alsoServices?.length && { alsoServices: command.alsoServices }),
    policy: command.policy,
  };
  const incident = begin(declared, now);
  const reason: PageReason = command.alert
    ? { why: 'alert', pagedBy: command.alert.assignees }
    : { why: 'declared' };
  const commander = command.takeCommand ? userOf(command.by) : null;
  const facts: Fact[] = [declared];
  if (commander)
    facts.push(...takeRole(incident, 'commander', commander, command.by, command.timeZone ?? null));
  // Taking command acknowledges, and an acknowledged incident pages nobody.
  return commander ? facts : [...facts, ...fireNextStep(incident, now, reason)];
}

/** How many incidents one person may declare within which time; machines have bounds of their own. */
export interface DeclaringBound {
  max: number;
  windowMs: number;
}

/** Null, or why this person has to wait. `declaredAt`: when they declared those of the window, latest first (epoch ms). */
export function tooOften(declaredAt: readonly number[], { max, windowMs }: DeclaringBound): Refusal | null {
  const oldest = declaredAt[max - 1];
  return oldest === undefined
    ? null
    : { refused: 'declared-too-often', max, windowMs, nextAt: oldest + windowMs };
}

/** The incident as its first fact makes it. */
export function begin(fact: Declared, at: number): Incident {
  const declarer = userOf(fact.by);
  const { id, title, summary, severity, severityReason, provisional, policy } = fact;
  const { isTest, isPrivate, service, category, impact, runbook, visibility, stormOf } = fact;
  return {
    ...{ id, title, summary, severity, severityReason, provisional, policy },
    ...{ isTest, isPrivate, service, category, impact, runbook, visibility, stormOf },
    ...clocks(fact, at),
    // "Not sure" is nobody's word: what an alert knows may still raise it.
    severityBy: declarer && provisional ? tocsin : fact.by,
    status: declarer ? 'investigating' : 'triage',
    statusAt: at,
    endedFrom: null,
    declaredBy: fact.by,
    resolution: null,
    impactText: '',
    channel: null,
    channelProblem: null,
    places: {},
    cardLostAt: null,
    roles: {},
    acknowledged: null,
    pages: {},
    alerts: fact.alert
      ? { [fact.alert.id]: { state: 'triggered', at: fact.alert.at, gradedAt: fact.alert.at } }
      : {},
    alertSource: fact.alert ? sourceOf(fact.alert) : null,
    messageCount: 0,
    members: declarer ? [declarer] : [],
    ...(fact.similarTo !== undefined && { similarTo: fact.similarTo }),
    ...(fact.fromMessage && { fromMessage: fact.fromMessage }),
    ...(fact.noticedBy && { noticedBy: fact.noticedBy }),
    ...(fact.alsoServices && { alsoServices: fact.alsoServices }),
    ...(policy.callUrl !== undefined && { callUrl: callByTemplate(policy.callUrl, id) }),
  };
}

/** The alert that the card and the bookmark name. */
export const sourceOf = ({ id, title, url, service }: AlertNews): Incident['alertSource'] => ({
  id,
  title,
  url,
  service,
});

/** Everything of a new incident that the clock reads. */
function clocks({ policy, severity, startedAt, detectedAt }: Declared, at: number) {
  const cadenceMs = policy.severities[severity].updateEveryMs;
  const [first] = policy.escalation.steps[severity];
  return {
    times: {
      startedAt,
      detectedAt,
      declaredAt: at,
      acknowledgedAt: null,
      mitigatedAt: null,
      resolvedAt: null,
      closedAt: null,
    },
    vacantSince: { commander: at, comms: at },
    escalation: {
      startedAt: at,
      next: first ? { step: 0, round: 0, at } : null,
      reached: [],
      heldAt: null,
      askedStillOnItAt: null,
    },
    updates: {
      last: null,
      dueAt: cadenceMs === null ? null : at + cadenceMs,
      noChangeRunning: 0,
      messagesSince: 0,
    },
    nudges: { standing: null, lastAt: null, rules: {} },
    lastActivityAt: at,
  };
}

/** What a new incident obliges: a channel, or (a SEV4 alert, a storm) its line in the announce channel. */
export function declaringEffects(fact: Declared): Effect[] {
  if (fact.visibility === 'line') return [{ kind: 'announcement' }];
  if (fact.visibility === 'storm') return [{ kind: 'storm-message', head: fact.stormOf ?? fact.id }];
  return [{ kind: 'open-channel' }];
}
