import { pagerDutyNote, pagerDutySummary } from '../../blocks/pagerduty.ts';
import { type By, userOf } from '../../incident/by.ts';
import { ended, type Incident, type Told } from '../../incident/incident.ts';
import { pageKeyOf } from '../../incident/paging-out.ts';
import type { Severity } from '../../incident/severity-scale.ts';
import type { Context, Delivery, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import type { PagerDutyDesk, Written } from '../pagerduty-port.ts';
import { peopleShown } from './shown.ts';

export const notConfigured = cancelled('PagerDuty is not configured');

/**
 * The e-mail address under which PagerDuty knows whoever did this: from `incident.yml`, else Slack's. Null for machines,
 * and where nobody can tell: then the configured From stands in.
 */
export async function emailOf({ config, people, report }: Context, by: By): Promise<string | null> {
  const user = userOf(by);
  if (user === null) return null;
  const { users } = config().pagerduty;
  if (Object.hasOwn(users, user)) return users[user] ?? null;
  return people.emailOf(user).catch((error: unknown) => {
    report('Slack could not say who acts in PagerDuty: the configured user stands in', error);
    return null;
  });
}

/** What PagerDuty's incident becomes. Nothing is done twice: each looks, or says what is to be and not what to change. */
async function write(rest: PagerDutyDesk, alert: string, told: Told, as: string | null): Promise<Written> {
  if (told.to === 'resolved') return rest.resolve(alert, null, as);
  if (told.reopens) {
    const reopened = await rest.reopen(alert, as, told.to);
    if (reopened.outcome === 'done') return reopened;
  }
  return told.to === 'acknowledged' ? rest.acknowledge(alert, as) : rest.unacknowledge(alert, as);
}

/** Tells PagerDuty what it was to be told, and reports what it did. */
export async function follow(
  context: Context,
  rest: PagerDutyDesk,
  alert: string,
  told: Told,
): Promise<Delivery> {
  const { outcome, incident, by } = await write(rest, alert, told, await emailOf(context, told.by));
  if (outcome === 'already') return done();
  const isUnsigned = by === 'configured' && userOf(told.by) !== null;
  const at = incident.changedAt ?? context.clock.now();
  return done({
    type: 'note-followed',
    id: alert,
    to: told.to,
    at,
    unsigned: isUnsigned ? told.by : null,
  });
}

/** PagerDuty's incident is acknowledged, given back, resolved or opened again, as ours is now. */
export const pagerDutyState: Performer<'pagerduty-state'> = {
  send: async (context, { alert }, { incident }) => {
    const { rest } = context.pagerduty ?? { rest: null };
    if (alert === null) return ownState(context, incident);
    const told = incident.alerts[alert]?.told;
    if (!rest) return notConfigured;
    if (!told) return cancelled('PagerDuty has later news of its own');
    return follow(context, rest, alert, told);
  },
};

/** By the key of our own page: PagerDuty has not said which incident that is, or there is no API token. */
async function ownState(context: Context, incident: Incident): Promise<Delivery> {
  const opener = context.pagerduty?.opener(incident.service) ?? null;
  const key = pageKeyOf(incident);
  const events = opener?.by === 'event' ? opener.pager : opener?.instead;
  if (key === null) return notConfigured;
  if (!events) return cancelled('it is told once PagerDuty says which incident that is');
  const linked = Object.values(incident.alerts).find(({ ours }) => ours);
  const told = (linked ?? incident.ownPage)?.told;
  switch (told?.to) {
    case 'acknowledged':
      await events.acknowledge(key);
      return done();
    case 'resolved':
      await events.resolve(key);
      return done();
    default:
      // The Events API has no such call (platform.md 7.7). Opened again, the next page opens a new one there.
      return isGivenBack(incident, told) ? done(cannotGiveBack) : cancelled('nothing to tell by an event');
  }
}

const isGivenBack = ({ acknowledged, status }: Incident, told: Told | undefined): boolean =>
  acknowledged === null && !ended(status) && told?.reopens !== true;

const cannotGiveBack = {
  type: 'note-pagerduty-failed',
  wish: 'state',
  says: 'without an API token it cannot be given back there, so Slack alone goes on calling',
  cure: 'set PAGERDUTY_API_TOKEN; for now, press Unacknowledge or Reassign in PagerDuty',
} as const;

/** The name of a severity's priority there: of several the first that is written. */
function priorityName({ config }: Context, severity: Severity): string | null {
  const found = Object.entries(config().pagerduty.priorities).find(([, meant]) => meant === severity);
  return found?.[0] ?? null;
}

export const pagerDutyPriority: Performer<'pagerduty-priority'> = {
  send: async (context, { alert }, { row, incident }) => {
    const { rest } = context.pagerduty ?? { rest: null };
    const { severity, severityBy } = incident;
    const name = priorityName(context, severity);
    if (!rest || name === null) return notConfigured;
    // Before the call: its webhook may be faster than its answer.
    const report = { type: 'note-priority', id: alert, severity } as const;
    await context.engine.handle(incident.id, report, `outbox:${row.id}:SEV${severity}`);
    await rest.setPriority(alert, name, await emailOf(context, severityBy));
    return done();
  },
};

/** The name that a private incident has there. Also where a page with its title was under way when it became private. */
export const pagerDutyTitle: Performer<'pagerduty-title'> = {
  send: async (context, { alert }, { incident }) => {
    const { rest } = context.pagerduty ?? { rest: null };
    if (!rest) return notConfigured;
    if (!incident.isPrivate) return cancelled('it is not private');
    await rest.rename(alert, pagerDutySummary(incident), null);
    return done();
  },
};

/** A note: looked up by its words, it is not written twice. */
export const pagerDutyNoteEffect: Performer<'pagerduty-note'> = {
  send: async (context, { alert, about }, { incident }) => {
    const { rest } = context.pagerduty ?? { rest: null };
    if (!rest) return notConfigured;
    await context.people.learn(peopleShown(incident));
    const text = pagerDutyNote(about, incident, screenOf(context));
    if (text === null) return cancelled('nothing to say');
    await rest.addNote(alert, text, 'by' in about ? await emailOf(context, about.by as By) : null);
    return done();
  },
  find: async (context, { alert, about }, { incident }) => {
    const { rest } = context.pagerduty ?? { rest: null };
    const text = pagerDutyNote(about, incident, screenOf(context));
    if (!rest || text === null) return null;
    const notes = await rest.notes(alert);
    return notes.some(({ content }) => content === text) ? done() : null;
  },
};
