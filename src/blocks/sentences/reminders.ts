import type { FollowupFact } from '../../incident/followups.ts';
import type { NudgeFact } from '../../incident/nudges.ts';
import type { PauseFact } from '../../incident/pause.ts';
import { ruleWord } from '../nudge-words.ts';
import { nameOf, utc } from '../rich-text.ts';
import { byWords, capital, count, list } from '../wording.ts';
import { type SentencesOf, tail } from './said.ts';

/** `follow-up 2`, `follow-ups 2 and 5` */
const followupWords = (ns: readonly number[]): string =>
  `${ns.length === 1 ? 'follow-up' : 'follow-ups'} ${list(ns.map(String))}`;

export const reminders: SentencesOf<NudgeFact | PauseFact | FollowupFact> = {
  nudged: (fact, screen) => {
    const to = fact.to === null ? 'the channel' : nameOf(fact.to, screen);
    return `Nudged ${to}: ${ruleWord(fact.rule)} since ${utc(fact.dueAt, screen)}`;
  },
  'nudge-snoozed': (fact, screen) =>
    `${byWords(fact.by, screen)} snoozed "${ruleWord(fact.rule)}" until ${utc(fact.untilAt, screen)}`,
  'command-confirmed': (fact, screen) => `${byWords(fact.by, screen)} is here and in command`,
  paused: (fact, screen) =>
    `${byWords(fact.by, screen)} paused the reminders until ${utc(fact.untilAt, screen)}${fact.insteadOf === undefined ? '' : ` instead of ${utc(fact.insteadOf, screen)}`}${tail(fact.why)}`,
  'pause-ended': (fact, screen) => {
    if (fact.because === 'asked') return `${byWords(fact.by, screen)} ended the pause: the reminders go on`;
    return fact.because === 'time'
      ? 'The pause is over: the reminders go on'
      : 'The pause is over, because something happened: the reminders go on';
  },
  'nudge-started': (fact, screen) => `${byWords(fact.by, screen)} started "${ruleWord(fact.rule)}" again`,
  'nudge-stopped': (fact, screen) =>
    fact.by.kind === 'person'
      ? `${byWords(fact.by, screen)} stopped "${ruleWord(fact.rule)}"`
      : `"${capital(ruleWord(fact.rule))}" stopped: ignored ${count(fact.ignored, 'time')}`,
  'followup-added': (fact, screen) =>
    `${byWords(fact.by, screen)} added follow-up ${fact.n}${fact.owner === null ? '' : ` for ${nameOf(fact.owner, screen)}`}${fact.dueAt === null ? '' : `, due ${utc(fact.dueAt, screen)}`}${tail(fact.text)}`,
  'followup-done': (fact, screen) => `${byWords(fact.by, screen)} did follow-up ${fact.n}${tail(fact.text)}`,
  'followup-removed': (fact, screen) =>
    `${byWords(fact.by, screen)} took follow-up ${fact.n} back${tail(fact.text)}`,
  'followup-snoozed': (fact, screen) =>
    `${byWords(fact.by, screen)} wants to hear of follow-up ${fact.n} again ${utc(fact.untilAt, screen)}`,
  'followups-asked': (fact, screen) => `Asked ${nameOf(fact.user, screen)} about ${followupWords(fact.ns)}`,
  'followups-given-up': (fact, screen) =>
    `${nameOf(fact.user, screen)} was asked about ${followupWords(fact.ns)} again and again without an answer`,
};
