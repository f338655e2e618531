import { userOf } from '../../incident/by.ts';
import type { Incident } from '../../incident/incident.ts';

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
  return [...new Set([...acting, ...holders, ...told].filter((user) => user !== null))];
}
