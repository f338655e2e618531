import type { By } from './by.ts';
import type { ExportFormat } from './exporting.ts';
import type { Fact } from './facts.ts';
import type { Channel, NudgeRule, Place, Role } from './incident.ts';
import type { PageOrder } from './page-order.ts';
import type { DraftFormat } from './postmortem-state.ts';

/**
 * What we owe the outside world. Effects carry ids and reasons, never finished text: they are rendered when they are
 * performed, from the incident as it is then. What each does in Slack: outbox/perform.
 */
export type Effect =
  | { kind: 'open-channel' }
  | { kind: 'card' }
  | { kind: 'pin-card' }
  | { kind: 'topic' }
  | { kind: 'purpose' }
  /** `before`: the title that its name was made of. */
  | { kind: 'rename-channel'; before: string }
  /** The incident became private: its announcement goes, with everything that we said under it. */
  | { kind: 'withdraw-announcement'; place: Place }
  /** The public channel that it was worked on in says so, once. */
  | { kind: 'leave-channel'; channel: Channel; card: Place | null }
  | { kind: 'bookmark'; title: string; url: string }
  | { kind: 'invite'; users: string[] }
  /** `isRoot`: what is said of the incident waits for it, because it will hang under it. */
  | { kind: 'announcement'; isRoot?: true }
  | { kind: 'announcement-reply'; about: Fact; broadcast: boolean }
  /** The list of a storm; it belongs to the incident that heads it. */
  | { kind: 'storm-message'; head: number }
  | { kind: 'resolve-page'; order: PageOrder }
  /** `standing` and `note` as in `Paged`. */
  | { kind: 'page'; user: string; order: PageOrder; standing: string; note?: string }
  | { kind: 'page-card'; user: string }
  /** A machine is told, by the name that the configuration gives it. */
  | { kind: 'call-webhook'; name: string; order: PageOrder }
  /** A service or policy of PagerDuty rings, by the name that the policy gives it: `pagerduty:PF9KMXH`. */
  | { kind: 'call-pagerduty'; name: string; order: PageOrder }
  /** Does Slack notify them now? The channel hears who cannot be woken that way. */
  | { kind: 'check-quiet'; users: string[]; order: PageOrder }
  | { kind: 'say'; about: Fact }
  | { kind: 'ask-announce-channel'; about: Fact }
  | { kind: 'tell'; user: string; about: Fact }
  | { kind: 'nudge'; rule: NudgeRule; rung: number; dueAt: number }
  | { kind: 'retract'; place: Place }
  /** A role offered by DM, with a briefing; `isReminder`: for the second time. */
  | { kind: 'offer'; role: Role; user: string; offeredAt: number; isReminder: boolean }
  /** The DM of an offer that is over says what ended it. */
  | { kind: 'offer-over'; role: Role; user: string; place: Place; about: Fact }
  /** Between two incidents, nothing of it in Slack: `into` takes in what was `from`'s, or gives it back. */
  | { kind: 'absorb'; from: number; into: number; by: By }
  | { kind: 'separate'; from: number; into: number; by: By }
  /** **Merge into INC-12** / **Different problem**, in the channel of the new one. */
  | { kind: 'offer-merge' }
  /** PagerDuty's incident takes the state that ours has. Null: the one our own page made, by its key. */
  | { kind: 'pagerduty-state'; alert: string | null }
  /** Our own incident pages through PagerDuty. */
  | { kind: 'pagerduty-trigger'; order: PageOrder }
  /** PagerDuty pages these people too, through the incident it has. */
  | { kind: 'pagerduty-page'; alert: string; order: PageOrder; users: string[] }
  | { kind: 'pagerduty-priority'; alert: string }
  /** The incident is private: the title that our page gave it goes. */
  | { kind: 'pagerduty-title'; alert: string }
  | { kind: 'pagerduty-note'; alert: string; about: Fact }
  /** What the monitoring says with the alert, for the classifier. */
  | { kind: 'pagerduty-details'; alert: string }
  | { kind: 'pull-history' }
  /** The timeline as a file: `user` asked for it. */
  | { kind: 'export'; user: string; format: ExportFormat; to: 'person' | 'channel' }
  | { kind: 'draft' }
  /** The whole document: as a file, or into a canvas. */
  | { kind: 'draft-file' }
  /** The message of the draft that is there says what holds now. */
  | { kind: 'draft-card' }
  /** The same for its canvas. */
  | { kind: 'draft-canvas' }
  | { kind: 'draft-export'; format: DraftFormat };

