import type { ActionId, CallActionId, DeskActionId, ModalId } from '../blocks/actions.ts';
import {
  acknowledge,
  clickAcknowledge,
  clickConfirmAcknowledge,
  clickDecline,
  clickJustWatching,
  clickStillOnIt,
  clickUnacknowledge,
  unacknowledge,
} from './acknowledge.ts';
import { clickDismiss, clickKeepOpen, clickOpenChannel } from './alerts.ts';
import { call, clickCall } from './call.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { clickClose, close, submitClose } from './closing.ts';
import type { Subcommand } from './command.ts';
import { declare, submitDeclare } from './declare.ts';
import { doctor } from './doctor.ts';
import { clickEscalate, clickEscalateNow, escalate, submitEscalate } from './escalate.ts';
import {
  clickFollowup,
  clickFollowupDone,
  clickFollowupSnooze,
  clickFollowups,
  followup,
  submitFollowup,
  submitFollowupSnooze,
} from './followups.ts';
import {
  clickAcceptOffer,
  clickDeclineOffer,
  clickHandoff,
  clickRoles,
  clickTakeRole,
  clickWithdrawOffer,
  handoff,
  roles,
  submitHandoff,
} from './handover.ts';
import { clickTray } from './home.ts';
import {
  cancel,
  clickCancel,
  clickReopen,
  clickResolve,
  clickStatus,
  reopen,
  resolve,
  status,
  submitCancel,
  submitResolve,
  submitStatus,
} from './lifecycle.ts';
import { bare, help, list, show } from './list.ts';
import { clickKeepApart, clickMerge, merge, submitMerge } from './merge.ts';
import { clickNote, note, submitNote } from './notes.ts';
import {
  clickConfirmCommand,
  clickInvestigate,
  clickNudges,
  clickSetSeverity,
  clickSnooze,
  clickStartAgain,
  clickStop,
  clickTakeOverCommand,
  nudges,
  submitSnooze,
} from './nudges.ts';
import { oncall } from './oncall.ts';
import { clickPause, clickResume, pause, resume, submitPause } from './pause.ts';
import {
  clickPostmortem,
  clickPostmortemOwner,
  clickPostmortemReviewed,
  clickPostmortemUnreviewed,
  postmortem,
  submitPostmortemOwner,
} from './postmortem.ts';
import { clickPostmortemEdit, submitPostmortemPick, submitPostmortemSection } from './postmortem-edit.ts';
import {
  clickPostmortemSnooze,
  clickPostmortemStop,
  submitPostmortemSnooze,
} from './postmortem-reminders.ts';
import { clickMakePrivate, clickPrivate, makePrivate } from './private.ts';
import { clickRename, rename, submitRename } from './rename.ts';
import { clickRole, clickTakeCommand, clickTakeComms, role, submitRole } from './roles.ts';
import { clickRunbook, runbook } from './runbook.ts';
import { clickSeverity, severity, submitSeverity } from './severity.ts';
import { submitFollowupFromMessage, submitTimelineFromMessage } from './shortcuts.ts';
import { clickMark, clickTimeline, clickTimelinePage, timeline } from './timeline.ts';
import { clickUndo, undo } from './undo.ts';
import { clickNoChange, clickUpdate, submitUpdate, update } from './updates.ts';

/** `/incident <word>`. A new command is a row here and a file of its own. */
const words = {
  '': bare,
  help,
  declare,
  sev: severity,
  ack: acknowledge,
  unack: unacknowledge,
  escalate,
  role,
  roles,
  handoff,
  update,
  nudges,
  pause,
  resume,
  status,
  note,
  timeline,
  followup,
  resolve,
  close,
  cancel,
  reopen,
  merge,
  undo,
  list,
  show,
  oncall,
  postmortem,
  private: makePrivate,
  rename,
  runbook,
  call,
  doctor,
} as const satisfies Record<string, Subcommand>;
export type Word = keyof typeof words;
export const subcommands: Readonly<Record<string, Subcommand>> = words;

export const subcommandOf = (word: string): Subcommand | null =>
  Object.hasOwn(subcommands, word) ? (subcommands[word] ?? null) : null;

