import { nextWorkingTime } from '../oncall/working-hours.ts';
import { type By, userOf } from './by.ts';
import type { Due } from './due.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Incident, Place } from './incident.ts';
import { isOpen, visibleTo } from './incident.ts';
import { whenEnded } from './refusal.ts';
import { cleanLine } from './text.ts';
import type { Decision, Topic } from './topic.ts';

/** Something to be done after the incident, or during it: a task is a follow-up that is due soon. Times epoch ms. */
export interface Followup {
  /** Counts from 1 within the incident; the number of one that was taken back is not given again. */
  n: number;
  text: string;
  owner: string | null;
  dueAt: number | null;
  doneAt: number | null;
  by: By;
  /** The message it was made from. `quotes`: in its own words, which leave with it (quotes.ts); `withheld`: these words. */
  source?: Place;
  quotes?: true;
  withheld?: string;
  /** Of one that came with a merge: the incident in which it was made, and its number there. */
  from?: { id: number; n: number };
  /** IANA zone of the owner, for their working hours. */
  timeZone?: string | null;
  addedAt?: number;
  /** When the owner was last asked about it, and how often since they last answered. */
  askedAt?: number;
  asked?: number;
  /** The owner wants to hear nothing of it before then. */
  notBeforeAt?: number;
  /** Asked in vain so often that nobody is asked again. */
  givenUp?: true;
}

export type FollowupCommand =
  | {
      type: 'add-followup';
      by: By;
      text: string;
      owner: string | null;
      dueAt: number | null;
      source?: Place;
      quotes?: true;
      timeZone?: string | null;
    }
  | { type: 'finish-followup'; by: By; n: number }
  /** The reaction that made it was taken back. One that is done stays. */
  | { type: 'remove-followup'; by: By; source: Place }
  | { type: 'snooze-followup'; by: By; n: number; untilAt: number };

export type FollowupFact =
  | {
      type: 'followup-added';
      by: By;
      n: number;
      text: string;
      owner: string | null;
      dueAt: number | null;
      source?: Place;
      quotes?: true;
      timeZone?: string | null;
    }
  /** `text` as in the follow-up: what is said of it must still make sense later. */
  | { type: 'followup-done'; by: By; n: number; text: string }
  | { type: 'followup-removed'; by: By; n: number; text: string }
  | { type: 'followup-snoozed'; by: By; n: number; untilAt: number }
  /** The owner is asked by DM about all of theirs that want it now. */
  | { type: 'followups-asked'; user: string; ns: number[] }
  | { type: 'followups-given-up'; user: string; ns: number[] };

/** Longest text of a follow-up, in code points; longer ones are cut. */
export const followupLengthMax = 500;
/** More of one incident than anybody will do, and than its state should carry. */
export const followupsMax = 200;
/** The owner hears of it so long before it is due, and every `againAfterMs` once it was (product.md section 7). */
const headsUpMs = 2 * 86_400_000;
const againAfterMs = 7 * 86_400_000;

/** All of them, in the order of their numbers. */
export const followupsOf = (incident: Incident): readonly Followup[] => incident.followups ?? [];

/** Still to be done. Of a merged incident none: the one that goes on has them (carried-followups.ts). */
export const openFollowups = (incident: Incident): Followup[] =>
  incident.status === 'merged' ? [] : followupsOf(incident).filter(({ doneAt }) => doneAt === null);

export const samePlace = (one: Place | undefined, other: Place): boolean =>
  one?.channel === other.channel && one.ts === other.ts;

/** Canceled and merged incidents have no afterwards; every other state takes follow-ups, closed ones too. */
const isOver = ({ status }: Incident): boolean => status === 'canceled' || status === 'merged';

