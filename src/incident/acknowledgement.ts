import { announced } from './announced.ts';
import type { By } from './by.ts';
import { clock, userOf } from './by.ts';
import type { Due } from './due.ts';
import type { Effect } from './effects.ts';
import { onePageMs, reachedUsers, standingOf } from './escalation.ts';
import type { Fact } from './facts.ts';
import type { Incident } from './incident.ts';
import { isOpen } from './incident.ts';
import { askPerson, fireNextStep, isTicketOnly, lateMsMax, nextStepOf, targetsOf } from './ladder.ts';
import type { PageReason } from './page-order.ts';
import { whenEnded } from './refusal.ts';
import type { Decision, Topic } from './topic.ts';

export type AcknowledgementCommand =
  /** "I have it." `onCall`: on call for it now; `confirmed`: they said so when asked "This stops paging Cai". */
  | { type: 'acknowledge'; by: By; onCall: boolean; confirmed: boolean }
  | { type: 'unacknowledge'; by: By }
  /** A paged person: "Can't: page Cai now". */
  | { type: 'decline'; by: By }
  /** The acknowledger, asked: "Still on it". */
  | { type: 'confirm-still-on-it'; by: By };

export type AcknowledgementFact =
  /** `from`: who had it until then and handed it over. */
  | { type: 'acknowledged'; by: By; from?: By }
  | { type: 'unacknowledged'; by: By; from: By; reason: 'gave-back' | 'declined' | 'silent' | 'pagerduty' }
  | { type: 'declined'; by: By }
  | { type: 'still-on-it-asked'; user: string; sinceAt: number }
  | { type: 'still-on-it'; by: By };

/** Facts of an acknowledgement that is allowed; triage ends with it. */
export function acknowledgeFacts(incident: Incident, by: By): Fact[] {
  const acknowledged: Fact = { type: 'acknowledged', by };
  return incident.status === 'triage'
    ? [acknowledged, { type: 'status-changed', by, from: 'triage', to: 'investigating', note: '' }]
    : [acknowledged];
}

/** Gives it back and resumes at the next step not yet reached, at once. */
export function resume(
  incident: Incident,
  from: By,
  by: By,
  reason: 'gave-back' | 'declined' | 'silent' | 'pagerduty',
  now: number,
): Fact[] {
  const silent = userOf(from);
  const why =
    reason === 'silent' && silent !== null
      ? ({ why: 'silent', user: silent } as const)
      : ({ why: reason === 'declined' ? 'declined' : 'unacknowledged', by } as const);
  const free: Incident = { ...incident, acknowledged: null };
  return [{ type: 'unacknowledged', by, from, reason }, ...next(free, now, why, by)];
}

/** The next rung at once; with none left the phone numbers, for otherwise nobody would hear that nobody has it. */
function next(incident: Incident, now: number, why: PageReason, by: By): Fact[] {
  const fired = fireNextStep(incident, now, why, by);
  return fired.length > 0 || isTicketOnly(incident)
    ? fired
    : [{ type: 'ladder-exhausted', phones: incident.policy.phones }];
}

function acknowledge(incident: Incident, by: By, onCall: boolean, confirmed: boolean): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const held = incident.acknowledged;
  if (held) return { refused: 'already-acknowledged', by: held.by, at: held.at };
  const user = userOf(by);
  const entitled = user === null || onCall || confirmed || standingOf(incident, user) !== null;
  if (entitled) return acknowledgeFacts(incident, by);
  const next = nextStepOf(incident);
  return {
    refused: 'confirm-acknowledge',
    nextAt: next?.at ?? null,
    nextTargets: next ? targetsOf(next.step) : [],
  };
}

function unacknowledge(incident: Incident, by: By, now: number): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const held = incident.acknowledged;
  if (!held) return { refused: 'not-acknowledged' };
  const own = userOf(by) === userOf(held.by) || userOf(by) === incident.roles.commander?.user;
  if (userOf(by) !== null && userOf(held.by) !== null && !own) {
    return { refused: 'not-the-acknowledger', by: held.by, at: held.at };
  }
  return resume(incident, held.by, by, by.kind === 'pagerduty' ? 'pagerduty' : 'gave-back', now);
}

function decline(incident: Incident, by: By, now: number): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const held = incident.acknowledged;
  if (held && userOf(held.by) === userOf(by)) {
    return [{ type: 'declined', by }, ...resume(incident, held.by, by, 'declined', now)];
  }
  if (held) return { refused: 'already-acknowledged', by: held.by, at: held.at };
  const asked = incident.escalation.reached.findLast((reached) => reached.user === userOf(by));
  // A second press of the same button must not wake one person more.
  if (!asked) return { refused: 'not-asked' };
  if (asked.declinedAt !== undefined) return { refused: 'already-declined', at: asked.declinedAt };
  return [{ type: 'declined', by }, ...next(incident, now, { why: 'declined', by }, by)];
}

