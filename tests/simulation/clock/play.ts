import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIncidentFile } from '../../../src/config/incident-file.ts';
import { awayMs } from '../../../src/engine.ts';
import { person } from '../../../src/incident/by.ts';
import type { Fact } from '../../../src/incident/facts.ts';
import type { Incident } from '../../../src/incident/incident.ts';
import { shiftAt } from '../../../src/oncall/schedule.ts';
import { standardLanes } from '../../../src/outbox/lanes.ts';
import { steadyClock } from '../../../src/steady-clock.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import type { Store } from '../../../src/store/store.ts';
import { born } from '../../model/life.ts';
import { misfolded } from '../../support/folded.ts';
import { scriptedMachine } from '../../support/scripted-machine.ts';
import { ladders } from './ladders.ts';
import type { ClockScript, Happening } from './script.ts';
import { agreeingSlack } from './slack.ts';

/** The heart beats this often, and when something is due (beat.ts). */
const beatMs = 5_000;
/** Of what was due before, it hears within a second. */
const secondMs = 1_000;
/** Beats that are looked at in one wait, those that are lost among them. */
const beatsMax = 100_000;
/** Of the beats of a lossy wait, one in so many comes. */
const oneIn = 10;

const people = ['ana', 'bea', 'cai', 'dana', 'eve', 'finn'];
const idOf = (name: string): string => `U0${name.toUpperCase()}`;

/** Handover every day at a time of the wall clock. */
const configOf = ({ timeZone, handoverAt }: ClockScript) => {
  const { config, problems } = readIncidentFile(`
timeZone: ${timeZone}
teams:
  payments:
    onCall: { startsOn: '2024-12-30', handoverAt: '${handoverAt}', timeZone: ${timeZone}, every: 1d, primary: [U0BEA, U0CAI] }
    targets: { engineering-manager: [U0DANA], team-lead: [U0DANA] }
catchAllTeam: payments
targets: { vp-engineering: [U0EVE], cto: [U0FINN], director: [U0EVE] }
services: { payments: { team: payments } }
declaring: { max: 1000, window: 10m }
`);
  if (!config) throw new Error(JSON.stringify(problems));
  return config;
};

/** Of all incidents together, what one script showed. */
export interface Played {
  /** One line for each thing that is not as it should be. */
  wrong: string[];
  pages: number;
  /** How late, after its due time and the end of a sleep, the latest page was; ms. */
  latestMs: number;
}

