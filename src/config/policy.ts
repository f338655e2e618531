import type { Policy } from '../incident/policy.ts';
import type { Config } from './config.ts';

/** The rules that a new incident takes with it: later edits of `incident.yml` do not reach a running incident. */
export function policyOf(config: Config): Policy {
  return {
    severities: config.severities,
    escalation: config.escalation,
    nudges: config.cadence,
    workingHours: config.workingHours,
    phones: config.phones,
    channelTemplate: config.channel.template,
    timeZone: config.timeZone,
    ...(config.callUrl !== undefined && { callUrl: config.callUrl }),
  };
}
