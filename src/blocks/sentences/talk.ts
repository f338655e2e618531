import type { ExportFact } from '../../incident/exporting.ts';
import type { FactOf } from '../../incident/facts.ts';
import type { MarkFact } from '../../incident/marks.ts';
import type { MessageFact } from '../../incident/messages.ts';
import type { NoteFact } from '../../incident/notes.ts';
import type { QuoteFact } from '../../incident/quotes.ts';
import { oneLine } from '../message.ts';
import { readable } from '../readable.ts';
import { nameOf } from '../rich-text.ts';
import { byWords, lineLengthMax, list } from '../wording.ts';
import { authorOf, type SentencesOf, tail } from './said.ts';

const files = (fact: FactOf<'message-posted'>): string =>
  fact.files.length === 0
    ? ''
    : `[${list(
        fact.files.map((file) => oneLine(file.name, 60, 'a file')),
        5,
      )}]`;

const changedWords: Record<FactOf<'channel-changed'>['what'], string> = {
  topic: 'set the topic',
  purpose: 'set the purpose',
  name: 'renamed the channel',
  archive: 'archived the channel',
  unarchive: 'restored the channel',
};

/** Put on, and taken off. */
const markWords: Record<FactOf<'entry-marked'>['mark'], readonly [string, string]> = {
  star: ['starred', 'took the star off'],
  pin: ['made a key event of', 'took the key event off'],
  hide: ['hid', 'showed again'],
};

const exportWords: Record<FactOf<'export-requested'>['format'], string> = {
  markdown: 'Markdown',
  json: 'JSON',
  csv: 'CSV',
};

export const talk: SentencesOf<MessageFact | NoteFact | MarkFact | ExportFact | QuoteFact> = {
  'message-posted': (fact, screen) =>
    `${authorOf(fact.author, screen)}: ${[oneLine(readable(fact.text, screen), lineLengthMax, ''), files(fact)].filter(Boolean).join(' ')}`.trim(),
  'message-edited': (fact, screen) =>
    `${authorOf(fact.author, screen)} edited${tail(readable(fact.text, screen))}`,
  'message-deleted': () => 'A message was deleted',
  'entry-marked': (fact, screen) =>
    `${byWords(fact.by, screen)} ${markWords[fact.mark][fact.on ? 0 : 1]} an entry`,
  'export-requested': (fact, screen) =>
    `${byWords(fact.by, screen)} asked for the timeline as a ${exportWords[fact.format]} file${fact.to === 'channel' ? ' in the channel' : ''}`,
  'member-joined': (fact, screen) => `${nameOf(fact.user, screen)} joined`,
  'member-left': (fact, screen) => `${nameOf(fact.user, screen)} left`,
  'channel-changed': (fact, screen) =>
    `${nameOf(fact.user, screen)} ${changedWords[fact.what]}${tail(readable(fact.text, screen))}`,
  'note-added': (fact, screen) => {
    const whose = fact.source
      ? `${authorOf(fact.source.author, screen)} wrote elsewhere, added by ${byWords(fact.by, screen)}`
      : `Note by ${byWords(fact.by, screen)}`;
    return `${whose}${tail(readable(fact.text, screen))}`;
  },
  'quote-withheld': (fact) =>
    `A message was ${fact.why === 'shown' ? 'shown again' : fact.why}, and follow-ups with its words too`,
};
