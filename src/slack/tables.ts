import type { ActionId, ModalId } from '../blocks/actions.ts';
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
import type { ClickHandler, SubmissionHandler } from './click.ts';
import type { Subcommand } from './command.ts';
import { declare, submitDeclare } from './declare.ts';
import { doctor } from './doctor.ts';
import { clickEscalate, clickEscalateNow, escalate, submitEscalate } from './escalate.ts';
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
import { clickNote, clickTimeline, note, submitNote, timeline } from './notes.ts';
import { clickSnooze, clickStop, submitSnooze } from './nudges.ts';
import { oncall } from './oncall.ts';
import { clickPostmortem, postmortem } from './postmortem.ts';
import { clickRole, clickTakeCommand, clickTakeComms, role, submitRole } from './roles.ts';
import { clickSeverity, severity, submitSeverity } from './severity.ts';
import { clickNoChange, clickUpdate, submitUpdate, update } from './updates.ts';

/** `/incident <word>`. A new command is a row here and a file of its own. */
export const subcommands: Readonly<Record<string, Subcommand>> = {
  '': bare,
  help,
  declare,
  sev: severity,
  ack: acknowledge,
  unack: unacknowledge,
  escalate,
  role,
  update,
  status,
  note,
  timeline,
  resolve,
  cancel,
  reopen,
  list,
  show,
  oncall,
  postmortem,
  doctor,
};

/** Buttons about an incident. `more`, `declare` and `pick-incident` are no such: listen.ts unwraps them. */
export const clicks: Readonly<Record<Exclude<ActionId, 'more' | 'declare' | 'pick-incident'>, ClickHandler>> =
  {
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
    resolve: clickResolve,
    'keep-open': clickKeepOpen,
    severity: clickSeverity,
    status: clickStatus,
    role: clickRole,
    note: clickNote,
    timeline: clickTimeline,
    cancel: clickCancel,
    reopen: clickReopen,
    'open-channel': clickOpenChannel,
    dismiss: clickDismiss,
    postmortem: clickPostmortem,
  };

/** Modals that were submitted. */
export const submissions: Readonly<Record<ModalId, SubmissionHandler>> = {
  declare: submitDeclare,
  severity: submitSeverity,
  update: submitUpdate,
  resolve: submitResolve,
  role: submitRole,
  escalate: submitEscalate,
  snooze: submitSnooze,
  status: submitStatus,
  note: submitNote,
  cancel: submitCancel,
};
