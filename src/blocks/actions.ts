import { isNudgeRule, type NudgeRule } from '../incident/incident.ts';

/** Buttons of an on-call desk: about no incident, `id` says which team's. */
export const deskActionIds = [
  'accept-cover',
  'decline-cover',
  'withdraw-cover',
  /** "Remove", "Undo". */
  'remove-cover',
  /** Of a test page. */
  'acknowledge-test',
] as const;
export type DeskActionId = (typeof deskActionIds)[number];

/** Buttons under a call that failed for good: `id` is its row in the outbox, of an incident's or a desk's. */
export const callActionIds = ['retry-call', 'discard-call'] as const;
export type CallActionId = (typeof callActionIds)[number];

/** Everything a button (or a choice of `⋯`, which is `more`) can ask for. `…` in a comment: it opens a modal. */
export const actionIds = [
  'acknowledge',
  /** "I'm taking it", after "This stops paging Cai". */
  'confirm-acknowledge',
  'just-watching',
  /** "Undo", "Give it back". */
  'unacknowledge',
  /** "Can't: page Cai now". */
  'decline',
  'still-on-it',
  /** … */
  'escalate',
  'escalate-now',
  'take-command',
  'take-comms',
  /** … */
  'post-update',
  'no-change',
  /** … */
  'snooze',
  'stop',
  'start-again',
  /** Of a nudge: the commander is there; somebody else takes over from a silent one; each severity; it is an incident. */
  'confirm-command',
  'take-over-command',
  'set-sev1',
  'set-sev2',
  'set-sev3',
  'set-sev4',
  'investigate',
  /** … */
  'pause',
  /** Ends a pause. */
  'resume',
  /** What comes next by itself. */
  'nudges',
  /** … */
  'resolve',
  'keep-open',
  /** … */
  'severity',
  /** … */
  'status',
  /** … */
  'role',
  /** … */
  'note',
  /** … */
  'handoff',
  'accept-offer',
  'decline-offer',
  'withdraw-offer',
  'take-role',
  'roles',
  /** Everything that can be done with an incident. */
  'tray',
  'timeline',
  /** Another page of the timeline, in place of the one that was clicked; each id once in a row of buttons. */
  'timeline-older',
  'timeline-newer',
  'timeline-latest',
  'timeline-hidden',
  /** One choice of a menu under the timeline. */
  'mark-star',
  'mark-pin',
  'mark-hide',
  /** … */
  'cancel',
  'reopen',
  /** … */
  'close',
  /** … */
  'followup',
  'followups',
  'followup-done',
  /** … */
  'followup-snooze',
  'open-channel',
  'dismiss',
  /** … */
  'merge',
  'keep-apart',
  'undo',
  /** … */
  'rename',
  'private',
  /** "Make it private", after what that means. */
  'make-private',
  'runbook',
  'call',
  'postmortem',
  /** … */
  'postmortem-edit',
  /** … */
  'postmortem-owner',
  'postmortem-reviewed',
  'postmortem-unreviewed',
  /** … */
  'postmortem-snooze',
  'postmortem-stop',
  /** … */
  'declare',
  'more',
  'pick-incident',
  /** Repeats the command that a mention could not finish. … */
  'open-form',
  ...deskActionIds,
  ...callActionIds,
] as const;
export type ActionId = (typeof actionIds)[number];

/** The modals, by callback id. */
export const modalIds = [
  'declare',
  'severity',
  'update',
  'resolve',
  'role',
  'escalate',
  'snooze',
  'pause',
  'status',
  'note',
  'handoff',
  'cancel',
  'postmortem-pick',
  'postmortem-section',
  'postmortem-owner',
  'postmortem-snooze',
  'merge',
  'timeline-from-message',
  'followup-from-message',
  'close',
  'followup',
  'followup-snooze',
  'rename',
] as const;
export type ModalId = (typeof modalIds)[number];

/**
 * What a button is about: ids only, never state. `incident` 0: none. `id` is anything else that the button must
 * remember; with `pick-incident` and `open-form` the words of the command that is to be repeated.
 */
export interface Target {
  incident: number;
  rule?: NudgeRule;
  user?: string;
  id?: string;
}

/** Longest `id`, in code points: two units each still fit a button's 2,000. Longer ones are cut. */
export const idLengthMax = 900;

/** `42 rule=update-due user=U1 id=anything`. Short, because a choice of `⋯` has room for 75 characters. */
export function encodeTarget(target: Target): string {
  const id = Array.from(target.id ?? '')
    .slice(0, idLengthMax)
    .join('');
  return [
    String(target.incident),
    target.rule ? ` rule=${target.rule}` : '',
    target.user ? ` user=${target.user}` : '',
    id === '' ? '' : ` id=${id}`,
  ].join('');
}

const written =
  /^(\d{1,9})(?: rule=([a-z-]{1,20}))?(?: user=([A-Za-z0-9_-]{1,40}))?(?: id=([\s\S]{1,2000}))?$/;

/** The target again, or null for anything `encodeTarget` would not have written. Never throws. */
export function decodeTarget(value: string | null | undefined): Target | null {
  const parts = written.exec(value ?? '');
  if (!parts) return null;
  const [, incident, rule, user, id] = parts;
  if (rule !== undefined && !isNudgeRule(rule)) return null;
  return {
    incident: Number(incident),
    ...(rule !== undefined && { rule }),
    ...(user !== undefined && { user }),
    ...(id !== undefined && { id }),
  };
}

/** The value of a choice in `⋯`: `<action>:<target>`. */
export const encodeChoice = (action: ActionId, target: Target): string => `${action}:${encodeTarget(target)}`;

/** Which choice of `⋯` it was, or null when malformed. Never throws. */
export function decodeChoice(value: string | null | undefined): { action: ActionId; target: Target } | null {
  const [word, ...rest] = (value ?? '').split(':');
  const action = actionIds.find((id) => id === word);
  const target = decodeTarget(rest.join(':'));
  return action && target ? { action, target } : null;
}
