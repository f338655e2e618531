import type { BlockAction } from '@slack/bolt';
import type { ModalView, View } from '@slack/types';
import { answerModal } from '../blocks/answer-modal.ts';
import { decodeMetadata, homeMetadata } from '../blocks/form.ts';
import type { SlackDeps } from './deps.ts';
import type { Reply } from './reply.ts';

/** The Home tab, or a modal, in which somebody pressed a button: there is no message to answer under. */
export interface OnView {
  kind: 'home' | 'modal';
  id: string;
  /** It is the Home tab, or was opened from there. */
  isOfHome: boolean;
}

/** Null: it was pressed under a message. */
export function viewOf({ view }: Pick<BlockAction, 'view'>): OnView | null {
  if (!view) return null;
  const kind = view.type === 'home' ? 'home' : 'modal';
  return {
    kind,
    id: view.id,
    isOfHome: kind === 'home' || decodeMetadata(view.private_metadata).home === true,
  };
}

/** Answers with a modal over the Home tab, or in place of the modal that was pressed. Throws what Slack threw. */
export async function showOnView(
  deps: SlackDeps,
  reply: NonNullable<Reply>,
  { kind, id, isOfHome }: OnView,
  trigger: string,
): Promise<void> {
  const form = 'modal' in reply ? reply.modal : answerModal(reply);
  const view = isOfHome ? onHome(form) : form;
  if (kind === 'home') await deps.slack.views.open({ trigger_id: trigger, view });
  else await deps.slack.views.update({ view_id: id, view });
}

/** A form that keeps in mind that it was opened from the Home tab: its answer has to come there, too. */
export const onHome = (view: View): View => ({
  ...(view as ModalView),
  private_metadata: homeMetadata(view.private_metadata),
});
