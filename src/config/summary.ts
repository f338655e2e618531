import { label, severities } from '../incident/severity-scale.ts';
import type { Address } from '../oncall/address.ts';
import { onCallAt } from '../oncall/schedule.ts';
import type { Team } from '../oncall/targets.ts';
import type { Config, Service } from './config.ts';
import { formatDuration } from './duration.ts';

/** What a configuration means, for people to check: severities, teams with who is on call at `now`, services. */
export function summarize(config: Config, now: number): string {
  return [
    'Severities',
    ...severities.map((severity) => `  ${label(severity)} ${severityLine(config, severity)}`),
    ...part('Teams', config.teams, (name, team) => teamLine(team, name === config.catchAllTeam, now)),
    ...part('Services', config.services, (_, service) => serviceLine(service)),
  ].join('\n');
}

function part<T>(
  title: string,
  entries: Record<string, T>,
  line: (name: string, value: T) => string,
): string[] {
  const names = Object.entries(entries);
  if (names.length === 0) return [`${title}: none`];
  return [title, ...names.map(([name, value]) => `  ${name}: ${line(name, value)}`)];
}

function severityLine(
  { severities: policies, escalation }: Config,
  severity: (typeof severities)[number],
): string {
  const { name, respondWithinMs, updateEveryMs } = policies[severity];
  const respond =
    respondWithinMs === null ? 'no response target' : `respond within ${formatDuration(respondWithinMs)}`;
  const update = updateEveryMs === null ? 'no updates' : `update every ${formatDuration(updateEveryMs)}`;
  const steps = escalation.steps[severity].map(
    ({ afterMs, action, target }) => `${formatDuration(afterMs)} ${action} ${target}`,
  );
  return `${name}: ${respond}, ${update}; ${steps.join(', ') || 'no escalation'}`;
}

function teamLine(team: Team, catchAll: boolean, now: number): string {
  const suffix = catchAll ? ' (catch-all)' : '';
  if (!team.onCall) return `no on-call list${suffix}`;
  const { primary, secondary, until, next } = onCallAt(team.onCall, now);
  const handover = new Date(until).toISOString().slice(0, 16).replace('T', ' ');
  const onDuty = `primary ${who(primary)}, secondary ${who(secondary)}`;
  return `${onDuty} until ${handover} UTC, then ${who(next.primary)}${suffix}`;
}

function who(address: Address | null): string {
  return address?.value ?? 'nobody';
}

function serviceLine({ team, critical, pagerduty, runbook }: Service): string {
  return [
    team === undefined ? 'no team' : `team ${team}`,
    ...(critical ? ['critical'] : []),
    ...(pagerduty.length > 0 ? [`PagerDuty ${pagerduty.join(', ')}`] : []),
    ...(runbook === undefined ? [] : [runbook]),
  ].join(', ');
}
