import { type By, userOf } from '../../incident/by.ts';
import type { FactOf } from '../../incident/facts.ts';
import type { HandoverFact } from '../../incident/handover.ts';
import type { RoleFact } from '../../incident/roles.ts';
import { oneLine, type Screen } from '../message.ts';
import { nameOf, utc } from '../rich-text.ts';
import { byWords, roleWord } from '../wording.ts';
import { type SentencesOf, tail } from './said.ts';

/** Credit to both: who gave it away and who took it. */
function handedOver(fact: FactOf<'role-assigned'>, offerer: By, screen: Screen): string {
  const [holder, role] = [nameOf(fact.user, screen), roleWord(fact.role, screen)];
  const before = nameOf(fact.before ?? '', screen);
  return userOf(offerer) === fact.before
    ? `${before} handed ${role} over to ${holder}, who accepted`
    : `${holder} accepted ${role} from ${before}, offered by ${byWords(offerer, screen)}`;
}

export const people: SentencesOf<RoleFact | HandoverFact> = {
  'role-assigned': (fact, screen) => {
    const own = userOf(fact.by) === fact.user;
    const holder = nameOf(fact.user, screen);
    const role = roleWord(fact.role, screen);
    if (fact.handedOverBy) return handedOver(fact, fact.handedOverBy, screen);
    const before = fact.before === null ? '' : ` (before: ${nameOf(fact.before, screen)})`;
    return own
      ? `${holder} is ${role} now${before}`
      : `${byWords(fact.by, screen)} made ${holder} ${role}${before}`;
  },
  'role-dropped': (fact, screen) => {
    const own = userOf(fact.by) === fact.user;
    const whose = own ? '' : ` instead of ${nameOf(fact.user, screen)}`;
    return `${byWords(fact.by, screen)} dropped ${roleWord(fact.role, screen)}${whose && ` (was ${nameOf(fact.user, screen)})`}`;
  },
  'role-offered': (fact, screen) => {
    const instead = fact.instead === null ? '' : ` instead of ${nameOf(fact.instead, screen)}`;
    const whose = userOf(fact.by) === fact.from ? '' : ` of ${nameOf(fact.from, screen)}`;
    return `${byWords(fact.by, screen)} offered ${roleWord(fact.role, screen)}${whose} to ${nameOf(fact.user, screen)}${instead}${tail(fact.words)}`;
  },
  'offer-posted': (fact, screen) =>
    `Asked ${nameOf(fact.user, screen)} to take ${roleWord(fact.role, screen)}`,
  'offer-failed': (fact, screen) =>
    `${nameOf(fact.user, screen)} could not be asked to take ${roleWord(fact.role, screen)} (${oneLine(fact.error, 100, 'no reason given')})`,
  'offer-reminded': (fact, screen) =>
    `Asked ${nameOf(fact.user, screen)} again to take ${roleWord(fact.role, screen)}`,
  'offer-unanswered': (fact, screen) =>
    `${nameOf(fact.user, screen)} has not answered the offer of ${roleWord(fact.role, screen)} made ${utc(fact.offeredAt, screen)}`,
  'offer-declined': (fact, screen) =>
    `${byWords(fact.by, screen)} does not take ${roleWord(fact.role, screen)} now: ${nameOf(fact.from, screen)} stays`,
  'offer-withdrawn': (fact, screen) =>
    `${byWords(fact.by, screen)} withdrew the offer of ${roleWord(fact.role, screen)} to ${nameOf(fact.user, screen)}`,
};
