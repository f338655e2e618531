import { label, severities } from '../incident/severity-scale.ts';
import { type Address, isMachine, machineName, machineWords } from '../oncall/address.ts';
import { sourceName } from '../oncall/duties.ts';
import { onCallAt, type Place, type Shift } from '../oncall/schedule.ts';
import { resolveTarget, rotationTargets, type Team, targetWords } from '../oncall/targets.ts';
import { isWorkingTime } from '../oncall/working-hours.ts';
import type { Config, Service } from './config.ts';
import { formatDuration } from './duration.ts';
import { policyOf } from './policy.ts';

/** What a configuration means, for people to check: severities, teams with who is on call at `now`, services. */
export function summarize(config: Config, now: number): string {
  return [
    'Severities',
    ...severities.map((severity) => `  ${label(severity)} ${severityLine(config, severity)}`),
    ...part('Teams', config.teams, (name, team) => teamLine(team, name === config.catchAllTeam, now)),
    ...part('Services', config.services, (_, service) => serviceLine(service)),
    'Who is told now',
    ...[...Object.keys(config.services), null].flatMap((service) => toldLines(config, service, now)),
  ].join('\n');
}

/** For each severity, the steps with the people behind them at `now`. */
function toldLines(config: Config, service: string | null, now: number): string[] {
  const { escalation, workingHours } = policyOf(config, service);
  const { timeZone, ...hours } = escalation.hours ?? workingHours;
  const isIn = isWorkingTime(now, hours, timeZone);
  const policy = escalation.name === undefined ? '' : ` (policy ${escalation.name})`;
  const lines = severities.map((severity) => {
    const steps = escalation.steps[severity].map((step) => {
      const { action, target, also = [] } = (isIn ? step.inHours : step.outOfHours) ?? step;
      const people = [target, ...also].flatMap((name) => peopleBehind(config, service, name, now));
      const whom = action === 'ticket' ? target : [...new Set(people)].join(' and ') || 'nobody';
      return `${formatDuration(step.afterMs)} ${action} ${whom}`;
    });
    return `    ${label(severity)} ${steps.join(', ') || 'nobody'}`;
  });
  return [`  ${service ?? 'any other service'}${policy}:`, ...lines];
}

function peopleBehind(config: Config, service: string | null, name: string, at: number): string[] {
  const { addresses, team } = resolveTarget(name, { service, config, at });
  const source = team === null ? undefined : config.teams[team]?.onCall?.pagerduty;
  const isPlace = rotationTargets.some((place) => place === name);
  if (isPlace && source) return [`${targetWords(name).replace('on-call ', '')} of ${sourceName(source)}`];
  return addresses.map((address) =>
    isMachine(address) ? machineWords(machineName(address)) : address.value,
  );
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
  if (team.onCall.pagerduty) return `answered by ${sourceName(team.onCall.pagerduty)}${suffix}`;
  const { next, until, ...shift } = onCallAt(team.onCall, now);
  const [onDuty, after] = [shiftWords(shift), shiftWords(next)];
  if (after === onDuty) return `${onDuty}, in every shift${suffix}`;
  const handover = new Date(until).toISOString().slice(0, 16).replace('T', ' ');
  return `${onDuty} until ${handover} UTC, next ${after}${suffix}`;
}

const shiftWords = ({ primary, secondary }: Pick<Shift, Place>): string =>
  `primary ${who(primary)}, secondary ${who(secondary)}`;

function who(address: Address | null): string {
  return address?.value ?? 'nobody';
}

function serviceLine({ team, critical, pagerduty, routingKey, runbook }: Service): string {
  return [
    team === undefined ? 'no team' : `team ${team}`,
    ...(critical ? ['critical'] : []),
    ...(pagerduty.length > 0 ? [`PagerDuty ${pagerduty.join(', ')}`] : []),
    ...(runbook === undefined ? [] : [runbook]),
    `declared in Slack: ${opensBy(pagerduty[0], routingKey)}`,
  ].join(', ');
}

/** What PagerDuty does for an incident of the service that began in Slack. The environment has a say in it. */
function opensBy(serviceId: string | undefined, routingKey: string | undefined): string {
  if (routingKey !== undefined) return 'PagerDuty by its routing key';
  const forAll = 'with PAGERDUTY_ROUTING_KEY';
  return serviceId === undefined
    ? `PagerDuty only ${forAll}, else Slack alone`
    : `PagerDuty ${serviceId} with PAGERDUTY_API_TOKEN, or PagerDuty ${forAll}, else Slack alone`;
}
