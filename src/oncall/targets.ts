import { type Address, isMachine, machineWords, parseAddress } from './address.ts';
import { type SourceState, sourceName } from './duties.ts';
import { type Cover, type Schedule, shiftAt } from './schedule.ts';

/** Targets that a team's on-call list answers. */
export const rotationTargets = ['oncall-primary', 'oncall-secondary'] as const;
/** Targets every policy may name; they are looked up in the team first, then for everybody. */
export const managerTargets = [
  'engineering-manager',
  'team-lead',
  'director',
  'vp-engineering',
  'cto',
] as const;

export type Team = {
  onCall?: Schedule;
  /** Who stands in for whom; absent: nobody. */
  covers?: readonly Cover[];
  /** Where PagerDuty answers for it: how old the answer is. Absent: it was never asked. */
  source?: SourceState;
  /** This team's own targets; they come before the global ones. */
  targets: Readonly<Record<string, readonly Address[]>>;
  /** Name of the escalation policy for the team's services; absent: that for everybody. */
  escalation?: string;
};

/** The part of the configuration that says who answers for what. */
export type Directory = {
  teams: Readonly<Record<string, Team>>;
  services: Readonly<Record<string, { team?: string; escalation?: string }>>;
  targets: Readonly<Record<string, readonly Address[]>>;
  /** Answers for services that no team owns. */
  catchAllTeam?: string;
};

export type Resolution = {
  /** Empty: nobody, and `nobody` says why. */
  addresses: readonly Address[];
  /** Where they come from, as people read it: `payments on-call list`. */
  from: string;
  /** The team that was asked, null when there is none. */
  team: string | null;
  /** The catch-all team answers for a service that is not its own. */
  viaCatchAll: boolean;
  /** Why nobody was found, as people read it. */
  nobody?: string;
  /** The answer is PagerDuty's, and so old. */
  source?: SourceState;
};

export type Question = {
  /** The incident's service, null when none was named. */
  service: string | null;
  config: Directory;
  /** Epoch ms. */
  at: number;
};

/**
 * Who `name` is for this service at this moment: the service's team, its on-call list or its targets, then the
 * global targets, then whoever has that address (a Slack id, an e-mail address, `webhook:noc`). The catch-all team
 * answers for a service that no team owns, and for a team that has no on-call list: somebody who can find the right
 * person is better than nobody. Unknown names resolve to nobody.
 */
export function resolveTarget(name: string, { service, config, at }: Question): Resolution {
  const owner = ownerOf(service, config);
  const place = rotationTargets.find((target) => target === name);
  return place === undefined ? fromTargets(name, owner, config) : fromRotation(place, owner, config, at);
}

/** The escalation policy of a service: its own, else that of the team that answers for it, else null: that for everybody. */
export function policyNameOf(service: string | null, config: Directory): string | null {
  const own = service === null ? undefined : entry(config.services, service)?.escalation;
  const { team } = ownerOf(service, config);
  return own ?? (team === null ? undefined : entry(config.teams, team)?.escalation) ?? null;
}

/** The one person whose phone a target rings now, by name; '' for nobody; null for several, an address, or one `names` does not know. */
export function whoAnswers(
  name: string,
  question: Question,
  names: (user: string) => string | null,
): string | null {
  const [only, ...others] = resolveTarget(name, question).addresses;
  if (!only) return '';
  return only.kind === 'user' && others.length === 0 ? names(only.value) : null;
}

/** How a target is called in a sentence: `on-call primary`, `VP engineering`, `CTO`. */
export function targetWords(name: string): string {
  const address = parseAddress(name);
  if (address) return isMachine(address) ? machineWords(name) : address.value;
  const words = name.replaceAll('-', ' ').replace(/^oncall /, 'on-call ');
  return words.replace(/\b(?:vp|cto)\b/g, (title) => title.toUpperCase());
}

/** `because` is why the catch-all answers, null when the team answers for itself. */
type Owner = { team: string | null; because: string | null };

function ownerOf(service: string | null, config: Directory): Owner {
  const team = service === null ? undefined : entry(config.services, service)?.team;
  if (team !== undefined) return { team, because: null };
  const because = service === null ? 'no service is named' : `no team owns ${service}`;
  return { team: config.catchAllTeam ?? null, because };
}

function fromRotation(
  place: (typeof rotationTargets)[number],
  asked: Owner,
  config: Directory,
  at: number,
): Resolution {
  const owner = withList(asked, config);
  const { team, because } = owner;
  const viaCatchAll = because !== null && team !== null;
  if (team === null) {
    return {
      addresses: [],
      from: 'nobody',
      team,
      viaCatchAll,
      nobody: `${because} and there is no catch-all team`,
    };
  }
  const { onCall: rotation, covers, source } = entry(config.teams, team) ?? {};
  const from = `${listWords(team, rotation)}${catchAllWords(owner)}`;
  const answer = { addresses: [], from, team, viaCatchAll, ...(rotation?.pagerduty && source && { source }) };
  if (!rotation) return { ...answer, nobody: `${team} has no on-call list` };
  const { primary, secondary, also } = shiftAt(rotation, at, covers);
  const found = place === 'oncall-primary' ? primary : secondary;
  const others = also?.[place === 'oncall-primary' ? 'primary' : 'secondary'] ?? [];
  if (found) return { ...answer, addresses: [found, ...others].slice(0, besideMax) };
  return { ...answer, nobody: nobodyWords(team, rotation, place) };
}

/** PagerDuty wakes everybody of a level; so many of them are told here. */
const besideMax = 10;

const listWords = (team: string, schedule: Schedule | undefined): string =>
  schedule?.pagerduty ? sourceName(schedule.pagerduty) : `${team} on-call list`;

function nobodyWords(team: string, schedule: Schedule, place: (typeof rotationTargets)[number]): string {
  const { pagerduty, duties } = schedule;
  if (!pagerduty) return `the ${team} on-call list names no ${targetWords(place)}`;
  const name = sourceName(pagerduty);
  return duties ? `${name} names no ${targetWords(place)}` : `${name} has not said yet who is on call`;
}

/** The catch-all team steps in for a team without a list, if it has one itself. */
function withList(owner: Owner, config: Directory): Owner {
  const { team } = owner;
  const { catchAllTeam } = config;
  if (team === null || catchAllTeam === undefined || entry(config.teams, team)?.onCall) return owner;
  if (!entry(config.teams, catchAllTeam)?.onCall) return owner;
  return { team: catchAllTeam, because: `${team} has no on-call list` };
}

function fromTargets(name: string, owner: Owner, config: Directory): Resolution {
  const { team } = owner;
  const words = targetWords(name);
  const ofTeam = team === null ? undefined : entry(entry(config.teams, team)?.targets ?? {}, name);
  if (ofTeam?.length) {
    const from = `${words} of ${team}${catchAllWords(owner)}`;
    return { addresses: ofTeam, from, team, viaCatchAll: owner.because !== null };
  }
  const ofAll = entry(config.targets, name);
  const from = `${words} for all teams`;
  if (ofAll?.length) return { addresses: ofAll, from, team, viaCatchAll: false };
  const address = parseAddress(name);
  if (address) return { addresses: [address], from: 'the policy itself', team, viaCatchAll: false };
  return { addresses: [], from, team, viaCatchAll: false, nobody: `nobody is configured as ${words}` };
}

function catchAllWords({ because }: Owner): string {
  return because === null ? '' : ` (catch-all: ${because})`;
}

/** `table[key]` unless it is inherited. */
function entry<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
