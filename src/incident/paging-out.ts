import { alertCount, withNews } from './alert-links.ts';
import type { AlertNews } from './alerts.ts';
import { type By, tocsin } from './by.ts';
import { sourceOf } from './declaring.ts';
import type { Effect } from './effects.ts';
import type { Fact } from './facts.ts';
import type { AlertLink, Incident, Told } from './incident.ts';
import { ended, isOpen } from './incident.ts';
import { isTicketOnly } from './ladder.ts';
import type { PageOrder } from './page-order.ts';
import { changedLink, evolveFollowed, ringing } from './paging-echo.ts';
import type { Topic } from './topic.ts';

/** What was wanted of PagerDuty, for those who hear that it failed. */
export type PagerDutyWish = 'page' | 'state' | 'priority' | 'title' | 'note' | 'details';

/** What the outbox reports of PagerDuty. `id`: PagerDuty's incident; null: the one that our own page made there. */
export type PagingOutCommand =
  /** It opened the incident that we asked it for. */
  | { type: 'link-page'; by: By; alert: AlertNews }
  /**
   * It did as told. `at`: by its own clock. `unsigned`: who did it here, where PagerDuty shows somebody else.
   */
  | { type: 'note-followed'; id: string; to: AlertLink['state']; at: number; unsigned: By | null }
  /** It is about to be asked to page these people, by their names there. */
  | { type: 'note-asked'; id: string; people: string[]; how: 'escalated' | 'responders' }
  /** It rings these people's phones, by their names there; nobody: it has our page, and tells us nothing of whom. */
  | { type: 'note-calling'; people: string[] }
  | { type: 'note-priority'; id: string; severity: Incident['severity'] }
  | { type: 'note-pagerduty-failed'; wish: PagerDutyWish; says: string; cure: string };

export type PagingOutFact =
  | { type: 'page-linked'; by: By; alert: AlertNews; happenedAt: number }
  /** PagerDuty is as we told it to be. `echo`: its webhook says so. */
  | { type: 'alert-followed'; id: string; to: AlertLink['state']; at: number; unsigned?: By; echo?: true }
  | { type: 'pagerduty-asked'; id: string; people: string[]; how: 'escalated' | 'responders' }
  | { type: 'pagerduty-calling'; people: string[] }
  | { type: 'pagerduty-priority-set'; id: string; severity: Incident['severity'] }
  | { type: 'pagerduty-failed'; wish: PagerDutyWish; says: string; cure: string };

/** PagerDuty's state, or the one that it was told to take. */
const stateOf = ({ told, state }: AlertLink): AlertLink['state'] => told?.to ?? state;

/** Our own page's key there: the same for every page of this incident, and no other installation's. */
export const pageKeyOf = ({ id, policy }: Incident): string | null => {
  const prefix = policy.pagerduty?.keyPrefix ?? null;
  return prefix === null ? null : `${prefix}INC-${id}`;
};

/** The incident that a key of PagerDuty's is about, where it is one of ours. */
export function incidentOfKey(key: string, prefix: string): number | null {
  const number = key.startsWith(prefix) ? /^INC-([1-9]\d{0,8})$/.exec(key.slice(prefix.length)) : null;
  return number ? Number(number[1]) : null;
}

/** Ends every note of ours: when it comes back as a webhook, it is no news. */
export const noteMark = (id: number): string => `(Tocsin INC-${id})`;

export const isOwnNote = (text: string, incident: Incident): boolean => text.endsWith(noteMark(incident.id));

/** A page that PagerDuty is to make: not the questions to who is there already. */
const ringsThere = (order: PageOrder): boolean =>
  order.action === 'page' && (order.step !== null || order.reason.why === 'asked');

/** PagerDuty has begun by itself, or the page that opens its incident does. */
const isItsOwn = ({ reason }: PageOrder): boolean => reason.why === 'alert' || reason.why === 'declared';

const linkIds = (incident: Incident, wanted: (link: AlertLink) => boolean): string[] =>
  Object.entries(incident.alerts).flatMap(([id, link]) => (wanted(link) ? [id] : []));

const isFiring = (link: AlertLink): boolean => stateOf(link) !== 'resolved';

/** The one that its people are paged through. */
const firingId = (incident: Incident): string | null => linkIds(incident, isFiring)[0] ?? null;

interface Telling {
  ids: string[];
  /** Also the page of our own of which PagerDuty has not told us the incident yet. */
  own: boolean;
  told: Told;
}

