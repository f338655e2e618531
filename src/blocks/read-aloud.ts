import type { KnownBlock } from '@slack/types';
import { escaped, type Message, type Screen, withinText } from './message.ts';
import { flat } from './rich-text.ts';

/**
 * An answer that one person asked for, which notifies nobody: a screen reader reads its `text` and not its blocks
 * (platform.md section 6), so `text` says all that they show. Buttons are reached without it.
 */
export function readAloud<Answer extends Message>(answer: Answer, screen: Screen): Answer {
  const words = answer.blocks
    .map((block) => wordsOf(block, screen))
    .filter((said) => said !== '')
    .join('\n');
  return words === '' ? answer : { ...answer, text: withinText(words) };
}

/** In mrkdwn; '' for blocks that hold no words, or of a kind that we do not send. */
function wordsOf(block: KnownBlock, screen: Screen): string {
  switch (block.type) {
    case 'rich_text':
      return block.elements
        .flatMap((part) => (part.type === 'rich_text_list' ? part.elements : [part]))
        .map((part) => flat(screen, ...part.elements))
        .join('\n');
    case 'section': {
      const { text, accessory } = block;
      // The number of an incident may stand on its button alone.
      const pressed = accessory?.type === 'button' ? ` (${accessory.text.text})` : '';
      return escaped(`${text?.text ?? ''}${pressed}`);
    }
    case 'header':
      return escaped(block.text.text);
    default:
      return '';
  }
}
