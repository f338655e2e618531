import type { HomeView } from '@slack/types';
import { type HomeContent, home, homeInTrouble, peopleAtHome } from '../blocks/home.ts';
import { tray } from '../blocks/tray.ts';
import { nextDue } from '../incident/due.ts';
import { type Followup, openFollowups } from '../incident/followups.ts';
import { offeredTo, offerOf } from '../incident/handover.ts';
import { roles } from '../incident/incident.ts';
import { turnsOf } from '../oncall/turns-of.ts';
import type { ClickHandler } from './click.ts';
import { afterAnswer } from './commit-first.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import type { Events } from './events.ts';
import { isGuest, sightOf } from './guest.ts';
import { kindOf, quietDeeds, refusedTo } from './permissions.ts';

/** Open incidents that are read for one tab, and recent ones of any state, for their follow-ups. */
const openReadMax = 500;
const recentReadMax = 200;
/** Of each team: the one that runs, and the next. */
const turnsShown = 2;
/** People whose tab is kept fresh after what they do; whoever is forgotten reopens it. */
const readersMax = 1_000;

/** The Home tab of everybody who has opened it since the start. */
export interface HomeTab {
  /** Publishes it as things are now. Never throws: it is best effort, and can be opened again. */
  show(user: string): Promise<void>;
  /** The same after something this person did, if they have opened it. */
  refresh(user: string): Promise<void>;
}

export function homeTab(deps: SlackDeps): HomeTab {
  const readers = new Set<string>();
  /** One after the other for each person, so that an older look never covers a newer one. */
  const showing = new Map<string, Promise<void>>();

  function show(user: string): Promise<void> {
    if (!readers.has(user) && readers.size >= readersMax) readers.clear();
    readers.add(user);
    const before = showing.get(user) ?? Promise.resolve();
    const shown = before.then(() => publish(deps, user));
    showing.set(user, shown);
    return shown.finally(() => {
      if (showing.get(user) === shown) showing.delete(user);
    });
  }

  return { show, refresh: async (user) => (readers.has(user) ? show(user) : undefined) };
}

/** Slack tells when somebody opens the app: the Home tab is made then, and only then. */
export function hearHome(app: Events, deps: SlackDeps, tab: HomeTab): void {
  app.event('app_home_opened', async ({ event, body, context }) => {
    const kind = kindOf(deps, { user: event.user, team: body.team_id, enterprise: body.enterprise_id });
    if (event.tab === 'home' && refusedTo(kind, quietDeeds.home) === null) {
      afterAnswer(context, tab.show(event.user));
    }
  });
}

async function publish(deps: SlackDeps, user: string): Promise<void> {
  try {
    const view = await viewFor(deps, user);
    // Asked about by now.
    if (refusedTo(kindOf(deps, { user }), quietDeeds.home) === null) await put(deps, user, view);
  } catch (error) {
    deps.report('a Home tab could not be published', error);
    // Better a tab that says so than one that shows what was true yesterday.
    await put(deps, user, homeInTrouble(screenOf(deps))).catch(() => undefined);
  }
}

const put = (deps: SlackDeps, user: string, view: HomeView): Promise<unknown> =>
  deps.slack.views.publish({ user_id: user, view });

async function viewFor(deps: SlackDeps, user: string): Promise<HomeView> {
  await deps.people.find(user).catch(() => null);
  const content = contentFor(deps, user);
  await deps.people.learn(peopleAtHome(content));
  return home(content, screenOf(deps));
}

function contentFor(deps: SlackDeps, user: string): HomeContent {
  const { store } = deps;
  const mayRead = sightOf(deps, user);
  const open = store.list({ open: true, limit: openReadMax }).filter(mayRead);
  const known = new Set(open.map(({ id }) => id));
  const recent = store.list({ limit: recentReadMax }).filter((one) => !known.has(one.id) && mayRead(one));
  return {
    isGuest: isGuest(deps, user),
    open,
    offers: open.flatMap((incident) =>
      offeredTo(incident, user).flatMap((role) => {
        const offer = offerOf(incident, role);
        return offer ? [{ incident, role, offer }] : [];
      }),
    ),
    roles: open.flatMap((incident) =>
      roles.flatMap((role) => {
        const held = incident.roles[role];
        return held?.user === user ? [{ incident, role, at: held.at }] : [];
      }),
    ),
    shifts: store.desks().flatMap((desk) => turnsOf(desk, user, deps.clock.now(), turnsShown)),
    followups: [...open, ...recent]
      .filter(({ status }) => status !== 'canceled' && status !== 'merged')
      .flatMap((incident) =>
        openFollowups(incident)
          .filter(({ owner }) => owner === user)
          .map((followup) => ({ incident, followup })),
      )
      .sort((one, other) => dueOf(one.followup) - dueOf(other.followup)),
  };
}

/** Without a date: after those that have one. */
const dueOf = ({ dueAt }: Followup): number => dueAt ?? Number.MAX_SAFE_INTEGER;

/** "More…": everything that can be done with an incident. */
export const clickTray: ClickHandler = async (deps, { incident }) => {
  const due = nextDue(incident);
  return tray(incident, due && { what: due.rule, at: due.at }, screenOf(deps));
};
