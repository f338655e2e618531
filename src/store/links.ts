import { placeKey } from '../incident/channel.ts';
import type { Fact } from '../incident/facts.ts';
import type { Followup } from '../incident/followups.ts';
import type { Incident, Place } from '../incident/incident.ts';

interface Link {
  kind: 'slack' | 'pagerduty' | 'quoted';
  id: string;
}

/** The external ids a fact ties to its incident: its channel (or the thread that stands in for one), alerts, quotes. */
export function linksOf(fact: Fact, incident: Incident): Link[] {
  const { channel } = incident;
  if (fact.type === 'channel-opened' || fact.type === 'channel-refused' || fact.type === 'posted') {
    return channel ? [{ kind: 'slack', id: placeKey(channel.id, channel.threadTs) }] : [];
  }
  if (fact.type === 'declared' && fact.alert) return [{ kind: 'pagerduty', id: fact.alert.id }];
  if (fact.type === 'followup-added') return quoted([fact], incident);
  const alertsMoved = movedAlerts(fact, incident);
  if (alertsMoved) {
    const followups = fact.type === 'absorbed' ? (fact.brings.followups ?? []) : [];
    return [...alertsMoved.map((id): Link => ({ kind: 'pagerduty', id })), ...quoted(followups, incident)];
  }
  return fact.type === 'alert-attached' || fact.type === 'page-linked'
    ? [{ kind: 'pagerduty', id: fact.alert.id }]
    : [];
}

/** The message whose words a follow-up may be: each incident with such a one has a link of its own. */
const quoted = (followups: readonly Pick<Followup, 'source' | 'quotes'>[], { id }: Incident): Link[] =>
  followups.flatMap(({ source, quotes }): Link[] =>
    source && quotes ? [{ kind: 'quoted', id: `${quoteKey(source)}:${id}` }] : [],
  );

export const quoteKey = ({ channel, ts }: Place): string => `${channel}:${ts}`;

/** Alerts follow a merge to the survivor, and come back when it is undone. */
function movedAlerts(fact: Fact, incident: Incident): string[] | null {
  if (fact.type === 'absorbed') return Object.keys(fact.brings.alerts);
  return fact.type === 'reopened' && fact.apartFrom ? Object.keys(incident.alerts) : null;
}
