import type { Fact, FactOf } from '../incident/facts.ts';
import type { NudgeRule } from '../incident/incident.ts';
import { type Evidence, found } from './finding.ts';
import type { Reading } from './reading.ts';
import { count, lengthWords } from './wording.ts';

type Row<Type extends Fact['type']> = { seq: number; at: number; fact: FactOf<Type> };

function rowsOf<Type extends Fact['type']>(reading: Reading, type: Type): Row<Type>[] {
  const is = (fact: Fact): fact is FactOf<Type> => fact.type === type;
  return reading.rows.flatMap(({ seq, at, fact }) => (is(fact) ? [{ seq, at, fact }] : []));
}

/** Calls on people: those that did not arrive, ran out, or were answered by luck. */
export function callsForHelp(reading: Reading): Evidence[] {
  return [...failedPages(reading), ...silences(reading), ...exhausted(reading), ...luck(reading)];
}

function failedPages(reading: Reading): Evidence[] {
  const failed = rowsOf(reading, 'page-failed').map(({ seq, fact }) =>
    found('gap', seq, `A page could not be delivered (${fact.error}).`, { area: 'process', grave: true }),
  );
  const unheard = rowsOf(reading, 'people-paged').flatMap(({ seq, fact }) =>
    fact.people.length === 0 && fact.missing !== null
      ? [
          found('gap', seq, `A page found nobody to go to: ${fact.missing}.`, {
            area: 'ownership',
            grave: true,
          }),
        ]
      : [],
  );
  const late = rowsOf(reading, 'page-ordered').flatMap(({ seq, fact }) =>
    fact.lateMs > 0
      ? [
          found('gap', seq, `A page went out ${lengthWords(fact.lateMs)} late.`, {
            area: 'process',
            lostMs: fact.lateMs,
          }),
        ]
      : [],
  );
  return [...failed, ...unheard, ...late];
}

function silences(reading: Reading): Evidence[] {
  const asked = rowsOf(reading, 'still-on-it-asked');
  return rowsOf(reading, 'unacknowledged').flatMap(({ seq, at, fact }) => {
    if (fact.reason !== 'silent') return [];
    const since = asked.findLast((row) => row.seq < seq)?.fact.sinceAt;
    const silentMs = since === undefined ? null : at - since;
    const length = silentMs === null ? '' : ` for ${lengthWords(silentMs)}`;
    return [
      found('poorly', seq, `Acknowledged, then silent${length}: paging started again.`, { lostMs: silentMs }),
    ];
  });
}

function exhausted(reading: Reading): Evidence[] {
  const [first, ...again] = rowsOf(reading, 'ladder-exhausted');
  if (!first) return [];
  const times = again.length > 0 ? ` (${count(again.length + 1, 'time')})` : '';
  const text = `The escalation ran out: every step was tried and nobody acknowledged${times}.`;
  return [found('gap', first.seq, text, { area: 'ownership', grave: true })];
}

/** What went right though nothing made sure of it. */
function luck(reading: Reading): Evidence[] {
  const cleared = rowsOf(reading, 'alerts-cleared')
    .filter(({ fact }) => !fact.acknowledged)
    .map(({ seq }) => found('lucky', seq, 'The alerts cleared while nobody had it.'));
  const [taken] = rowsOf(reading, 'acknowledged');
  const called = rowsOf(reading, 'people-paged').filter(({ seq }) => taken !== undefined && seq < taken.seq);
  const user = taken?.fact.by.kind === 'person' ? taken.fact.by.user : null;
  const wasCalled = called.some(
    ({ fact }) => fact.people.some((one) => one.user === user) || fact.askedInstead.includes(user ?? ''),
  );
  const volunteered =
    taken && user !== null && called.length > 0 && !wasCalled
      ? [found('lucky', taken.seq, 'It was acknowledged by somebody who had not been paged.')]
      : [];
  return [...cleared, ...volunteered];
}

const reminders: Readonly<Record<NudgeRule, string>> = {
  'no-commander': 'to name a commander',
  'update-due': 'to post an update',
  'no-comms': 'to name a comms lead',
  'severity-unsure': 'to settle the severity',
  'undecided-triage': 'to decide whether it is an incident',
  'still-investigating': 'to ask for more help',
  'commander-silent': 'to the silent commander',
  'channel-silent': 'to say what the state is',
  'monitoring-long': 'to resolve it',
  'commander-fatigue': 'to hand over command',
  'resolution-target': 'of the resolution target',
};

const absent: Record<NonNullable<FactOf<'was-away'>['of']> | 'process', string> = {
  process: 'The incident bot itself was away',
  slack: 'Slack was away',
  events: 'Slack sent the incident bot nothing',
};

/** What our own tools and the setup around them lacked. */
export function trouble(reading: Reading): Evidence[] {
  const away = rowsOf(reading, 'was-away').map(({ seq, fact }) =>
    found('gap', seq, `${absent[fact.of ?? 'process']} for ${lengthWords(fact.toAt - fact.fromAt)}.`, {
      area: 'process',
      lostMs: fact.toAt - fact.fromAt,
    }),
  );
  const lost = rowsOf(reading, 'channel-lost').map(({ seq, fact }) =>
    found('gap', seq, `The incident's channel was lost (${fact.reason}).`, { area: 'process' }),
  );
  const refused = rowsOf(reading, 'channel-refused').map(({ seq, fact }) =>
    found('gap', seq, `Slack refused a channel of its own (${fact.error}).`, { area: 'process' }),
  );
  const ignored = rowsOf(reading, 'nudge-stopped').flatMap(({ seq, fact }) =>
    fact.by.kind === 'clock'
      ? [
          found(
            'gap',
            seq,
            `The reminder ${reminders[fact.rule]} went unanswered ${count(fact.ignored, 'time')}.`,
            {
              area: 'process',
            },
          ),
        ]
      : [],
  );
  return [...away, ...lost, ...refused, ...ignored, ...failures(reading), ...setup(reading)];
}

function failures(reading: Reading): Evidence[] {
  const failed = rowsOf(reading, 'effect-failed');
  const [first] = failed;
  if (!first) return [];
  const errors = [...new Set(failed.map(({ fact }) => fact.error))].slice(0, errorsNamedMax);
  const text = `${count(failed.length, 'message')} of the bot did not reach Slack (${errors.join(', ')}).`;
  return [found('gap', first.seq, text, { area: 'process' })];
}

/** How many different errors one sentence names. */
const errorsNamedMax = 3;

function setup(reading: Reading): Evidence[] {
  const { incident } = reading;
  const [declared] = rowsOf(reading, 'declared');
  if (!declared) return [];
  const { seq } = declared;
  if (incident.service === null) {
    return [
      found('gap', seq, 'No service was named, so the catch-all on-call was asked.', { area: 'ownership' }),
    ];
  }
  return incident.runbook === null
    ? [found('gap', seq, `No runbook is linked for ${incident.service}.`, { area: 'process' })]
    : [];
}
