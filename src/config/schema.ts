import type { z } from 'zod';
import type { Config } from './config.ts';
import { text, timeZone } from './fields.ts';
import { cadenceSection, machinesSection, tickSection, workingHoursSection } from './schema/clock.ts';
import { completePolicies, escalationSection } from './schema/escalation.ts';
import { scheduleOf } from './schema/oncall.ts';
import {
  phonesSection,
  rolesSection,
  targetsSection,
  teamsSection,
  webhooksSection,
} from './schema/people.ts';
import {
  classificationSection,
  pagerdutySection,
  priorityMatrixSection,
  severitiesSection,
} from './schema/severity.ts';
import {
  announceChannelSection,
  callUrlSection,
  categoriesSection,
  channelSection,
  commandSection,
  declaringSection,
  postmortemSection,
  servicesSection,
  sourcesSection,
} from './schema/workspace.ts';

/** One schema per top-level key of `incident.yml`, so that a mistake in one does not hide those in another. */
export const sections = {
  severities: severitiesSection,
  classification: classificationSection,
  priorityMatrix: priorityMatrixSection,
  pagerduty: pagerdutySection,
  escalation: escalationSection,
  cadence: cadenceSection,
  targets: targetsSection,
  webhooks: webhooksSection,
  phones: phonesSection,
  teams: teamsSection,
  catchAllTeam: text(60).optional(),
  services: servicesSection,
  roles: rolesSection,
  categories: categoriesSection,
  workingHours: workingHoursSection,
  timeZone,
  channel: channelSection,
  announceChannel: announceChannelSection,
  callUrl: callUrlSection.optional(),
  sources: sourcesSection,
  postmortem: postmortemSection,
  declaring: declaringSection,
  command: commandSection,
  tick: tickSection,
  machines: machinesSection,
} satisfies Record<Exclude<keyof Config, 'people'>, z.ZodType>;

export type SectionName = keyof typeof sections;

/** Each section as its schema leaves it, before what depends on other sections is filled in. */
export type Sections = { [Name in SectionName]: z.output<(typeof sections)[Name]> };

/** Fills in what one section takes from another: time zones, and which services are critical. */
export function assemble(read: Sections): Config {
  const { timeZone: zone, classification } = read;
  return {
    ...read,
    people: [],
    escalation: { ...read.escalation, policies: completePolicies(read.escalation, zone) },
    teams: mapValues(read.teams, ({ onCall, targets, escalation }) => ({
      targets: targets ?? {},
      ...(escalation !== undefined && { escalation }),
      onCall: onCall && scheduleOf(onCall, zone),
    })),
    services: mapValues(read.services, (service, name) => ({
      ...service,
      critical: service.critical ?? classification.criticalServices.includes(name),
      pagerduty: service.pagerduty ?? [],
      dependents: service.dependents ?? [],
    })),
    workingHours: { ...read.workingHours, timeZone: read.workingHours.timeZone ?? zone },
  };
}

function mapValues<In, Out>(
  map: Record<string, In>,
  change: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}
