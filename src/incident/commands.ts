import type { AcknowledgementCommand } from './acknowledgement.ts';
import type { AlertDetailsCommand } from './alert-details.ts';
import type { AlertCommand } from './alerts.ts';
import type { ChannelCommand } from './channel.ts';
import type { ClockCommand } from './clock.ts';
import type { ClosingCommand } from './closing.ts';
import type { DeliveryCommand } from './delivery.ts';
import type { EscalationCommand } from './escalation.ts';
import type { ExportCommand } from './exporting.ts';
import type { FollowupCommand } from './followups.ts';
import type { HandoverCommand } from './handover.ts';
import type { LifecycleCommand } from './lifecycle.ts';
import type { LimitCommand } from './limits.ts';
import type { MarkCommand } from './marks.ts';
import type { MergeCommand } from './merging.ts';
import type { MessageCommand } from './messages.ts';
import type { NoteCommand } from './notes.ts';
import type { NudgeCommand } from './nudges.ts';
import type { PagingOutCommand } from './paging-out.ts';
import type { PauseCommand } from './pause.ts';
import type { PostmortemCommand } from './postmortem.ts';
import type { PrivacyCommand } from './privacy.ts';
import type { QuoteCommand } from './quotes.ts';
import type { ReachCommand } from './reach.ts';
import type { ReferenceCommand } from './references.ts';
import type { RoleCommand } from './roles.ts';
import type { SeverityCommand } from './severity.ts';
import type { ShiftCommand } from './shift.ts';
import type { TitleCommand } from './title.ts';
import type { UndoCommand } from './undo.ts';
import type { UpdateCommand } from './updates.ts';

/** Everything someone or something can want of a running incident. (`Declare`, which makes one, is in declaring.ts.) */
export type Command =
  | AcknowledgementCommand
  | AlertDetailsCommand
  | AlertCommand
  | ChannelCommand
  | ClockCommand
  | ClosingCommand
  | DeliveryCommand
  | EscalationCommand
  | FollowupCommand
  | HandoverCommand
  | ExportCommand
  | LifecycleCommand
  | LimitCommand
  | MergeCommand
  | MarkCommand
  | MessageCommand
  | NoteCommand
  | NudgeCommand
  | PagingOutCommand
  | PauseCommand
  | PostmortemCommand
  | PrivacyCommand
  | QuoteCommand
  | ReachCommand
  | ReferenceCommand
  | RoleCommand
  | SeverityCommand
  | ShiftCommand
  | TitleCommand
  | UndoCommand
  | UpdateCommand;

export type CommandType = Command['type'];
