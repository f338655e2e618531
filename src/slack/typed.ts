import { firstWord, numberFirst } from './command.ts';
import { subcommandOf } from './tables.ts';

/** `[INC-12] <word> <rest>`, as it was read. */
export interface Typed {
  /** The incident that stands first, or alone behind the word: `INC-12 ack`, `ack INC-12`. */
  named: number | null;
  word: string;
  rest: string;
  /** One behind the word that may be meant, or a part of what is said: `update INC-12 we are on it`. */
  beside: { id: number; rest: string } | null;
}

/** Words behind which `12` alone can only be an incident. Behind the others it is a severity, a count, or text. */
const numbersAreIncidents: readonly string[] = [
  ...['show', 'ack', 'unack'],
  ...['cancel', 'resolve', 'close', 'reopen'],
];

/** Reads what follows `/incident`, and says which incidents it names. */
export function readTyped(text: string): Typed {
  const first = numberFirst(text);
  const { word, rest } = firstWord(first?.rest ?? text);
  const named = first?.id ?? null;
  const behind = numberBehind(word, rest);
  if (behind === null) return { named, word, rest, beside: null };
  const isAlone = behind.rest === '';
  if (isAlone && (named ?? behind.id) === behind.id)
    return { named: behind.id, word, rest: '', beside: null };
  // Whoever put one first has said which: what follows is text, unless it is nothing but another number.
  return { named, word, rest, beside: named === null || isAlone ? behind : null };
}

/** `merge INC-12` names where it goes, not what goes. */
function numberBehind(word: string, rest: string): { id: number; rest: string } | null {
  if (word === 'merge' || subcommandOf(word)?.about !== 'incident') return null;
  const found = numberFirst(rest);
  if (found === null) return null;
  if (word === 'show') return { ...found, rest: '' };
  const isSpelled = /^\s*inc/i.test(rest);
  return isSpelled || (found.rest === '' && numbersAreIncidents.includes(word)) ? found : null;
}
