/** Names that Slack's people use, and what they look like. Others are shown by name. */
const EMOJI: Readonly<Record<string, string>> = {
  '+1': '👍',
  thumbsup: '👍',
  '-1': '👎',
  eyes: '👀',
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  pushpin: '📌',
  star: '⭐',
  ticket: '🎫',
  tada: '🎉',
  fire: '🔥',
  rotating_light: '🚨',
  bell: '🔔',
  hourglass: '⏳',
  heart: '❤️',
  raised_hands: '🙌',
  pray: '🙏',
  thinking_face: '🤔',
  warning: '⚠️',
  phone: '☎️',
  book: '📖',
  memo: '📝',
  link: '🔗',
  pager: '📟',
};

/** The character, or `:name:`. */
export function emojiOf(name: string): string {
  return EMOJI[name] ?? `:${name}:`;
}

/** Offered in the menu of every message. The first three mean something to the bot. */
export const offeredEmoji = ['pushpin', 'star', 'ticket', 'eyes', '+1', 'white_check_mark', 'tada'] as const;
