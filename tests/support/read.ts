import type { KnownBlock, RichTextElement } from '@slack/types';
import type { Message } from '../../src/blocks/message.ts';

/**
 * A message as a person sees it, one block after the other: times as `02:05 UTC`, mentions as `@UBEA`, channels as
 * `#C42`, buttons in brackets, a menu as `[⋯ …]` with its choices.
 */
export const read = ({ blocks }: Pick<Message, 'blocks'>): string => blocks.map(readBlock).join('\n');

/** What a push notification shows, or a screen reader reads. */
export const readText = ({ text }: Pick<Message, 'text'>): string =>
  text
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(
      /<([@#!])([A-Za-z0-9]+)>/g,
      (_all, kind: string, id: string) => `${kind === '#' ? '#' : '@'}${id}`,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

function readBlock(block: KnownBlock): string {
  switch (block.type) {
    case 'rich_text':
      return block.elements
        .map((part) => {
          if (part.type !== 'rich_text_list') return part.elements.map(readPiece).join('');
          return part.elements.map((item) => `• ${item.elements.map(readPiece).join('')}`).join('\n');
        })
        .join('\n');
    case 'section':
      return `${block.text?.text ?? ''} ${block.accessory ? readControl(block.accessory) : ''}`.trim();
    case 'actions':
      return block.elements.map(readControl).join(' ');
    case 'input':
      return `${block.label.text}${block.optional ? ' (optional)' : ''}: ${readControl(block.element)}`;
    default:
      throw new Error(`no reader for a block of type ${block.type}`);
  }
}

function readPiece(piece: RichTextElement): string {
  switch (piece.type) {
    case 'text':
      return piece.text;
    case 'date':
      return piece.fallback ?? '';
    case 'user':
      return `@${piece.user_id}`;
    case 'channel':
      return `#${piece.channel_id}`;
    case 'broadcast':
      return `@${piece.range}`;
    case 'link':
      return piece.text ?? piece.url;
    default:
      throw new Error(`no reader for a piece of type ${piece.type}`);
  }
}

interface Control {
  type: string;
  text?: { text: string };
  options?: unknown;
  initial_option?: unknown;
  initial_options?: unknown;
  initial_value?: unknown;
}

const labelOf = (option: unknown): string => (option as { text: { text: string } }).text.text;

function readControl(control: Control): string {
  if (control.type === 'button') return `[${control.text?.text}]`;
  const options = Array.isArray(control.options) ? control.options.map(labelOf) : [];
  if (control.type === 'overflow') return `[⋯ ${options.join(' | ')}]`;
  const chosen = [control.initial_option, control.initial_options].flat().filter(Boolean).map(labelOf);
  const shown = options.map((option) => (chosen.includes(option) ? `(${option})` : option)).join(' | ');
  return `${shown}${typeof control.initial_value === 'string' ? control.initial_value : ''}`.trim() || '____';
}
