import type { Policy, Step, Telling } from '../incident/policy.ts';
import { label, type Severity, severities } from '../incident/severity-scale.ts';
import { type PagerDutySource, sourceName } from '../oncall/duties.ts';
import { windowAt } from '../oncall/hours.ts';
import { type Place, type Schedule, shiftAt } from '../oncall/schedule.ts';
import { resolveTarget, rotationTargets, targetWords } from '../oncall/targets.ts';
import type { Config } from './config.ts';
import { formatDuration } from './duration.ts';
import type { Finding } from './finding.ts';
import { policyOf } from './policy.ts';

const yearMs = 366 * 86_400_000;
/** Far more than turns and hours make in a year. */
const stretchesMax = 50_000;

/** Nobody can be reached from `from` up to (not including) `until`, epoch ms. */
type Gap = { from: number; until: number };

/** What is wrong with one step for one service. `gap` null: it never reaches anybody. */
type Hole = { service: string | null; why: string; gap: Gap | null };

/**
 * Does every step of every service reach somebody, within working hours and outside them, at every moment of the year
 * from `now` (epoch ms) on? One finding for each step that does not, with the services it fails. A phone number reaches
 * nobody: somebody who was reached would have to call it.
 */
export function checkReach(config: Config, now: number): Finding[] {
  const services = [...Object.keys(config.services), null];
  const gapsOf = knowGaps(now);
  const holes = new Map<string, { rung: Rung; holes: Hole[] }>();
  for (const service of services) {
    const { escalation, workingHours } = policyOf(config, service);
    for (const rung of rungsOf(escalation, config)) {
      const hole = holeIn(rung, { config, service, now, gapsOf, hours: escalation.hours ?? workingHours });
      if (!hole) continue;
      const key = `${rung.path.join()} ${hole.why}`;
      const known = holes.get(key) ?? { rung, holes: [] };
      holes.set(key, { rung, holes: [...known.holes, hole] });
    }
  }
  return [...holes.values()].map(({ rung, holes: found }) => findingOf(rung, found));
}

/** One step as it is in some hours; `inHours` null: at any time. */
interface Rung {
  path: Finding['path'];
  severity: Severity;
  afterMs: number;
  telling: Telling;
  inHours: boolean | null;
}

function rungsOf({ name, steps }: Policy['escalation'], config: Config): Rung[] {
  return severities.flatMap((severity) =>
    steps[severity].flatMap((step, index) => {
      const isOwn = name !== undefined && steps[severity] !== config.escalation.steps[severity];
      const place = isOwn ? ['policies', name] : [];
      const path = ['escalation', ...place, 'steps', String(severity), index];
      return branches(step).map((branch) => ({ path, severity, afterMs: step.afterMs, ...branch }));
    }),
  );
}

function branches(step: Step): { telling: Telling; inHours: boolean | null }[] {
  if (!step.inHours && !step.outOfHours) return [{ telling: step, inHours: null }];
  return [
    { telling: step.inHours ?? step, inHours: true },
    { telling: step.outOfHours ?? step, inHours: false },
  ];
}

interface Question {
  config: Config;
  service: string | null;
  now: number;
  gapsOf: (team: string, schedule: Schedule, place: Place) => Gap[];
  hours: Policy['workingHours'];
}

function holeIn({ telling, inHours }: Rung, question: Question): Hole | null {
  if (telling.action === 'ticket') return null;
  const names = [telling.target, ...(telling.also ?? [])];
  const behind = names.map((name) => gapsBehind(name, question));
  if (behind.some(({ gaps }) => gaps !== null && gaps.length === 0)) return null;
  const why = [...new Set(behind.map((one) => one.why))].join('; ');
  const known = behind.flatMap(({ gaps }) => (gaps === null ? [] : [gaps]));
  const [first, ...others] = known;
  if (!first) return { service: question.service, why, gap: null };
  for (const gap of others.reduce(shared, first)) {
    const part = inHours === null ? gap : partIn(gap, inHours, question.hours);
    if (part) return { service: question.service, why, gap: part };
  }
  return null;
}

