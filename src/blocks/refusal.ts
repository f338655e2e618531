import { sectionTitles } from '../incident/postmortem-sections.ts';
import type { Refusal } from '../incident/refusal.ts';
import { label } from '../incident/severity-scale.ts';
import { itemList } from './closing-words.ts';
import { oneLine, type Screen } from './message.ts';
import { ruleWord } from './nudge-words.ts';
import { nameOf, utc } from './rich-text.ts';
import { byWords, capital, count, duration, list, roleWord, statusWord, theTarget } from './wording.ts';

type RefusalOf<Name extends Refusal['refused']> = Extract<Refusal, { refused: Name }>;

const lower = (status: Parameters<typeof statusWord>[0]): string => statusWord(status).toLowerCase();

const sentences: { [Name in Refusal['refused']]: (refusal: RefusalOf<Name>, screen: Screen) => string } = {
  'already-acknowledged': ({ by, at }, screen) =>
    `${byWords(by, screen)} has it since ${utc(at, screen)}. Nothing changed. Want to lead? ${screen.command} role commander me`,
  'not-acknowledged': (_refusal, screen) =>
    `Nobody has it, so there is nothing to give back. Nothing changed. Take it with ${screen.command} ack`,
  'not-the-acknowledger': ({ by, at }, screen) =>
    `${byWords(by, screen)} has it since ${utc(at, screen)}: only they or the commander can do that. Nothing changed.`,
  'confirm-acknowledge': ({ nextAt, nextTargets }, screen) =>
    nextAt === null || nextTargets.length === 0
      ? 'Taking it stops the paging. Do you take it?'
      : `This stops paging ${list(nextTargets.map((name) => theTarget(name, screen)))} at ${utc(nextAt, screen)}. Do you take it?`,
  'not-asked': (_refusal, screen) =>
    `You were not asked to take it. Nothing changed. To wake somebody: ${screen.command} escalate`,
  'already-declined': ({ at }, screen) =>
    `You said so ${utc(at, screen)}, and the next person was told then. Nothing changed.`,
  ended: ({ status, at, into }, screen) =>
    into === undefined
      ? `It is ${lower(status)} since ${utc(at, screen)}. Nothing changed. Not over? ${screen.command} reopen`
      : `It was merged into INC-${into} ${utc(at, screen)}. Nothing changed. Go on there: ${screen.command} INC-${into}. Merged by mistake? ${screen.command} reopen`,
  'merge-refused': mergeRefused,
  'nothing-to-undo': (_refusal, screen) =>
    `There is nothing to undo: its severity was not changed since it was declared, or that is undone already. Nothing changed. To change it: ${screen.command} sev`,
  'undo-superseded': ({ severity, by, reason }, screen) =>
    `The severity was changed again since: ${label(severity)}, set by ${byWords(by, screen)}${reason && ` (${oneLine(reason, 150)})`}. Nothing changed. To change it: ${screen.command} sev`,
  'end-superseded': ({ status, at }, screen) =>
    `That was undone already, and it is ${lower(status)} anew since ${utc(at, screen)}. Nothing changed. To undo that: ${screen.command} undo`,
  'undo-severity-expired': ({ severity, at }, screen) =>
    `The severity was changed ${utc(at, screen)}, and that can be undone for a day only. Nothing changed: it is ${label(severity)}. To change it: ${screen.command} sev`,
  'not-ended': ({ status }, screen) =>
    `It is open (${lower(status)}), so there is nothing to reopen. Nothing changed. Looking for another? ${screen.command} list all`,
  'illegal-transition': ({ from, to, allowed }, screen) => illegal({ from, to, allowed }, screen),
  'undo-expired': ({ status, at }, screen) =>
    `It is ${lower(status)} since ${utc(at, screen)}, and that can be undone for a day only. Nothing changed. Happening again? ${screen.command} declare`,
  'same-severity': ({ severity }) => `It is ${label(severity)} already. Nothing changed.`,
  'severity-set-by-person': () =>
    'A person set the severity, and machines do not overrule people. Nothing changed.',
  'already-has-role': ({ role, user }, screen) =>
    `${nameOf(user, screen)} is ${roleWord(role, screen)} already. Nothing changed.`,
  'role-vacant': ({ role }, screen) =>
    `Nobody is ${roleWord(role, screen)}, so there is nothing to drop. Nothing changed. Take it with ${screen.command} role ${role} me`,
  'role-taken': ({ role, user, at }, screen) =>
    `${nameOf(user, screen)} was first: ${roleWord(role, screen)} since ${utc(at, screen)}. Nothing changed. To take over: ${screen.command} role ${role} me`,
  'nothing-to-hand-over': ({ role }, screen) =>
    `Nobody is ${roleWord(role, screen)}, so there is nothing to hand over. Nothing changed. Give it: ${screen.command} role ${role} @name`,
  'offer-to-oneself': ({ role, user }, screen) =>
    `You cannot offer it to yourself: ${nameOf(user, screen)} stays ${roleWord(role, screen)}. Nothing changed. To take over: ${screen.command} role ${role} me`,
  'already-offered': ({ role, user, at }, screen) =>
    `${nameOf(user, screen)} was asked ${utc(at, screen)} to take ${roleWord(role, screen)} and has not answered yet. Nothing changed. In a hurry? ${screen.command} role ${role} @name gives it at once.`,
  'offer-gone': ({ role, user }, screen) =>
    user === null
      ? `There is no such offer any more, and nobody is ${roleWord(role, screen)}. Nothing changed. To take it: ${screen.command} role ${role} me`
      : `There is no such offer any more: ${nameOf(user, screen)} is ${roleWord(role, screen)}. Nothing changed.`,
  'no-change-used-up': ({ max }, screen) =>
    `"No change" stands for an update ${max === 1 ? 'once' : `${max} times`} running at most. Nothing changed. Please write one: ${screen.command} update`,
  'no-update-yet': (_refusal, screen) =>
    `There is no update yet that could be unchanged. Nothing changed. Please write the first: ${screen.command} update`,
  'nudge-runs': ({ rule }) => `"${capital(ruleWord(rule))}" is not stopped. Nothing changed.`,
  'nudge-gone': ({ rule }) =>
    `"${capital(ruleWord(rule))}" was answered or stopped meanwhile. Nothing changed.`,
  'nobody-has-it': (_refusal, screen) =>
    `Nobody has it, so people are being paged, and that is never paused. Nothing changed. Take it first: ${screen.command} ack`,
  'not-paused': (_refusal, screen) =>
    `It is not paused, so there is nothing to resume. Nothing changed. What comes next: ${screen.command} nudges`,
  'too-long': ({ maxMs }) =>
    `That is further away than ${duration(maxMs)}. Nothing changed: please choose an earlier time.`,
  empty: ({ what }) =>
    `${capital(oneLine(what, 60, 'It'))} is empty. Nothing changed: please write a few words.`,
  'not-resolved': ({ status }, screen) =>
    `It is open (${lower(status)}), and only what is resolved can be closed. Nothing changed. First: ${screen.command} resolve`,
  'checklist-open': ({ missing }, screen) =>
    `The closing checklist does not hold yet: ${itemList(missing)}. Nothing changed. Tick it in ${screen.command} close, or say why not: ${screen.command} close because …`,
  'no-followup': ({ n, open }, screen) =>
    `There is no follow-up ${n}${open.length === 0 ? ', and none is left to do' : `: still to do ${open.length === 1 ? 'is' : 'are'} ${list(open.map(String))}`}. Nothing changed. All of them: ${screen.command} followup list`,
  'followup-done': ({ n, at }, screen) =>
    `Follow-up ${n} is done since ${utc(at, screen)}. Nothing changed. What is left: ${screen.command} followup list`,
  'followup-exists': ({ n, text }, screen) =>
    `That message is follow-up ${n} already: ${oneLine(text, 150)}. Nothing changed. All of them: ${screen.command} followup list`,
  'too-many-followups': ({ max }, screen) =>
    `It has ${max} follow-ups, and that is the limit. Nothing changed. Put several into one, or track them elsewhere; all of them: ${screen.command} followup list`,
  'not-a-member': ({ user }, screen) =>
    `${nameOf(user, screen)} is not in this private incident. Nothing changed: invite them to its channel first, or choose somebody who is in it.`,
  'section-changed': ({ section, by, at }, screen) =>
    `${byWords(by, screen)} changed “${sectionTitles[section]}” at ${utc(at, screen)}, while you wrote. Nothing changed.`,
  'section-not-edited': ({ section }, screen) =>
    `Nobody edited “${sectionTitles[section]}”, so there is nothing to restore. Nothing changed. To write it: ${screen.command} postmortem edit ${section}`,
  'postmortem-not-yet': ({ status }, screen) =>
    status === 'canceled' || status === 'merged'
      ? `It was ${lower(status)}, so no postmortem is owed. Nothing changed. Wrong? ${screen.command} reopen`
      : `It is ${lower(status)}: the postmortem is reviewed when it is over. Nothing changed. To end it: ${screen.command} resolve`,
  'already-reviewed': ({ by, at }, screen) =>
    `${byWords(by, screen)} marked it as reviewed at ${utc(at, screen)}. Nothing changed. To take that back: ${screen.command} postmortem unreviewed`,
  'not-reviewed': (_refusal, screen) =>
    `The postmortem is not marked as reviewed. Nothing changed. To mark it: ${screen.command} postmortem reviewed`,
  'owns-already': ({ user }, screen) =>
    `${nameOf(user, screen)} owns the postmortem already. Nothing changed. Somebody else? ${screen.command} postmortem owner @name`,
  'no-reminder': (_refusal, screen) =>
    `There is no reminder of this postmortem: it is reviewed, stopped, or not due. Nothing changed. To set a due time: ${screen.command} postmortem due friday`,
  'no-channel': (_refusal, screen) =>
    `It has no channel where the file could go. Nothing changed. Its entries: ${screen.command} timeline`,
  'already-private': (_refusal, screen) =>
    `It is private already. Nothing changed. To let somebody in, invite them to its channel; what it says about itself: ${screen.command} show`,
  'channel-opening': (_refusal, screen) =>
    `Its channel is being opened this very moment. Nothing changed: try again in a few seconds, ${screen.command} private`,
  'same-title': () => 'That is its title already. Nothing changed.',
  'same-call': () => 'That is its call link already. Nothing changed.',
  'declared-too-often': ({ max, windowMs, nextAt }, screen) =>
    `You declared ${count(max, 'incident')} within ${duration(windowMs)}, and that is the limit for one person. Nothing changed. From ${utc(nextAt, screen)} on you can declare again; until then somebody else can, or work on an open one: ${screen.command} list mine`,
  'has-channel': () => 'It has a channel already, or one is being opened. Nothing changed.',
  'ladder-exhausted': (_refusal, screen) =>
    `Nobody is left to page by the policy. Nothing changed. Name somebody: ${screen.command} escalate @name why`,
  'in-the-future': () =>
    'That time has not come yet. Nothing changed: use now, or an earlier time like -15m.',
  'too-long-ago': ({ earliestAt, maxMs }, screen) =>
    `That is more than ${duration(maxMs)} before it began. Nothing changed: use a time after ${utc(earliestAt, screen)}, or say in words when it was.`,
  stale: () => 'That time has passed. Nothing changed: please choose a later one.',
};

