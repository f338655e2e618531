import { type By, userOf } from './by.ts';
import type { Due } from './due.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Incident, Place, Role } from './incident.ts';
import { isOpen, roles, visibleTo } from './incident.ts';
import { whenEnded } from './refusal.ts';
import { takeRole } from './roles.ts';
import { clean } from './text.ts';
import type { Decision, Topic } from './topic.ts';

/** A role offered to somebody; whoever holds it (`from`) stays until they accept. */
export interface Offer {
  to: string;
  from: string;
  by: By;
  at: number;
  /** What the offerer wants them to know; may be empty. */
  words: string;
  timeZone: string | null;
  /** The DM that stands. Null while it is on its way. */
  place: Place | null;
  /** When they were asked for the second time, epoch ms. */
  remindedAt: number | null;
  /** The channel heard that no answer came. */
  isOverdue: boolean;
}

/** At most one standing offer a role. */
export type Offers = Partial<Record<Role, Offer>>;

/** No answer to the offer: asked again after this long, and after as long again the channel hears of it (issue 3). */
export const answerWithinMs = 5 * 60_000;

export type HandoverCommand =
  | { type: 'offer-role'; by: By; role: Role; user: string; timeZone: string | null; words: string }
  /** By the person who was asked, and by nobody else. */
  | { type: 'accept-offer'; by: By; role: Role }
  | { type: 'decline-offer'; by: By; role: Role }
  | { type: 'withdraw-offer'; by: By; role: Role }
  /** The outbox reports the DM of the offer made to `user` at `offeredAt` (epoch ms), or that there can be none. */
  | { type: 'note-offer-posted'; role: Role; user: string; offeredAt: number; channel: string; ts: string }
  | { type: 'note-offer-failed'; role: Role; user: string; offeredAt: number; error: string };

export type HandoverFact =
  | {
      type: 'role-offered';
      by: By;
      role: Role;
      user: string;
      from: string;
      words: string;
      timeZone: string | null;
      /** Who had been asked before, without an answer yet. */
      instead: string | null;
    }
  | { type: 'offer-posted'; role: Role; user: string; offeredAt: number; channel: string; ts: string }
  | { type: 'offer-failed'; role: Role; user: string; from: string; error: string }
  | { type: 'offer-reminded'; role: Role; user: string }
  | { type: 'offer-unanswered'; role: Role; user: string; from: string; offeredAt: number }
  | { type: 'offer-declined'; by: By; role: Role; from: string }
  | { type: 'offer-withdrawn'; by: By; role: Role; user: string };

export const offerOf = (incident: Incident, role: Role): Offer | null => incident.offers?.[role] ?? null;

/** Roles offered to this person that still wait for their answer. */
export const offeredTo = (incident: Incident, user: string): Role[] =>
  roles.filter((role) => offerOf(incident, role)?.to === user);

function offer(incident: Incident, command: Extract<HandoverCommand, { type: 'offer-role' }>): Decision {
  if (!isOpen(incident)) return whenEnded(incident);
  const { role, user, by } = command;
  const held = incident.roles[role];
  if (!held) return { refused: 'nothing-to-hand-over', role };
  if (held.user === user) return { refused: 'already-has-role', role, user };
  if (userOf(by) === user) return { refused: 'offer-to-oneself', role, user: held.user };
  const standing = offerOf(incident, role);
  if (standing?.to === user) return { refused: 'already-offered', role, user, at: standing.at };
  return [
    {
      type: 'role-offered',
      by,
      role,
      user,
      from: held.user,
      words: clean(command.words),
      timeZone: command.timeZone,
      instead: standing?.to ?? null,
    },
  ];
}

/** The standing offer of this role to this person, or why there is none that they could answer. */
function answerable(incident: Incident, role: Role, by: By): Offer | ReturnType<typeof gone> {
  const standing = offerOf(incident, role);
  return standing && standing.to === userOf(by) ? standing : gone(incident, role);
}

