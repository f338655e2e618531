import { nearest } from '../incident/nearest.ts';
import { isPagerDutyName, parseAddress } from '../oncall/address.ts';
import { managerTargets, rotationTargets } from '../oncall/targets.ts';
import { defaultDocument } from './defaults.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { suggest } from './fields.ts';
import type { Finding } from './finding.ts';
import { isMap } from './merge.ts';
import { ladders, mapOf, targetsIn, type Written } from './written.ts';

/** Where tickets go; nobody in person is a target of theirs. */
const ticketTarget = 'announce-channel';

/**
 * What single sections cannot know: do names lead somewhere, is nothing claimed twice? Looks at the file over the
 * defaults as it is written, well-formed or not, so that a mistake in one place hides none in another. What has the
 * wrong shape is passed over: the schema reports it.
 */
export function checkReferences(written: Written): Finding[] {
  const teams = Object.keys(mapOf(written.teams));
  return [
    ...checkTeam(written.catchAllTeam, teams, ['catchAllTeam']),
    ...checkServices(written, teams),
    ...checkCritical(written),
    ...checkPagerdutyIds(written),
    ...checkSteps(written),
    ...checkPolicyNames(written),
    ...checkWebhooks(written),
  ];
}

/** The texts of a list with their positions; what is no text is passed over. */
function textsOf(value: unknown): [index: number, text: string][] {
  const items: unknown[] = Array.isArray(value) ? value : [];
  return items.flatMap((item, index): [number, string][] =>
    typeof item === 'string' ? [[index, item]] : [],
  );
}

function unknown(kind: string, name: string, known: string[], path: Finding['path']): Finding {
  const otherwise = known.length === 0 ? `add it under ${kind}s` : `known ${kind}s are ${known.join(', ')}`;
  return { path, wrong: `"${name}" is an unknown ${kind}`, cure: suggest(name, known, otherwise) };
}

function checkTeam(team: unknown, teams: string[], path: Finding['path']): Finding[] {
  return typeof team !== 'string' || teams.includes(team) ? [] : [unknown('team', team, teams, path)];
}

function checkServices(written: Written, teams: string[]): Finding[] {
  const services = mapOf(written.services);
  const critical = textsOf(mapOf(written.classification).criticalServices).map(([, name]) => name);
  const known = [...new Set([...Object.keys(services), ...critical])];
  return Object.entries(services).flatMap(([name, service]) => [
    ...checkTeam(mapOf(service).team, teams, ['services', name, 'team']),
    ...textsOf(mapOf(service).dependents)
      .filter(([, dependent]) => !known.includes(dependent))
      .map(([index, dependent]) =>
        unknown('service', dependent, known, ['services', name, 'dependents', index]),
      ),
  ]);
}

/** A critical service need not be listed, but one that looks like a listed one is a typo that would cost a SEV1. */
function checkCritical(written: Written): Finding[] {
  const services = Object.keys(mapOf(written.services));
  const accepted: readonly string[] = [...defaultDocument.classification.criticalServices, ...services];
  return textsOf(mapOf(written.classification).criticalServices)
    .filter(([, name]) => !accepted.includes(name) && nearest(name, services) !== null)
    .map(([index, name]) =>
      unknown('service', name, services, ['classification', 'criticalServices', index]),
    );
}

function checkPagerdutyIds(written: Written): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [name, service] of Object.entries(mapOf(written.services))) {
    for (const [index, id] of textsOf(mapOf(service).pagerduty)) {
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, name);
      else {
        const wrong = owner === name ? `${id} is listed twice` : `${id} already belongs to ${owner}`;
        findings.push({ path: ['services', name, 'pagerduty', index], wrong, cure: 'keep it in one place' });
      }
    }
  }
  return findings;
}

