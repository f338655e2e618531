import { standDown } from './acknowledgement.ts';
import { withNews } from './alert-links.ts';
import { announced } from './announced.ts';
import type { By } from './by.ts';
import type { Due } from './due.ts';
import type { Effect } from './effects.ts';
import type { Followup } from './followups.ts';
import type { Incident, Status } from './incident.ts';
import { type AlertLink, ended, isOpen } from './incident.ts';
import { fireNextStep, restarted } from './ladder.ts';
import { whenEnded } from './refusal.ts';
import { clean } from './text.ts';
import type { Decision, Topic } from './topic.ts';

/** How it was fixed (product.md section 3). */
export const fixes = [
  'rollback',
  'feature flag',
  'scaling',
  'configuration change',
  'hotfix',
  'other',
] as const;
export type Fix = (typeof fixes)[number];

export type LifecycleCommand =
  | { type: 'change-status'; by: By; to: Status; note: string }
  | { type: 'resolve'; by: By; how: Fix; verified: boolean; text: string }
  | { type: 'cancel'; by: By; why: string }
  /** Of a merged one, as it comes back from where it went: its alerts, and all its follow-ups. */
  | { type: 'reopen'; by: By; why: string; alerts?: Record<string, AlertLink>; followups?: Followup[] };

export type LifecycleFact =
  | { type: 'status-changed'; by: By; from: Status; to: Status; note: string }
  | { type: 'resolved'; by: By; from: Status; how: Fix; verified: boolean; text: string }
  | { type: 'canceled'; by: By; from: Status; why: string }
  | {
      type: 'reopened';
      by: By;
      from: Status;
      to: Status;
      why: string;
      /** It had been merged into this one, and this is what that one heard of its alerts meanwhile. */
      apartFrom?: { id: number; isPrivate: boolean };
      alerts?: Record<string, AlertLink>;
      followups?: Followup[];
    };

/** The law: from each state, where a person may go with `status`. Ends have commands of their own. */
export const transitions: Record<Status, readonly Status[]> = {
  triage: ['investigating', 'identified', 'monitoring'],
  investigating: ['identified', 'monitoring'],
  identified: ['investigating', 'monitoring'],
  monitoring: ['investigating', 'identified'],
  resolved: [],
  closed: [],
  canceled: [],
  merged: [],
};

/** End states can be undone this long (product.md section 3). */
export const undoWithinMs = 24 * 3_600_000;

function changeStatus(incident: Incident, by: By, to: Status, note: string): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const allowed = transitions[incident.status];
  if (!allowed.includes(to)) {
    return { refused: 'illegal-transition', from: incident.status, to, allowed: [...allowed] };
  }
  return [{ type: 'status-changed', by, from: incident.status, to, note: clean(note) }];
}

function reopen(incident: Incident, command: Reopen, now: number): Decision {
  const { by, why, alerts, followups } = command;
  if (isOpen(incident)) return { refused: 'not-ended', status: incident.status };
  if (now - incident.statusAt > undoWithinMs) {
    return { refused: 'undo-expired', status: incident.status, at: incident.statusAt };
  }
  const to = incident.endedFrom ?? 'investigating';
  const { status: from, survivor } = incident;
  const apart = survivor && {
    apartFrom: { id: survivor.id, isPrivate: survivor.isPrivate },
    alerts: alerts ?? {},
    ...(followups && { followups }),
  };
  const reopened = { type: 'reopened', by, from, to, why: clean(why), ...apart } as const;
  const after = evolveReopened(incident, reopened, now);
  return [reopened, ...(after.acknowledged ? [] : fireNextStep(after, now, { why: 'reopened' }))];
}

type Reopen = Extract<LifecycleCommand, { type: 'reopen' }>;
type Reopened = Extract<LifecycleFact, { type: 'reopened' }>;

function evolveReopened(incident: Incident, reopening: Reopened, at: number): Incident {
  const { to, alerts = {}, followups = incident.followups } = reopening;
  const cadenceMs = incident.policy.severities[incident.severity].updateEveryMs;
  const reopened: Incident = {
    ...Object.entries(alerts).reduce((known, [id, link]) => withNews(known, id, link), incident),
    status: to,
    statusAt: at,
    endedFrom: null,
    resolution: null,
    mergedInto: undefined,
    survivor: undefined,
    followups,
    acknowledged: incident.acknowledged && { ...incident.acknowledged, lastSeenAt: at },
    updates: { ...incident.updates, dueAt: cadenceMs === null ? null : at + cadenceMs },
  };
  // The clock starts afresh: nobody is asked for what was vacant, or stopped, before the end.
  const since = (vacantAt: number | null) => (vacantAt === null ? null : at);
  const vacantSince = {
    commander: since(incident.vacantSince.commander),
    comms: since(incident.vacantSince.comms),
  };
  const nudges = { ...incident.nudges, standing: null, rules: {}, freshAt: at };
  return { ...reopened, vacantSince, nudges, escalation: restarted(reopened, at) };
}

