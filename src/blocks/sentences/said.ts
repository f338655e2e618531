import type { Fact } from '../../incident/facts.ts';
import { oneLine, type Screen } from '../message.ts';
import { nameOf } from '../rich-text.ts';
import { lineLengthMax } from '../wording.ts';

/** One sentence for every fact of a topic: the compiler proves that none is missing. */
export type SentencesOf<Some extends Fact> = {
  [Type in Some['type']]: (fact: Extract<Some, { type: Type }>, screen: Screen) => string;
};

/** `: words` when there are any. */
export const tail = (words: string): string => {
  const said = oneLine(words, lineLengthMax, '');
  return said === '' ? '' : `: ${said}`;
};

/** Who wrote a message: a person by name, else the app. */
export const authorOf = (author: { user: string | null; app: string | null }, screen: Screen): string =>
  author.user === null ? oneLine(author.app ?? '', 60, 'An app') : nameOf(author.user, screen);