function add(
  incident: Incident,
  command: Extract<FollowupCommand, { type: 'add-followup' }>,
  now: number,
): Decision {
  if (isOver(incident)) return whenEnded(incident);
  const { by, owner, dueAt, source, quotes, timeZone } = command;
  const text = cleanLine(command.text, followupLengthMax);
  if (text === '') return { refused: 'empty', what: 'the follow-up' };
  if (dueAt !== null && dueAt <= now) return { refused: 'stale' };
  if (owner !== null && !visibleTo(incident, owner)) return { refused: 'not-a-member', user: owner };
  const all = followupsOf(incident);
  const twin = source && all.find((one) => samePlace(one.source, source));
  if (twin) return { refused: 'followup-exists', n: twin.n, text: twin.text };
  if (all.length >= followupsMax) return { refused: 'too-many-followups', max: followupsMax };
  const n = (incident.followupsMade ?? 0) + 1;
  return [
    {
      type: 'followup-added',
      by,
      n,
      text,
      owner,
      dueAt,
      ...(source && { source: { channel: source.channel, ts: source.ts }, ...(quotes && { quotes }) }),
      ...(timeZone && { timeZone }),
    },
  ];
}

/** The follow-up of this number that is still to be done, or why there is none. */
function stillOpen(incident: Incident, n: number): Followup | Decision {
  const found = followupsOf(incident).find((one) => one.n === n);
  const open = openFollowups(incident).map((one) => one.n);
  if (incident.status === 'merged') return whenEnded(incident);
  if (!found) return { refused: 'no-followup', n, open };
  return found.doneAt === null ? found : { refused: 'followup-done', n, at: found.doneAt };
}

function finish(incident: Incident, by: By, n: number): Decision {
  const found = stillOpen(incident, n);
  return 'text' in found ? [{ type: 'followup-done', by, n, text: found.text }] : found;
}

function snooze(
  incident: Incident,
  { by, n, untilAt }: Extract<FollowupCommand, { type: 'snooze-followup' }>,
  now: number,
): Decision {
  const found = stillOpen(incident, n);
  if (!('text' in found)) return found;
  return untilAt <= now ? { refused: 'stale' } : [{ type: 'followup-snoozed', by, n, untilAt }];
}

function remove(incident: Incident, by: By, source: Place): Decision {
  const found = openFollowups(incident).find((one) => samePlace(one.source, source));
  return found ? [{ type: 'followup-removed', by, n: found.n, text: found.text }] : [];
}

/** The incident with the follow-ups of these numbers changed. */
function changed(incident: Incident, ns: readonly number[], change: (one: Followup) => Followup): Incident {
  const followups = followupsOf(incident).map((one) => (ns.includes(one.n) ? change(one) : one));
  return { ...incident, followups };
}

export const followups: Topic<FollowupCommand, FollowupFact> = {
  decide: {
    'add-followup': add,
    'finish-followup': (incident, command) => finish(incident, command.by, command.n),
    'remove-followup': (incident, command) => remove(incident, command.by, command.source),
    'snooze-followup': snooze,
  },
  evolve: {
    'followup-added': (incident, { type: _type, ...fact }, at) => ({
      ...incident,
      followups: [...followupsOf(incident), { ...fact, doneAt: null, addedAt: at }],
      followupsMade: Math.max(incident.followupsMade ?? 0, fact.n),
    }),
    'followup-done': (incident, fact, at) => changed(incident, [fact.n], (one) => ({ ...one, doneAt: at })),
    'followup-removed': (incident, fact) => ({
      ...incident,
      followups: followupsOf(incident).filter(({ n }) => n !== fact.n),
    }),
    'followup-snoozed': (incident, fact) =>
      changed(incident, [fact.n], ({ givenUp: _givenUp, ...one }) => ({
        ...one,
        asked: 0,
        notBeforeAt: fact.untilAt,
      })),
    'followups-asked': (incident, fact, at) =>
      changed(incident, fact.ns, ({ notBeforeAt: _past, ...one }) => ({
        ...one,
        askedAt: at,
        asked: (one.asked ?? 0) + 1,
      })),
    'followups-given-up': (incident, fact) =>
      changed(incident, fact.ns, (one) => ({ ...one, givenUp: true as const })),
  },
  effects: {
    'followup-added': (fact, after) => [
      { kind: 'say', about: fact },
      ...told(fact.owner, fact.by, fact, after),
    ],
    'followup-done': (fact) => [{ kind: 'say', about: fact }],
    'followup-removed': (fact) => [{ kind: 'say', about: fact }],
    'followup-snoozed': () => [],
    'followups-asked': (fact) => [{ kind: 'tell', user: fact.user, about: fact }],
    'followups-given-up': (fact) => [{ kind: 'say', about: fact }],
  },
};