export type EffectKind = Effect['kind'];

/**
 * Lanes, served in this order (architecture.md, "Outbox"): pages first and with a client of their own, then channel and
 * card, what furnishes the channel, announcements, and chatter last. PagerDuty has lanes of its own: where it is slow or
 * away, nothing of Slack's waits for it.
 */
export type Lane =
  | 'page'
  | 'pagerduty'
  | 'channel'
  | 'furnishing'
  | 'announcement'
  | 'pagerduty-remarks'
  | 'chatter';

/** Those that PagerDuty answers; Slack does the rest. */
export const pagerDutyLanes: readonly Lane[] = ['pagerduty', 'pagerduty-remarks'];

/**
 * How the outbox treats each kind. `coalesce`: a waiting one makes another of its kind unnecessary. `inOrder`: posts
 * to the incident's channel appear there in the order they were obliged.
 */
export const effectTraits: Record<EffectKind, { lane: Lane; coalesce: boolean; inOrder: boolean }> = {
  'open-channel': { lane: 'channel', coalesce: true, inOrder: true },
  card: { lane: 'channel', coalesce: true, inOrder: true },
  'pin-card': { lane: 'furnishing', coalesce: true, inOrder: false },
  topic: { lane: 'furnishing', coalesce: true, inOrder: false },
  purpose: { lane: 'furnishing', coalesce: true, inOrder: false },
  'rename-channel': { lane: 'furnishing', coalesce: true, inOrder: false },
  'withdraw-announcement': { lane: 'announcement', coalesce: false, inOrder: false },
  'leave-channel': { lane: 'channel', coalesce: false, inOrder: false },
  bookmark: { lane: 'furnishing', coalesce: false, inOrder: false },
  invite: { lane: 'furnishing', coalesce: false, inOrder: false },
  announcement: { lane: 'announcement', coalesce: true, inOrder: false },
  'announcement-reply': { lane: 'announcement', coalesce: false, inOrder: false },
  'storm-message': { lane: 'announcement', coalesce: true, inOrder: false },
  'resolve-page': { lane: 'page', coalesce: false, inOrder: false },
  page: { lane: 'page', coalesce: false, inOrder: false },
  'page-card': { lane: 'channel', coalesce: false, inOrder: false },
  'call-webhook': { lane: 'page', coalesce: false, inOrder: false },
  'call-pagerduty': { lane: 'pagerduty', coalesce: false, inOrder: false },
  'check-quiet': { lane: 'furnishing', coalesce: false, inOrder: false },
  say: { lane: 'chatter', coalesce: false, inOrder: true },
  'ask-announce-channel': { lane: 'page', coalesce: false, inOrder: false },
  tell: { lane: 'chatter', coalesce: false, inOrder: false },
  nudge: { lane: 'chatter', coalesce: false, inOrder: true },
  retract: { lane: 'chatter', coalesce: false, inOrder: false },
  offer: { lane: 'chatter', coalesce: false, inOrder: false },
  'offer-over': { lane: 'chatter', coalesce: false, inOrder: false },
  absorb: { lane: 'channel', coalesce: false, inOrder: false },
  separate: { lane: 'channel', coalesce: false, inOrder: false },
  'offer-merge': { lane: 'channel', coalesce: true, inOrder: true },
  export: { lane: 'chatter', coalesce: false, inOrder: false },
  'pagerduty-state': { lane: 'pagerduty', coalesce: true, inOrder: false },
  'pagerduty-trigger': { lane: 'pagerduty', coalesce: false, inOrder: false },
  'pagerduty-page': { lane: 'pagerduty', coalesce: false, inOrder: false },
  'pagerduty-priority': { lane: 'pagerduty-remarks', coalesce: true, inOrder: false },
  'pagerduty-title': { lane: 'pagerduty', coalesce: true, inOrder: false },
  'pagerduty-note': { lane: 'pagerduty-remarks', coalesce: false, inOrder: false },
  'pagerduty-details': { lane: 'pagerduty-remarks', coalesce: true, inOrder: false },
  'pull-history': { lane: 'chatter', coalesce: true, inOrder: false },
  draft: { lane: 'chatter', coalesce: true, inOrder: true },
  'draft-file': { lane: 'chatter', coalesce: true, inOrder: true },
  'draft-card': { lane: 'chatter', coalesce: true, inOrder: true },
  'draft-canvas': { lane: 'chatter', coalesce: true, inOrder: true },
  'draft-export': { lane: 'chatter', coalesce: false, inOrder: true },
};
