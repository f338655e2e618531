import { isPagerDutyName } from '../oncall/address.ts';
import { type By, userOf } from './by.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Incident, NextStep, PageCard, Reached } from './incident.ts';
import { isInPagerDuty, isOpen } from './incident.ts';
import { fireNextStep, nextStepOf } from './ladder.ts';
import { type Paged, type PageOrder, type PageReason, pageStillWanted } from './page-order.ts';
import { leadsNowhere, passOn } from './reach.ts';
import { whenEnded } from './refusal.ts';
import { cleanLine } from './text.ts';
import type { Topic } from './topic.ts';

export type EscalationCommand =
  /** Fire the next step now, or page a named target. */
  | {
      type: 'escalate';
      by: By;
      text: string;
      target?: { kind: 'named'; name: string } | { kind: 'user'; user: string };
    }
  /** The outbox: the order resolved to these people; `missing` says why to nobody, or not to all. */
  | {
      type: 'note-targets';
      order: PageOrder;
      people: Paged[];
      missing: string | null;
      askedInstead: string[];
      /** Already paged for another incident of the same storm. */
      toldInStorm: { user: string; at: number }[];
      /** Machines that it resolved to, by name. */
      webhooks?: string[];
      /** Somebody is behind a later rung: nobody here means that they are asked at once. */
      laterReaches?: boolean;
    }
  /** The outbox: the DM stands there. */
  | {
      type: 'note-paged';
      user: string;
      channel: string;
      ts: string;
      order: PageOrder;
      standing: string;
      note?: string;
      /** The incident had its channel when this was written. */
      knewChannel: boolean;
    }
  /** The outbox: the DM could not be delivered. */
  | { type: 'note-page-failed'; user: string; order: PageOrder; error: string };

export type EscalationFact =
  | { type: 'page-ordered'; by: By; order: PageOrder; next: NextStep | null; lateMs: number }
  | {
      type: 'people-paged';
      order: PageOrder;
      people: Paged[];
      skipped: { user: string; at: number }[];
      missing: string | null;
      askedInstead: string[];
      webhooks?: string[];
      /** It led to nobody, and the next rung was fired at once. */
      passedOn?: true;
    }
  | {
      type: 'page-delivered';
      user: string;
      channel: string;
      ts: string;
      order: PageOrder;
      standing: string;
      note?: string;
      knewChannel: boolean;
    }
  | { type: 'page-failed'; user: string; error: string }
  | { type: 'ticket-recorded'; next: NextStep | null }
  | { type: 'ladder-exhausted'; phones: { name: string; number: string }[] };

/**
 * Was this person told too recently to be paged again? One person gets one page at a time. A ladder that was restarted: within
 * `rearmWithinMs` a severity that flaps pages nobody twice, unless it is worse than anything they were told; and
 * nobody PagerDuty paged is paged again within `pagerdutyGraceMs` (product.md section 7).
 */
function toldRecently(incident: Incident, user: string, now: number): Reached | undefined {
  const { rearmWithinMs, pagerdutyGraceMs } = incident.policy.escalation;
  return incident.escalation.reached.findLast((reached) => {
    if (reached.user !== user) return false;
    if (reached.how === 'pagerduty') return now - reached.at < pagerdutyGraceMs;
    const isStanding = reached.how === 'paged' && now - reached.at < onePageMs;
    if (isStanding && reached.severity <= incident.severity) return true;
    return (
      (reached.how === 'raised' || reached.at < incident.escalation.startedAt) &&
      reached.severity <= incident.severity &&
      now - reached.at < rearmWithinMs
    );
  });
}

/** A page that moves at a change of shift finds whoever does not know of it yet. */
const toldInThisLadder = ({ escalation }: Incident, user: string): Reached | undefined =>
  escalation.reached.findLast((reached) => reached.user === user && reached.at >= escalation.startedAt);

/** One person gets one page at a time: its owner has not had time to answer the one before. */
export const onePageMs = 60_000;

/** Whoever was asked "Still on it?" just now has that page to answer. */
function askedJustNow(
  { acknowledged, escalation }: Incident,
  user: string,
  now: number,
): { at: number } | undefined {
  const at = escalation.askedStillOnItAt;
  const isTheirs = acknowledged !== null && userOf(acknowledged.by) === user;
  return isTheirs && at !== null && now - at < onePageMs ? { at } : undefined;
}

/** Slack's words for an account that no message can ever reach: deactivated, a bot, or unknown. */
const nobodyWords: readonly string[] = [
  'user_disabled',
  'cannot_dm_bot',
  'user_not_found',
  'users_not_found',
];