function mergeRefused(
  { why, id, status, into }: Omit<RefusalOf<'merge-refused'>, 'refused'>,
  { command }: Screen,
): string {
  switch (why) {
    case 'itself':
      return `That is INC-${id} itself. Nothing changed. Name the one that goes on: ${command} merge INC-12`;
    case 'merged':
      return into === null
        ? `INC-${id} was itself merged into another one. Nothing changed. What is open: ${command} list`
        : `INC-${id} was itself merged into INC-${into}. Nothing changed. Do you mean ${command} merge INC-${into}?`;
    case 'ended':
      return `INC-${id} is ${lower(status)}, and only an open one can go on. Nothing changed. Not over? ${command} INC-${id} reopen, then merge.`;
    case 'private':
      return `This incident is private and INC-${id} is not: merging would show it to everybody. Nothing changed. Write there what all may know: ${command} INC-${id} note …`;
    case 'test':
      return `This incident is a test and INC-${id} is none. Nothing changed. To end the test: ${command} cancel`;
    case 'into-test':
      return `INC-${id} is a test, for which nobody is paged. Nothing changed. What is open: ${command} list`;
    case 'no-channel':
      return `INC-${id} has no channel to go on in. Nothing changed. Give it one first: press Open channel in ${command} show INC-${id}`;
  }
}

function illegal(
  { from, to, allowed }: Omit<RefusalOf<'illegal-transition'>, 'refused'>,
  screen: Screen,
): string {
  if (from === to) return `It is ${lower(to)} already. Nothing changed.`;
  const ways = allowed.map(lower);
  const cure =
    ways.length > 0 ? ` From here it can become ${list(ways).replace(/ and (?=[^ ]*$)/, ' or ')}.` : '';
  const own: Partial<Record<typeof to, string>> = {
    resolved: ` To resolve it: ${screen.command} resolve`,
    canceled: ` To cancel it: ${screen.command} cancel`,
    closed: ` To resolve it: ${screen.command} resolve`,
  };
  return `It cannot go from ${lower(from)} to ${lower(to)}.${own[to] ?? cure} Nothing changed.`.replace(
    /([a-z]) Nothing/,
    '$1. Nothing',
  );
}

/** Why a command changed nothing, and the nearest thing that works. Plain text: show it as such, or escape it. */
export function refusal<Name extends Refusal['refused']>(refused: RefusalOf<Name>, screen: Screen): string {
  const say: (refused: RefusalOf<Name>, screen: Screen) => string = sentences[refused.refused as Name];
  return say(refused, screen);
}
