import type { AcknowledgementFact } from '../../incident/acknowledgement.ts';
import type { AlertFact } from '../../incident/alerts.ts';
import type { EscalationFact } from '../../incident/escalation.ts';
import type { FactOf } from '../../incident/facts.ts';
import type { PageOrder } from '../../incident/page-order.ts';
import type { ReachFact } from '../../incident/reach.ts';
import { machineWords } from '../../oncall/address.ts';
import { oneLine, type Screen } from '../message.ts';
import { reasonWords } from '../reason.ts';
import { nameOf, spelledOut, utc } from '../rich-text.ts';
import { byWords, duration, list, theTarget } from '../wording.ts';
import { type SentencesOf, tail } from './said.ts';

function orderTarget(order: PageOrder, screen: Screen): string {
  const { target } = order;
  if (target.kind === 'user') return nameOf(target.user, screen);
  return list([target.name, ...(target.also ?? [])].map((name) => theTarget(name, screen)));
}

function pagedWords(fact: FactOf<'people-paged'>, screen: Screen): string {
  const verb = fact.order.action === 'page' ? 'Paged' : 'Told';
  const people = fact.people.map(({ user, standing, note }) => {
    const why = [standing, note ?? '']
      .map((words) => oneLine(words, 120, ''))
      .filter((words) => words !== '');
    return `${nameOf(user, screen)}${why.length > 0 ? ` (${why.join(', ')})` : ''}`;
  });
  const skipped = fact.skipped.map(({ user, at }) => `${nameOf(user, screen)} (told ${utc(at, screen)})`);
  const instead = fact.askedInstead.map((user) => nameOf(user, screen));
  const machines = (fact.webhooks ?? []).map((name) => `the ${oneLine(machineWords(name), 70)}`);
  const told = [...people, ...machines];
  const parts = [
    told.length > 0 ? `${verb} ${list(told)}` : `Nobody was ${verb.toLowerCase()}`,
    told.length > 0 || !fact.missing
      ? `: ${spelledOut(reasonWords(fact.order.reason, screen), screen)}`
      : `: ${oneLine(fact.missing, 200)}`,
    skipped.length > 0 ? `; not again ${list(skipped)}` : '',
    told.length > 0 && fact.missing ? `; ${oneLine(fact.missing, 200)}` : '',
    fact.passedOn ? '; the next is asked at once' : '',
    instead.length > 0 ? `; asked ${list(instead)} instead` : '',
  ];
  return parts.join('');
}

export const paging: SentencesOf<AcknowledgementFact | EscalationFact | AlertFact | ReachFact> = {
  acknowledged: (fact, screen) =>
    `${byWords(fact.by, screen)} has it${fact.from ? ` now, before: ${byWords(fact.from, screen)}` : ''}`,
  unacknowledged: (fact, screen) => {
    const from = byWords(fact.from, screen);
    if (fact.reason === 'silent') return `${from} stopped answering: nobody has it`;
    if (fact.reason === 'pagerduty') return `Given back in PagerDuty: ${from} does not have it any more`;
    return `${from} gave it back: nobody has it`;
  },
  declined: (fact, screen) => `${byWords(fact.by, screen)} can't take it`,
  'still-on-it-asked': (fact, screen) =>
    `Asked ${nameOf(fact.user, screen)} "Still on it?": nothing heard since ${utc(fact.sinceAt, screen)}`,
  'still-on-it': (fact, screen) => `${byWords(fact.by, screen)} is still on it`,
  'alert-attached': (fact) => `PagerDuty alert joined${tail(fact.alert.title)}`,
  'alert-changed': (fact, screen) =>
    `${byWords(fact.by, screen)}: alert ${fact.to}${fact.outdated ? ' (late news, changed nothing)' : ''}`,
  'alert-remark': (fact, screen) => `${byWords(fact.by, screen)}${tail(fact.text)}`,
  'alerts-cleared': (fact, screen) =>
    fact.acknowledged || fact.cancelAt === null
      ? 'PagerDuty says every alert is resolved'
      : `PagerDuty says it cleared; nobody had it, so it is canceled ${utc(fact.cancelAt, screen)} unless somebody acts`,
  'fired-again': (fact) => `The alert fired again${tail(fact.alert.title)}`,
  'kept-open': (fact, screen) => `${byWords(fact.by, screen)} keeps it open`,
  'page-ordered': (fact, screen) => {
    const verb = fact.order.action === 'page' ? 'Page' : 'Tell';
    const late = fact.lateMs > 0 ? `, ${duration(fact.lateMs)} late` : '';
    return `${verb} ${orderTarget(fact.order, screen)}${late}: ${spelledOut(reasonWords(fact.order.reason, screen), screen)}`;
  },
  'people-paged': pagedWords,
  'page-delivered': (fact, screen) => `The page reached ${nameOf(fact.user, screen)}`,
  'slack-quiet': (fact, screen) =>
    `Slack only; ${list(fact.people.map(({ user, untilAt }) => `${nameOf(user, screen)} paused until ${utc(untilAt, screen)}`))}`,
  'webhook-told': (fact) => `The ${oneLine(machineWords(fact.name), 70)} was told`,
  'webhook-failed': (fact) =>
    `The ${oneLine(machineWords(fact.name), 70)} could not be told (${oneLine(fact.error, 100)})`,
  'page-failed': (fact, screen) =>
    `The page to ${nameOf(fact.user, screen)} failed (${oneLine(fact.error, 100)})`,
  'ticket-recorded': () => 'Recorded as a ticket: nobody is paged',
  'ladder-exhausted': (fact) =>
    fact.phones.length === 0
      ? 'Everybody was paged and nobody answered; no phone numbers are configured'
      : `Everybody was paged and nobody answered. Call ${list(fact.phones.map(phoneWords))}`,
};

/** `Dana +1 555 0100` */
export const phoneWords = (phone: { name: string; number: string }): string =>
  `${oneLine(phone.name, 60, 'somebody')} ${oneLine(phone.number, 40, '(no number)')}`;
