import { severityNames } from '../incident/severity-scale.ts';
import type { Config } from './config.ts';
import { roleDefaults } from './role-defaults.ts';
import { assemble, type SectionName, type Sections, sections } from './schema.ts';

/**
 * What is in force where `incident.yml` says nothing, written as that file would say it. `incident.example.yml`
 * shows the same to people, and a test keeps the two equal. Numbers: product.md, sections 2, 7 and 8.
 */
export const defaultDocument = {
  severities: {
    1: {
      name: severityNames[1],
      meaning: 'full outage or data loss, all users',
      respondWithin: '5m',
      updateEvery: '15m',
      whoIsTold: 'everyone on call, executives, public status page',
    },
    2: {
      name: severityNames[2],
      meaning: 'large share of users, or a core feature',
      respondWithin: '15m',
      updateEvery: '30m',
      whoIsTold: 'on-call team, engineering leadership',
    },
    3: {
      name: severityNames[3],
      meaning: 'partial, workaround exists, few users',
      respondWithin: '60m',
      updateEvery: '60m',
      whoIsTold: 'on-call engineer',
    },
    4: {
      name: severityNames[4],
      meaning: 'cosmetic, negligible impact',
      respondWithin: 'none',
      updateEvery: 'none',
      whoIsTold: 'nobody is paged: a ticket',
    },
  },
  classification: {
    criticalServices: ['payments', 'auth', 'database-primary', 'api-gateway'],
    rules: [
      { severity: 1, when: { data_loss: true } },
      { severity: 1, when: { security_event: true, critical_service: true } },
      { severity: 1, when: { affected_users: '>= 80', critical_service: true } },
      { severity: 1, when: { error_rate: '>= 50', revenue_impacting: true } },
      { severity: 2, when: { error_rate: '>= 25', critical_service: true } },
      { severity: 2, when: { affected_users: '>= 30' } },
      { severity: 2, when: { error_rate: '>= 10', revenue_impacting: true } },
      { severity: 2, when: { dependent_services: '>= 3', error_rate: '>= 15' } },
      { severity: 2, when: { latency_p99_ms: '>= 5000', critical_service: true } },
      { severity: 3, when: { error_rate: '>= 5' } },
      { severity: 3, when: { affected_users: '>= 5' } },
      { severity: 3, when: { latency_p99_ms: '>= 2000' } },
      { severity: 3, when: { security_event: true } },
    ],
  },
  priorityMatrix: {
    matrix: {
      high: { high: 'P1', medium: 'P2', low: 'P3' },
      medium: { high: 'P2', medium: 'P3', low: 'P4' },
      low: { high: 'P3', medium: 'P4', low: 'P4' },
    },
    severities: { P1: 1, P2: 2, P3: 3, P4: 4 },
  },
  pagerduty: {
    priorities: { P1: 1, P2: 2, P3: 3, P4: 4, P5: 4 },
    urgencies: { critical: 1, high: 2, default: 3 },
    users: {},
    notes: false,
  },
  escalation: {
    steps: {
      1: [
        { after: '0s', action: 'page', target: 'oncall-primary' },
        { after: '5m', action: 'page', target: 'oncall-secondary' },
        { after: '10m', action: 'page', target: 'engineering-manager' },
        { after: '20m', action: 'page', target: 'vp-engineering' },
        { after: '30m', action: 'page', target: 'cto' },
      ],
      2: [
        { after: '0s', action: 'page', target: 'oncall-primary' },
        { after: '15m', action: 'page', target: 'oncall-secondary' },
        { after: '30m', action: 'page', target: 'engineering-manager' },
        { after: '60m', action: 'notify', target: 'director' },
      ],
      3: [
        { after: '0s', action: 'notify', target: 'oncall-primary' },
        { after: '60m', action: 'notify', target: 'team-lead' },
        { after: '240m', action: 'notify', target: 'engineering-manager' },
      ],
      4: [{ after: '0s', action: 'ticket', target: 'announce-channel' }],
    },
    repeat: 2,
    repeatAfter: '10m',
    silentAfter: { 1: '15m', 2: '30m', 3: 'none', 4: 'none' },
    stillOnIt: '5m',
    clearedAfter: '30m',
    rearmWithin: '15m',
    pagerdutyGrace: '5m',
    policies: {},
  },
  cadence: {
    noCommander: '5m',
    noComms: '10m',
    spacing: '5m',
    ignoredMax: 3,
    noChangeMax: 2,
    updateHeadsUp: '5m',
    updateMention: { 1: '5m', 2: '15m', 3: '15m', 4: '15m' },
    updatePage: '10m',
    severityUnsure: '10m',
    undecidedTriage: '20m',
    stillInvestigating: '30m',
    commanderSilent: { 1: '20m', 2: '40m', 3: 'none', 4: 'none' },
    takeCommandAfter: '5m',
    channelSilent: '60m',
    monitoringSilent: '12h',
    monitoringLong: '30m',
    commanderFatigue: '4h',
    resolveWithin: { 1: 'none', 2: 'none', 3: 'none', 4: 'none' },
    resolveHeadsUp: '30m',
  },
  targets: {},
  webhooks: {},
  phones: [],
  teams: {},
  services: {},
  roles: roleDefaults,
  categories: [
    { name: 'availability' },
    { name: 'performance' },
    { name: 'data' },
    { name: 'security', private: true },
    { name: 'third-party' },
    { name: 'deployment' },
    { name: 'other' },
  ],
  workingHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
  timeZone: 'UTC',
  channel: { template: 'inc-{date}-{id}-{title}' },
  announceChannel: 'incidents',
  sources: ['monitoring', 'customer report', 'colleague', 'partner', 'other'],
  postmortem: { canvas: false },
  declaring: { max: 10, window: '10m' },
  command: '/incident',
  tick: '*/5 * * * * *',
  machines: { channelsMax: 5, window: '10m', reopenWithin: '30m' },
} as const satisfies Partial<Record<SectionName, unknown>>;

/** The configuration of an installation that has no `incident.yml`. A fresh copy each time. */
export function defaultConfig(): Config {
  const written: Partial<Record<SectionName, unknown>> = defaultDocument;
  const names = Object.keys(sections) as SectionName[];
  return assemble(
    Object.fromEntries(names.map((name) => [name, sections[name].parse(written[name])])) as Sections,
  );
}