/** The real engine, outbox, store and steady clock on a machine whose time is the script's; only Slack is played. */
export async function playClock(script: ClockScript): Promise<Played> {
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(memory, 'tocsin-clock-'));
  const player = await startPlayer(script, join(folder, 'tocsin.db'));
  try {
    for (const happening of script.happenings) await player.act(happening);
    return player.played();
  } finally {
    await player.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startPlayer(script: ClockScript, path: string) {
  const config = configOf(script);
  const machine = scriptedMachine(script.startAt);
  const reference = ladders();
  const wrong: string[] = [];
  const troubles: string[] = [];
  let store = await openSqlite(path, machine.wall());
  for (const name of people) {
    const known = { name, timeZone: null, dm: `D${name}`, isMember: true, at: script.startAt };
    await store.savePerson({ user: idOf(name), ...known });
  }
  let clock = steadyClock(machine, 0);
  let life = live();
  let causes = 0;
  let pages = 0;
  /** Since when, in true ms, beats came as they should. */
  let sinceAt = machine.trueAt();

  function live() {
    const slack = agreeingSlack(clock.now);
    return born({
      ...{ store, clock, config, lanes: standardLanes },
      clients: { page: slack, rest: slack },
      identity: { botUser: 'U0BOT', botId: 'B0BOT', team: 'T0', url: '' },
      random: () => 0,
      report: (problem) => void troubles.push(problem),
    });
  }

  async function beat(): Promise<void> {
    const before = new Map(openOnes(store).map((one) => [one.id, one]));
    const [now, shift] = [clock.now(), store.desk('payments')?.shift];
    const wasAway = now - Number(store.meta('last-tick') ?? now) > awayMs;
    const known = new Map([...before.keys()].map((id) => [id, store.timeline(id).length]));
    await life.engine.tick();
    await life.outbox.idle();
    if ((store.nextDueAt() ?? Number.POSITIVE_INFINITY) <= now)
      wrong.push(`still due after the beat at ${now}`);
    for (const [id, incident] of before) {
      const facts = store
        .timeline(id)
        .toSorted(bySeq)
        .slice(known.get(id))
        .map(({ fact }) => fact);
      const pastDueMs = now - (incident.escalation.next?.at ?? now);
      const moment = { at: machine.trueAt(), ours: now };
      reference.met(id, { before: incident, facts, moment, pastDueMs, sinceAt });
      wrong.push(...tooMuch(id, facts, wasAway));
      pages += facts.filter(({ type }) => type === 'page-delivered').length;
    }
    const onDuty = shiftAt(config.teams.payments!.onCall!, now).primary;
    const told = store.desk('payments')?.shift?.primary;
    if (onDuty?.value !== told?.value) wrong.push(`on call is ${onDuty?.value}, and ${told?.value} was told`);
    if (shift && told?.value === shift.primary?.value && shift.since !== store.desk('payments')?.shift?.since)
      wrong.push('a handover to whoever had it');
  }

  async function wait(forMs: number, isLossy: boolean): Promise<void> {
    const until = machine.trueAt() + forMs;
    let n = Math.floor(clock.now() / beatMs);
    let last: number | null = null;
    for (let beats = 0; beats < beatsMax; beats += 1) {
      const dueAt = store.nextDueAt() ?? Number.POSITIVE_INFINITY;
      const heedAt = dueAt > clock.now() ? dueAt : Math.floor(clock.now() / secondMs + 1) * secondMs;
      // Where beats are lost, so is whatever else would wake it.
      const isAlarm = !isLossy && heedAt < (n + 1) * beatMs;
      if (!isAlarm) n += 1;
      if (isLossy && !comes(script.dice, n)) continue;
      const at = isAlarm ? heedAt : n * beatMs;
      // Where nothing is due, a beat finds nothing: it is enough that it came.
      const isIdle = at < dueAt && last !== null && at - last <= awayMs;
      if (at - clock.now() > until - machine.trueAt()) break;
      if (!isIdle) {
        if (last !== null) await store.saveMeta('last-tick', String(last));
        while (clock.now() < at) await machine.goes(at - clock.now());
        // What was due while beats were lost is late by nobody's fault but theirs.
        if (isLossy) sinceAt = machine.trueAt();
        await beat();
      }
      last = at;
    }
    if (last !== null && last <= clock.now() + (until - machine.trueAt()))
      await store.saveMeta('last-tick', String(Math.max(last, Number(store.meta('last-tick') ?? 0))));
    await machine.goes(Math.max(0, until - machine.trueAt()));
    if (isLossy) sinceAt = machine.trueAt();
  }

  async function restart(forMs: number): Promise<void> {
    await life.outbox.stop();
    store.close();
    machine.sleeps(forMs);
    store = await openSqlite(path, machine.wall());
    const seenAt = Number(store.meta('last-tick') ?? 0);
    clock = steadyClock(machine, seenAt);
    if (clock.now() < seenAt)
      wrong.push(`a start at ${clock.now()}, before ${seenAt}, which was written down`);
    reference.begun({ at: machine.trueAt(), ours: clock.now() });
    await start();
  }

  async function start(): Promise<void> {
    life = live();
    await life.engine.setSchedules(new Map([['payments', config.teams.payments!.onCall!]]));
    sinceAt = machine.trueAt();
    await beat();
    await life.outbox.start();
    await life.outbox.idle();
  }

  async function declare(severity: 1 | 2): Promise<void> {
    const what = { title: 'Checkout is down', severity, severityReason: 'set when declared' };
    const declaration = { ...what, by: person(idOf('ana')), provisional: false, service: 'payments' };
    const made = await life.engine.declare(declaration, `declare:${++causes}`);
    if (made.outcome === 'committed')
      reference.declared(made.incident, { at: machine.trueAt(), ours: clock.now() });
  }

  async function act(happening: Happening): Promise<void> {
    switch (happening.does) {
      case 'declare':
        await declare(happening.severity);
        break;
      case 'acknowledge': {
        const command = {
          type: 'acknowledge',
          by: person(idOf('bea')),
          onCall: true,
          confirmed: true,
        } as const;
        await life.engine.handle(happening.on + 1, command, `acknowledge:${++causes}`);
        reference.acknowledged(happening.on + 1);
        break;
      }
      case 'wait':
        await wait(happening.forMs, happening.isLossy);
        break;
      case 'set the clock':
        machine.isSetBy(happening.byMs);
        break;
      case 'sleep':
        machine.sleeps(happening.forMs);
        sinceAt = machine.trueAt();
        break;
      case 'restart':
        await restart(happening.awayMs);
        break;
    }
    await life.outbox.idle();
  }

  await start();
  return {
    act,
    played: (): Played => ({
      wrong: [...wrong, ...reference.wrong, ...troubles, ...misfolded(store)],
      pages,
      latestMs: reference.latestMs(),
    }),
    stop: async (): Promise<void> => {
      await life.outbox.stop();
      store.close();
    },
  };
}

const bySeq = (one: { seq: number }, other: { seq: number }): number => one.seq - other.seq;

const openOnes = (store: Store): Incident[] => store.list({ open: true, limit: 100 });

/** Whether the `n`-th beat comes, of one in ten. */
const comes = (dice: number, n: number): boolean => {
  const mixed = Math.imul((n ^ dice) >>> 0, 2_654_435_761) >>> 0;
  return (mixed >>> 8) % oneIn === 0;
};

/** After an absence as in every beat: one prompt for an incident, and one page for a person. */
function tooMuch(id: number, facts: readonly Fact[], wasAway: boolean): string[] {
  const when = wasAway ? 'after an absence' : 'in one beat';
  const prompts = facts.filter(({ type }) => type === 'nudged').length;
  const notes = facts.filter(({ type }) => type === 'was-away').length;
  const paged = facts.flatMap((fact) => (fact.type === 'page-delivered' ? [fact.user] : []));
  return [
    ...(prompts > 1 ? [`INC-${id}: ${prompts} prompts ${when}`] : []),
    ...(notes > 1 ? [`INC-${id}: told ${notes} times ${when} that the clock was away`] : []),
    ...(new Set(paged).size < paged.length ? [`INC-${id}: ${paged.join(', ')} paged ${when}`] : []),
  ];
}
