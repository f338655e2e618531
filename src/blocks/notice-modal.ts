import type { ModalView } from '@slack/types';
import { plain } from './message.ts';

/** A modal that only says something: why a form led to nothing. */
export const noticeModal = (words: string): ModalView => ({
  type: 'modal',
  title: plain('Nothing changed', 24),
  close: plain('Close', 24),
  blocks: [{ type: 'section', text: plain(words) }],
});
