import { alertCount, withAlert } from './alert-links.ts';
import { announced } from './announced.ts';
import { type By, userOf } from './by.ts';
import { received, toCarry, withoutCarried, withReceived } from './carried-followups.ts';
import { peopleOf } from './channel.ts';
import type { Effect } from './effects.ts';
import type { Followup } from './followups.ts';
import type { AlertLink, Channel, Incident, Status } from './incident.ts';
import { ended, isOpen } from './incident.ts';
import { end, moved } from './lifecycle.ts';
import { type Refusal, whenEnded } from './refusal.ts';
import type { Severity } from './severity-scale.ts';
import type { Decision, Topic } from './topic.ts';

/** Another incident, as far as this one must know it: to be merged into it, and to show where it went. */
export interface Other {
  id: number;
  title: string;
  severity: Severity;
  isPrivate: boolean;
  channel: Channel | null;
}

/** The one that goes on, as it is when the merge is decided. */
export interface Survivor extends Other {
  isTest: boolean;
  status: Status;
  visibility: Incident['visibility'];
  mergedInto?: number;
}

/** What an incident brings with it. */
export interface Belongings {
  alerts: Record<string, AlertLink>;
  alertsBeyond?: Incident['alertsBeyond'];
  alertSource: Incident['alertSource'];
  /** Those still to be done; in the fact under the numbers that they get in the survivor. */
  followups?: Followup[];
  /** Slack user ids of everybody who belongs in its channel. */
  users: string[];
}

/** An incident that was merged into this one, and which of our alerts and follow-ups came with it. */
export interface AbsorbedOne extends Other {
  alerts: string[];
  /** Their numbers here. */
  followups?: number[];
  beyond: NonNullable<Incident['alertsBeyond']>;
}

export type MergeCommand =
  /** This incident goes into `into`. */
  | { type: 'merge'; by: By; into: Survivor }
  /** The outbox, to the survivor: `from` was merged into you. */
  | { type: 'absorb'; by: By; from: Other; brings: Belongings }
  /** The outbox, to the survivor: the merge of `from` was undone. */
  | { type: 'separate'; by: By; from: Other }
  /** A person who was about to declare the same: they join, and what they know is kept. */
  | { type: 'report-same'; by: By; title: string; summary: string }
  /** "Different problem": the offer to merge goes. */
  | { type: 'keep-apart'; by: By };

export type MergeFact =
  | { type: 'merged'; by: By; from: Status; into: Other }
  | { type: 'absorbed'; by: By; from: Other; brings: Belongings }
  | { type: 'separated'; by: By; from: Other }
  | { type: 'same-reported'; by: By; title: string; summary: string }
  | { type: 'kept-apart'; by: By; id: number };

export const otherOf = ({ id, title, severity, isPrivate, channel }: Incident): Other => ({
  id,
  title,
  severity,
  isPrivate,
  channel,
});

export const survivorOf = (incident: Incident): Survivor => ({
  ...otherOf(incident),
  isTest: incident.isTest,
  status: incident.status,
  visibility: incident.visibility,
  mergedInto: incident.survivor?.isPrivate ? undefined : incident.mergedInto,
});

/** What goes along when this incident is merged into another one. */
export const belongingsOf = (incident: Incident): Belongings => ({
  alerts: incident.alerts,
  alertsBeyond: incident.alertsBeyond,
  alertSource: incident.alertSource,
  followups: toCarry(incident),
  users: peopleOf(incident),
});

/** Why this incident cannot go into that one; null: it can. */
export function mergeRefusal(incident: Incident, into: Survivor): Refusal | null {
  const refused = (why: MergeObstacle): Refusal => ({
    refused: 'merge-refused',
    why,
    id: into.id,
    status: into.status,
    into: into.mergedInto ?? null,
  });
  if (!isOpen(incident)) return whenEnded(incident);
  if (into.id === incident.id) return refused('itself');
  if (into.status === 'merged') return refused('merged');
  if (ended(into.status)) return refused('ended');
  if (incident.isPrivate && !into.isPrivate) return refused('private');
  if (incident.isTest !== into.isTest) return refused(into.isTest ? 'into-test' : 'test');
  return into.visibility === 'channel' ? null : refused('no-channel');
}

export type MergeObstacle = 'itself' | 'merged' | 'ended' | 'private' | 'test' | 'into-test' | 'no-channel';

function merge(incident: Incident, by: By, into: Survivor): Decision {
  const refusal = mergeRefusal(incident, into);
  if (refusal) return refusal;
  const { id, title, severity, isPrivate, channel } = into;
  return [{ type: 'merged', by, from: incident.status, into: { id, title, severity, isPrivate, channel } }];
}

/** Delivered twice, it happened once. Who may not know of a private incident is not invited to it. */
function absorb(
  incident: Incident,
  { by, from, brings }: Extract<MergeCommand, { type: 'absorb' }>,
): Decision {
  if (incident.absorbed?.some(({ id }) => id === from.id)) return [];
  const users = incident.isPrivate ? [] : brings.users;
  const followups = received(incident, brings.followups ?? []);
  return [{ type: 'absorbed', by, from, brings: { ...brings, users, followups } }];
}