function noteTargets(
  incident: Incident,
  command: Extract<EscalationCommand, { type: 'note-targets' }>,
  now: number,
): Fact[] {
  const { order, missing, webhooks = [] } = command;
  if (!pageStillWanted(incident, order)) return [];
  const named = order.target.kind === 'user' || order.step === null;
  const recent = (user: string) => {
    if (order.reason.why === 'shift-changed') return toldInThisLadder(incident, user);
    return named ? undefined : (toldRecently(incident, user, now) ?? askedJustNow(incident, user, now));
  };
  const people = command.people.filter((paged) => !recent(paged.user));
  const tooSoon = command.people.flatMap((paged) => {
    const reached = recent(paged.user);
    return reached ? [{ user: paged.user, at: reached.at }] : [];
  });
  const skipped = [...command.toldInStorm, ...tooSoon];
  const isNobody = people.length + skipped.length + webhooks.length === 0 && missing !== null;
  const isPassedOn = isNobody && command.laterReaches === true && leadsNowhere(incident, order, null);
  const fact: EscalationFact = {
    type: 'people-paged',
    order,
    people,
    skipped,
    missing,
    askedInstead: isPassedOn ? [] : command.askedInstead,
    ...(webhooks.length > 0 && { webhooks }),
    ...(isPassedOn && { passedOn: true as const }),
  };
  return [fact, ...(isPassedOn ? passOn(incident, order, now) : [])];
}

export const escalation: Topic<EscalationCommand, EscalationFact> = {
  decide: {
    escalate: (incident, command, now) => {
      if (!isOpen(incident)) return whenEnded(incident);
      const reason: PageReason = { why: 'asked', by: command.by, text: cleanLine(command.text) };
      if (command.target) {
        const order: PageOrder = {
          orderedAt: now,
          action: 'page',
          target: command.target,
          reason,
          step: null,
          nextAt: incident.acknowledged ? null : (nextStepOf(incident)?.at ?? null),
        };
        return [{ type: 'page-ordered', by: command.by, order, next: incident.escalation.next, lateMs: 0 }];
      }
      if (!nextStepOf(incident)) return { refused: 'ladder-exhausted' };
      return fireNextStep(incident, now, reason, command.by);
    },
    'note-targets': noteTargets,
    'note-paged': (_incident, command) => [{ ...command, type: 'page-delivered' }],
    'note-page-failed': (incident, command, now) => [
      { type: 'page-failed', user: command.user, error: command.error },
      ...(nobodyWords.includes(command.error) && leadsNowhere(incident, command.order, command.user)
        ? fireNextStep(incident, now, { why: 'ladder' })
        : []),
    ],
  },
  evolve: {
    'page-ordered': (incident, fact) => ({
      ...incident,
      escalation: {
        ...incident.escalation,
        next: fact.next,
        heldAt: fact.order.step === null ? incident.escalation.heldAt : null,
      },
    }),
    'people-paged': (incident, fact, at) => {
      const how = fact.order.action === 'page' ? ('paged' as const) : ('notified' as const);
      const told = [...fact.people.map((paged) => paged.user), ...fact.askedInstead];
      const { target } = fact.order;
      const as = target.kind === 'named' ? [target.name, ...(target.also ?? [])] : undefined;
      const reached = told.map((user) => ({ user, at, severity: incident.severity, how, ...(as && { as }) }));
      return {
        ...incident,
        escalation: {
          ...incident.escalation,
          reached: [...incident.escalation.reached, ...reached],
          ...(callsForHelp(fact, incident) && { helpCalledAt: at }),
        },
        // Whoever was told elsewhere in the storm belongs in its channel all the same; a test calls nobody.
        members: incident.isTest
          ? incident.members
          : [...new Set([...incident.members, ...told, ...fact.skipped.map(({ user }) => user)])],
      };
    },
    'page-delivered': (incident, fact, at) => ({
      ...incident,
      pages: {
        ...incident.pages,
        [fact.user]: {
          channel: fact.channel,
          ts: fact.ts,
          at,
          ...asked(fact, incident.pages[fact.user]),
        },
      },
    }),
    'page-failed': (incident) => incident,
    'ticket-recorded': (incident, fact) => ({
      ...incident,
      escalation: { ...incident.escalation, next: fact.next },
    }),
    'ladder-exhausted': (incident) => ({
      ...incident,
      escalation: { ...incident.escalation, next: null },
    }),
  },
  effects: {
    'page-ordered': (fact) => [{ kind: 'resolve-page', order: fact.order }],
    'people-paged': (fact, after, before) => pagedEffects(fact, after, before),
    'page-delivered': (fact, after, before) => [
      // One DM stands per person: an older one would go on asking when this one is answered.
      ...retracted(before.pages[fact.user], fact.ts),
      // A DM that arrived while somebody acknowledged must not go on asking; one sent before the channel lacks its link.
      ...(pageStillWanted(after, fact.order) && (fact.knewChannel || !after.channel)
        ? []
        : [{ kind: 'page-card', user: fact.user } as const]),
    ],
    'page-failed': (fact) => [
      { kind: 'say', about: fact },
      { kind: 'ask-announce-channel', about: fact },
    ],
    'ticket-recorded': (fact, after) =>
      after.visibility === 'channel' ? [{ kind: 'say', about: fact }] : [],
    'ladder-exhausted': (fact) => [
      { kind: 'card' },
      { kind: 'say', about: fact },
      { kind: 'ask-announce-channel', about: fact },
    ],
  },
};

