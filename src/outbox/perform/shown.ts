import { tocsin, userOf } from '../../incident/by.ts';
import type { Incident } from '../../incident/incident.ts';
import { postmortemOf } from '../../incident/postmortem-state.ts';

/** Whose names a screen of this incident may show. */
export function peopleShown(incident: Incident): string[] {
  const bys = [
    incident.declaredBy,
    incident.acknowledged?.by,
    incident.updates.last?.by,
    incident.resolution?.by,
  ];
  const acting = bys.flatMap((by) => (by ? [userOf(by)] : []));
  const holders = Object.values(incident.roles).map((held) => held.user);
  const told = incident.escalation.reached.map((reached) => reached.user);
  const owners = (incident.followups ?? []).map(({ owner }) => owner);
  const asked = Object.values(incident.offers ?? {}).map(({ to }) => to);
  const { owner: writer, reviewedBy, sections } = postmortemOf(incident);
  const writing = [
    writer,
    userOf(reviewedBy ?? tocsin),
    ...Object.values(sections).map(({ by }) => userOf(by)),
  ];
  return [
    ...new Set(
      [...writing, ...asked, ...owners, ...acting, ...holders, ...told].filter((user) => user !== null),
    ),
  ];
}
