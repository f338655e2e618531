import { severities } from '../incident/severity-scale.ts';
import { type Address, parseAddress } from '../oncall/address.ts';
import { membersOf } from '../oncall/known-members.ts';
import type { Config } from './config.ts';
import type { Finding } from './finding.ts';

/** Everything in `incident.yml` that only PagerDuty's REST API can answer: without a token it would reach nobody. */
export function needsPagerDuty({ teams, targets, escalation }: Config): Finding[] {
  const ofTeams = Object.entries(teams).flatMap(([team, { onCall, targets: own }]) => [
    ...(onCall?.pagerduty ? [finding(['teams', team, 'onCall', 'pagerduty'])] : []),
    ...(membersOf(onCall ?? null).some(isPagerDutys) ? [finding(['teams', team, 'onCall', 'primary'])] : []),
    ...inTargets(own, ['teams', team, 'targets']),
  ]);
  const policies = Object.entries(escalation.policies).map(([name, { steps }]) => ({
    steps,
    path: ['escalation', 'policies', name, 'steps'],
  }));
  const ladders = [{ steps: escalation.steps, path: ['escalation', 'steps'] }, ...policies];
  const ofSteps = ladders.flatMap(({ steps, path }) =>
    severities.flatMap((severity) =>
      steps[severity].flatMap((step, index) => {
        const names = [step, step.inHours ?? step, step.outOfHours ?? step].flatMap(
          ({ target, also = [] }) => [target, ...also],
        );
        const asks = names.some((name) => isPagerDutys(parseAddress(name)));
        return asks ? [finding([...path, String(severity), index, 'target'])] : [];
      }),
    ),
  );
  return [...ofTeams, ...inTargets(targets, ['targets']), ...ofSteps];
}

const isPagerDutys = (address: Address | null): boolean =>
  address !== null && ['pagerduty', 'service', 'policy'].includes(address.kind);

const inTargets = (targets: Readonly<Record<string, readonly Address[]>>, path: string[]): Finding[] =>
  Object.entries(targets).flatMap(([name, list]) =>
    list.some(isPagerDutys) ? [finding([...path, name])] : [],
  );

const finding = (path: Finding['path']): Finding => ({
  path,
  wrong: 'is in PagerDuty, and PAGERDUTY_API_TOKEN is not set',
  cure: 'set PAGERDUTY_API_TOKEN and PAGERDUTY_FROM_EMAIL, or name people of Slack',
});
