import { pagerDutyDetails, pagerDutySummary } from '../../blocks/pagerduty.ts';
import type { By } from '../../incident/by.ts';
import type { Incident } from '../../incident/incident.ts';
import { pageStillWanted } from '../../incident/page-order.ts';
import { pageKeyOf } from '../../incident/paging-out.ts';
import type { Severity } from '../../incident/severity-scale.ts';
import type { Context, Delivery, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import type { PagerDutyPager, Ticket } from '../pagerduty-port.ts';
import { emailOf, notConfigured } from './pagerduty.ts';
import { peopleShown } from './shown.ts';

const by: By = { kind: 'pagerduty' };

/** PagerDuty's words for how bad it is: its phones ring louder for the first two. */
const eventSeverities: Record<Severity, 'critical' | 'error' | 'warning' | 'info'> = {
  1: 'critical',
  2: 'error',
  3: 'warning',
  4: 'info',
};

/** A page through PagerDuty: the first opens an incident there, the same key again changes nothing. */
export const pagerDutyTrigger: Performer<'pagerduty-trigger'> = {
  send: async (context, { order }, { incident }) => {
    const opener = context.pagerduty?.opener(incident.service) ?? null;
    const key = pageKeyOf(incident);
    if (!opener || key === null) return notConfigured;
    if (!pageStillWanted(incident, order)) return cancelled('no longer wanted');
    if (opener.by === 'event') return byEvent(context, opener.pager, incident, key);
    try {
      return await byRest(context, opener.serviceId, incident, key);
    } catch (error) {
      const fault = context.pagerduty?.faultOf(error);
      const isNo = fault?.kind === 'refused' || fault?.kind === 'config';
      if (!isNo || !opener.instead) throw error;
      context.report(
        `PagerDuty opened nothing on the service: the routing key for everything is used`,
        error,
      );
      return byEvent(context, opener.instead, incident, key);
    }
  },
};

async function byEvent(
  context: Context,
  pager: PagerDutyPager,
  incident: Incident,
  key: string,
): Promise<Delivery> {
  const { severity, service } = incident;
  const href = channelAddress(context, incident);
  await pager.trigger({
    dedupKey: key,
    summary: pagerDutySummary(incident),
    source: service ?? 'tocsin',
    severity: eventSeverities[severity],
    details: { incident: `INC-${incident.id}`, severity: `SEV${severity}` },
    ...(href !== null && { link: { href, text: 'Incident channel' } }),
  });
  // With a token PagerDuty can be asked whom it calls: its webhook says so, or the next look at it.
  return context.pagerduty?.rest ? done() : done({ type: 'note-calling', people: [] });
}

/** On the very service, in the name of whoever declared it. The key makes it one, however often it is tried. */
async function byRest(
  context: Context,
  serviceId: string,
  incident: Incident,
  key: string,
): Promise<Delivery> {
  const { rest } = context.pagerduty ?? { rest: null };
  if (!rest) return notConfigured;
  await context.people.learn(peopleShown(incident));
  const details = pagerDutyDetails(incident, channelAddress(context, incident), screenOf(context));
  const opening = { title: pagerDutySummary(incident), serviceId, key, urgency: 'high', details } as const;
  const { incident: ticket } = await rest.create(opening, await emailOf(context, incident.declaredBy));
  return done({ type: 'link-page', by, alert: newsOf(ticket, incident, context.clock.now()) });
}

export const newsOf = (ticket: Ticket, { severity, severityReason }: Incident, now: number) => ({
  id: ticket.id,
  title: ticket.title,
  url: ticket.url,
  service: ticket.service?.name ?? '',
  at: ticket.createdAt ?? now,
  createdAt: ticket.createdAt ?? now,
  severity,
  severityReason,
  assignees: ticket.assignees.map(({ name }) => name),
});

export function channelAddress(context: Context, { channel }: Incident): string | null {
  const { url } = context.identity();
  return channel && url !== '' ? `${url}archives/${channel.id}` : null;
}