/** What PagerDuty must hear because of this fact. What came from there is not sent back. */
function tellingOf(fact: Fact, after: Incident, before: Incident): Telling | null {
  if (!after.policy.pagerduty || after.isTest) return null;
  const { writes } = after.policy.pagerduty;
  const about = (wanted: (link: AlertLink) => boolean, told: Told): Telling => ({
    ids: linkIds(before, (link) => (writes || link.ours === true) && wanted(link)),
    own: before.ownPage !== undefined && linkIds(before, ({ ours }) => ours === true).length === 0,
    told,
  });
  if ('by' in fact && (fact.by as By).kind === 'pagerduty' && fact.type !== 'page-linked') return null;
  switch (fact.type) {
    case 'acknowledged':
      return about(isFiring, { to: 'acknowledged', by: fact.by });
    case 'unacknowledged':
      return about((link) => stateOf(link) === 'acknowledged', { to: 'triggered', by: fact.by });
    case 'resolved':
    case 'canceled':
      return about(isFiring, { to: 'resolved', by: fact.by });
    // Its alerts go on in the other one; a page that nobody could link is not wanted any more.
    case 'merged':
      return about(() => false, { to: 'resolved', by: fact.by });
    case 'reopened': {
      const to = after.acknowledged ? 'acknowledged' : 'triggered';
      const wasOurs = (link: AlertLink) => link.told?.to === 'resolved';
      return { ...about(wasOurs, { to, by: fact.by, reopens: true }), own: false };
    }
    case 'page-linked':
      return late(fact.alert.id, after);
    default:
      return null;
  }
}

/** PagerDuty tells us of our page when somebody has it already, or it is over. */
function late(id: string, { status, acknowledged, resolution }: Incident): Telling | null {
  const here = { ids: [id], own: false };
  if (ended(status)) return { ...here, told: { to: 'resolved', by: resolution?.by ?? tocsin } };
  return acknowledged ? { ...here, told: { to: 'acknowledged', by: acknowledged.by } } : null;
}

/** The incident that knows what PagerDuty was told with this fact. */
export function withTold(after: Incident, fact: Fact, before: Incident): Incident {
  if (fact.type === 'page-ordered' && triggered(fact, after).length > 0) {
    const { handed } = after.ownPage ?? {};
    return { ...after, ownPage: { askedAt: fact.order.orderedAt, ...(handed && { handed }) } };
  }
  const telling = tellingOf(fact, after, before);
  if (!telling) return after;
  const { ids, own, told } = telling;
  const alerts = { ...after.alerts };
  for (const id of ids) {
    const link = alerts[id];
    if (link) alerts[id] = { ...link, told };
  }
  const ownPage = own && after.ownPage ? { ...after.ownPage, told } : after.ownPage;
  return { ...after, alerts, ...(ownPage && { ownPage }) };
}

/** What a fact obliges us to tell PagerDuty. */
export function toPagerDuty(fact: Fact, after: Incident, before: Incident): Effect[] {
  const { pagerduty } = after.policy;
  if (!pagerduty || after.isTest) return [];
  const told = stateEffects(fact, after, before);
  const rest = pagerduty.writes ? [...pageEffects(fact, after), ...remarkEffects(fact, after, before)] : [];
  return [...told, ...triggered(fact, after), ...rest];
}

function stateEffects(fact: Fact, after: Incident, before: Incident): Effect[] {
  // The step that follows goes on to the next person; only then the alert is given back, or its own people ring again.
  const waits =
    fact.type === 'unacknowledged' && !isTicketOnly(after) && after.policy.pagerduty?.writes === true;
  const telling = waits ? null : tellingOf(fact, after, before);
  const { ids, own } = telling ?? { ids: givenBack(fact, after), own: false };
  const alerts: (string | null)[] = after.policy.pagerduty?.writes ? [...ids] : [];
  if (own || (alerts.length === 0 && ids.some((id) => after.alerts[id]?.ours))) alerts.push(null);
  return alerts.map((alert) => ({ kind: 'pagerduty-state', alert }));
}

/** What was given back and has waited for its step. The page sees to its own. */
function givenBack(fact: Fact, after: Incident): string[] {
  if (!after.policy.pagerduty?.writes) return [];
  if (!['people-paged', 'ticket-recorded', 'ladder-exhausted'].includes(fact.type)) return [];
  const paged = fact.type === 'people-paged' && pagesThrough(fact.order, after);
  return linkIds(after, ({ told, state }) => told?.to === 'triggered' && state === 'acknowledged').filter(
    (id) => id !== paged,
  );
}

/** The incident of PagerDuty's that this order pages through, null for none. */
function pagesThrough(order: PageOrder, incident: Incident): string | null {
  const isWanted = ringsThere(order) && !isItsOwn(order) && incident.policy.pagerduty?.writes;
  return isWanted ? firingId(incident) : null;
}

/** Our own incident pages by an event; what PagerDuty opened, or opens for it, is escalated from then on. */
function triggered(fact: Fact, after: Incident): Effect[] {
  if (fact.type !== 'page-ordered' || pageKeyOf(after) === null || after.isTest) return [];
  const isEscalated = after.policy.pagerduty?.writes && alertCount(after).total > 0;
  const isOurs = !isEscalated && Object.values(after.alerts).every((link) => link.ours === true);
  return isOurs && ringsThere(fact.order) ? [{ kind: 'pagerduty-trigger', order: fact.order }] : [];
}

