import type { PageOrder } from '../incident/escalation.ts';
import type { Fact, FactType } from '../incident/facts.ts';
import type { NudgeRule } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { oneLine, type Screen } from './message.ts';
import { readable } from './readable.ts';
import { reasonWords } from './reason.ts';
import { nameOf, spelledOut, utc } from './rich-text.ts';
import {
  byWords,
  capital,
  count,
  duration,
  lineLengthMax,
  list,
  roleWord,
  statusWord,
  theTarget,
} from './wording.ts';

type FactOf<Type extends FactType> = Extract<Fact, { type: Type }>;

/** `: words` when there are any. */
const tail = (words: string): string => {
  const said = oneLine(words, lineLengthMax, '');
  return said === '' ? '' : `: ${said}`;
};

const lower = (status: Parameters<typeof statusWord>[0]): string => statusWord(status).toLowerCase();

const ruleWords: Record<NudgeRule, string> = {
  'no-commander': 'nobody in command',
  'no-comms': 'no comms lead',
  'update-due': 'update due',
};

/** A nudge's rule in words: `update due`. */
export const ruleWord = (rule: NudgeRule): string => ruleWords[rule];

function orderTarget(order: PageOrder, screen: Screen): string {
  return order.target.kind === 'user' ? nameOf(order.target.user, screen) : theTarget(order.target.name);
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
  const parts = [
    people.length > 0 ? `${verb} ${list(people)}` : `Nobody was ${verb.toLowerCase()}`,
    people.length > 0 || !fact.missing
      ? `: ${spelledOut(reasonWords(fact.order.reason, screen), screen)}`
      : `: ${oneLine(fact.missing, 200)}`,
    skipped.length > 0 ? `; not again ${list(skipped)}` : '',
    people.length > 0 && fact.missing ? `; ${oneLine(fact.missing, 200)}` : '',
    instead.length > 0 ? `; asked ${list(instead)} instead` : '',
  ];
  return parts.join('');
}

const authorOf = (author: { user: string | null; app: string | null }, screen: Screen): string =>
  author.user === null ? oneLine(author.app ?? '', 60, 'An app') : nameOf(author.user, screen);

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

type Sentences = { [Type in FactType]: (fact: FactOf<Type>, screen: Screen) => string };

