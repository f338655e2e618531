import { evolve } from '../incident/decide.ts';
import { ended, type Incident, isOpen } from '../incident/incident.ts';
import { isHidden, readTimeline, type TimelineEntry, type TimelineItem } from '../incident/timeline.ts';

/** A stretch of time in which something was lacking. Times epoch ms, `seq` the row that began it. */
export interface Spell {
  fromAt: number;
  untilAt: number;
  seq: number;
  /** The row that ended it; null: it lasted to the end, or still does. */
  endSeq: number | null;
  /** The incident as it last was within the spell. */
  incident: Incident;
}

/** The rows of one incident, read once for everything the draft says. */
export interface Reading {
  incident: Incident;
  /** Rows in the order of recording, those about messages left out: they change nothing that is counted here. */
  rows: TimelineEntry[];
  items: TimelineItem[];
  /** Rows that somebody hid: nothing is said that rests on them. */
  hidden: ReadonlySet<number>;
  /** The last time it was resolved, canceled or merged; `now` while it runs. */
  endAt: number;
  /** Nobody had it. A raise begins a new spell: it needs a new acknowledgement. */
  unacknowledged: Spell[];
  vacant: { commander: Spell[]; comms: Spell[] };
  /** From one update (or the declaration, or the reopening) to the next, while updates were owed. */
  betweenUpdates: Spell[];
}

interface Moment {
  at: number;
  seq: number;
  incident: Incident;
  updates: number;
}

const aboutMessages: readonly string[] = [
  'message-posted',
  'message-edited',
  'message-deleted',
  'entry-marked',
];

/** Reads the rows, which must hold the whole life of `incident`, in any order. `now` epoch ms. */
export function read(incident: Incident, entries: readonly TimelineEntry[], now: number): Reading {
  const rows = entries
    .filter((entry) => !aboutMessages.includes(entry.fact.type))
    .sort((one, other) => one.seq - other.seq);
  const endAt = endOf(incident, rows, now);
  const moments = replay(incident, rows);
  const items = readTimeline(entries);
  const spells = (lacks: (then: Incident) => boolean, lap: (moment: Moment) => number): Spell[] =>
    spellsOf(moments, endAt, (then) => isOpen(then) && lacks(then), lap);
  return {
    incident,
    rows,
    items,
    hidden: new Set(items.filter(isHidden).map(({ seq }) => seq)),
    endAt,
    unacknowledged: spells(
      (then) => then.acknowledged === null,
      (moment) => moment.incident.escalation.startedAt,
    ),
    vacant: {
      commander: spells(
        (then) => then.roles.commander === undefined,
        () => 0,
      ),
      comms: spells(
        (then) => then.roles.comms === undefined && then.severity <= 2,
        () => 0,
      ),
    },
    betweenUpdates: spells(owesUpdates, (moment) => moment.updates),
  };
}

const owesUpdates = (incident: Incident): boolean =>
  incident.policy.severities[incident.severity].updateEveryMs !== null;

function endOf(incident: Incident, rows: readonly TimelineEntry[], now: number): number {
  if (!ended(incident.status)) return now;
  const ending = rows.findLast(({ fact }) => ['resolved', 'canceled', 'merged'].includes(fact.type));
  return ending?.at ?? incident.statusAt;
}

/** The incident after each row. Reminders are left out: they move the due time of an update that is owed all the same. */
function replay(incident: Incident, rows: readonly TimelineEntry[]): Moment[] {
  const moments: Moment[] = [];
  let then = incident;
  let updates = 0;
  // Without its first row nothing can be replayed; `declared` makes the incident whatever was before.
  if (rows[0]?.fact.type !== 'declared') return moments;
  for (const { fact, at, seq } of rows) {
    if (fact.type === 'nudged') continue;
    then = evolve(then, fact, at);
    if (fact.type === 'update-posted' || fact.type === 'no-change-posted') updates += 1;
    moments.push({ at, seq, incident: then, updates });
  }
  return moments;
}

function spellsOf(
  moments: readonly Moment[],
  endAt: number,
  lacks: (then: Incident) => boolean,
  lap: (moment: Moment) => number,
): Spell[] {
  const spells: Spell[] = [];
  let open: (Spell & { lap: number }) | null = null;
  const close = (untilAt: number, endSeq: number | null): void => {
    if (open && untilAt > open.fromAt) spells.push({ ...open, untilAt, endSeq });
    open = null;
  };
  for (const moment of moments) {
    const { at, seq, incident } = moment;
    const lacking = lacks(incident);
    if (open && (!lacking || open.lap !== lap(moment))) close(at, seq);
    if (open) open.incident = incident;
    else if (lacking) open = { fromAt: at, untilAt: at, seq, endSeq: null, incident, lap: lap(moment) };
  }
  close(endAt, null);
  return spells;
}

/** How long a spell lasted, ms. */
export const lengthOf = (spell: Spell): number => spell.untilAt - spell.fromAt;

/** The longest of them, the first of equals; null when there are none. */
export function longest<One extends Spell>(spells: readonly One[]): One | null {
  let best: One | null = null;
  for (const spell of spells) if (!best || lengthOf(spell) > lengthOf(best)) best = spell;
  return best;
}

export const total = (spells: readonly Spell[]): number =>
  spells.reduce((sum, spell) => sum + lengthOf(spell), 0);

/** The spells in which the next update came after it was due, or never. */
export const lateUpdates = (reading: Reading): (Spell & { dueAt: number })[] =>
  reading.betweenUpdates.flatMap((spell) => {
    const { dueAt } = spell.incident.updates;
    return dueAt !== null && spell.untilAt > dueAt ? [{ ...spell, dueAt }] : [];
  });
