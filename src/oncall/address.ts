/**
 * Where somebody can be reached. `user` is a Slack user id, `group` a Slack user group id, `email` is looked up
 * in Slack when it is needed, `pagerduty` is the id of a user there, whose e-mail is looked up, `phone` is only ever
 * shown as text. Machines: `webhook`, as `webhook:noc`, of which `value` is the name; `service` and `policy` are
 * PagerDuty's, as `pagerduty:PF9KMXH` and `pagerduty-policy:PUS0KTE`, of which `value` is the id.
 */
export type Address = {
  kind: 'user' | 'group' | 'email' | 'pagerduty' | 'phone' | MachineKind;
  value: string;
  /** How PagerDuty calls them; two addresses are the same without it. */
  name?: string;
};

type MachineKind = 'webhook' | 'service' | 'policy';

const patterns: ReadonlyArray<readonly [Address['kind'], RegExp]> = [
  ['user', /^[UW][A-Z0-9]{2,20}$/],
  ['group', /^S[A-Z0-9]{2,20}$/],
  ['pagerduty', /^P[A-Z0-9]{2,20}$/],
  ['email', /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/],
  ['phone', /^\+[0-9][0-9 ()/.-]{5,24}$/],
];

const machinePatterns: ReadonlyArray<readonly [MachineKind, RegExp]> = [
  ['webhook', /^webhook:([a-z0-9][\w-]{0,39})$/i],
  ['service', /^pagerduty:(P[A-Z0-9]{2,20})$/],
  ['policy', /^pagerduty-policy:(P[A-Z0-9]{2,20})$/],
];

/** Tells the kinds apart by their look; null when it is none of them. */
export function parseAddress(text: string): Address | null {
  const value = text.trim();
  for (const [kind, pattern] of machinePatterns) {
    const machine = pattern.exec(value)?.[1];
    if (machine !== undefined) return { kind, value: machine };
  }
  const kind = patterns.find(([, pattern]) => pattern.test(value))?.[0];
  return kind ? { kind, value } : null;
}

/** The same person or group. */
export function sameAddress(a: Address, b: Address): boolean {
  return a.kind === b.kind && a.value.toLowerCase() === b.value.toLowerCase();
}

/** Nobody in person: it is told, and cannot be on call. */
export const isMachine = ({ kind }: Address): boolean =>
  machinePatterns.some(([machine]) => machine === kind);

/** How a machine is written in `incident.yml`: a webhook by its bare name. */
export const machineName = ({ kind, value }: Address): string =>
  kind === 'service' ? `pagerduty:${value}` : kind === 'policy' ? `pagerduty-policy:${value}` : value;

/** A service or policy of PagerDuty's, by the name of a machine. */
export function isPagerDutyName(name: string): boolean {
  const kind = parseAddress(name)?.kind;
  return kind === 'service' || kind === 'policy';
}

/** `webhook noc`, `PagerDuty service PF9KMXH` */
export function machineWords(name: string): string {
  const address = parseAddress(name);
  if (address && isPagerDutyName(name)) return `PagerDuty ${address.kind} ${address.value}`;
  if (address?.kind === 'webhook') return `webhook ${address.value}`;
  return `webhook ${name}`;
}
