import { responderRequest } from '../../blocks/pagerduty.ts';
import { person } from '../../incident/by.ts';
import type { PageOrder } from '../../incident/page-order.ts';
import { pageStillWanted } from '../../incident/page-order.ts';
import type { Context, Job, Performer } from '../context.ts';
import { cancelled, done } from '../context.ts';
import type { PagerDutyDesk, Ticket } from '../pagerduty-port.ts';
import { emailOf, follow, notConfigured } from './pagerduty.ts';

interface Named {
  id: string;
  name: string;
}

/** A level of an escalation policy, and who is on call there. */
interface Level {
  level: number;
  people: Named[];
}

/**
 * A later step goes on through PagerDuty's own incident: to the level of its policy where these people are on call, else
 * they are asked to respond. Whom PagerDuty has paged, by itself or in an earlier try, is not paged by it again; who has
 * no user there is left to its own escalation, and to Slack. What was given back is given back once the next one rings.
 */
export const pagerDutyPage: Performer<'pagerduty-page'> = {
  send: async (context, { alert, order, users }, job) => {
    const { rest } = context.pagerduty ?? { rest: null };
    if (!rest) return notConfigured;
    if (!pageStillWanted(job.incident, order)) return cancelled('no longer wanted');
    const ticket = await rest.incident(alert, true);
    if (ticket.status === 'resolved') return cancelled('it is resolved in PagerDuty');
    const people = await inPagerDuty(context, rest, users);
    const called = await ring({ context, rest, job, ticket, order }, people);
    if (called.length > 0) {
      const command = { type: 'note-calling', people: called.map(({ name }) => name) } as const;
      await context.engine.handle(job.incident.id, command, `outbox:${job.row.id}:calling`);
    }
    const told = context.store.incident(job.incident.id)?.alerts[alert]?.told;
    return told?.to === 'triggered' ? follow(context, rest, alert, told) : done();
  },
};

/** Those of them who have a user there. */
async function inPagerDuty(
  context: Context,
  rest: PagerDutyDesk,
  users: readonly string[],
): Promise<Named[]> {
  const found: Named[] = [];
  for (const user of users) {
    const email = await emailOf(context, person(user));
    const known = email === null ? null : await rest.personByEmail(email, true);
    if (known) found.push(known);
  }
  return found;
}

interface Ringing {
  context: Context;
  rest: PagerDutyDesk;
  job: Job;
  ticket: Ticket;
  order: PageOrder;
}

/** Whom PagerDuty calls now because of it. */
async function ring(ringing: Ringing, people: readonly Named[]): Promise<readonly Named[]> {
  const { context, rest, ticket, order } = ringing;
  const asked = new Set([...ticket.assignees, ...ticket.responders].map(({ id }) => id));
  const missing = people.filter(({ id }) => !asked.has(id));
  if (missing.length === 0) return [];
  const levels = ticket.escalationPolicy ? await levelsOf(rest, ticket.escalationPolicy.id) : [];
  // Escalating takes it from whoever has it; to help them, people are asked to respond.
  const level = ringing.job.incident.acknowledged ? null : levelOf(levels, missing);
  const as = order.reason.why === 'asked' ? await emailOf(context, order.reason.by) : null;
  if (level && (await escalated(ringing, level, as))) return level.people;
  await tell(ringing, missing, 'responders');
  const message = responderRequest(ringing.job.incident);
  await rest.addResponders(ticket.id, { message, userIds: missing.map(({ id }) => id) }, as);
  return missing;
}

/** False: PagerDuty cannot escalate it, because somebody assigned it by hand. */
async function escalated(ringing: Ringing, { level, people }: Level, as: string | null): Promise<boolean> {
  const { context, rest, ticket } = ringing;
  await tell(ringing, people, 'escalated');
  try {
    await rest.escalate(ticket.id, level, as);
    return true;
  } catch (error) {
    if (context.pagerduty?.faultOf(error)?.word !== 'cannot_escalate') throw error;
    return false;
  }
}

/** Before the call: its webhook may be faster than its answer, and must be known for ours. */
async function tell(
  { context, job, ticket }: Ringing,
  people: readonly Named[],
  how: 'escalated' | 'responders',
): Promise<void> {
  const names = people.map(({ name }) => name);
  const command = { type: 'note-asked', id: ticket.id, people: names, how } as const;
  await context.engine.handle(job.incident.id, command, `outbox:${job.row.id}:${how}`);
}

async function levelsOf(rest: PagerDutyDesk, policy: string): Promise<Level[]> {
  const { rows } = await rest.onCalls({ policyIds: [policy] });
  const levels = new Map<number, Named[]>();
  for (const { level, person: one } of rows) levels.set(level, [...(levels.get(level) ?? []), one]);
  return [...levels].map(([level, people]) => ({ level, people })).sort((a, b) => a.level - b.level);
}

/** The first level that rings all of these. */
const levelOf = (levels: readonly Level[], wanted: readonly Named[]): Level | null =>
  levels.find(({ people }) => wanted.every(({ id }) => people.some((one) => one.id === id))) ?? null;
