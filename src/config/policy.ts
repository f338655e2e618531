import type { Policy } from '../incident/policy.ts';
import { policyNameOf } from '../oncall/targets.ts';
import type { Config } from './config.ts';

/**
 * The rules that a new incident of `service` takes with it: later edits of `incident.yml` do not reach a running
 * incident.
 */
export function policyOf(config: Config, service: string | null): Policy {
  return {
    severities: config.severities,
    escalation: escalationOf(config, service),
    nudges: config.cadence,
    workingHours: config.workingHours,
    phones: config.phones,
    channelTemplate: config.channel.template,
    timeZone: config.timeZone,
    ...(config.callUrl !== undefined && { callUrl: config.callUrl }),
  };
}

/** The policy that the service or its team names, over the one for everybody. */
function escalationOf({ escalation, ...config }: Config, service: string | null): Policy['escalation'] {
  const { policies, ...everybody } = escalation;
  const name = policyNameOf(service, config);
  const own = name !== null && Object.hasOwn(policies, name) ? policies[name] : undefined;
  return own ? { ...everybody, ...own, ...(name !== null && { name }) } : everybody;
}
