import type { ActionId, ModalId } from '../blocks/actions.ts';
import { notAllowed } from '../blocks/permission-words.ts';
import { type Deed, type KindOfPerson, rightTo } from '../incident/permissions.ts';
import { isForeign } from '../people.ts';
import type { Person } from '../store/store.ts';
import { firstWord } from './command.ts';
import type { SlackDeps } from './deps.ts';
import type { Word } from './tables.ts';

/** Our entries in Slack's menus, by callback id; the manifest names them too. */
export const shortcutIds = [
  'declare-incident',
  'declare-from-message',
  'add-to-timeline',
  'make-followup',
] as const;
export type ShortcutId = (typeof shortcutIds)[number];

/** `/incident <word>`, whether it is typed, mentioned, said in a direct message, or repeated by a button. */
export const wordDeeds: Readonly<Record<Word, Deed | ((text: string) => Deed)>> = {
  '': 'look',
  help: 'look',
  declare: 'declare',
  sev: 'work',
  ack: 'work',
  unack: 'work',
  escalate: 'work',
  role: 'work',
  roles: 'look',
  handoff: 'work',
  update: 'work',
  nudges: 'work',
  pause: 'work',
  resume: 'work',
  status: 'work',
  note: 'work',
  timeline: 'look',
  followup: 'work',
  resolve: 'work',
  close: 'work',
  cancel: 'work',
  reopen: 'work',
  merge: 'work',
  undo: 'work',
  list: 'look',
  show: 'look',
  oncall: (text) => (['override', 'cover'].includes(firstWord(text).word) ? 'change-on-call' : 'look'),
  postmortem: 'work',
  private: 'seclude',
  rename: 'work',
  runbook: 'look',
  call: 'work',
  doctor: 'mend',
};

/** Every button, and every choice of a menu. */
export const clickDeeds: Readonly<Record<ActionId, Deed>> = {
  acknowledge: 'work',
  'confirm-acknowledge': 'work',
  'just-watching': 'work',
  unacknowledge: 'work',
  decline: 'work',
  'still-on-it': 'work',
  escalate: 'work',
  'escalate-now': 'work',
  'take-command': 'work',
  'take-comms': 'work',
  'post-update': 'work',
  'no-change': 'work',
  snooze: 'work',
  stop: 'work',
  'start-again': 'work',
  'confirm-command': 'work',
  'take-over-command': 'work',
  'set-sev1': 'work',
  'set-sev2': 'work',
  'set-sev3': 'work',
  'set-sev4': 'work',
  investigate: 'work',
  pause: 'work',
  resume: 'work',
  nudges: 'look',
  resolve: 'work',
  'keep-open': 'work',
  severity: 'work',
  status: 'work',
  role: 'work',
  note: 'work',
  handoff: 'work',
  'accept-offer': 'work',
  'decline-offer': 'work',
  'withdraw-offer': 'work',
  'take-role': 'work',
  roles: 'look',
  tray: 'look',
  timeline: 'look',
  'timeline-older': 'look',
  'timeline-newer': 'look',
  'timeline-latest': 'look',
  'timeline-hidden': 'look',
  'mark-star': 'work',
  'mark-pin': 'work',
  'mark-hide': 'work',
  cancel: 'work',
  reopen: 'work',
  close: 'work',
  followup: 'work',
  followups: 'look',
  'followup-done': 'work',
  'followup-snooze': 'work',
  'open-channel': 'work',
  dismiss: 'work',
  merge: 'work',
  'keep-apart': 'work',
  undo: 'work',
  rename: 'work',
  private: 'seclude',
  'make-private': 'seclude',
  runbook: 'look',
  call: 'look',
  postmortem: 'work',
  'postmortem-edit': 'work',
  'postmortem-owner': 'work',
  'postmortem-reviewed': 'work',
  'postmortem-unreviewed': 'work',
  'postmortem-snooze': 'work',
  'postmortem-stop': 'work',
  declare: 'declare',
  more: 'look',
  // These repeat a command, whose own deed is asked for then.
  'pick-incident': 'look',
  'open-form': 'look',
  'accept-cover': 'change-on-call',
  'decline-cover': 'change-on-call',
  'withdraw-cover': 'change-on-call',
  'remove-cover': 'change-on-call',
  'acknowledge-test': 'work',
  'retry-call': 'mend',
  'discard-call': 'mend',
};

/** Every form that is submitted. It was opened by one of the others. */
export const modalDeeds: Readonly<Record<ModalId, Deed>> = {
  declare: 'declare',
  severity: 'work',
  update: 'work',
  resolve: 'work',
  role: 'work',
  escalate: 'work',
  snooze: 'work',
  pause: 'work',
  status: 'work',
  note: 'work',
  handoff: 'work',
  cancel: 'work',
  'postmortem-pick': 'work',
  'postmortem-section': 'work',
  'postmortem-owner': 'work',
  'postmortem-snooze': 'work',
  merge: 'work',
  'timeline-from-message': 'work',
  'followup-from-message': 'work',
  close: 'work',
  followup: 'work',
  'followup-snooze': 'work',
  rename: 'work',
};

export const shortcutDeeds: Readonly<Record<ShortcutId, Deed>> = {
  'declare-incident': 'declare',
  'declare-from-message': 'declare',
  'add-to-timeline': 'work',
  'make-followup': 'work',
};

/** What is done without asking for an answer: an emoji, and opening the Home tab. */
export const quietDeeds = {
  reaction: 'work',
  home: 'look',
} as const satisfies Record<string, Deed>;

/** Of a word that nobody knows: it is answered with the ones there are. */
const unknownWordDeed: Deed = 'look';

export function deedOfWord(word: string, text: string): Deed {
  const deed = Object.hasOwn(wordDeeds, word) ? wordDeeds[word as Word] : unknownWordDeed;
  return typeof deed === 'function' ? deed(text) : deed;
}

/** Who acts, as the payload has them: `team` and `enterprise` are the person's. */
export interface Actor {
  user: string;
  team?: string | undefined;
  enterprise?: string | null | undefined;
}

/**
 * Who acts is to the workspace, for those who decide whether they may. Slack's payloads do not say who is a guest, so whom
 * nobody has heard of yet is asked about first, for as long as `People` in a hurry waits: whom Slack does not know has no
 * rights, and where Slack does not answer they are taken for a member, because an incident cannot wait for it.
 */
export async function kindOfActor(deps: SlackDeps, actor: Actor): Promise<KindOfPerson> {
  const kind = kindOf(deps, actor);
  if (kind !== 'member' || deps.people.known(actor.user) !== null) return kind;
  const found = await deps.people.find(actor.user).catch(() => undefined);
  if (found === undefined) return kind;
  return found === null ? 'external' : kindKnown(found);
}

/**
 * The same of what is known already: whom nobody has heard of for long is taken for what they were, asked about meanwhile,
 * and known the next time.
 */
export function kindOf(deps: SlackDeps, { user, team, enterprise }: Actor): KindOfPerson {
  if (isForeign(deps.identity(), team, enterprise)) return 'external';
  const kind = kindKnown(deps.people.known(user));
  deps.meet(user);
  return kind;
}

function kindKnown(person: Person | null): KindOfPerson {
  if (person === null || person.isMember) return 'member';
  if (person.isStranger) return 'external';
  return person.is ?? 'guest';
}

/** In words why this kind of person may not do that at all; null: they may, with the incidents that they may see. */
export const refusedTo = (kind: KindOfPerson, deed: Deed): string | null =>
  kind === 'member' || rightTo(deed, kind) !== 'none' ? null : notAllowed(kind, deed);