/** What a page asks. Later questions to who is there already say nothing of what they are to the incident. */
function asked({ standing, order, note }: PageDelivered, before?: PageCard) {
  const isLater = ['still-on-it', 'no-commander', 'no-update'].includes(order.reason.why);
  return {
    standing: standing || (before?.standing ?? ''),
    ...(isLater ? { order: before?.order, note: before?.note } : { order, note }),
  };
}

type PageDelivered = Extract<EscalationFact, { type: 'page-delivered' }>;

/** The DMs, the invitations and the channel's line. A test incident says whom it would page and pages nobody. */
function pagedEffects(fact: PeoplePaged, after: Incident, before: Incident): Effect[] {
  const { order } = fact;
  const standIns: Paged[] = fact.askedInstead.map((user) => ({ user, standing: standInStanding }));
  const told = [...fact.people, ...standIns].map(({ user }) => user);
  const pages: Effect[] = after.isTest
    ? []
    : [...fact.people, ...standIns].map((paged) => ({ kind: 'page', order, ...paged }));
  const invited: Effect[] =
    told.length > 0 && after.channel && !after.isTest ? [{ kind: 'invite', users: told }] : [];
  // The line about the raise says who is asked; "Still on it?" is between two.
  const asksThemself = order.step === null && ['still-on-it', 'raised'].includes(order.reason.why);
  const said: Effect[] = asksThemself ? [] : [{ kind: 'say', about: fact }];
  const loud: Effect[] = callsForHelp(fact, before) ? [{ kind: 'ask-announce-channel', about: fact }] : [];
  const machines: Effect[] = after.isTest
    ? []
    : (fact.webhooks ?? []).map((name) => ({
        kind: isPagerDutyName(name) ? 'call-pagerduty' : 'call-webhook',
        name,
        order,
      }));
  // PagerDuty rings a phone whatever Slack does.
  const isRung = isInPagerDuty(after) || order.reason.why === 'alert';
  const isSlackOnly = order.action === 'page' && pages.length > 0 && !isRung;
  const quiet: Effect[] = isSlackOnly ? [{ kind: 'check-quiet', users: told, order }] : [];
  return [...pages, ...machines, ...invited, ...said, { kind: 'card' }, ...loud, ...quiet];
}

type PeoplePaged = Extract<EscalationFact, { type: 'people-paged' }>;

/** What somebody is who was asked because the policy's target led to nobody: "You are ...". */
const standInStanding = 'asked because nobody else was found';

/** A rung that leads to nobody calls the announce channel: once per ladder, or every rung would. */
const callsForHelp = (
  { people, webhooks, passedOn, missing, order }: PeoplePaged,
  before: Incident,
): boolean =>
  people.length === 0 &&
  !webhooks &&
  !passedOn &&
  missing !== null &&
  order.step !== null &&
  !before.isTest &&
  !before.isPrivate &&
  (before.escalation.helpCalledAt ?? 0) < before.escalation.startedAt;

const retracted = (old: PageCard | undefined, ts: string): Effect[] =>
  old && old.ts !== ts ? [{ kind: 'retract', place: { channel: old.channel, ts: old.ts } }] : [];

export const reachedUsers = (incident: Incident): string[] => [
  ...new Set(incident.escalation.reached.map((reached) => reached.user)),
];

export const standingOf = (incident: Incident, user: string): 'paged' | 'role' | null => {
  if (incident.escalation.reached.some((reached) => reached.user === user)) return 'paged';
  return Object.values(incident.roles).some((held) => held.user === user) ? 'role' : null;
};
