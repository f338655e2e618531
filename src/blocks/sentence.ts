import { type By, userOf } from '../incident/by.ts';
import type { PageOrder } from '../incident/escalation.ts';
import type { Fact, FactType } from '../incident/facts.ts';
import { sectionTitles } from '../incident/postmortem-sections.ts';
import { label } from '../incident/severity-scale.ts';
import { itemList } from './closing-words.ts';
import { oneLine, type Screen } from './message.ts';
import { ruleWord } from './nudge-words.ts';
import { readable } from './readable.ts';
import { reasonWords } from './reason.ts';
import { nameOf, spelledOut, utc } from './rich-text.ts';
import {
  byWords,
  capital,
  count,
  duration,
  idOf,
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

/** `Checklist: service stable (shown by data), timeline complete; not follow-ups captured` */
function answersWords(answers: FactOf<'closed'>['answers']): string {
  const items = (wanted: (answer: FactOf<'closed'>['answers'][number]) => boolean): string =>
    itemList(answers.filter(wanted).map(({ item }) => item));
  const parts = [
    ['shown by the data', items(({ proven }) => proven)],
    ['said', items(({ ticked, proven }) => ticked && !proven)],
    ['not so', items(({ ticked }) => !ticked)],
  ];
  const said = parts.filter(([, words]) => words !== '').map(([kind, words]) => `${kind} ${words}`);
  return `Checklist: ${said.join('; ')}`;
}

/** `follow-up 2`, `follow-ups 2 and 5` */
const followupWords = (ns: readonly number[]): string =>
  `${ns.length === 1 ? 'follow-up' : 'follow-ups'} ${list(ns.map(String))}`;

/** Who wrote a message: a person by name, else the app. */
export const authorOf = (author: { user: string | null; app: string | null }, screen: Screen): string =>
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

/** Credit to both: who gave it away and who took it. */
function handedOver(fact: FactOf<'role-assigned'>, offerer: By, screen: Screen): string {
  const [holder, role] = [nameOf(fact.user, screen), roleWord(fact.role, screen)];
  const before = nameOf(fact.before ?? '', screen);
  return userOf(offerer) === fact.before
    ? `${before} handed ${role} over to ${holder}, who accepted`
    : `${holder} accepted ${role} from ${before}, offered by ${byWords(offerer, screen)}`;
}

const limitWords: Record<FactOf<'limit-met'>['what'], string> = {
  bookmarks: 'Slack does not let us add links to the channel',
  pins: 'Slack does not let us pin the card',
  'channel-name': 'Slack does not let us rename the channel',
};

/** What it had been merged into, unless that is private. */
const apart = (from: FactOf<'reopened'>['apartFrom']): string => {
  if (!from) return '';
  return from.isPrivate ? ' and undid the merge' : ` and undid the merge into ${idOf(from)}`;
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

type Sentences = { [Type in FactType]: (fact: FactOf<Type>, screen: Screen) => string };

const sentences: Sentences = {
  declared: (fact, screen) =>
    `${byWords(fact.by, screen)} declared ${fact.isTest ? 'a test, ' : ''}${label(fact.severity)}${fact.provisional ? ' (provisional)' : ''}${fact.fromMessage ? `, from a message by ${authorOf(fact.fromMessage.author, screen)}` : ''}${tail(fact.title)}`,
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
  'channel-opened': (fact) =>
    fact.channel.threadTs === undefined
      ? `Opened #${oneLine(fact.channel.name, 80, 'a channel')}`
      : `Works in a thread of the announce channel${tail(fact.problem ?? '')}`,
  'channel-refused': (fact) => `Slack refused a channel (${oneLine(fact.error, 100)})`,
  'channel-requested': (fact, screen) => `${byWords(fact.by, screen)} asked for a channel`,
  'channel-renamed': (fact) =>
    `The channel is #${oneLine(fact.name, 80)} now, before #${oneLine(fact.before, 80)}`,
  'made-private': (fact, screen) => `${byWords(fact.by, screen)} made it private`,
  renamed: (fact, screen) =>
    `${byWords(fact.by, screen)} renamed it to "${oneLine(fact.title, lineLengthMax)}", before "${oneLine(fact.before, lineLengthMax, 'untitled')}"`,
  'call-set': (fact, screen) => `${byWords(fact.by, screen)} set the call link: ${oneLine(fact.url, 2_000)}`,
  'runbook-added': (fact, screen) =>
    `${byWords(fact.by, screen)} looked up the runbook of ${oneLine(fact.service, 60)}: ${oneLine(fact.url, 2_000)}`,
  'limit-met': (fact) => `${limitWords[fact.what]} (${oneLine(fact.error, 100)})`,
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
  closed: (fact, screen) =>
    `${byWords(fact.by, screen)} closed it. ${answersWords(fact.answers)}${tail(fact.why)}`,
  canceled: (fact, screen) => `${byWords(fact.by, screen)} canceled it${tail(fact.why)}`,
  reopened: (fact, screen) =>
    `${byWords(fact.by, screen)} reopened it${apart(fact.apartFrom)}, ${lower(fact.to)} again${tail(fact.why)}`,
  merged: (fact, screen) =>
    fact.into.isPrivate
      ? `${byWords(fact.by, screen)} merged it into a private incident`
      : `${byWords(fact.by, screen)} merged it into ${idOf(fact.into)}${tail(fact.into.title)}`,
  absorbed: (fact, screen) =>
    `${byWords(fact.by, screen)} merged ${idOf(fact.from)} into it${tail(fact.from.title)}`,
  separated: (fact, screen) =>
    `${byWords(fact.by, screen)} undid the merge: ${idOf(fact.from)} is on its own again`,
  'same-reported': (fact, screen) => `${byWords(fact.by, screen)} reports the same${tail(fact.title)}`,
  'kept-apart': (fact, screen) => `${byWords(fact.by, screen)}: another problem than ${idOf(fact)}`,
  'close-undone': (fact, screen) => `${byWords(fact.by, screen)} undid the closing: resolved again`,
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
  nudged: (fact, screen) => {
    const to = fact.to === null ? 'the channel' : nameOf(fact.to, screen);
    return `Nudged ${to}: ${ruleWord(fact.rule)} since ${utc(fact.dueAt, screen)}`;
  },
  'nudge-snoozed': (fact, screen) =>
    `${byWords(fact.by, screen)} snoozed "${ruleWord(fact.rule)}" until ${utc(fact.untilAt, screen)}`,
  'command-confirmed': (fact, screen) => `${byWords(fact.by, screen)} is here and in command`,
  paused: (fact, screen) =>
    `${byWords(fact.by, screen)} paused the reminders until ${utc(fact.untilAt, screen)}${tail(fact.why)}`,
  'pause-ended': (fact, screen) => {
    if (fact.because === 'asked') return `${byWords(fact.by, screen)} ended the pause: the reminders go on`;
    return fact.because === 'time'
      ? 'The pause is over: the reminders go on'
      : 'The pause is over, because something happened: the reminders go on';
  },
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
  'draft-requested': (fact, screen) =>
    fact.quiet ? 'Postmortem draft begun' : `${byWords(fact.by, screen)} asked for the postmortem draft`,
  'postmortem-edited': (fact, screen) =>
    `${byWords(fact.by, screen)} edited the postmortem, ${sectionTitles[fact.section]}${tail(fact.text)}`,
  'postmortem-restored': (fact, screen) =>
    `${byWords(fact.by, screen)} restored the postmortem's drawn text, ${sectionTitles[fact.section]}`,
  'postmortem-owner-set': (fact, screen) =>
    fact.by.kind === 'person' && fact.by.user === fact.user
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
  'role-assigned': (fact, screen) => {
    const own = fact.by.kind === 'person' && fact.by.user === fact.user;
    const holder = nameOf(fact.user, screen);
    const role = roleWord(fact.role, screen);
    if (fact.handedOverBy) return handedOver(fact, fact.handedOverBy, screen);
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
  'severity-changed': (fact, screen) => {
    if (fact.undone)
      return `${byWords(fact.by, screen)} undid the change: ${label(fact.to)}${fact.provisional ? ' (provisional)' : ''} again${tail(fact.reason)}`;
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
  'offer-posted',
  'offer-reminded',
  'place-lost',
  'page-ordered',
  'page-delivered',
  'history-wanted',
  'channel-opened',
  'channel-requested',
  'still-on-it-asked',
  'nudge-snoozed',
  'followup-snoozed',
  'followups-asked',
  'draft-requested',
  'postmortem-zone-noted',
  'postmortem-exported',
  'postmortem-snoozed',
  'member-joined',
  'member-left',
  'message-deleted',
  'export-requested',
  'entry-marked',
];

/** A timeline hides these unless it is asked for everything. */
export const isNoise = (fact: Fact): boolean => noise.includes(fact.type);
