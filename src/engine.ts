import type { Clock } from './clock.ts';
import { createDeskEngine, wakingFor } from './desk-engine.ts';
import type { AlertNews } from './incident/alerts.ts';
import { userOf } from './incident/by.ts';
import type { Absence } from './incident/clock.ts';
import type { Command } from './incident/commands.ts';
import { decide, effectsOf, evolve } from './incident/decide.ts';
import { begin, type Declare, type DeclaringBound, declare, tooOften } from './incident/declaring.ts';
import { nextDue } from './incident/due.ts';
import type { Effect } from './incident/effects.ts';
import type { Fact } from './incident/facts.ts';
import { type Incident, isOpen } from './incident/incident.ts';
import { placeAlert } from './incident/placement.ts';
import type { Policy } from './incident/policy.ts';
import { type QuoteCommand, withholding } from './incident/quotes.ts';
import { isRefusal, type Refusal } from './incident/refusal.ts';
import { mending } from './mending.ts';
import type { Change, Committed, Revival, Settled, Store } from './store/store.ts';

export interface EngineDeps {
  store: Store;
  clock: Clock;
  /** The policies in force now for that service; each incident keeps the ones it was declared under. */
  policy: (service: string | null) => Policy;
  /** How many channels machines may open in which window, and how long after a resolve an alert belongs to it. */
  machines: { channelsMax: number; windowMs: number; reopenWithinMs: number };
  /** How many incidents one person may declare in which time. */
  declaring: DeclaringBound;
  /** Tells the outbox that there may be work. */
  wake: () => void;
  report: (problem: string, error?: unknown) => void;
}

/** What a person or a machine declares; the policies are the engine's to add. */
export type Declaration = Omit<Declare, 'type' | 'policy' | 'visibility' | 'stormOf'>;

export type Engine = ReturnType<typeof createEngine>;

/** The clock was away when ticks are further apart than this. */
export const awayMs = 120_000;
/** Incidents looked at in one round of a tick, and such rounds; the rest are still due in the next tick. */
const [dueMax, roundsMax] = [500, 20];
/** Open incidents whose history is pulled after a start, worst severity first. */
const catchUpMax = 500;
/** The newest incidents, among which those are looked for that ended while Slack was away. */
const endedLookedAtMax = 200;
/** Things one incident may have due at once. More means a rule that does not move its own due time. */
const firingsMax = 16;

/**
 * Where commands meet incidents: decide, commit, wake the outbox. Every promise resolves after the facts, the incident
 * and the effects they oblige are on disk.
 */
