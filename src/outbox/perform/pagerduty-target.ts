import { pagerDutyDetails, pagerDutySummary, responderRequest } from '../../blocks/pagerduty.ts';
import type { By } from '../../incident/by.ts';
import type { Command } from '../../incident/commands.ts';
import type { Incident } from '../../incident/incident.ts';
import { type PageOrder, pageStillWanted } from '../../incident/page-order.ts';
import { parseAddress } from '../../oncall/address.ts';
import type { Context, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import type { PagerDutyDesk, Ticket } from '../pagerduty-port.ts';
import type { Fault } from '../retry.ts';
import { emailOf } from './pagerduty.ts';
import { channelAddress, newsOf } from './pagerduty-trigger.ts';
import { peopleShown } from './shown.ts';

const by: By = { kind: 'pagerduty' };

/** Incidents of PagerDuty's that are linked to one of ours, and looked at for the service that is to ring. */
const linkedMax = 5;
/** What the same step, or the alert itself, opened rings its first level now: the second is not yet wanted. */
const justRungMs = 60_000;

/**
 * A step that rings a service or a policy of PagerDuty's. A service: its incident there is escalated, or one is opened,
 * with our key, so that it is one however often it is tried. A policy: it is asked to respond to the incident that
 * PagerDuty has; without one, an incident is opened for it on the service of ours.
 */
export const callPagerDuty: Performer<'call-pagerduty'> = {
  send: async (context, { name, order }, { incident }) => {
    if (!pageStillWanted(incident, order)) return cancelled('no longer wanted');
    const { rest, keyPrefix } = context.pagerduty ?? { rest: null, keyPrefix: null };
    const address = parseAddress(name);
    if (!rest || keyPrefix === null || !address) throw refusal('no API token', 'set PAGERDUTY_API_TOKEN');
    const as = await emailOf(context, order.reason.why === 'asked' ? order.reason.by : incident.declaredBy);
    const call: Call = { context, rest, incident, order, as, key: `${keyPrefix}INC-${incident.id}` };
    const linked = await (address.kind === 'policy' ? ringPolicy : ringService)(call, address.value);
    const told: Command = { type: 'note-webhook-told', name, order };
    return linked ? done(told, linked) : done(told);
  },
};

interface Call {
  context: Context;
  rest: PagerDutyDesk;
  incident: Incident;
  order: PageOrder;
  /** E-mail of whoever acts. */
  as: string | null;
  key: string;
}

/** What of theirs still fires and is linked here. */
async function firingTickets({ rest, incident }: Call): Promise<Ticket[]> {
  const ids = Object.entries(incident.alerts).flatMap(([id, { state }]) =>
    state === 'resolved' ? [] : [id],
  );
  const tickets: Ticket[] = [];
  for (const id of ids.slice(0, linkedMax)) tickets.push(await rest.incident(id, true));
  return tickets.filter(({ status }) => status !== 'resolved');
}

async function ringService(call: Call, service: string): Promise<Command | null> {
  const known = (await firingTickets(call)).find((ticket) => ticket.service?.id === service);
  if (!known) return opened(call, service, null);
  const hasJustRung = known.createdAt !== null && call.order.orderedAt - known.createdAt < justRungMs;
  if (known.status === 'triggered' && !hasJustRung) await escalated(call, known);
  return null;
}

/** Its first level rings already: the second is next. Where there is none, PagerDuty goes on as its policy says. */
async function escalated({ context, rest, as }: Call, ticket: Ticket): Promise<void> {
  await rest.escalate(ticket.id, 2, as).catch((error: unknown) => {
    if (context.pagerduty?.faultOf(error)?.word !== 'cannot_escalate') throw error;
  });
}

async function ringPolicy(call: Call, policy: string): Promise<Command | null> {
  const [ticket] = await firingTickets(call);
  if (ticket) return asked(call, ticket, policy);
  const { services } = call.context.config();
  const { service } = call.incident;
  const [id] =
    service !== null && Object.hasOwn(services, service) ? (services[service]?.pagerduty ?? []) : [];
  if (id !== undefined) return opened(call, id, policy);
  throw refusal(
    'PagerDuty opens an incident on a service only, and none is known here',
    'write pagerduty under the service in incident.yml, or the target as pagerduty:<id of a service>',
  );
}

/** Whom the policy would ring first is not asked again when this is tried again. */
async function asked({ rest, incident, as }: Call, ticket: Ticket, policy: string): Promise<null> {
  const { rows } = await rest.onCalls({ policyIds: [policy] });
  const first = rows.filter(({ level }) => level === 1);
  const isAsked = first.every(({ person }) => ticket.responders.some(({ id }) => id === person.id));
  if (first.length > 0 && isAsked) return null;
  await rest.addResponders(ticket.id, { message: responderRequest(incident), policyIds: [policy] }, as);
  return null;
}

async function opened(call: Call, serviceId: string, policyId: string | null): Promise<Command | null> {
  const { context, rest, incident, key, as } = call;
  await context.people.learn(peopleShown(incident));
  const { outcome, incident: ticket } = await rest.create(
    {
      title: pagerDutySummary(incident),
      serviceId,
      key,
      urgency: 'high',
      details: pagerDutyDetails(incident, channelAddress(context, incident), screenOf(context)),
      ...(policyId !== null && { policyId }),
    },
    as,
  );
  if (outcome === 'already' && policyId !== null) await asked(call, ticket, policyId);
  if (Object.hasOwn(incident.alerts, ticket.id)) return null;
  return { type: 'link-page', by, alert: newsOf(ticket, incident, context.clock.now()) };
}

/** Trying again is useless. */
const refusal = (says: string, cure: string): Error & { fault: Fault } =>
  Object.assign(new Error(says), { fault: { kind: 'refused', word: says, words: { says, cure } } as const });