export const acknowledgement: Topic<AcknowledgementCommand, AcknowledgementFact> = {
  decide: {
    acknowledge: (incident, command) => acknowledge(incident, command.by, command.onCall, command.confirmed),
    unacknowledge: (incident, command, now) => unacknowledge(incident, command.by, now),
    decline: (incident, command, now) => decline(incident, command.by, now),
    'confirm-still-on-it': (incident, command) => {
      if (!isOpen(incident)) return whenEnded(incident);
      const held = incident.acknowledged;
      if (!held) return { refused: 'not-acknowledged' };
      if (userOf(held.by) !== userOf(command.by)) {
        return { refused: 'not-the-acknowledger', by: held.by, at: held.at };
      }
      return [{ type: 'still-on-it', by: command.by }];
    },
  },
  evolve: {
    acknowledged: (incident, fact, at) => {
      const user = userOf(fact.by);
      const updateAt = incident.updates.dueAt;
      return {
        ...incident,
        acknowledged: { by: fact.by, at, lastSeenAt: at },
        times: { ...incident.times, acknowledgedAt: incident.times.acknowledgedAt ?? at },
        escalation: { ...incident.escalation, heldAt: null, askedStillOnItAt: null },
        // Whoever has just taken it gets a moment before the first nudge.
        updates: {
          ...incident.updates,
          dueAt: updateAt === null ? null : Math.max(updateAt, at + incident.policy.nudges.spacingMs),
        },
        members: user ? [...new Set([...incident.members, user])] : incident.members,
      };
    },
    unacknowledged: (incident) => ({
      ...incident,
      acknowledged: null,
      escalation: { ...incident.escalation, askedStillOnItAt: null },
    }),
    declined: (incident, fact, at) => ({
      ...incident,
      escalation: {
        ...incident.escalation,
        reached: incident.escalation.reached.map((reached) =>
          reached.user === userOf(fact.by) ? { ...reached, declinedAt: reached.declinedAt ?? at } : reached,
        ),
      },
    }),
    'still-on-it-asked': (incident, _fact, at) => ({
      ...incident,
      escalation: { ...incident.escalation, askedStillOnItAt: at },
    }),
    'still-on-it': (incident) => incident,
  },
  effects: {
    acknowledged: (fact, after, before) => {
      const user = userOf(fact.by);
      const isNew = user !== null && !before.members.includes(user);
      const invited: Effect[] = user && isNew && after.channel ? [{ kind: 'invite', users: [user] }] : [];
      return [
        ...standDown(after),
        { kind: 'card' },
        ...invited,
        { kind: 'say', about: fact },
        ...announced(after),
      ];
    },
    unacknowledged: (fact, after) => [
      ...standDown(after),
      { kind: 'card' },
      { kind: 'say', about: fact },
      ...announced(after),
    ],
    declined: (fact, after) => {
      const user = userOf(fact.by);
      return [
        ...(user && after.pages[user] ? [{ kind: 'page-card', user } as const] : []),
        { kind: 'say', about: fact },
      ];
    },
    'still-on-it-asked': () => [],
    'still-on-it': (fact) => {
      const user = userOf(fact.by);
      return user ? [{ kind: 'page-card', user }] : [];
    },
  },
};

/** Every page DM that stands tells its reader what holds now. */
export const standDown = (incident: Incident): Effect[] =>
  reachedUsers(incident)
    .filter((user) => incident.pages[user])
    .map((user) => ({ kind: 'page-card', user }));

/** The acknowledger's silence: asked after `silentAfterMs`, and given back `stillOnItMs` later (product.md section 7). */
export function silenceDue(incident: Incident): Due[] {
  const held = incident.acknowledged;
  const user = held && userOf(held.by);
  const silentAfterMs = incident.policy.escalation.silentAfterMs[incident.severity];
  // Watching a fix hold is quiet work: nobody is asked while monitoring, or in a pause.
  const isQuiet = incident.status === 'monitoring' || incident.paused !== undefined;
  if (!held || !user || silentAfterMs === null || !isOpen(incident) || isQuiet) return [];
  const ask = (now: number): Fact[] => [
    { type: 'still-on-it-asked', user, sinceAt: held.lastSeenAt },
    askPerson(incident, user, { why: 'still-on-it', sinceAt: held.lastSeenAt }, now),
  ];
  const askedAt = incident.escalation.askedStillOnItAt;
  if (askedAt === null || askedAt <= held.lastSeenAt) {
    const pagedAt = incident.escalation.reached.findLast(
      (one) => one.user === user && one.how === 'paged',
    )?.at;
    // Another page that they have just got comes first.
    const at = Math.max(held.lastSeenAt + silentAfterMs, (pagedAt ?? 0) + onePageMs);
    return [{ rule: `still-on-it-${held.lastSeenAt}`, at, fire: ask }];
  }
  const at = askedAt + incident.policy.escalation.stillOnItMs;
  // While we were away their answer could not reach us: they are asked once more.
  const fire = (now: number): Fact[] =>
    now - at > lateMsMax ? ask(now) : resume(incident, held.by, clock, 'silent', now);
  return [{ rule: `silent-${held.at}-${askedAt}`, at, fire }];
}