export function createEngine(deps: EngineDeps) {
  const { store, clock } = deps;
  let ticking = false;

  const obliging = wakingFor(deps.wake);
  const desks = createDeskEngine(deps);

  /** A person declares: always a new incident, unless they have declared too many. `cause` makes a repeated delivery harmless. */
  function declareIncident(declaration: Declaration, cause: string): Promise<Committed> {
    const at = clock.now();
    const command: Declare = {
      ...declaration,
      type: 'declare',
      visibility: 'channel',
      policy: deps.policy(declaration.service ?? null),
    };
    const change = (id: number) => obliging(born(declare(id, command, at), at));
    const user = userOf(declaration.by);
    const since = at - deps.declaring.windowMs;
    const question = { ...nothingToAsk, ...(user !== null && { declarer: { user, since } }) };
    return store.create(
      ({ id, declaredAt }) => tooOften(declaredAt, deps.declaring) ?? change(id),
      { at, cause },
      question,
    );
  }

  /** An alert: joins the incident it belongs to, or opens one (placement.ts). */
  function alert(news: AlertNews, declaration: Declaration, cause: string): Promise<Committed> {
    const at = clock.now();
    const { channelsMax, windowMs, reopenWithinMs } = deps.machines;
    const attach: Command = { type: 'attach-alert', by: declaration.by, alert: news };
    const attached = (incident: Incident) => obliging(changeOf(incident, attach, at));
    return store.create(
      (context) => {
        const placement = placeAlert(news, context, { channelsMax, endedSince: at - reopenWithinMs });
        if ('refused' in placement) return placement;
        if ('attachTo' in placement) return { ...placement, change: attached };
        const command: Declare = {
          ...declaration,
          ...placement,
          type: 'declare',
          alert: news,
          policy: deps.policy(declaration.service ?? null),
        };
        return obliging(born(declare(context.id, command, at), at));
      },
      { at, cause },
      {
        alert: news.id,
        service: declaration.service ?? null,
        machinesSince: at - windowMs,
        resolvedSince: at - reopenWithinMs,
      },
    );
  }

  /** `settles`: the outbox row whose outcome this reports, in the same commit. `revives`: one that failed. */
  function handle(
    id: number,
    command: Command,
    cause: string,
    settles?: Settled,
    revives?: Revival,
  ): Promise<Committed> {
    const at = clock.now();
    const change = (incident: Incident) => obliging(changeOf(incident, command, at));
    const committed = store.update(id, change, { at, cause, settles, revives });
    const withheld = withholding(command);
    return withheld ? committed.then((outcome) => withhold(withheld, cause, outcome)) : committed;
  }

  /** What follow-ups say in the words of a message, in whichever incident, goes with it. Only then it is committed. */
  async function withhold(command: QuoteCommand, cause: string, outcome: Committed): Promise<Committed> {
    if (outcome.outcome === 'refused' || outcome.outcome === 'missing') return outcome;
    for (const id of store.quoting(command.source)) await handle(id, command, `${cause}#${id}`);
    return outcome;
  }

  /** News of a PagerDuty incident: for the one it is linked to, if there is one. Null: nobody here knows it. */
  async function handleAlert(id: string, command: Command, cause: string): Promise<Committed | null> {
    const linked = store.linkedId('pagerduty', id);
    return linked === null ? null : handleOnward(linked, command, cause);
  }

  /** The alerts of an incident that was merged may not have moved yet: what they say is about the one that goes on. */
  function handleOnward(id: number, command: Command, cause: string): Promise<Committed> {
    const at = clock.now();
    const change = (incident: Incident) => obliging(changeOf(incident, command, at));
    return store.update(id, change, { at, cause, onward: true });
  }

  /** PagerDuty opened its incident for a page of ours. */
  const linkPage = (id: number, command: Extract<Command, { type: 'link-page' }>, cause: string) =>
    handleOnward(id, command, cause);

  async function fireDue(id: number, now: number, awaySince: number | null): Promise<void> {
    if (awaySince !== null) {
      const absence = { type: 'note-absence', fromAt: awaySince, toAt: now } as const;
      await handle(id, absence, `away:${id}:${awaySince}`);
    }
    let incident = store.incident(id);
    for (let firing = 0; firing < firingsMax; firing += 1) {
      const due = incident && nextDue(incident);
      if (!due || due.at > now) return;
      const outcome = await handle(id, { type: 'tick' }, `tick:${id}:${due.rule}:${due.at}`);
      if (outcome.outcome !== 'committed' || outcome.facts.length === 0) {
        deps.report(`INC-${id}: ${due.rule} is due and nothing follows (${outcome.outcome})`);
        return;
      }
      incident = outcome.incident;
    }
    deps.report(`INC-${id}: more than ${firingsMax} things due at once`);
  }

  /** Round after round, so that nobody is paged a beat later because many are. Returns how many it looked at. */
  async function fireAllDue(now: number, awaySince: number | null): Promise<number> {
    let looked = 0;
    for (let round = 0; round < roundsMax; round += 1) {
      const due = store.due(now, dueMax);
      await Promise.all(due.map(({ id }) => fireDue(id, now, awaySince)));
      looked += due.length;
      if (due.length < dueMax) break;
    }
    return looked;
  }

  /**
   * The heartbeat: looks at what is due, and at nothing else. A second one that comes while the first is busy is
   * dropped. Returns how many incidents it looked at.
   */
  async function tick(): Promise<number> {
    if (ticking) return 0;
    ticking = true;
    try {
      const now = clock.now();
      const last = Number(store.meta('last-tick') ?? now);
      const awaySince = now - last > awayMs ? last : null;
      const [looked] = await Promise.all([fireAllDue(now, awaySince), desks.fireDue(now)]);
      await store.saveMeta('last-tick', String(now));
      return looked;
    } finally {
      ticking = false;
    }
  }

  /** Whatever was said in the channels of open incidents meanwhile is pulled, of the worst first. Returns how many. */
  async function catchUp(limit = catchUpMax): Promise<number> {
    const at = clock.now();
    const open = store.list({ open: true, limit }).filter(({ channel }) => channel !== null);
    await Promise.all(open.map(({ id }) => handle(id, { type: 'catch-up' }, `catch-up:${id}:${at}`)));
    return open.length;
  }

  /** Slack was away: every incident that was open meanwhile gets one note of it, when it was looked through. */
  async function noteAbsence(absence: Absence): Promise<void> {
    const command = { type: 'note-absence', ...absence } as const;
    const ended = store.list({ limit: endedLookedAtMax }).filter((incident) => !isOpen(incident));
    const concerned = [...store.list({ open: true, limit: catchUpMax }), ...ended];
    await Promise.all(
      concerned.map(({ id }) =>
        handle(id, command, `away:${absence.of ?? 'process'}:${id}:${absence.fromAt}`),
      ),
    );
  }

  return {
    declare: declareIncident,
    alert,
    handle,
    handleAlert,
    linkPage,
    mend: mending({ ...deps, handle }),
    handleDesk: desks.handle,
    setSchedules: desks.setSchedules,
    noteCleared: store.noteCleared,
    tick,
    catchUp,
    noteAbsence,
  };
}

const nothingToAsk = { alert: null, service: null, machinesSince: 0, resolvedSince: Number.MAX_SAFE_INTEGER };

/** Facts applied one by one, with what each obliges. */
function applied(start: Incident, facts: Fact[], at: number): { incident: Incident; effects: Effect[] } {
  const effects: Effect[] = [];
  let incident = start;
  for (const fact of facts) {
    const after = evolve(incident, fact, at);
    effects.push(...effectsOf(fact, after, incident));
    incident = after;
  }
  return { incident, effects };
}

function born(facts: Fact[], at: number): Change {
  const [first] = facts;
  if (first?.type !== 'declared') throw new Error('an incident begins with being declared');
  return { facts, ...applied(begin(first, at), facts, at) };
}

function changeOf(incident: Incident, command: Command, at: number): Change | Refusal {
  const decision = decide(incident, command, at);
  if (isRefusal(decision)) return decision;
  return { facts: decision, ...applied(incident, decision, at) };
}