const sentences: Sentences = {
  declared: (fact, screen) =>
    `${byWords(fact.by, screen)} declared ${fact.isTest ? 'a test, ' : ''}${label(fact.severity)}${fact.provisional ? ' (provisional)' : ''}${tail(fact.title)}`,
  acknowledged: (fact, screen) => `${byWords(fact.by, screen)} has it`,
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
  'channel-opened': (fact) =>
    fact.channel.threadTs === undefined
      ? `Opened #${oneLine(fact.channel.name, 80, 'a channel')}`
      : `Works in a thread of the announce channel${tail(fact.problem ?? '')}`,
  'channel-refused': (fact) => `Slack refused a channel (${oneLine(fact.error, 100)})`,
  'channel-requested': (fact, screen) => `${byWords(fact.by, screen)} asked for a channel`,
  'channel-renamed': (fact) =>
    `The channel is #${oneLine(fact.name, 80)} now, before #${oneLine(fact.before, 80)}`,
  'channel-lost': (fact) =>
    `Lost #${oneLine(fact.channel.name, 80, 'its channel')} (${oneLine(fact.reason, 100, 'no reason given')})`,
  'history-wanted': () => 'Looking through the channel for what was missed',
  'was-away': (fact, screen) =>
    `Tocsin was away from ${utc(fact.fromAt, screen)} to ${utc(fact.toAt, screen)}`,
  posted: (fact) => `Posted the ${fact.what === 'storm' ? 'storm message' : fact.what}`,
  'nudge-posted': (fact) => `Posted the nudge: ${ruleWord(fact.rule)}`,
  'place-lost': (fact) =>
    `The ${fact.what === 'storm' ? 'storm message' : fact.what} was deleted by somebody`,
  'effect-failed': (fact) => `Failed in Slack: ${fact.kind} (${oneLine(fact.error, 100)})`,
  'page-ordered': (fact, screen) => {
    const verb = fact.order.action === 'page' ? 'Page' : 'Tell';
    const late = fact.lateMs > 0 ? `, ${duration(fact.lateMs)} late` : '';
    return `${verb} ${orderTarget(fact.order, screen)}${late}: ${spelledOut(reasonWords(fact.order.reason, screen), screen)}`;
  },
  'people-paged': pagedWords,
  'page-delivered': (fact, screen) => `The page reached ${nameOf(fact.user, screen)}`,
  'page-failed': (fact, screen) =>
    `The page to ${nameOf(fact.user, screen)} failed (${oneLine(fact.error, 100)})`,
  'ticket-recorded': () => 'Recorded as a ticket: nobody is paged',
  'ladder-exhausted': (fact) =>
    fact.phones.length === 0
      ? 'Everybody was paged and nobody answered; no phone numbers are configured'
      : `Everybody was paged and nobody answered. Call ${list(fact.phones.map(phoneWords))}`,
  'status-changed': (fact, screen) =>
    `${byWords(fact.by, screen)}: ${lower(fact.from)} → ${lower(fact.to)}${tail(fact.note)}`,
  resolved: (fact, screen) =>
    `${byWords(fact.by, screen)} resolved it by ${fact.how}, recovery ${fact.verified ? 'verified' : 'not verified'}${tail(fact.text)}`,
  canceled: (fact, screen) => `${byWords(fact.by, screen)} canceled it${tail(fact.why)}`,
  reopened: (fact, screen) =>
    `${byWords(fact.by, screen)} reopened it, ${lower(fact.to)} again${tail(fact.why)}`,
  'message-posted': (fact, screen) =>
    `${authorOf(fact.author, screen)}: ${[oneLine(readable(fact.text, screen), lineLengthMax, ''), files(fact)].filter(Boolean).join(' ')}`.trim(),
  'message-edited': (fact, screen) =>
    `${authorOf(fact.author, screen)} edited${tail(readable(fact.text, screen))}`,
  'message-deleted': () => 'A message was deleted',
  'member-joined': (fact, screen) => `${nameOf(fact.user, screen)} joined`,
  'member-left': (fact, screen) => `${nameOf(fact.user, screen)} left`,
  'channel-changed': (fact, screen) =>
    `${nameOf(fact.user, screen)} ${changedWords[fact.what]}${tail(readable(fact.text, screen))}`,
  'note-added': (fact, screen) => `Note by ${byWords(fact.by, screen)}${tail(fact.text)}`,
  nudged: (fact, screen) => {
    const to = fact.to === null ? 'the channel' : nameOf(fact.to, screen);
    return `Nudged ${to}: ${ruleWord(fact.rule)} since ${utc(fact.dueAt, screen)}`;
  },
  'nudge-snoozed': (fact, screen) =>
    `${byWords(fact.by, screen)} snoozed "${ruleWord(fact.rule)}" until ${utc(fact.untilAt, screen)}`,
  'nudge-stopped': (fact, screen) =>
    fact.by.kind === 'person'
      ? `${byWords(fact.by, screen)} stopped "${ruleWord(fact.rule)}"`
      : `"${capital(ruleWord(fact.rule))}" stopped: ignored ${count(fact.ignored, 'time')}`,
  'draft-requested': (fact, screen) =>
    fact.quiet ? 'Postmortem draft begun' : `${byWords(fact.by, screen)} asked for the postmortem draft`,
  'role-assigned': (fact, screen) => {
    const own = fact.by.kind === 'person' && fact.by.user === fact.user;
    const holder = nameOf(fact.user, screen);
    const role = roleWord(fact.role, screen);
    const before = fact.before === null ? '' : ` (before: ${nameOf(fact.before, screen)})`;
    return own
      ? `${holder} is ${role} now${before}`
      : `${byWords(fact.by, screen)} made ${holder} ${role}${before}`;
  },
  'role-dropped': (fact, screen) => {
    const own = fact.by.kind === 'person' && fact.by.user === fact.user;
    const whose = own ? '' : ` instead of ${nameOf(fact.user, screen)}`;
    return `${byWords(fact.by, screen)} dropped ${roleWord(fact.role, screen)}${whose && ` (was ${nameOf(fact.user, screen)})`}`;
  },
  'severity-changed': (fact, screen) => {
    if (fact.from === fact.to)
      return `${byWords(fact.by, screen)} confirmed ${label(fact.to)}${tail(fact.reason)}`;
    const verb = fact.to < fact.from ? 'raised' : 'lowered';
    return `${byWords(fact.by, screen)} ${verb} it from ${label(fact.from)} to ${label(fact.to)}${tail(fact.reason)}`;
  },
  'update-posted': (fact, screen) => {
    const impact = oneLine(fact.impact, lineLengthMax, '');
    const doing = oneLine(fact.doing, lineLengthMax, '');
    return `Update by ${byWords(fact.by, screen)}${tail(fact.happening)}${impact && ` | Impact: ${impact}`}${doing && ` | Doing: ${doing}`}`;
  },
  'no-change-posted': (fact, screen) => `Update by ${byWords(fact.by, screen)}: no change`,
};

/** `Dana +1 555 0100` */
export const phoneWords = (phone: { name: string; number: string }): string =>
  `${oneLine(phone.name, 60, 'somebody')} ${oneLine(phone.number, 40, '(no number)')}`;

/** What happened, as one line of plain text without its time and without a full stop. To be shown as literal text. */
export function sentence<Type extends FactType>(fact: FactOf<Type>, screen: Screen): string {
  const say: (fact: FactOf<Type>, screen: Screen) => string = sentences[fact.type as Type];
  return say(fact, screen);
}

/** The bot's own chores: true, recorded, and of no interest to somebody who reads what happened. */
const noise: readonly FactType[] = [
  'posted',
  'nudge-posted',
  'place-lost',
  'page-ordered',
  'page-delivered',
  'history-wanted',
  'channel-opened',
  'channel-requested',
  'still-on-it-asked',
  'nudge-snoozed',
  'draft-requested',
  'member-joined',
  'member-left',
  'message-deleted',
];

/** A timeline hides these unless it is asked for everything. */
export const isNoise = (fact: Fact): boolean => noise.includes(fact.type);