function evolveAbsorbed(
  incident: Incident,
  { from, brings }: Extract<MergeFact, { type: 'absorbed' }>,
): Incident {
  const beyond = brings.alertsBeyond ?? { firing: 0, resolved: 0 };
  let after = incident;
  for (const [id, link] of Object.entries(brings.alerts)) after = withAlert(after, id, link);
  const came = Object.keys(brings.alerts).filter((id) => !Object.hasOwn(incident.alerts, id));
  const fires = alertCount(after).firing > 0;
  const followups = brings.followups ?? [];
  return {
    ...withReceived(counting(after, beyond.firing, beyond.resolved), followups),
    alertSource: incident.alertSource ?? brings.alertSource,
    members: [...new Set([...incident.members, ...brings.users])],
    absorbed: [
      ...(incident.absorbed ?? []),
      { ...from, alerts: came, followups: followups.map(({ n }) => n), beyond },
    ],
    // Something fires again: the ladder that held because all was quiet goes on.
    escalation: fires ? { ...incident.escalation, heldAt: null } : incident.escalation,
  };
}

/** It came with the merge, or, when this one took in what had taken that one in, at least what had to be done for it. */
const hasSomethingOf = ({ absorbed = [], followups = [] }: Incident, from: Other): boolean =>
  absorbed.some(({ id }) => id === from.id) || followups.some((one) => one.from?.id === from.id);

/** Alerts that are only counted come and go by number. */
function counting(incident: Incident, firing: number, resolved: number): Incident {
  if (firing === 0 && resolved === 0) return incident;
  const before = incident.alertsBeyond ?? { firing: 0, resolved: 0 };
  const alertsBeyond = {
    firing: Math.max(0, before.firing + firing),
    resolved: Math.max(0, before.resolved + resolved),
  };
  return { ...incident, alertsBeyond };
}

function evolveSeparated(merged: Incident, id: number): Incident {
  const gone = merged.absorbed?.find((one) => one.id === id);
  const incident = withoutCarried(merged, id, gone?.followups);
  if (!gone) return incident;
  const alerts = Object.fromEntries(
    Object.entries(incident.alerts).filter(([alert]) => !gone.alerts.includes(alert)),
  );
  const source = incident.alertSource;
  return {
    ...counting({ ...incident, alerts }, -gone.beyond.firing, -gone.beyond.resolved),
    alertSource: source && gone.alerts.includes(source.id) ? null : source,
    absorbed: incident.absorbed?.filter((one) => one.id !== id),
  };
}

export const merging: Topic<MergeCommand, MergeFact> = {
  decide: {
    merge: (incident, command) => merge(incident, command.by, command.into),
    absorb,
    separate: (incident, { by, from }) =>
      hasSomethingOf(incident, from) ? [{ type: 'separated', by, from }] : [],
    'report-same': (incident, { by, title, summary }) =>
      isOpen(incident) ? [{ type: 'same-reported', by, title, summary }] : whenEnded(incident),
    'keep-apart': (incident, { by }) =>
      incident.similarTo === undefined ? [] : [{ type: 'kept-apart', by, id: incident.similarTo }],
  },
  evolve: {
    merged: (incident, fact, at) => ({
      ...withoutOffer(end(incident, 'merged', at)),
      mergedInto: fact.into.id,
      survivor: fact.into,
    }),
    absorbed: evolveAbsorbed,
    separated: (incident, fact) => evolveSeparated(incident, fact.from.id),
    'same-reported': (incident, { by }) => {
      const user = userOf(by);
      return user ? { ...incident, members: [...new Set([...incident.members, user])] } : incident;
    },
    'kept-apart': withoutOffer,
  },
  effects: {
    merged: (fact, after, before) => [
      ...moved(after),
      ...offerRetracted(before),
      { kind: 'say', about: fact },
      ...announced(after, [{ kind: 'announcement-reply', about: fact, broadcast: false }]),
      { kind: 'absorb', from: after.id, into: fact.into.id, by: fact.by },
    ],
    absorbed: (fact, after, before) => [
      { kind: 'card' },
      { kind: 'say', about: fact },
      ...invited(after, fact.brings.users),
      ...caughtUp(fact, before),
      ...bookmarked(after, before),
    ],
    // Merged itself meanwhile, it has carried on what came with the other one.
    separated: (fact, { status, survivor }) => [
      { kind: 'card' },
      { kind: 'say', about: fact },
      ...(status === 'merged' && survivor
        ? [{ kind: 'separate', from: fact.from.id, into: survivor.id, by: fact.by } as const]
        : []),
    ],
    'same-reported': (fact, after) => {
      const user = userOf(fact.by);
      return [...invited(after, user ? [user] : []), { kind: 'say', about: fact }];
    },
    'kept-apart': (_fact, _after, before) => offerRetracted(before),
  },
};

const invited = ({ channel }: Incident, users: string[]): Effect[] =>
  channel && users.length > 0 ? [{ kind: 'invite', users }] : [];

/** Whoever comes with it, and was no part of this one, is told by DM where it stands: as whoever joins late is. */
function caughtUp(fact: Extract<MergeFact, { type: 'absorbed' }>, before: Incident): Effect[] {
  const known = peopleOf(before);
  const newcomers = fact.brings.users.filter((user) => !known.includes(user));
  return newcomers.map((user) => ({ kind: 'tell', user, about: fact }));
}

const offerRetracted = ({ places }: Incident): Effect[] =>
  places.offer ? [{ kind: 'retract', place: places.offer }] : [];

function withoutOffer(incident: Incident): Incident {
  return { ...incident, similarTo: undefined, places: { ...incident.places, offer: undefined } };
}

/** The first alert that an incident gets stands at the top of its channel. */
function bookmarked(after: Incident, before: Incident): Effect[] {
  const url = before.alertSource ? null : after.alertSource?.url;
  return url ? [{ kind: 'bookmark', title: 'PagerDuty', url }] : [];
}
