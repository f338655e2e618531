import type { ClosingFact } from '../../incident/closing.ts';
import type { DeclaringFact } from '../../incident/declaring.ts';
import type { FactOf } from '../../incident/facts.ts';
import type { LifecycleFact } from '../../incident/lifecycle.ts';
import type { MergeFact } from '../../incident/merging.ts';
import type { PrivacyFact } from '../../incident/privacy.ts';
import type { SeverityFact } from '../../incident/severity.ts';
import { label } from '../../incident/severity-scale.ts';
import type { TitleFact } from '../../incident/title.ts';
import type { UndoFact } from '../../incident/undo.ts';
import type { UpdateFact } from '../../incident/updates.ts';
import { itemList } from '../closing-words.ts';
import { oneLine } from '../message.ts';
import { byWords, idOf, lineLengthMax, statusWord } from '../wording.ts';
import { authorOf, type SentencesOf, tail } from './said.ts';

const lower = (status: Parameters<typeof statusWord>[0]): string => statusWord(status).toLowerCase();

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

/** What it had been merged into, unless that is private. */
const apart = (from: FactOf<'reopened'>['apartFrom']): string => {
  if (!from) return '';
  return from.isPrivate ? ' and undid the merge' : ` and undid the merge into ${idOf(from)}`;
};

export const life: SentencesOf<
  | LifecycleFact
  | SeverityFact
  | UpdateFact
  | ClosingFact
  | UndoFact
  | MergeFact
  | DeclaringFact
  | TitleFact
  | PrivacyFact
> = {
  declared: (fact, screen) =>
    `${byWords(fact.by, screen)} declared ${fact.isTest ? 'a test, ' : ''}${label(fact.severity)}${fact.provisional ? ' (provisional)' : ''}${fact.fromMessage ? `, from a message by ${authorOf(fact.fromMessage.author, screen)}` : ''}${tail(fact.title)}`,
  'made-private': (fact, screen) => `${byWords(fact.by, screen)} made it private`,
  renamed: (fact, screen) =>
    `${byWords(fact.by, screen)} renamed it to "${oneLine(fact.title, lineLengthMax)}", before "${oneLine(fact.before, lineLengthMax, 'untitled')}"`,
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