function checkPolicyNames(written: Written): Finding[] {
  const policies = Object.keys(mapOf(mapOf(written.escalation).policies));
  return ['services', 'teams'].flatMap((section) =>
    Object.entries(mapOf(written[section])).flatMap(([name, one]) =>
      checkPolicyName(mapOf(one).escalation, policies, [section, name, 'escalation']),
    ),
  );
}

function checkPolicyName(name: unknown, policies: string[], path: Finding['path']): Finding[] {
  if (typeof name !== 'string' || policies.includes(name)) return [];
  const otherwise =
    policies.length === 0 ? 'add it under escalation.policies' : `known policies are ${policies.join(', ')}`;
  return [
    { path, wrong: `"${name}" is an unknown escalation policy`, cure: suggest(name, policies, otherwise) },
  ];
}

function checkSteps(written: Written): Finding[] {
  const ofTeams = Object.values(mapOf(written.teams)).flatMap((team) =>
    Object.keys(mapOf(mapOf(team).targets)),
  );
  const known = [...rotationTargets, ...managerTargets, ...Object.keys(mapOf(written.targets)), ...ofTeams];
  return ladders(written).flatMap(({ steps, path }) =>
    steps.flatMap((step, index) => [
      ...checkTelling(step, step, known, [...path, index]),
      ...['inHours', 'outOfHours'].flatMap((branch) =>
        isMap(step[branch])
          ? checkTelling({ ...step, ...step[branch] }, step[branch], known, [...path, index, branch])
          : [],
      ),
      ...checkStepOrder(step, steps[index - 1], [...path, index, 'after']),
    ]),
  );
}

/** `own`: what is written there itself; the rest of `telling` is inherited. */
function checkTelling(telling: Written, own: Written, known: string[], path: Finding['path']): Finding[] {
  const at = [...path, own.target === undefined && own.action !== undefined ? 'action' : 'target'];
  const { action, target } = telling;
  if (!Array.isArray(target)) return checkStepTarget({ action, target }, known, at);
  return textsOf(target).flatMap(([index, one]) =>
    checkStepTarget({ action, target: one }, known, own.target === undefined ? at : [...at, index]),
  );
}

function checkStepTarget({ action, target }: Written, known: string[], path: Finding['path']): Finding[] {
  if (typeof target !== 'string') return [];
  const toChannel = target === ticketTarget;
  if (action === 'ticket' && !toChannel) {
    const cure = `use target: ${ticketTarget}, or action: notify`;
    return [{ path, wrong: `a ticket cannot go to "${target}"`, cure }];
  }
  if (action !== 'ticket' && toChannel) {
    return [
      { path, wrong: `${ticketTarget} is for tickets only`, cure: 'use action: ticket, or name a person' },
    ];
  }
  if (action === 'notify' && isPagerDutyName(target)) {
    return [{ path, wrong: `${target} rings phones, which is no notice`, cure: 'use action: page' }];
  }
  const isKnown = toChannel || known.includes(target) || parseAddress(target) !== null;
  return isKnown ? [] : [unknown('target', target, known, path)];
}

function checkStepOrder(step: Written, before: Written | undefined, path: Finding['path']): Finding[] {
  const afterMs = parseDuration(String(step.after));
  const earlierMs = parseDuration(String(before?.after));
  if (afterMs === null || earlierMs === null || afterMs >= earlierMs) return [];
  const wrong = `${formatDuration(afterMs)} is written after ${formatDuration(earlierMs)}`;
  return [{ path, wrong, cure: 'put the steps in order of time' }];
}

/** Does every `webhook:noc` of a ladder or a target lead to one of `webhooks`? */
function checkWebhooks(written: Written): Finding[] {
  const known = Object.keys(mapOf(written.webhooks));
  return targetsIn(written).flatMap(({ target, path }) => {
    const address = typeof target === 'string' ? parseAddress(target) : null;
    const isLost = address?.kind === 'webhook' && !known.includes(address.value);
    return isLost ? [unknown('webhook', address.value, known, path)] : [];
  });
}