const gone = (incident: Incident, role: Role) =>
  isOpen(incident)
    ? ({ refused: 'offer-gone', role, user: incident.roles[role]?.user ?? null } as const)
    : whenEnded(incident);

function accept(incident: Incident, by: By, role: Role): Decision {
  const standing = answerable(incident, role, by);
  if ('refused' in standing) return standing;
  const taken = takeRole(incident, role, standing.to, by, standing.timeZone).map(
    (fact): Fact => (fact.type === 'role-assigned' ? { ...fact, handedOverBy: standing.by } : fact),
  );
  return [...taken, ...alsoHasIt(incident, standing, by, role)];
}

/** Whoever goes off and had it does not go on having it: the clock would ask them "Still on it?" at home. */
function alsoHasIt({ acknowledged }: Incident, { from }: Offer, by: By, role: Role): Fact[] {
  const isTheirs = role === 'commander' && acknowledged && userOf(acknowledged.by) === from;
  return isTheirs ? [{ type: 'acknowledged', by, from: acknowledged.by }] : [];
}

function decline(incident: Incident, by: By, role: Role): Decision {
  const standing = answerable(incident, role, by);
  return 'refused' in standing ? standing : [{ type: 'offer-declined', by, role, from: standing.from }];
}

function withdraw(incident: Incident, by: By, role: Role): Decision {
  const standing = offerOf(incident, role);
  return standing ? [{ type: 'offer-withdrawn', by, role, user: standing.to }] : gone(incident, role);
}

export const handover: Topic<HandoverCommand, HandoverFact> = {
  decide: {
    'offer-role': offer,
    'accept-offer': (incident, command) => accept(incident, command.by, command.role),
    'decline-offer': (incident, command) => decline(incident, command.by, command.role),
    'withdraw-offer': (incident, command) => withdraw(incident, command.by, command.role),
    'note-offer-posted': (_incident, command) => [{ ...command, type: 'offer-posted' }],
    'note-offer-failed': (incident, { role, error, ...offered }) => {
      const standing = sameOffer(offerOf(incident, role), offered);
      return standing ? [{ type: 'offer-failed', role, user: standing.to, from: standing.from, error }] : [];
    },
  },
  evolve: {
    'role-offered': (incident, fact, at) => ({
      ...changed(incident, fact.role, {
        to: fact.user,
        from: fact.from,
        by: fact.by,
        at,
        words: fact.words,
        timeZone: fact.timeZone,
        place: null,
        remindedAt: null,
        isOverdue: false,
      }),
      // Whoever is to take it must be able to read what it is about.
      members: [...new Set([...incident.members, fact.user])],
    }),
    'offer-posted': (incident, { role, channel, ts, ...offered }) => {
      const standing = sameOffer(offerOf(incident, role), offered);
      return standing ? changed(incident, role, { ...standing, place: { channel, ts } }) : incident;
    },
    'offer-failed': (incident, fact) => changed(incident, fact.role, null),
    // The DM that stood makes way for the reminder: where that is, is not known yet.
    'offer-reminded': (incident, fact, at) =>
      changedWith(incident, fact.role, (one) => ({ ...one, remindedAt: at, place: null })),
    'offer-unanswered': (incident, fact) =>
      changedWith(incident, fact.role, (one) => ({ ...one, isOverdue: true })),
    'offer-declined': (incident, fact) => changed(incident, fact.role, null),
    'offer-withdrawn': (incident, fact) => changed(incident, fact.role, null),
  },
  effects: {
    'role-offered': (fact, after, before) => {
      const isNew = !before.members.includes(fact.user);
      const lets: Effect[] =
        after.isPrivate && isNew && after.channel ? [{ kind: 'invite', users: [fact.user] }] : [];
      return [...lets, ...asks(fact.role, after)];
    },
    // Answered or over while it was on its way: it goes again.
    'offer-posted': ({ role, channel, ts }, after) =>
      offerOf(after, role)?.place?.ts === ts ? [] : [{ kind: 'retract', place: { channel, ts } }],
    'offer-failed': (fact) => [{ kind: 'say', about: fact }],
    'offer-reminded': (fact, after, before) => {
      const place = offerOf(before, fact.role)?.place;
      return [...asks(fact.role, after), ...(place ? [{ kind: 'retract', place } as const] : [])];
    },
    'offer-unanswered': (fact) => [{ kind: 'say', about: fact }],
    'offer-declined': (fact, _after, before) => {
      const offerer = userOf(offerOf(before, fact.role)?.by ?? fact.by);
      const waiting = [...new Set([fact.from, offerer])].filter((user) => user !== null);
      return waiting.map((user) => ({ kind: 'tell', user, about: fact }));
    },
    'offer-withdrawn': () => [],
  },
};