/** The incident at an end: nothing is due any more. */
export const end = (incident: Incident, to: Status, at: number): Incident => ({
  ...incident,
  status: to,
  statusAt: at,
  endedFrom: incident.status,
  updates: { ...incident.updates, dueAt: null },
  nudges: { ...incident.nudges, standing: null },
  paused: undefined,
  escalation: { ...incident.escalation, heldAt: null, askedStillOnItAt: null },
});

export const lifecycle: Topic<LifecycleCommand, LifecycleFact> = {
  decide: {
    'change-status': (incident, command) => changeStatus(incident, command.by, command.to, command.note),
    resolve: (incident, command) =>
      isOpen(incident)
        ? [
            {
              type: 'resolved',
              by: command.by,
              from: incident.status,
              how: command.how,
              verified: command.verified,
              text: clean(command.text),
            },
            { type: 'draft-requested', by: command.by, quiet: true },
          ]
        : whenEnded(incident),
    cancel: (incident, command) =>
      isOpen(incident)
        ? [{ type: 'canceled', by: command.by, from: incident.status, why: clean(command.why) }]
        : whenEnded(incident),
    reopen: (incident, command, now) => reopen(incident, command, now),
  },
  evolve: {
    'status-changed': (incident, fact, at) => ({
      ...incident,
      status: fact.to,
      statusAt: at,
      times: {
        ...incident.times,
        mitigatedAt: incident.times.mitigatedAt ?? (fact.to === 'monitoring' ? at : null),
      },
    }),
    resolved: (incident, fact, at) => ({
      ...end(incident, 'resolved', at),
      resolution: { how: fact.how, verified: fact.verified, text: fact.text, by: fact.by },
      times: {
        ...incident.times,
        mitigatedAt: incident.times.mitigatedAt ?? at,
        resolvedAt: incident.times.resolvedAt ?? at,
      },
    }),
    canceled: (incident, _fact, at) => end(incident, 'canceled', at),
    reopened: (incident, fact, at) => evolveReopened(incident, fact, at),
  },
  effects: {
    'status-changed': (fact, after) => [
      ...moved(after),
      { kind: 'say', about: fact },
      ...announced(after, [{ kind: 'announcement-reply', about: fact, broadcast: false }]),
    ],
    resolved: (fact, after) => [
      ...moved(after),
      { kind: 'say', about: fact },
      ...announced(after, [{ kind: 'announcement-reply', about: fact, broadcast: true }]),
    ],
    canceled: (fact, after) => [...moved(after), { kind: 'say', about: fact }],
    reopened: (fact, after) => [
      ...moved(after),
      // Whoever was paged must not go on being asked whether to reopen it.
      ...standDown(after),
      { kind: 'say', about: fact },
      ...announced(after, [
        {
          kind: 'announcement-reply',
          about: fact,
          broadcast: fact.from === 'resolved' || fact.from === 'closed',
        },
      ]),
      ...(fact.apartFrom
        ? [{ kind: 'separate', from: after.id, into: fact.apartFrom.id, by: fact.by } as const]
        : []),
    ],
  },
};

/** What every change of state refreshes; at an end the pages stand down. */
export function moved(after: Incident): Effect[] {
  const over = ended(after.status) ? standDown(after) : [];
  return [{ kind: 'card' }, { kind: 'topic' }, ...over, ...announced(after)];
}

/**
 * The alert cleared, nobody acknowledged, nobody touched it: canceled as "cleared by itself" (product.md section 7). What
 * has no channel to be asked in goes this way even if somebody acknowledged.
 */
export function clearedDue(incident: Incident): Due[] {
  const { heldAt } = incident.escalation;
  const isSomebodys = incident.acknowledged !== null && incident.visibility === 'channel';
  if (heldAt === null || isSomebodys || !isOpen(incident)) return [];
  const untouchedSince = Math.max(heldAt, incident.lastActivityAt);
  return [
    {
      rule: `cleared-${heldAt}`,
      at: untouchedSince + incident.policy.escalation.clearedAfterMs,
      fire: () => [
        { type: 'canceled', by: { kind: 'clock' }, from: incident.status, why: 'cleared by itself' },
      ],
    },
  ];
}
