import type { Command } from './commands.ts';
import { type Followup, followupsOf, samePlace } from './followups.ts';
import type { Incident, Place } from './incident.ts';
import type { LineFact, TimelineEntry } from './timeline.ts';
import type { Topic } from './topic.ts';

/** What became of a message that follow-ups were made of: `shown` takes `hidden` back, `deleted` is for good. */
type Fate = 'deleted' | 'hidden' | 'shown';

/** To every incident with a follow-up in the words of this message, whichever incident recorded it. */
export interface QuoteCommand {
  type: 'withhold-quote';
  source: Place;
  why: Fate;
}

export type QuoteFact = Omit<QuoteCommand, 'type'> & { type: 'quote-withheld' };

/** What a follow-up says in the place of words that nobody shall read any more. */
const neutral: Record<Exclude<Fate, 'shown'>, string> = {
  deleted: 'from a message that was deleted',
  hidden: 'from a message that was hidden',
};

/** Words leave with the message that they are (product.md section 6); what somebody re-worded is their own, and stays. */
export const quotes: Topic<QuoteCommand, QuoteFact> = {
  decide: {
    'withhold-quote': (incident, { source, why }) =>
      followupsOf(incident).some((one) => isOf(one, source)) ? [{ type: 'quote-withheld', source, why }] : [],
  },
  evolve: {
    'quote-withheld': (incident, { source, why }): Incident => ({
      ...incident,
      followups: followupsOf(incident).map((one) => (isOf(one, source) ? after(one, why) : one)),
    }),
  },
  effects: { 'quote-withheld': () => [] },
};

const isOf = (one: Followup, source: Place): boolean => one.quotes === true && samePlace(one.source, source);

function after({ withheld, quotes: _quotes, ...one }: Followup, why: Fate): Followup {
  if (why === 'deleted') return { ...one, text: neutral.deleted };
  const text = withheld ?? one.text;
  return why === 'hidden'
    ? { ...one, quotes: true, text: neutral.hidden, withheld: text }
    : { ...one, quotes: true, text };
}

/** What follows from a command for the follow-ups made of the message that it is about; null: nothing. */
export function withholding(command: Command): QuoteCommand | null {
  if (command.type === 'record-deletion') {
    const { channel, ts } = command;
    return { type: 'withhold-quote', source: { channel, ts }, why: 'deleted' };
  }
  if (command.type !== 'mark-entry' || command.mark !== 'hide') return null;
  const { entry, on } = command;
  const source = 'seq' in entry ? entry.message : entry;
  return source ? { type: 'withhold-quote', source, why: on ? 'hidden' : 'shown' } : null;
}

const none: ReadonlyMap<number, string> = new Map();

/** Of follow-ups whose words are withheld now, by number: what is read instead. */
export function withheldWords(entries: readonly TimelineEntry[]): ReadonlyMap<number, string> {
  if (!entries.some(({ fact }) => fact.type === 'quote-withheld')) return none;
  const made: Pick<Followup, 'n' | 'source' | 'quotes'>[] = [];
  const instead = new Map<number, string>();
  for (const { fact } of [...entries].sort((one, other) => one.seq - other.seq)) {
    if (fact.type === 'followup-added') made.push(fact);
    if (fact.type === 'absorbed') made.push(...(fact.brings.followups ?? []));
    if (fact.type !== 'quote-withheld') continue;
    for (const { n, source, quotes: isQuote } of made) {
      if (!isQuote || !samePlace(source, fact.source) || instead.get(n) === neutral.deleted) continue;
      if (fact.why === 'shown') instead.delete(n);
      else instead.set(n, neutral[fact.why]);
    }
  }
  return instead;
}

/** The fact as it may be read. */
export function withoutWithheld(fact: LineFact, instead: ReadonlyMap<number, string>): LineFact {
  const isAbout =
    fact.type === 'followup-added' || fact.type === 'followup-done' || fact.type === 'followup-removed';
  const text = isAbout ? instead.get(fact.n) : undefined;
  return isAbout && text !== undefined ? { ...fact, text } : fact;
}
