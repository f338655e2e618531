const named = /<([@#!])([^<>|\n]+)(?:\|([^<>\n]*))?>/g;
const address = /<((?:https?|mailto|tel):[^<>|\n]+)(?:\|([^<>\n]*))?>/g;
const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/**
 * A message as Slack stores it, as people read it: names for user ids, `#general`, `@here`, labels with the address
 * behind them, and the three characters that Slack encodes. Anything else stays. Plain text, not Markdown.
 */
export function readable(text: string, names: (user: string) => string): string {
  return text
    .replace(named, (_all, kind: string, id: string, label: string | undefined) =>
      nameOf(kind, id, label ?? '', names),
    )
    .replace(address, (_all, url: string, label: string | undefined) => addressOf(url, label ?? ''))
    .replace(/&(?:amp|lt|gt);/g, (encoded) => entities[encoded] ?? encoded);
}

function nameOf(kind: string, id: string, label: string, names: (user: string) => string): string {
  if (kind === '@') return `@${names(id).replace(/^@/, '')}`;
  if (kind === '#') return `#${label || id}`;
  if (id.startsWith('date^')) return label;
  if (id.startsWith('subteam^') && label === '') return `@${names(id.slice('subteam^'.length))}`;
  return label || `@${id}`;
}

function addressOf(url: string, label: string): string {
  const plain = url.replace(/^(?:mailto|tel):/, '');
  return label === '' || label === url || label === plain ? plain : `${label} (${url})`;
}
