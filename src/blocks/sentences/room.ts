import type { ChannelFact } from '../../incident/channel.ts';
import type { ClockFact } from '../../incident/clock.ts';
import type { DeliveryFact } from '../../incident/delivery.ts';
import type { FactOf } from '../../incident/facts.ts';
import type { LimitFact } from '../../incident/limits.ts';
import type { ReferenceFact } from '../../incident/references.ts';
import { callNames, whyWords } from '../calls.ts';
import { oneLine } from '../message.ts';
import { ruleWord } from '../nudge-words.ts';
import { nameOf, utc } from '../rich-text.ts';
import { byWords, count, list } from '../wording.ts';
import { type SentencesOf, tail } from './said.ts';

const limitWords: Record<FactOf<'limit-met'>['what'], string> = {
  bookmarks: 'Slack does not let us add links to the channel',
  pins: 'Slack does not let us pin the card',
  'channel-name': 'Slack does not let us rename the channel',
};

/** Who did not hear of whom. */
export const awayWords: Record<NonNullable<FactOf<'was-away'>['of']> | 'process', string> = {
  process: 'Tocsin was away',
  slack: 'Slack was away',
  events: 'Slack sent no news',
};

/** `12 messages were read later, 1 was changed or deleted`; '' where nobody looked, or nothing was missed. */
export function readLaterWords({ messages, changes }: FactOf<'was-away'>): string {
  if (messages === null) return 'what was written meanwhile could not be read';
  const read = messages ? `${count(messages, 'message')} ${messages === 1 ? 'was' : 'were'} read later` : '';
  const changed = changes ? `${changes} ${changes === 1 ? 'was' : 'were'} changed or deleted` : '';
  return [read, changed].filter((words) => words !== '').join(', ');
}

export const room: SentencesOf<ChannelFact | DeliveryFact | ClockFact | LimitFact | ReferenceFact> = {
  'channel-opened': (fact) =>
    fact.channel.threadTs === undefined
      ? `Opened #${oneLine(fact.channel.name, 80, 'a channel')}`
      : `Works in a thread of the announce channel${tail(fact.problem ?? '')}`,
  'channel-refused': (fact) => `Slack refused a channel (${oneLine(fact.error, 100)})`,
  'channel-requested': (fact, screen) => `${byWords(fact.by, screen)} asked for a channel`,
  'channel-renamed': (fact) =>
    `The channel is #${oneLine(fact.name, 80)} now, before #${oneLine(fact.before, 80)}`,
  'call-set': (fact, screen) => `${byWords(fact.by, screen)} set the call link: ${oneLine(fact.url, 2_000)}`,
  'runbook-added': (fact, screen) =>
    `${byWords(fact.by, screen)} looked up the runbook of ${oneLine(fact.service, 60)}: ${oneLine(fact.url, 2_000)}`,
  'limit-met': (fact) => `${limitWords[fact.what]} (${oneLine(fact.error, 100)})`,
  'channel-lost': (fact) =>
    `Lost #${oneLine(fact.channel.name, 80, 'its channel')} (${oneLine(fact.reason, 100, 'no reason given')})`,
  'history-wanted': () => 'Looking through the channel for what was missed',
  'was-away': (fact, screen) =>
    `${awayWords[fact.of ?? 'process']} from ${utc(fact.fromAt, screen)} to ${utc(fact.toAt, screen)}${tail(readLaterWords(fact))}`,
  'commands-missed': (fact, screen) =>
    `Heard too late and not carried out: ${list(
      fact.missed.map(
        ({ user, word, writtenAt }) =>
          `${oneLine(word, 20)} (${nameOf(user, screen)}, ${utc(writtenAt, screen)})`,
      ),
    )}`,
  posted: (fact) => `Posted the ${fact.what === 'storm' ? 'storm message' : fact.what}`,
  said: () => 'Said so in the channel',
  'help-called': () => 'Called the announce channel for help',
  'nudge-posted': (fact) => `Posted the nudge: ${ruleWord(fact.rule)}`,
  'place-lost': (fact) =>
    `The ${fact.what === 'storm' ? 'storm message' : fact.what} was deleted by somebody`,
  'effect-failed': (fact) => `Failed in Slack: ${callNames[fact.kind]}${whyWords(fact.error)}`,
  'call-retried': (fact, screen) =>
    `${byWords(fact.by, screen)} had a failed call tried again: ${callNames[fact.kind]}${whyWords(fact.error)}`,
  'call-discarded': (fact, screen) =>
    `${byWords(fact.by, screen)} gave up a failed call: ${callNames[fact.kind]}${whyWords(fact.error)}`,
};
