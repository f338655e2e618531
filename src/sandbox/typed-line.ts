/** What somebody at the sandbox's prompt asks for. */
export type Typed =
  | { do: 'command'; who: string; line: string }
  | { do: 'say'; who: string; text: string }
  | { do: 'click'; who: string; label: string; where: string | null }
  | { do: 'fill'; who: string; entries: Record<string, string | boolean> }
  | { do: 'go' | 'dm' | 'sees'; who: string; channel: string }
  | { do: 'trigger'; service: string; title: string; urgency: 'high' | 'low' }
  | { do: 'acknowledge' | 'resolve'; which: string }
  | { do: 'show'; channel: string }
  | { do: 'pass'; duration: string }
  | { do: 'list' | 'help' | 'quit' | 'nothing' }
  | { do: 'not-understood' };

type Groups = Record<string, string | undefined>;

/** How each line may be written; the first that fits wins. `who` is checked by whoever obeys. */
const forms: readonly [form: RegExp, read: (groups: Groups) => Typed][] = [
  [/^$/, () => ({ do: 'nothing' })],
  [/^(?<word>help|list|quit)$/i, ({ word = '' }) => ({ do: word.toLowerCase() as 'help' | 'list' | 'quit' })],
  [/^exit$/i, () => ({ do: 'quit' })],
  [/^(?:pass\s+|\+)(?<duration>\S+)$/i, ({ duration = '' }) => ({ do: 'pass', duration })],
  [/^show\s+(?<channel>#?\S+)$/i, ({ channel = '' }) => ({ do: 'show', channel })],
  [/^dm\s+@?(?<who>\w+)$/i, ({ who = '' }) => ({ do: 'dm', who, channel: 'dm' })],
  [
    /^pagerduty\s+triggers\s+(?:(?<urgency>high|low)\s+)?(?<service>\S+)\s+"?(?<title>[^"]+)"?$/i,
    ({ urgency, service = '', title = '' }) => ({
      do: 'trigger',
      service,
      title,
      urgency: urgency?.toLowerCase() === 'low' ? 'low' : 'high',
    }),
  ],
  [
    /^pagerduty\s+(?<word>acknowledges|resolves)\s*"?(?<which>[^"]*)"?$/i,
    ({ word = '', which = '' }) => ({
      do: word.toLowerCase() === 'resolves' ? 'resolve' : 'acknowledge',
      which,
    }),
  ],
  [
    /^(?<who>\w+)\s+clicks?\s+"?\[?(?<label>.+?)\]?"?(?:\s+in\s+(?<where>#?inc-\S*|#\S+|dm|modal))?$/i,
    ({ who = '', label = '', where }) => ({ do: 'click', who, label, where: where ?? null }),
  ],
  [
    /^(?<who>\w+)\s+(?:submits?|fills?)(?:\s+(?<entries>.*))?$/i,
    ({ who = '', entries = '' }) => ({ do: 'fill', who, entries: entriesOf(entries) }),
  ],
  [
    /^(?<who>\w+)\s+(?:goes|go)\s+to\s+(?<channel>#?\S+)$/i,
    ({ who = '', channel = '' }) => ({ do: 'go', who, channel }),
  ],
  [/^(?<who>\w+)\s+sees?$/i, ({ who = '' }) => ({ do: 'sees', who, channel: '' })],
  [/^(?<who>\w+)\s+says?\s+(?<text>.+)$/i, ({ who = '', text = '' }) => ({ do: 'say', who, text })],
  [
    /^(?<who>\w+)(?:\s*[:>]\s*|\s+)(?<line>\/.*)$/,
    ({ who = '', line = '' }) => ({ do: 'command', who, line }),
  ],
  [/^(?<who>\w+)\s*[:>]\s*(?<text>.+)$/, ({ who = '', text = '' }) => ({ do: 'say', who, text })],
];

/** Reads a line of the prompt. */
export function readLine(line: string): Typed {
  for (const [form, read] of forms) {
    const match = form.exec(line.trim());
    if (match) return read(match.groups ?? {});
  }
  return { do: 'not-understood' };
}

/** `What is happening?=it burns; I checked=yes`. */
function entriesOf(text: string): Record<string, string | boolean> {
  const pairs = text.split(';').map((pair) => pair.trim());
  return Object.fromEntries(
    pairs.filter(Boolean).map((pair) => {
      const at = pair.indexOf('=');
      if (at < 0) return [pair, true];
      const value = pair.slice(at + 1).trim();
      return [pair.slice(0, at).trim(), value === 'yes' ? true : value];
    }),
  );
}
