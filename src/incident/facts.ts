import type { AcknowledgementFact } from './acknowledgement.ts';
import type { AlertDetailsFact } from './alert-details.ts';
import type { AlertFact } from './alerts.ts';
import type { ChannelFact } from './channel.ts';
import type { ClockFact } from './clock.ts';
import type { ClosingFact } from './closing.ts';
import type { DeclaringFact } from './declaring.ts';
import type { DeliveryFact } from './delivery.ts';
import type { EscalationFact } from './escalation.ts';
import type { ExportFact } from './exporting.ts';
import type { FollowupFact } from './followups.ts';
import type { HandoverFact } from './handover.ts';
import type { LifecycleFact } from './lifecycle.ts';
import type { LimitFact } from './limits.ts';
import type { MarkFact } from './marks.ts';
import type { MergeFact } from './merging.ts';
import type { MessageFact } from './messages.ts';
import type { NoteFact } from './notes.ts';
import type { NudgeFact } from './nudges.ts';
import type { PagingOutFact } from './paging-out.ts';
import type { PauseFact } from './pause.ts';
import type { PostmortemFact } from './postmortem.ts';
import type { PrivacyFact } from './privacy.ts';
import type { QuoteFact } from './quotes.ts';
import type { ReachFact } from './reach.ts';
import type { ReferenceFact } from './references.ts';
import type { RoleFact } from './roles.ts';
import type { SeverityFact } from './severity.ts';
import type { TitleFact } from './title.ts';
import type { UndoFact } from './undo.ts';
import type { UpdateFact } from './updates.ts';

/** Everything that can have happened to an incident. Past tense, immutable; facts only ever gain optional fields. */
export type Fact =
  | AcknowledgementFact
  | AlertDetailsFact
  | AlertFact
  | ChannelFact
  | ClockFact
  | ClosingFact
  | DeclaringFact
  | DeliveryFact
  | EscalationFact
  | FollowupFact
  | HandoverFact
  | ExportFact
  | LifecycleFact
  | LimitFact
  | MarkFact
  | MergeFact
  | MessageFact
  | NoteFact
  | NudgeFact
  | PagingOutFact
  | PauseFact
  | PostmortemFact
  | PrivacyFact
  | QuoteFact
  | ReachFact
  | ReferenceFact
  | RoleFact
  | SeverityFact
  | TitleFact
  | UndoFact
  | UpdateFact;

export type FactType = Fact['type'];

export type FactOf<Type extends FactType> = Extract<Fact, { type: Type }>;

/** When it happened, if that is not when it was recorded: messages carry Slack's time, notes can be back-dated. */
export const happenedAt = (fact: Fact, recordedAt: number): number =>
  'happenedAt' in fact && fact.happenedAt !== undefined ? fact.happenedAt : recordedAt;
