import { withNews } from './alert-links.ts';
import type { AlertLink, Incident } from './incident.ts';
import type { PagingOutFact } from './paging-out.ts';

/** What PagerDuty does because we told it comes back as a webhook, and is no news (platform.md 7.6, echo). */

/** Of what we caused, so many webhooks may still be on their way. */
const heardMax = 5;
/** PagerDuty's answers have whole seconds, its webhooks milliseconds. */
const sameMomentMs = 2_000;

/** Its webhook says what we told it: compared by what it leads to, whoever PagerDuty says did it. */
export function isEcho(link: AlertLink | undefined, to: AlertLink['state'], at: number): boolean {
  if (!link) return false;
  return link.told?.to === to || isHeard(link, to, at);
}

const isSame = (one: { to: string; at: number }, to: string, at: number): boolean =>
  one.to === to && isSameMoment(one.at, at);

/** Both epoch ms, by PagerDuty's clock. */
export const isSameMoment = (one: number, other: number): boolean => Math.abs(one - other) <= sameMomentMs;

const isHeard = ({ heard = [] }: AlertLink, to: AlertLink['state'], at: number): boolean =>
  heard.some((one) => isSame(one, to, at));

/** The incident with a change to the alert `id`, where it is linked. */
export const changedLink = (
  incident: Incident,
  id: string,
  change: (link: AlertLink) => AlertLink,
): Incident => {
  const link = Object.hasOwn(incident.alerts, id) ? incident.alerts[id] : undefined;
  return link ? { ...incident, alerts: { ...incident.alerts, [id]: change(link) } } : incident;
};

/** The same for a known one that was opened again: as we wanted. */
export function echoOf(incident: Incident, id: string, at: number, to: AlertLink['state']): PagingOutFact[] {
  const link = incident.alerts[id];
  const isKnown = link?.state === to && link.at >= at && !isHeard(link, to, at);
  return isKnown ? [] : [{ type: 'alert-followed', id, to, at, echo: true }];
}

type Followed = Extract<PagingOutFact, { type: 'alert-followed' }>;

/** It is as we told it to be: its answer says so, or its webhook. */
export function evolveFollowed(incident: Incident, { id, to, at, echo }: Followed): Incident {
  const known = incident.alerts[id];
  // The webhook was faster than the answer: nothing more is to come.
  const isSaid = known !== undefined && isSame({ to: known.state, at: known.at }, to, at);
  const next = withNews(incident, id, { state: to, at });
  if (echo) return changedLink(next, id, (link) => said(link, to, at));
  if (isSaid) return next;
  return changedLink(next, id, (link) => ({
    ...link,
    heard: [...(link.heard ?? []), { to, at }].slice(-heardMax),
  }));
}

/** Whom it escalates to must acknowledge: whoever had it there has it no more. */
export const ringing = ({ told, ...link }: AlertLink): AlertLink => ({
  ...link,
  state: 'triggered',
  ...(told?.to === 'triggered' && { told }),
});

/** Its webhook has come: the next one that says so is somebody else's doing. */
function said(link: AlertLink, to: AlertLink['state'], at: number): AlertLink {
  const { told, heard = [] } = link;
  const place = heard.findIndex((one) => isSame(one, to, at));
  return {
    ...link,
    heard: heard.filter((_, index) => index !== place),
    ...(told && { told: { to: told.to, by: told.by } }),
  };
}
