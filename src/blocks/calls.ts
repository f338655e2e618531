import type { EffectKind } from '../incident/effects.ts';
import type { DeskEffectKind } from '../oncall/desk-effects.ts';
import { oneLine, type Screen } from './message.ts';
import { nameOf } from './rich-text.ts';
import { list } from './wording.ts';

export type CallKind = EffectKind | DeskEffectKind;

/** What each call is, as people would say it. */
export const callNames: Readonly<Record<CallKind, string>> = {
  'open-channel': 'opening the channel',
  card: 'card in the channel',
  'pin-card': 'pin of the card',
  topic: 'topic of the channel',
  purpose: 'description of the channel',
  'rename-channel': 'new name of the channel',
  'withdraw-announcement': 'withdrawal of the announcement',
  'leave-channel': 'last word in the public channel',
  bookmark: 'bookmark in the channel',
  invite: 'invitation to the channel',
  announcement: 'announcement',
  'announcement-reply': 'news under the announcement',
  'storm-message': 'list of the alerts of a storm',
  'resolve-page': 'search for whom to page',
  page: 'page',
  'page-card': 'newer words in the page',
  'call-webhook': 'page by webhook',
  'call-pagerduty': 'page by PagerDuty',
  'check-quiet': 'question whether do-not-disturb is on',
  say: 'message in the channel',
  'ask-announce-channel': 'call for help in the announce channel',
  tell: 'direct message',
  nudge: 'reminder in the channel',
  retract: 'removal of an earlier message',
  offer: 'offer of a role',
  'offer-over': 'end of the offer of a role',
  absorb: 'merge',
  separate: 'undoing of the merge',
  'offer-merge': 'question whether to merge',
  'pagerduty-state': 'status in PagerDuty',
  'pagerduty-trigger': 'page by PagerDuty',
  'pagerduty-page': 'page by PagerDuty',
  'pagerduty-priority': 'priority in PagerDuty',
  'pagerduty-title': 'title in PagerDuty',
  'pagerduty-note': 'note in PagerDuty',
  'pagerduty-details': 'reading the details of an alert in PagerDuty',
  'pull-history': 'reading what was said in the channel',
  export: 'file of the timeline',
  draft: 'draft of the postmortem',
  'draft-file': 'file of the postmortem',
  'draft-card': "newer words in the draft's message",
  'draft-canvas': 'canvas of the postmortem',
  'draft-export': 'export of the postmortem',
  'ask-cover': 'question who covers',
  'cover-card': 'newer words in the question who covers',
  'tell-desk': 'direct message about on-call',
  'test-page': 'test page',
  'find-members': 'search for the people of a rotation',
  'sync-group': 'user group of who is on call',
  'test-card': 'newer words in the test page',
  'move-pages': 'move of open pages to the new shift',
  'brief-shift': 'briefing about the change of shift',
};

/** What Slack's own words mean, where people meet them. */
const meanings = new Map<string, string>([
  ['user_disabled', 'that Slack account is deactivated'],
  ['user_not_found', 'Slack knows no such person'],
  ['users_not_found', 'Slack knows no such person'],
  ['cannot_dm_bot', 'that is a bot'],
  ['channel_not_found', 'the channel is gone, or Tocsin is not in it'],
  ['is_archived', 'the channel is archived'],
  ['not_in_channel', 'Tocsin is not in the channel'],
  ['message_not_found', 'the message is gone'],
  ['too_long', 'it is longer than Slack takes'],
  ['msg_too_long', 'it is longer than Slack takes'],
  ['invalid_blocks', 'Slack did not take its form; please report that'],
  ['restricted_action', 'the settings of the workspace forbid it'],
  ['permission_denied', 'the settings of the workspace forbid it'],
  ['missing_scope', 'the app lacks a permission'],
  ['invalid_auth', 'Slack does not accept our token'],
  ['account_inactive', 'Slack does not accept our token'],
  ['token_revoked', 'Slack does not accept our token'],
  ['token_expired', 'Slack does not accept our token'],
]);

/** One call, whomever it is for. `to`: Slack user ids, or the names of machines. */
export interface NamedCall {
  kind: CallKind;
  to: readonly string[];
  /** The team whose on-call desk makes it. */
  desk: string | null;
}

/** `page for bea`, `question who covers for cai (on-call of payments)`. */
export function callWords({ kind, to, desk }: NamedCall, screen: Screen): string {
  const whom = to.length === 0 ? '' : ` for ${list(to.map((one) => nameOf(one, screen)))}`;
  return `${callNames[kind]}${whom}${desk === null ? '' : ` (on-call of ${oneLine(desk, 40)})`}`;
}

/** Room for what is wrong and its cure. */
const errorLengthMax = 220;

/** Why it went so, to stand behind what became of it: the meaning of Slack's word where we know it. Empty: nobody said. */
export function whyWords(error: string): string {
  const meaning = meanings.get(error);
  const word = oneLine(error, errorLengthMax, '');
  if (word === '') return '';
  return meaning === undefined ? ` (${word})` : `: ${meaning} (${word})`;
}