/** When a target reaches nobody; null: never anybody; empty: always somebody. */
function gapsBehind(
  name: string,
  { config, service, now, gapsOf }: Question,
): { gaps: Gap[] | null; why: string } {
  const found = resolveTarget(name, { service, config, at: now });
  const place = rotationTargets.indexOf(name as (typeof rotationTargets)[number]);
  const onCall = found.team === null ? undefined : config.teams[found.team]?.onCall;
  if (place >= 0 && onCall?.pagerduty) return gapsInPagerDuty(onCall.pagerduty, place === 0);
  if (place >= 0 && onCall && found.team !== null) {
    const why = `the ${found.team} on-call list names no ${targetWords(name)} then`;
    return { gaps: gapsOf(found.team, onCall, place === 0 ? 'primary' : 'secondary'), why };
  }
  if (found.addresses.some(({ kind }) => kind !== 'phone')) return { gaps: [], why: '' };
  const isPhone = found.addresses.length > 0;
  return {
    gaps: null,
    why: isPhone ? `${found.from} is a phone number only` : (found.nobody ?? 'nobody is there'),
  };
}

/** Who it is, PagerDuty knows; that it is somebody is taken on trust. */
const gapsInPagerDuty = (source: PagerDutySource, isPrimary: boolean): { gaps: Gap[] | null; why: string } =>
  isPrimary || 'policy' in source || source.secondary !== undefined
    ? { gaps: [], why: '' }
    : { gaps: null, why: `${sourceName(source)} has no secondary: name a schedule for it, or a policy` };

/** Each team's year is looked through once. */
function knowGaps(now: number) {
  const known = new Map<string, Gap[]>();
  return (team: string, schedule: Schedule, place: Place): Gap[] => {
    const key = `${place} ${team}`;
    const gaps = known.get(key) ?? gapsIn(schedule, place, now);
    known.set(key, gaps);
    return gaps;
  };
}

function gapsIn(schedule: Schedule, place: Place, now: number): Gap[] {
  const gaps: Gap[] = [];
  let at = now;
  for (let looked = 0; looked < stretchesMax && at < now + yearMs; looked++) {
    const shift = shiftAt(schedule, at);
    const last = gaps.at(-1);
    if (shift[place] === null) {
      if (last && last.until === at) last.until = shift.until;
      else gaps.push({ from: at, until: shift.until });
    }
    at = shift.until;
  }
  return gaps;
}

/** When both reach nobody. */
const shared = (some: readonly Gap[], others: readonly Gap[]): Gap[] =>
  some.flatMap((one) =>
    others
      .map((other) => ({ from: Math.max(one.from, other.from), until: Math.min(one.until, other.until) }))
      .filter(({ from, until }) => from < until),
  );

/** The first part of a gap that lies within the hours, or outside them. */
function partIn(gap: Gap, isInside: boolean, { timeZone, ...hours }: Policy['workingHours']): Gap | null {
  for (let at = gap.from, looked = 0; at < gap.until && looked < stretchesMax; looked++) {
    const { open, until } = windowAt(hours, timeZone, at);
    if (open === isInside) return { from: at, until: Math.min(until, gap.until) };
    at = until;
  }
  return null;
}

function findingOf({ path, severity, afterMs, telling, inHours }: Rung, holes: readonly Hole[]): Finding {
  const targets = [telling.target, ...(telling.also ?? [])];
  const what = `${telling.action} ${targets.join(' and ')}`;
  const services = holes.map(({ service }) => service ?? 'any other service');
  const branch = inHours === null ? '' : inHours ? ' in working hours' : ' outside working hours';
  const [first] = holes;
  const gap = first?.gap;
  const when = gap ? ` from ${utc(gap.from)} to ${utc(gap.until)} UTC` : '';
  return {
    path,
    wrong: `${label(severity)} after ${formatDuration(afterMs)}${branch} (${what}) reaches nobody for ${services.join(', ')}${when}: ${first?.why ?? ''}`,
    cure: gap
      ? 'widen the hours, add a rotation without hours at the end, or a second target to the step'
      : cureOf(targets),
  };
}

const utc = (at: number): string =>
  Number.isFinite(at) ? new Date(at).toISOString().slice(0, 16).replace('T', ' ') : 'ever';

function cureOf(targets: readonly string[]): string {
  const isOnCall = targets.some((name) => rotationTargets.some((place) => place === name));
  return isOnCall
    ? 'give the team an onCall list, the service a team, or name a catchAllTeam'
    : `add ${targets.join(' or ')} under targets, or take the step out`;
}
