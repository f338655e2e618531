import type { AlertLink, Incident } from './incident.ts';

/**
 * Alerts of one incident that are followed one by one. The state is read and written with every fact, so it must stay
 * small when thousands join; those beyond are counted.
 */
export const linksMax = 200;

/** What we have resolved there is on its way. */
const isFiring = ({ state, told }: AlertLink): boolean => state !== 'resolved' && told?.to !== 'resolved';

/** How many linked alerts still fire, of how many. */
export function alertCount({ alerts, alertsBeyond }: Incident): { firing: number; total: number } {
  let firing = alertsBeyond?.firing ?? 0;
  let total = firing + (alertsBeyond?.resolved ?? 0);
  // A storm asks with every alert of it, and a list of them all costs more than the count.
  for (const id in alerts) {
    total += 1;
    if (isFiring(alerts[id]!)) firing += 1;
  }
  return { firing, total };
}

/** Does any of them fire but this one? A storm asks with every alert that is resolved: what the first says is enough. */
export function othersFire({ alerts, alertsBeyond }: Incident, id: string): boolean {
  const isCounted = !Object.hasOwn(alerts, id);
  if ((alertsBeyond?.firing ?? 0) > (isCounted ? 1 : 0)) return true;
  for (const other in alerts) if (other !== id && isFiring(alerts[other]!)) return true;
  return false;
}

/** Would this be the only alert, linked or about to be? */
export const isOnlyAlert = ({ alerts, alertsBeyond }: Incident, id: string): boolean =>
  (alertsBeyond?.firing ?? 0) + (alertsBeyond?.resolved ?? 0) === 0 &&
  Object.keys(alerts).every((other) => other === id);

/** What monitoring sent, without our own pages, which say nothing of the trouble itself. */
export const fromMonitoring = (alerts: Incident['alerts']): Incident['alerts'] =>
  Object.fromEntries(Object.entries(alerts).filter(([, { ours }]) => !ours));

/** How many of what monitoring sent still fire. */
export const monitoringCount = (incident: Incident): ReturnType<typeof alertCount> =>
  alertCount({ ...incident, alerts: fromMonitoring(incident.alerts) });

/** Of two things said at the same moment, the later one in an alert's life holds. */
const ranks: Record<AlertLink['state'], number> = { triggered: 0, acknowledged: 1, resolved: 2 };

/** Is this older than what we know of the alert? `at`: PagerDuty's own clock, as is all that it is compared with. */
export const isOutdated = (known: AlertLink | undefined, state: AlertLink['state'], at: number): boolean =>
  known !== undefined && (known.at === at ? ranks[known.state] > ranks[state] : known.at > at);

/** The news of one alert, laid over what is known of it: the latest of each kind holds, in whatever order they come. */
function merged(known: AlertLink | undefined, news: AlertLink): AlertLink {
  const latest = (one: number | undefined, other: number | undefined): number | undefined =>
    one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
  const isOld = known !== undefined && isOutdated(known, news.state, news.at);
  const { state, at } = isOld ? known : news;
  const { told, ...rest } = { ...known, ...news };
  return {
    ...rest,
    ...{ state, at },
    // What it says anew and otherwise ends what we told it.
    ...(told && (isOld || told.to === state || known?.state === state) && { told }),
    handedAt: latest(known?.handedAt, news.handedAt),
    gradedAt: latest(known?.gradedAt, news.gradedAt),
  };
}

/**
 * The incident with the alert `id` linked to it. Where there is no room, the alert that has been resolved longest makes
 * some; where all fire, this one is only counted.
 */
export function withAlert(incident: Incident, id: string, news: AlertLink): Incident {
  const { alerts } = incident;
  const known = Object.hasOwn(alerts, id) ? alerts[id] : undefined;
  const links = { ...alerts, [id]: merged(known, news) };
  if (known || Object.keys(alerts).length < linksMax) return { ...incident, alerts: links };
  const [oldest] = Object.entries(alerts)
    .filter(([, link]) => !isFiring(link))
    .sort(([, one], [, other]) => one.at - other.at);
  const beyond = incident.alertsBeyond ?? { firing: 0, resolved: 0 };
  if (!oldest) return { ...incident, alertsBeyond: counted(beyond, isFiring(news)) };
  delete links[oldest[0]];
  return { ...incident, alerts: links, alertsBeyond: counted(beyond, false) };
}

/** The incident after news of an alert that is linked already; of one that is only counted, its end alone matters. */
export function withNews(incident: Incident, id: string, news: AlertLink): Incident {
  const beyond = incident.alertsBeyond;
  if (!beyond || Object.hasOwn(incident.alerts, id)) return withAlert(incident, id, news);
  if (isFiring(news) || beyond.firing === 0) return incident;
  return { ...incident, alertsBeyond: { firing: beyond.firing - 1, resolved: beyond.resolved + 1 } };
}

type Beyond = NonNullable<Incident['alertsBeyond']>;

const counted = ({ firing, resolved }: Beyond, fires: boolean): Beyond =>
  fires ? { firing: firing + 1, resolved } : { firing, resolved: resolved + 1 };
