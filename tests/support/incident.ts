import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import { decide, evolve } from '../../src/incident/decide.ts';
import { type Declare, declare } from '../../src/incident/declaring.ts';
import { nextDue } from '../../src/incident/due.ts';
import { type Fact, happenedAt } from '../../src/incident/facts.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { isRefusal } from '../../src/incident/refusal.ts';
import type { TimelineEntry } from '../../src/incident/timeline.ts';
import { defaultPolicy } from './policy.ts';

/** 2 March 2026, a Monday, 02:00 UTC: when the incidents of the tests are declared. */
const declaredAt = Date.UTC(2026, 2, 2, 2, 0);

/** `'02:05'` or `'02:05:30'` on 2 March 2026, or `'+1 02:05'` on the day after, as epoch ms. */
export function at(time: string): number {
  const [, days = '0', hours = '', minutes = '', seconds = '0'] =
    /^(?:\+(\d+) )?(\d\d):(\d\d)(?::(\d\d))?$/.exec(time) ?? [];
  if (hours === '') throw new Error(`not a time: ${time}`);
  return Date.UTC(2026, 2, 2 + Number(days), Number(hours), Number(minutes), Number(seconds));
}

/** Ticks that one `passUntil` may fire. */
const ticksMax = 1000;

/** An incident that lives through commands, and the rows it leaves. */
export interface Life {
  incident: Incident;
  entries: TimelineEntry[];
  /** What `command` leads to at `time`; a refusal is a mistake of the test. */
  does(time: string, command: Command): Life;
  /** `user` writes in the incident's channel. Its ts is returned by `tsOf(time)`. */
  says(time: string, user: string, text: string, more?: { threadTs?: string; ts?: string }): Life;
  /** The clock ticks until `time`, whatever becomes due meanwhile. */
  passUntil(time: string): Life;
  /** A fact as it is, for what only the outbox or another machine reports. */
  happens(time: string, fact: Fact): Life;
}

/** Slack's timestamp of the message that was written at `time`. */
export const tsOf = (time: string): string => `${at(time) / 1000}.000100`;

/** Declared by Ana at 02:00, unless `more` says otherwise: "Checkout is down", SEV1, on payments. */
export function declared(more: Partial<Declare> = {}): Life {
  const command: Declare = {
    type: 'declare',
    by: person('ana'),
    title: 'Checkout is down',
    severity: 1,
    severityReason: 'error_rate 62 >= 50, revenue_impacting',
    provisional: false,
    service: 'payments',
    runbook: 'https://runbooks.example/payments',
    visibility: 'channel',
    policy: defaultPolicy,
    ...more,
  };
  return begun(declare(42, command, declaredAt));
}

function begun(facts: Fact[]): Life {
  const entries: TimelineEntry[] = [];
  // The first fact makes the incident, whatever is passed as the one before it.
  let incident = {} as Incident;
  const record = (time: number, fact: Fact, cause: string): void => {
    incident = evolve(incident, fact, time);
    const seq = entries.length + 1;
    entries.push({ incident: 42, seq, at: time, happenedAt: happenedAt(fact, time), cause, fact });
  };
  const decided = (time: number, command: Command, cause: string): number => {
    const decision = decide(incident, command, time);
    if (isRefusal(decision))
      throw new Error(`refused at ${new Date(time).toISOString()}: ${decision.refused}`);
    for (const fact of decision) record(time, fact, cause);
    return decision.length;
  };
  for (const fact of facts) record(declaredAt, fact, 'declare');
  const life: Life = {
    get incident() {
      return incident;
    },
    entries,
    does: (time, command) => {
      decided(at(time), command, `${command.type} ${time}`);
      return life;
    },
    says: (time, user, text, more = {}) => {
      const ts = more.ts ?? tsOf(time);
      const message = { channel: 'C42', ts, author: { user, app: null }, text, files: [] };
      const command = { ...message, threadTs: more.threadTs ?? null, happenedAt: at(time) };
      decided(at(time), { type: 'record-message', ...command }, `msg:C42:${ts}`);
      return life;
    },
    passUntil: (time) => {
      for (let tick = 0; tick < ticksMax; tick += 1) {
        const due = nextDue(incident);
        if (!due || due.at > at(time)) return life;
        if (decided(due.at, { type: 'tick' }, `tick:42:${due.rule}:${due.at}`) === 0) return life;
      }
      throw new Error(`more than ${ticksMax} ticks until ${time}`);
    },
    happens: (time, fact) => {
      record(at(time), fact, `test ${time}`);
      return life;
    },
  };
  return life;
}

/** `bea` reads as `Bea`. */
export const names = (user: string): string => user.charAt(0).toUpperCase() + user.slice(1);
