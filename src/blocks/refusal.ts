import type { Refusal } from '../incident/refusal.ts';
import { label } from '../incident/severity-scale.ts';
import { oneLine, type Screen } from './message.ts';
import { nameOf, utc } from './rich-text.ts';
import { ruleWord } from './sentence.ts';
import { byWords, capital, list, roleWord, statusWord, theTarget } from './wording.ts';

type RefusalOf<Name extends Refusal['refused']> = Extract<Refusal, { refused: Name }>;

const lower = (status: Parameters<typeof statusWord>[0]): string => statusWord(status).toLowerCase();

const sentences: { [Name in Refusal['refused']]: (refusal: RefusalOf<Name>, screen: Screen) => string } = {
  'already-acknowledged': ({ by, at }, screen) =>
    `${byWords(by, screen)} has it since ${utc(at, screen)}. Nothing changed. Want to lead? ${screen.command} role commander me`,
  'not-acknowledged': (_refusal, screen) =>
    `Nobody has it, so there is nothing to give back. Take it with ${screen.command} ack`,
  'not-the-acknowledger': ({ by, at }, screen) =>
    `${byWords(by, screen)} has it since ${utc(at, screen)}: only they or the commander can do that. Nothing changed.`,
  'confirm-acknowledge': ({ nextAt, nextTarget }, screen) =>
    nextAt === null || nextTarget === null
      ? 'Taking it stops the paging. Do you take it?'
      : `This stops paging ${theTarget(nextTarget)} at ${utc(nextAt, screen)}. Do you take it?`,
  'not-asked': (_refusal, screen) =>
    `You were not asked to take it, so nothing changed. To wake somebody: ${screen.command} escalate`,
  'already-declined': ({ at }, screen) =>
    `You said so ${utc(at, screen)}, and the next person was told then. Nothing changed.`,
  ended: ({ status, at }, screen) =>
    `It is ${lower(status)} since ${utc(at, screen)}. Nothing changed. Not over? ${screen.command} reopen`,
  'not-ended': ({ status }, screen) =>
    `It is open (${lower(status)}), so there is nothing to reopen. Looking for another? ${screen.command} list all`,
  'illegal-transition': ({ from, to, allowed }, screen) => illegal({ from, to, allowed }, screen),
  'undo-expired': ({ status, at }, screen) =>
    `It is ${lower(status)} since ${utc(at, screen)}, and that can be undone for a day only. Happening again? ${screen.command} declare`,
  'same-severity': ({ severity }) => `It is ${label(severity)} already. Nothing changed.`,
  'severity-set-by-person': () =>
    'A person set the severity, and machines do not overrule people. Nothing changed.',
  'already-has-role': ({ role, user }, screen) =>
    `${nameOf(user, screen)} is ${roleWord(role, screen)} already. Nothing changed.`,
  'role-vacant': ({ role }, screen) =>
    `Nobody is ${roleWord(role, screen)}, so there is nothing to drop. Take it with ${screen.command} role ${role} me`,
  'role-taken': ({ role, user, at }, screen) =>
    `${nameOf(user, screen)} was first: ${roleWord(role, screen)} since ${utc(at, screen)}. To take over: ${screen.command} role ${role} me`,
  'no-change-used-up': ({ max }, screen) =>
    `"No change" stands for an update ${max === 1 ? 'once' : `${max} times`} running at most. Please write one: ${screen.command} update`,
  'no-update-yet': (_refusal, screen) =>
    `There is no update yet that could be unchanged. Please write the first: ${screen.command} update`,
  'nudge-gone': ({ rule }) =>
    `"${capital(ruleWord(rule))}" was answered or stopped meanwhile. Nothing to do.`,
  empty: ({ what }) =>
    `${capital(oneLine(what, 60, 'It'))} is empty. Nothing changed: please write a few words.`,
  'has-channel': () => 'It has a channel already, or one is being opened. Nothing changed.',
  'ladder-exhausted': (_refusal, screen) =>
    `Nobody is left to page by the policy. Name somebody: ${screen.command} escalate @name why`,
  'in-the-future': () => 'That time has not come yet. Use now or an earlier time, like -15m.',
  stale: () => 'That time has passed. Nothing changed: please choose a later one.',
};

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