/** The owner hears of it by DM, unless they wrote it themselves; a test bothers nobody. */
function told(owner: string | null, by: By, about: Fact, incident: Incident): Effect[] {
  const isOwn = userOf(by) === owner;
  return owner === null || isOwn || incident.isTest ? [] : [{ kind: 'tell', user: owner, about }];
}

/**
 * When the owner is to hear of it next: ahead, when it is due, then weekly; snoozed, when they said. One that was added
 * later than the heads-up is not announced twice. Null: never.
 */
function wantedAt({ dueAt, addedAt = 0, askedAt = 0, notBeforeAt }: Followup): number | null {
  if (notBeforeAt !== undefined) return notBeforeAt;
  if (dueAt === null) return null;
  const headsUpAt = dueAt - headsUpMs;
  if (Math.max(addedAt, askedAt) < headsUpAt) return headsUpAt;
  const rounds = askedAt < dueAt ? 0 : Math.floor((askedAt - dueAt) / againAfterMs) + 1;
  return dueAt + rounds * againAfterMs;
}

/** In their working hours, except for what is to be done while a SEV1-2 is open. */
function askAt(incident: Incident, followup: Followup): number | null {
  const at = wantedAt(followup);
  if (at === null || (isOpen(incident) && incident.severity <= 2)) return at;
  const { workingHours } = incident.policy;
  return nextWorkingTime(at, workingHours, followup.timeZone ?? workingHours.timeZone);
}

/** Still to be done, by somebody who may see the incident, and not given up. */
const askedAbout = (incident: Incident): Followup[] =>
  openFollowups(incident).filter(
    ({ owner, givenUp }) => owner !== null && !givenUp && visibleTo(incident, owner),
  );

/**
 * "Follow-up due / overdue" (product.md section 7). These live on after the end; one DM per owner for all of theirs
 * that are due by then, once no pause silences it. Ignored `ignoredMax` times, it stops and the channel hears of it.
 */
export function followupDues(incident: Incident): Due[] {
  if (isOver(incident) || incident.isTest || incident.paused || !incident.followups) return [];
  const earliest = new Map<string, number>();
  for (const followup of askedAbout(incident)) {
    const at = askAt(incident, followup);
    if (at === null || followup.owner === null) continue;
    earliest.set(followup.owner, Math.min(at, earliest.get(followup.owner) ?? at));
  }
  return [...earliest].map(([user, at]) => ({
    rule: `followups-${user}`,
    at,
    fire: (now: number) => ask(incident, user, now),
  }));
}

function ask(incident: Incident, user: string, now: number): Fact[] {
  const wanted = askedAbout(incident).filter(
    (one) => one.owner === user && (askAt(incident, one) ?? now + 1) <= now,
  );
  const { ignoredMax } = incident.policy.nudges;
  const inVain = wanted.filter(({ asked }) => (asked ?? 0) >= ignoredMax).map(({ n }) => n);
  const again = wanted.filter(({ asked }) => (asked ?? 0) < ignoredMax).map(({ n }) => n);
  return [
    ...(again.length > 0 ? [{ type: 'followups-asked' as const, user, ns: again }] : []),
    ...(inVain.length > 0 ? [{ type: 'followups-given-up' as const, user, ns: inVain }] : []),
  ];
}

/** Whether a DM about follow-ups still says something, to somebody who may read it: of what it names, something is to be done. */
export function stillToTell(incident: Incident, user: string, fact: Fact): boolean {
  if (fact.type !== 'followups-asked' && fact.type !== 'followup-added') return true;
  const ns = fact.type === 'followups-asked' ? fact.ns : [fact.n];
  return visibleTo(incident, user) && openFollowups(incident).some(({ n }) => ns.includes(n));
}