/** The offer when it is the one made to `user` at `offeredAt`, else null: it may have made way for another. */
export const sameOffer = (
  offer: Offer | null,
  { user, offeredAt }: { user: string; offeredAt: number },
): Offer | null => (offer?.to === user && offer.at === offeredAt ? offer : null);

function changed(incident: Incident, role: Role, to: Offer | null): Incident {
  const { [role]: _before, ...others } = incident.offers ?? {};
  return { ...incident, offers: to === null ? others : { ...others, [role]: to } };
}

function changedWith(incident: Incident, role: Role, change: (offer: Offer) => Offer): Incident {
  const standing = offerOf(incident, role);
  return standing ? changed(incident, role, change(standing)) : incident;
}

function asks(role: Role, { offers }: Incident): Effect[] {
  const standing = offers?.[role];
  if (!standing) return [];
  const isReminder = standing.remindedAt !== null;
  return [{ kind: 'offer', role, user: standing.to, offeredAt: standing.at, isReminder }];
}

/** After every change: an offer stands while its incident is open and seen by them, and the role with whoever held it then. */
export function withoutLapsedOffers(incident: Incident): Incident {
  const { offers } = incident;
  if (!offers) return incident;
  const lapsed = roles.filter((role) => {
    const standing = offers[role];
    if (!standing) return false;
    return (
      !isOpen(incident) || incident.roles[role]?.user !== standing.from || !visibleTo(incident, standing.to)
    );
  });
  return lapsed.reduce((one, role) => changed(one, role, null), incident);
}

/** After every change: the DM of an offer that is over says what became of it. `about`: what ended it. */
export function offersOver(about: Fact, after: Incident, before: Incident): Effect[] {
  const { offers } = before;
  if (!offers) return [];
  return roles.flatMap((role): Effect[] => {
    const was = offers[role];
    if (!was?.place || sameOffer(offerOf(after, role), { user: was.to, offeredAt: was.at })) return [];
    return [{ kind: 'offer-over', role, user: was.to, place: was.place, about }];
  });
}

/**
 * The person who was asked is asked once more; then the channel hears of it, as long after that as they had. During a
 * pause nobody is reminded of anything: the time to answer begins anew when it is over.
 */
export function offerDues(incident: Incident): Due[] {
  if (!isOpen(incident) || incident.paused) return [];
  const { freshAt = 0 } = incident.nudges;
  return roles.flatMap((role): Due[] => {
    const standing = offerOf(incident, role);
    if (!standing || standing.isOverdue) return [];
    const { to: user, from, at: offeredAt, remindedAt } = standing;
    if (remindedAt === null) {
      const fire = (): Fact[] => [{ type: 'offer-reminded', role, user }];
      return [
        {
          rule: `offer-reminder-${role}-${offeredAt}`,
          at: Math.max(offeredAt, freshAt) + answerWithinMs,
          fire,
        },
      ];
    }
    const fire = (): Fact[] => [{ type: 'offer-unanswered', role, user, from, offeredAt }];
    return [
      {
        rule: `offer-unanswered-${role}-${offeredAt}`,
        at: Math.max(remindedAt, freshAt) + answerWithinMs,
        fire,
      },
    ];
  });
}