function pageEffects(fact: Fact, after: Incident): Effect[] {
  if (fact.type !== 'people-paged') return [];
  const alert = pagesThrough(fact.order, after);
  if (alert === null) return [];
  return [{ kind: 'pagerduty-page', alert, order: fact.order, users: fact.people.map(({ user }) => user) }];
}

/**
 * What nobody waits for: severity as priority, updates as notes, who did what in whose name, what the monitoring knows;
 * and that what is private loses its title. Titles that PagerDuty made itself are its own.
 */
function remarkEffects(fact: Fact, after: Incident, before: Incident): Effect[] {
  switch (fact.type) {
    case 'severity-changed':
      return fact.by.kind !== 'pagerduty'
        ? linkIds(after, isFiring).map((alert) => ({ kind: 'pagerduty-priority', alert }))
        : [];
    case 'page-linked': {
      const { id: alert, title } = fact.alert;
      const isTold = after.isPrivate && title.includes(after.title);
      return [
        { kind: 'pagerduty-priority', alert },
        ...(isTold ? [{ kind: 'pagerduty-title', alert } as const] : []),
      ];
    }
    case 'made-private':
      return linkIds(after, ({ ours }) => ours === true).map((alert) => ({ kind: 'pagerduty-title', alert }));
    case 'update-posted': {
      const alert = firingId(after);
      return after.policy.pagerduty?.notes && alert !== null
        ? [{ kind: 'pagerduty-note', alert, about: fact }]
        : [];
    }
    case 'alert-followed':
      return fact.unsigned ? [{ kind: 'pagerduty-note', alert: fact.id, about: fact }] : [];
    case 'declared':
      return fact.alert ? [{ kind: 'pagerduty-details', alert: fact.alert.id }] : [];
    case 'alert-attached':
      return isOpen(after) && !before.alerts[fact.alert.id]
        ? [{ kind: 'pagerduty-details', alert: fact.alert.id }]
        : [];
    default:
      return [];
  }
}

/** What goes out to PagerDuty, and what comes of it (product.md sections 7 and 8). */
export const pagingOut: Topic<PagingOutCommand, PagingOutFact> = {
  decide: {
    'link-page': (incident, { by, alert }) =>
      Object.hasOwn(incident.alerts, alert.id)
        ? []
        : [{ type: 'page-linked', by, alert, happenedAt: alert.at }],
    'note-followed': (_incident, { id, to, at, unsigned }) => [
      { type: 'alert-followed', id, to, at, ...(unsigned && { unsigned }) },
    ],
    'note-asked': (_incident, { id, people, how }) => [{ type: 'pagerduty-asked', id, people, how }],
    // The same key again adds to the page that is there: it rings nobody anew.
    'note-calling': ({ ownPage }, { people }) =>
      people.length === 0 && ownPage?.handed ? [] : [{ type: 'pagerduty-calling', people }],
    'note-priority': (_incident, { id, severity }) => [{ type: 'pagerduty-priority-set', id, severity }],
    'note-pagerduty-failed': (_incident, command) => [{ ...command, type: 'pagerduty-failed' }],
  },
  evolve: {
    'page-linked': (incident, { alert }) => {
      const linked = withNews(incident, alert.id, { state: 'triggered', at: alert.at, ours: true });
      return { ...linked, alertSource: linked.alertSource ?? sourceOf(alert) };
    },
    'alert-followed': evolveFollowed,
    'pagerduty-asked': (incident, { id, people, how }) =>
      changedLink(incident, id, (link) => ({
        ...(how === 'escalated' ? ringing(link) : link),
        asked: people,
      })),
    'pagerduty-calling': (incident, { people }) =>
      people.length === 0 && incident.ownPage
        ? { ...incident, ownPage: { ...incident.ownPage, handed: true } }
        : incident,
    'pagerduty-priority-set': (incident, { id, severity }) =>
      changedLink(incident, id, (link) => ({ ...link, priorityTold: severity })),
    'pagerduty-failed': (incident) => incident,
  },
  effects: {
    'page-linked': (fact, _after, before) => [
      { kind: 'card' },
      ...(fact.alert.assignees.length > 0 ? [{ kind: 'say', about: fact } as const] : []),
      // Before there is a channel, the channel comes with it.
      ...(fact.alert.url && !before.alertSource && before.channel
        ? [{ kind: 'bookmark', title: 'PagerDuty', url: fact.alert.url } as const]
        : []),
    ],
    'alert-followed': () => [{ kind: 'card' }],
    'pagerduty-asked': () => [],
    'pagerduty-calling': (fact) => [{ kind: 'say', about: fact }],
    'pagerduty-priority-set': () => [],
    'pagerduty-failed': (fact) => (isLoud(fact.wish) ? [{ kind: 'say', about: fact }] : []),
  },
};

/** Somebody goes on being paged, or is not, or what is private stays to be read, because of it. */
const isLoud = (wish: PagerDutyWish): boolean => ['page', 'state', 'title'].includes(wish);
