import type { ModalView } from '@slack/types';
import { type Message, plain } from './message.ts';

/** An answer where no message can be shown to one person alone: in the Home tab, and in a modal itself. */
export const answerModal = (message: Message): ModalView => ({
  type: 'modal',
  title: plain('Tocsin', 24),
  close: plain('Close', 24),
  blocks: message.blocks,
});
