import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine.ts';
import type { Duties, PagerDutySource, SourceState } from '../oncall/duties.ts';
import { membersOf } from '../oncall/known-members.ts';
import type { PagerDutyUser, Store } from '../store/store.ts';
import type { PagerDutyOnCall } from './answers.ts';
import { isPagerDutyError } from './failure.ts';
import { pagerDutyFaultOf } from './fault.ts';
import type { PagerDutyReading } from './reading.ts';

export interface RosterDeps {
  /** Null: no API token is configured. */
  rest: Pick<PagerDutyReading, 'onCalls' | 'person'> | null;
  config: Config;
  store: Pick<Store, 'sources' | 'saveSource' | 'pagerDutyPerson' | 'savePagerDutyPeople'>;
  engine: Pick<Engine, 'handleDesk'>;
  clock: Clock;
  state: { stopping: boolean; problems: Map<string, string> };
  report: (problem: string, error?: unknown) => void;
}

/** How often PagerDuty is asked who is on call; while it does not answer, more often. */
const everyMs = 3 * 60_000;
const failingEveryMs = 60_000;
/** An answer that somebody looks at should not be older: it is asked for again, and nobody waits for it. */
const freshMs = 60_000;
/** Duties are asked for so far ahead; PagerDuty knows 90 days. */
const aheadMs = 35 * 86_400_000;
const dayMs = 86_400_000;
/** Members are looked up in Slack again: some joined, some are somebody else. */
const lookUpEveryMs = 3_600_000;
/** Users of PagerDuty who are asked for one by one, in one look. */
const personsMax = 20;

/**
 * Who is on call where PagerDuty knows it: asked at the start and again every few minutes, kept in the desks, so that no
 * page ever waits for it. Also sees to it that members who are written otherwise than by their Slack id are looked up
 * again.
 */
export function dutyRoster(deps: RosterDeps) {
  const { clock, state, report } = deps;
  const sources = Object.entries(deps.config.teams).flatMap(([team, { onCall }]) =>
    onCall?.pagerduty ? [{ team, source: onCall.pagerduty }] : [],
  );
  let askedAt = Number.NEGATIVE_INFINITY;
  let lookedUpAt = clock.now();
  let looking: Promise<void> | null = null;

  function ask(olderThanMs: number): void {
    const age = clock.now() - askedAt;
    if (looking || state.stopping || (age >= 0 && age < olderThanMs)) return;
    askedAt = clock.now();
    looking = look(deps, sources)
      .catch((error: unknown) => report('who is on call could not be asked for', error))
      .finally(() => {
        looking = null;
      });
  }

  function lookUpMembers(): void {
    if (clock.now() - lookedUpAt < lookUpEveryMs) return;
    lookedUpAt = clock.now();
    askEveryDesk(deps, clock.now()).catch((error: unknown) =>
      report('members could not be looked up', error),
    );
  }

  const teams = new Set(sources.map(({ team }) => team));
  const isFailing = (): boolean =>
    deps.store.sources().some(({ team, failingSince }) => failingSince !== null && teams.has(team));
  return {
    /** Looks at what is due, without making anybody wait. */
    tick: (): void => {
      ask(isFailing() ? failingEveryMs : everyMs);
      lookUpMembers();
    },
    /** Somebody needs the answer: they get the last one, and a newer one is asked for if it is stale. */
    freshen: (): void => {
      if (sources.length > 0) ask(freshMs);
    },
    idle: (): Promise<void> => looking ?? Promise.resolve(),
  };
}

interface TeamSource {
  team: string;
  source: PagerDutySource;
}

async function look(deps: RosterDeps, sources: readonly TeamSource[]): Promise<void> {
  await askForPersons(deps);
  let away: unknown = null;
  for (const { team, source } of sources) {
    away = away === null ? await askOne(deps, team, source) : await unanswered(deps, team, away);
  }
  tellDoctor(deps, sources);
}

/** Null, or why the others need not be asked now either: PagerDuty is away, or refuses us. */
async function askOne(deps: RosterDeps, team: string, source: PagerDutySource): Promise<unknown> {
  const { rest, store, engine, clock } = deps;
  if (!rest) return null;
  const now = clock.now();
  // To the same day all day long: an answer that says nothing new is seen to.
  const until = Math.floor((now + aheadMs) / dayMs) * dayMs;
  try {
    const { rows } = await rest.onCalls({
      ...filterOf(source),
      sinceAt: now,
      untilAt: until,
      earliest: false,
    });
    await store.savePagerDutyPeople(peopleIn(rows, now));
    const duties = dutiesFrom(rows, source, until);
    await engine.handleDesk(team, { type: 'note-duties', duties }, `duties:${team}:${now}`);
    const problem = rows.length === 0 ? emptyWords : null;
    await store.saveSource({ team, answeredAt: now, failingSince: null, problem });
    return null;
  } catch (error) {
    if (!isPagerDutyError(error)) throw error;
    await unanswered(deps, team, error);
    return pagerDutyFaultOf(error).kind === 'refused' ? null : error;
  }
}

