import { severities } from '../incident/severity-scale.ts';
import { type Address, parseAddress } from '../oncall/address.ts';
import type { Finding } from './finding.ts';
import { isMap } from './merge.ts';

/** `incident.yml` over the defaults as it is written, well-formed or not. What has the wrong shape is passed over. */
export type Written = Record<string, unknown>;

export function mapOf(value: unknown): Written {
  return isMap(value) ? value : {};
}

/** Every ladder of the file, with its place. */
export function ladders(written: Written): { steps: Written[]; path: Finding['path'] }[] {
  const escalation = mapOf(written.escalation);
  const ofPolicies = Object.entries(mapOf(escalation.policies)).map(([name, policy]) => ({
    written: mapOf(mapOf(policy).steps),
    path: ['escalation', 'policies', name, 'steps'],
  }));
  const all = [{ written: mapOf(escalation.steps), path: ['escalation', 'steps'] }, ...ofPolicies];
  return all.flatMap(({ written: bySeverity, path }) =>
    severities.flatMap((severity) => {
      const ladder: unknown = bySeverity[severity];
      return Array.isArray(ladder) ? [{ steps: ladder.map(mapOf), path: [...path, String(severity)] }] : [];
    }),
  );
}

/** Everything that stands where a target may, with its place. */
export function targetsIn(written: Written): { target: unknown; path: Finding['path'] }[] {
  const ofTellings = ladders(written).flatMap(({ steps, path }) =>
    steps.flatMap((step, index) => [
      ...each(step.target, [...path, index, 'target']),
      ...['inHours', 'outOfHours'].flatMap((branch) =>
        each(mapOf(step[branch]).target, [...path, index, branch, 'target']),
      ),
    ]),
  );
  const ofTargets = (targets: unknown, path: Finding['path']) =>
    Object.entries(mapOf(targets)).flatMap(([name, list]) => each(list, [...path, name]));
  const ofTeams = Object.entries(mapOf(written.teams)).flatMap(([team, one]) =>
    ofTargets(mapOf(one).targets, ['teams', team, 'targets']),
  );
  return [...ofTellings, ...ofTargets(written.targets, ['targets']), ...ofTeams];
}

const each = (value: unknown, path: Finding['path']) =>
  Array.isArray(value)
    ? value.map((target: unknown, index) => ({ target, path: [...path, index] }))
    : [{ target: value, path }];

/** Whoever takes turns: a list of people, or of rotations with `members`. */
function membersIn(written: Written): { target: unknown; path: Finding['path'] }[] {
  return Object.entries(mapOf(written.teams)).flatMap(([team, one]) =>
    ['primary', 'secondary'].flatMap((place) =>
      each(mapOf(mapOf(one).onCall)[place], ['teams', team, 'onCall', place]).flatMap(({ target, path }) =>
        isMap(target) ? each(target.members, [...path, 'members']) : [{ target, path }],
      ),
    ),
  );
}

const personKinds: readonly Address['kind'][] = ['user', 'group', 'email', 'pagerduty'];

/** Everybody whom the file names, at every place where it does. */
export function peopleIn(written: Written): { address: Address; path: Finding['path'] }[] {
  const inPagerDuty = Object.keys(mapOf(mapOf(written.pagerduty).users)).map((target) => ({
    target,
    path: ['pagerduty', 'users', target],
  }));
  return [...membersIn(written), ...targetsIn(written), ...inPagerDuty].flatMap(({ target, path }) => {
    const address = typeof target === 'string' ? parseAddress(target) : null;
    return address && personKinds.includes(address.kind) ? [{ address, path }] : [];
  });
}
