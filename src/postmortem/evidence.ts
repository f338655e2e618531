import type { Fact } from '../incident/facts.ts';
import type { TimelineEntry } from '../incident/timeline.ts';
import { callsForHelp, trouble } from './events.ts';
import { respondWithinMs } from './figures.ts';
import { type Evidence, found } from './finding.ts';
import { lateUpdates, lengthOf, type Reading, type Spell } from './reading.ts';
import { clockTime, count, lengthWords } from './wording.ts';

/** An update this late was being written when it fell due. */
const updateGraceMs = 60_000;

/** Unnoticed this long is a gap in monitoring: the response target of a SEV1 (product.md section 2). */
const unnoticedMs = 5 * 60_000;

/** Everything the rows show, in the order of the rows. */
export function evidence(reading: Reading): Evidence[] {
  return [
    ...detection(reading),
    ...acknowledgements(reading),
    ...command(reading),
    ...updates(reading),
    ...severities(reading),
    ...trouble(reading),
    ...callsForHelp(reading),
    ...recovery(reading),
  ]
    .filter(({ seq }) => !reading.hidden.has(seq))
    .sort((one, other) => one.seq - other.seq);
}

/** What lacked, worst first: help that did not come, then whatever lost the most time. */
export function worstGaps(all: readonly Evidence[]): Evidence[] {
  return all
    .filter((one) => (one.kind === 'gap' || one.kind === 'poorly') && (one.grave || one.lostMs !== null))
    .sort(
      (one, other) =>
        Number(other.grave) - Number(one.grave) ||
        (other.lostMs ?? 0) - (one.lostMs ?? 0) ||
        one.seq - other.seq,
    );
}

function rowOf<Type extends Fact['type']>(reading: Reading, type: Type): TimelineEntry | undefined {
  return reading.rows.find(({ fact }) => fact.type === type);
}

function detection(reading: Reading): Evidence[] {
  const { incident } = reading;
  const seq = rowOf(reading, 'declared')?.seq ?? 1;
  const unnoticed = incident.times.detectedAt - incident.times.startedAt;
  const late =
    unnoticed >= unnoticedMs
      ? [
          found('gap', seq, `It went on for ${lengthWords(unnoticed)} before anybody noticed.`, {
            area: 'monitoring',
            lostMs: unnoticed,
          }),
        ]
      : [];
  if (incident.declaredBy.kind !== 'person') {
    return [found('well', seq, 'An alert found it; nobody had to notice it first.'), ...late];
  }
  const alert = rowOf(reading, 'alert-attached');
  const followed = alert
    ? `the first alert was linked ${lengthWords(alert.at - incident.times.declaredAt)} later`
    : 'no alert was linked to it';
  return [
    found('gap', seq, `A person noticed and declared it; ${followed}.`, { area: 'monitoring' }),
    ...late,
  ];
}

function acknowledgements(reading: Reading): Evidence[] {
  return reading.unacknowledged.flatMap((spell) => {
    const targetMs = respondWithinMs(spell.incident);
    if (targetMs === null) return [];
    const row = reading.rows.find(({ seq }) => seq === spell.endSeq);
    const took = lengthWords(lengthOf(spell));
    const target = lengthWords(targetMs);
    const isLate = lengthOf(spell) > targetMs;
    if (row?.fact.type !== 'acknowledged' && row?.fact.type !== 'role-assigned') {
      const text = `Nobody had it for ${took}${since(reading, spell)}; the target was ${target}.`;
      return isLate ? [found('poorly', spell.seq, text, { lostMs: lengthOf(spell) })] : [];
    }
    const text = `Acknowledged in ${took}${since(reading, spell)} against a target of ${target}.`;
    return [found(isLate ? 'poorly' : 'well', row.seq, text, { lostMs: isLate ? lengthOf(spell) : null })];
  });
}

/** What began a spell without an acknowledgement, unless it was the declaration. */
function since(reading: Reading, spell: Spell): string {
  const type = reading.rows.find(({ seq }) => seq === spell.seq)?.fact.type;
  if (type === 'severity-changed') return ' after the severity was raised';
  if (type === 'unacknowledged') return ' after it was given back';
  return type === 'reopened' ? ' after it was reopened' : '';
}

function command(reading: Reading): Evidence[] {
  const { incident } = reading;
  const { noCommanderMs, noCommsMs } = incident.policy.nudges;
  const gaps = (spells: Spell[], role: string, allowedMs: number): Evidence[] =>
    spells
      .filter((spell) => lengthOf(spell) > allowedMs && spell.incident.severity <= 3)
      .map((spell) =>
        found('gap', spell.seq, `Nobody ${role} for ${lengthWords(lengthOf(spell))} (${span(spell)}).`, {
          area: 'ownership',
          lostMs: lengthOf(spell),
        }),
      );
  const vacancies = gaps(reading.vacant.commander, 'was in command', noCommanderMs);
  const taken = reading.rows.find(({ fact }) => fact.type === 'role-assigned' && fact.role === 'commander');
  const prompt =
    taken && vacancies.length === 0
      ? [
          found(
            'well',
            taken.seq,
            `Somebody was in command after ${lengthWords(taken.at - incident.times.declaredAt)}.`,
          ),
        ]
      : [];
  return [...prompt, ...vacancies, ...gaps(reading.vacant.comms, 'was comms lead', noCommsMs)];
}

const span = (spell: Spell): string => `${clockTime(spell.fromAt)} to ${clockTime(spell.untilAt)} UTC`;

function updates(reading: Reading): Evidence[] {
  const late = lateUpdates(reading).filter((spell) => spell.untilAt > spell.dueAt + updateGraceMs);
  const posted = reading.rows.filter(({ fact }) => fact.type === 'update-posted');
  const last = posted.at(-1);
  if (late.length === 0 && last) {
    return [
      found('well', last.seq, `Every update came when it was due (${count(posted.length, 'update')}).`),
    ];
  }
  return late.map((spell) => {
    const due = `one was due at ${clockTime(spell.dueAt)}`;
    return found(
      'poorly',
      spell.seq,
      `No update for ${lengthWords(lengthOf(spell))} (${span(spell)}); ${due}.`,
      {
        lostMs: lengthOf(spell),
      },
    );
  });
}

function severities(reading: Reading): Evidence[] {
  const changes = reading.rows.flatMap(({ fact, seq }) =>
    fact.type === 'severity-changed' && fact.from !== fact.to ? [{ fact, seq }] : [],
  );
  const last = changes.at(-1);
  if (!last || changes.length < 2) return [];
  const path = [changes[0]?.fact.from, ...changes.map(({ fact }) => fact.to)].map((level) => `SEV${level}`);
  return [
    found('poorly', last.seq, `The severity changed ${count(changes.length, 'time')}: ${path.join(', ')}.`),
  ];
}

function recovery(reading: Reading): Evidence[] {
  return reading.rows.flatMap(({ fact, seq, at }, index): Evidence[] => {
    if (fact.type === 'resolved' && fact.verified) {
      return [found('well', seq, 'Recovery was verified when it was resolved.')];
    }
    if (fact.type === 'resolved') {
      return [found('poorly', seq, 'It was resolved without the recovery being verified.')];
    }
    if (fact.type !== 'reopened' || (fact.from !== 'resolved' && fact.from !== 'closed')) return [];
    const resolved = reading.rows.slice(0, index).findLast((row) => row.fact.type === 'resolved');
    const after = resolved ? ` ${lengthWords(at - resolved.at)} after it was resolved` : '';
    return [found('poorly', seq, `It came back: reopened${after}.`)];
  });
}
