import { label, type Severity, severities } from '../incident/severity-scale.ts';
import { resolveTarget, rotationTargets } from '../oncall/targets.ts';
import type { Config } from './config.ts';
import type { Finding } from './finding.ts';
import { policyOf } from './policy.ts';

/**
 * Ladders that PagerDuty alone answers. Its last answer is kept, but a fresh installation has none, and a wrong id never
 * gets one: each ladder needs a step that leads to somebody without it. One finding for each ladder.
 */
export function checkPagerDutyAlone(config: Config, now: number): Finding[] {
  const alone = new Map<string, { path: Finding['path']; severity: Severity; services: string[] }>();
  for (const service of [...Object.keys(config.services), null]) {
    const { name, steps } = policyOf(config, service).escalation;
    for (const severity of severities) {
      const names = steps[severity]
        .flatMap((step) => [step, step.inHours ?? step, step.outOfHours ?? step])
        .flatMap(({ action, target, also = [] }) => (action === 'ticket' ? [] : [target, ...also]));
      const behind = names.map((one) => answeredBy(one, service, config, now));
      const isLost = behind.includes('PagerDuty') && !behind.includes('somebody');
      if (!isLost) continue;
      const isOwn = name !== undefined && steps[severity] !== config.escalation.steps[severity];
      const path = ['escalation', ...(isOwn ? ['policies', name] : []), 'steps', String(severity)];
      const known = alone.get(path.join()) ?? { path, severity, services: [] };
      alone.set(path.join(), { ...known, services: [...known.services, service ?? 'any other service'] });
    }
  }
  return [...alone.values()].map(({ path, severity, services }) => ({
    path,
    wrong: `${label(severity)} reaches nobody for ${services.join(', ')} unless PagerDuty has answered`,
    cure: 'add a step whose target is written here, like engineering-manager under targets',
  }));
}

type Answer = 'somebody' | 'PagerDuty' | 'nobody';

function answeredBy(name: string, service: string | null, config: Config, at: number): Answer {
  const { addresses, team } = resolveTarget(name, { service, config, at });
  const isPlace = rotationTargets.some((place) => place === name);
  const onCall = isPlace && team !== null ? config.teams[team]?.onCall : undefined;
  if (onCall) return onCall.pagerduty ? 'PagerDuty' : 'somebody';
  const reaching = addresses.filter(({ kind }) => kind !== 'phone');
  if (reaching.length === 0) return 'nobody';
  return reaching.every(({ kind }) => ['pagerduty', 'service', 'policy'].includes(kind))
    ? 'PagerDuty'
    : 'somebody';
}
