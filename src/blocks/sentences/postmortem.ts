import { userOf } from '../../incident/by.ts';
import type { PostmortemFact } from '../../incident/postmortem.ts';
import { sectionTitles } from '../../incident/postmortem-sections.ts';
import { oneLine } from '../message.ts';
import { nameOf, utc } from '../rich-text.ts';
import { byWords } from '../wording.ts';
import { type SentencesOf, tail } from './said.ts';

export const postmortem: SentencesOf<PostmortemFact> = {
  'draft-requested': (fact, screen) =>
    fact.quiet ? 'Postmortem draft begun' : `${byWords(fact.by, screen)} asked for the postmortem draft`,
  'postmortem-edited': (fact, screen) =>
    `${byWords(fact.by, screen)} edited the postmortem, ${sectionTitles[fact.section]}${tail(fact.text)}`,
  'postmortem-restored': (fact, screen) =>
    `${byWords(fact.by, screen)} restored the postmortem's drawn text, ${sectionTitles[fact.section]}`,
  'postmortem-owner-set': (fact, screen) =>
    userOf(fact.by) === fact.user
      ? `${nameOf(fact.user, screen)} took the postmortem`
      : `${byWords(fact.by, screen)} gave the postmortem to ${nameOf(fact.user, screen)}`,
  'postmortem-zone-noted': (fact, screen) =>
    `The postmortem's owner, ${nameOf(fact.user, screen)}, lives in ${oneLine(fact.timeZone, 60)}`,
  'postmortem-due-set': (fact, screen) =>
    fact.dueAt === null
      ? `${byWords(fact.by, screen)} said that the postmortem is not due`
      : `${byWords(fact.by, screen)} set the postmortem's due time to ${utc(fact.dueAt, screen)}`,
  'postmortem-reviewed': (fact, screen) => `${byWords(fact.by, screen)} marked the postmortem as reviewed`,
  'postmortem-review-undone': (fact, screen) =>
    `${byWords(fact.by, screen)} took the postmortem's review back`,
  'postmortem-reminded': (fact, screen) =>
    fact.what === 'due'
      ? `Reminded ${nameOf(fact.user, screen)}: the postmortem is due`
      : `Asked ${nameOf(fact.user, screen)} for the postmortem, due ${utc(fact.dueAt, screen)}`,
  'postmortem-snoozed': (fact, screen) =>
    `${byWords(fact.by, screen)} snoozed the postmortem's reminder until ${utc(fact.untilAt, screen)}`,
  'postmortem-stopped': (fact, screen) => `${byWords(fact.by, screen)} stopped the postmortem's reminders`,
  'postmortem-exported': (fact, screen) =>
    `${byWords(fact.by, screen)} exported the postmortem as ${fact.format === 'html' ? 'HTML' : 'Markdown'}`,
  'canvas-noted': (fact) =>
    fact.canvas ? 'The postmortem draft is in a canvas' : 'The canvas of the postmortem draft was deleted',
};
