import type { Clock } from './clock.ts';
import { type Desk, type DeskCommand, type DeskRefusal, deskDueAt, evolveDesk } from './oncall/desk.ts';
import { decideDesk } from './oncall/desk-decisions.ts';
import { type DeskEffect, deskEffects } from './oncall/desk-effects.ts';
import type { Schedule } from './oncall/schedule.ts';
import type { DeskChange, DeskCommitted, Settled, Store } from './store/store.ts';

export interface DeskEngineDeps {
  store: Store;
  clock: Clock;
  /** Tells the outbox that there may be work. */
  wake: () => void;
  report: (problem: string, error?: unknown) => void;
}

/** Desks looked at in one tick; the rest are still due in the next one. */
const desksDueMax = 100;

/** What it obliges is claimed in its own commit; most messages oblige nothing, and looking for work costs more than they do. */
export const wakingFor =
  (wake: () => void) =>
  <T extends object>(change: T): T => {
    if ('effects' in change && (change.effects as unknown[]).length > 0) wake();
    return change;
  };

/** Where commands meet the on-call desks of teams; a part of the engine, with the same promise. */
export function createDeskEngine({ store, clock, wake, report }: DeskEngineDeps) {
  const obliging = wakingFor(wake);

  /** `settles`: the outbox row whose outcome this reports, in the same commit. */
  function handle(
    team: string,
    command: DeskCommand,
    cause: string,
    settles?: Settled,
  ): Promise<DeskCommitted> {
    const at = clock.now();
    return store.updateDesk(team, (desk) => obliging(changeOf(desk, command, at)), { at, cause, settles });
  }

  /** At every start: what `incident.yml` says by now. A desk whose team has no schedule any more is told so. */
  async function setSchedules(schedules: ReadonlyMap<string, Schedule>): Promise<void> {
    const at = clock.now();
    const teams = new Set([...schedules.keys(), ...store.desks().map(({ team }) => team)]);
    const told = [...teams].map((team) => {
      const schedule = schedules.get(team) ?? null;
      return handle(team, { type: 'set-schedule', schedule }, `schedule:${team}:${at}`);
    });
    await Promise.all(told);
  }

  async function fireOne(team: string, dueAt: number): Promise<void> {
    // It can become due twice in one millisecond; what a tick does depends on the desk alone, so none is a repetition.
    const outcome = await handle(team, { type: 'tick' }, `tick:desk:${team}:${dueAt}:${clock.now()}`);
    const next = outcome.outcome === 'committed' ? deskDueAt(outcome.desk, clock.now()) : dueAt;
    if (next !== null && next <= dueAt) {
      report(`the on-call desk of ${team} is due and nothing follows (${outcome.outcome})`);
    }
  }

  /** Shifts that change, and requests that nobody answered in time. */
  async function fireDue(now: number): Promise<void> {
    await Promise.all(store.dueDesks(now, desksDueMax).map(({ team, dueAt }) => fireOne(team, dueAt)));
  }

  return { handle, setSchedules, fireDue };
}

function changeOf(start: Desk, command: DeskCommand, at: number): DeskChange | DeskRefusal {
  const facts = decideDesk(start, command, at);
  if ('refused' in facts) return facts;
  const effects: DeskEffect[] = [];
  let desk = start;
  for (const fact of facts) {
    desk = evolveDesk(desk, fact, at);
    effects.push(...deskEffects(fact, desk));
  }
  return { facts, desk, effects, dueAt: deskDueAt(desk, at) };
}
