import type { AcknowledgementCommand } from './acknowledgement.ts';
import type { AlertCommand } from './alerts.ts';
import type { ChannelCommand } from './channel.ts';
import type { ClockCommand } from './clock.ts';
import type { DeliveryCommand } from './delivery.ts';
import type { EscalationCommand } from './escalation.ts';
import type { LifecycleCommand } from './lifecycle.ts';
import type { MessageCommand } from './messages.ts';
import type { NoteCommand } from './notes.ts';
import type { NudgeCommand } from './nudges.ts';
import type { PostmortemCommand } from './postmortem.ts';
import type { RoleCommand } from './roles.ts';
import type { SeverityCommand } from './severity.ts';
import type { UpdateCommand } from './updates.ts';

/** Everything someone or something can want of a running incident. (`Declare`, which makes one, is in declaring.ts.) */
export type Command =
  | AcknowledgementCommand
  | AlertCommand
  | ChannelCommand
  | ClockCommand
  | DeliveryCommand
  | EscalationCommand
  | LifecycleCommand
  | MessageCommand
  | NoteCommand
  | NudgeCommand
  | PostmortemCommand
  | RoleCommand
  | SeverityCommand
  | UpdateCommand;

export type CommandType = Command['type'];