/** Buttons about an incident. `more`, `declare`, `pick-incident` those of a desk and of a failed call are no such: listen.ts unwraps them. */
export const clicks: Readonly<
  Record<
    Exclude<ActionId, 'more' | 'declare' | 'pick-incident' | 'open-form' | DeskActionId | CallActionId>,
    ClickHandler
  >
> = {
  acknowledge: clickAcknowledge,
  'confirm-acknowledge': clickConfirmAcknowledge,
  'just-watching': clickJustWatching,
  unacknowledge: clickUnacknowledge,
  decline: clickDecline,
  'still-on-it': clickStillOnIt,
  escalate: clickEscalate,
  'escalate-now': clickEscalateNow,
  'take-command': clickTakeCommand,
  'take-comms': clickTakeComms,
  'post-update': clickUpdate,
  'no-change': clickNoChange,
  snooze: clickSnooze,
  stop: clickStop,
  'start-again': clickStartAgain,
  'confirm-command': clickConfirmCommand,
  'take-over-command': clickTakeOverCommand,
  'set-sev1': clickSetSeverity(1),
  'set-sev2': clickSetSeverity(2),
  'set-sev3': clickSetSeverity(3),
  'set-sev4': clickSetSeverity(4),
  investigate: clickInvestigate,
  pause: clickPause,
  resume: clickResume,
  nudges: clickNudges,
  resolve: clickResolve,
  'keep-open': clickKeepOpen,
  severity: clickSeverity,
  status: clickStatus,
  role: clickRole,
  roles: clickRoles,
  tray: clickTray,
  handoff: clickHandoff,
  'accept-offer': clickAcceptOffer,
  'decline-offer': clickDeclineOffer,
  'withdraw-offer': clickWithdrawOffer,
  'take-role': clickTakeRole,
  note: clickNote,
  timeline: clickTimeline,
  'timeline-older': clickTimelinePage,
  'timeline-newer': clickTimelinePage,
  'timeline-latest': clickTimelinePage,
  'timeline-hidden': clickTimelinePage,
  'mark-star': clickMark('star'),
  'mark-pin': clickMark('pin'),
  'mark-hide': clickMark('hide'),
  cancel: clickCancel,
  reopen: clickReopen,
  close: clickClose,
  followup: clickFollowup,
  followups: clickFollowups,
  'followup-done': clickFollowupDone,
  'followup-snooze': clickFollowupSnooze,
  'open-channel': clickOpenChannel,
  dismiss: clickDismiss,
  merge: clickMerge,
  'keep-apart': clickKeepApart,
  undo: clickUndo,
  rename: clickRename,
  private: clickPrivate,
  'make-private': clickMakePrivate,
  runbook: clickRunbook,
  call: clickCall,
  postmortem: clickPostmortem,
  'postmortem-edit': clickPostmortemEdit,
  'postmortem-owner': clickPostmortemOwner,
  'postmortem-reviewed': clickPostmortemReviewed,
  'postmortem-unreviewed': clickPostmortemUnreviewed,
  'postmortem-snooze': clickPostmortemSnooze,
  'postmortem-stop': clickPostmortemStop,
};

/** Modals that were submitted. */
export const submissions: Readonly<Record<ModalId, SubmissionHandler>> = {
  declare: submitDeclare,
  severity: submitSeverity,
  update: submitUpdate,
  resolve: submitResolve,
  role: submitRole,
  handoff: submitHandoff,
  escalate: submitEscalate,
  snooze: submitSnooze,
  pause: submitPause,
  status: submitStatus,
  note: submitNote,
  cancel: submitCancel,
  'postmortem-pick': submitPostmortemPick,
  'postmortem-section': submitPostmortemSection,
  'postmortem-owner': submitPostmortemOwner,
  'postmortem-snooze': submitPostmortemSnooze,
  merge: submitMerge,
  'timeline-from-message': submitTimelineFromMessage,
  'followup-from-message': submitFollowupFromMessage,
  rename: submitRename,
  close: submitClose,
  followup: submitFollowup,
  'followup-snooze': submitFollowupSnooze,
};
