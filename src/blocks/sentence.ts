import type { Fact, FactOf, FactType } from '../incident/facts.ts';
import type { Screen } from './message.ts';
import { life } from './sentences/life.ts';
import { pagerduty } from './sentences/pagerduty.ts';
import { paging } from './sentences/paging.ts';
import { people } from './sentences/people.ts';
import { postmortem } from './sentences/postmortem.ts';
import { reminders } from './sentences/reminders.ts';
import { room } from './sentences/room.ts';
import type { SentencesOf } from './sentences/said.ts';
import { talk } from './sentences/talk.ts';

const sentences: SentencesOf<Fact> = {
  ...life,
  ...pagerduty,
  ...paging,
  ...people,
  ...talk,
  ...reminders,
  ...postmortem,
  ...room,
};

/** What happened, as one line of plain text without its time and without a full stop. To be shown as literal text. */
export function sentence<Type extends FactType>(fact: FactOf<Type>, screen: Screen): string {
  const say: (fact: FactOf<Type>, screen: Screen) => string = sentences[fact.type as Type];
  return say(fact, screen);
}

/** The bot's own chores: true, recorded, and of no interest to somebody who reads what happened. */
const noise: readonly FactType[] = [
  'posted',
  'said',
  'help-called',
  'nudge-posted',
  'offer-posted',
  'offer-reminded',
  'place-lost',
  'page-ordered',
  'page-delivered',
  'webhook-told',
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
  'canvas-noted',
  'postmortem-snoozed',
  'member-joined',
  'member-left',
  'message-deleted',
  'export-requested',
  'entry-marked',
  'quote-withheld',
  'alert-followed',
  'pagerduty-asked',
  'pagerduty-priority-set',
];

/** A timeline hides these unless it is asked for everything. */
export const isNoise = (fact: Fact): boolean => noise.includes(fact.type);