const emptyWords =
  'PagerDuty names nobody at all: compare the id in incident.yml; a schedule must be part of an escalation policy';

async function unanswered({ store, clock }: RosterDeps, team: string, error: unknown): Promise<unknown> {
  const before = store.sources().find((one) => one.team === team);
  const { says, cure } = pagerDutyFaultOf(error);
  const state: SourceState = {
    team,
    answeredAt: before?.answeredAt ?? null,
    failingSince: before?.failingSince ?? clock.now(),
    problem: `${says}: ${cure}`,
  };
  await store.saveSource(state);
  return error;
}

const filterOf = (source: PagerDutySource) =>
  'policy' in source
    ? { policyIds: [source.policy] }
    : { scheduleIds: [source.primary, ...(source.secondary === undefined ? [] : [source.secondary])] };

const peopleIn = (rows: readonly PagerDutyOnCall[], at: number): PagerDutyUser[] => [
  ...new Map(
    rows.map(({ person: { id, name, email } }) => [id, { id, name, email: email ?? null, at }]),
  ).values(),
];

/** A schedule may stand in many policies: its duties are taken once, at the place that `incident.yml` gives it. */
function dutiesFrom(rows: readonly PagerDutyOnCall[], source: PagerDutySource, until: number): Duties {
  const levelOf = ({ level, schedule }: PagerDutyOnCall): number => {
    if ('policy' in source) return level;
    return schedule?.id === source.primary ? 1 : 2;
  };
  const list = rows.map((row) => ({
    level: levelOf(row),
    member: { kind: 'pagerduty', value: row.person.id, name: row.person.name } as const,
    from: row.startAt,
    until: row.endAt,
  }));
  const unique = new Map(
    list.map((one) => [`${one.level} ${one.member.value} ${one.from} ${one.until}`, one]),
  );
  return { list: [...unique.values()], until };
}

/** Users of PagerDuty whom `incident.yml` names by their id: their e-mail says who they are in Slack. */
async function askForPersons({ rest, config, store, engine, clock }: RosterDeps): Promise<void> {
  if (!rest) return;
  const now = clock.now();
  const isStale = (id: string): boolean => now - (store.pagerDutyPerson(id)?.at ?? 0) > dayMs;
  const stale = idsIn(config).filter(isStale).slice(0, personsMax);
  const found: PagerDutyUser[] = [];
  for (const id of stale) {
    const person = await rest.person(id).catch((error: unknown) => {
      if (!isPagerDutyError(error)) throw error;
      return null;
    });
    // One that PagerDuty does not tell of is asked for again, and must not keep the others waiting.
    if (person) found.push({ id, name: person.name, email: person.email ?? null, at: now });
  }
  if (found.length === 0) return;
  await store.savePagerDutyPeople(found);
  await askEveryDesk({ config, engine }, now);
}

function idsIn({ teams, targets }: Config): string[] {
  const all = [
    ...Object.values(targets).flat(),
    ...Object.values(teams).flatMap(({ targets: own, onCall }) => [
      ...Object.values(own).flat(),
      ...membersOf(onCall ?? null),
    ]),
  ];
  return [...new Set(all.flatMap(({ kind, value }) => (kind === 'pagerduty' ? [value] : [])))];
}

async function askEveryDesk(
  { config, engine }: Pick<RosterDeps, 'config' | 'engine'>,
  now: number,
): Promise<void> {
  for (const [team, { onCall }] of Object.entries(config.teams)) {
    if (onCall) await engine.handleDesk(team, { type: 'look-up-members' }, `look-up:${team}:${now}`);
  }
}

/** What stands in `/incident doctor`. */
function tellDoctor({ store, state }: RosterDeps, sources: readonly TeamSource[]): void {
  const ours = new Set(sources.map(({ team }) => team));
  const bad = store.sources().filter(({ team, problem }) => ours.has(team) && problem !== null);
  const [first] = bad;
  if (!first) return void state.problems.delete('on-call source');
  const teams = bad.map(({ team }) => team).join(', ');
  state.problems.set('on-call source', `Who is on call for ${teams} is not certain: ${first.problem}.`);
}
