import type { Chance } from '../kills/chance.ts';

/** Pieces that are markup, a mention, a link, a tag or a formula somewhere; alone, in pieces, and glued together. */
const pieces = [
  ...[
    '<!channel>',
    '<!here>',
    '<!everyone>',
    '<!here|here>',
    '<@U0ANA>',
    '<@W1|x>',
    '<!subteam^S1>',
    '<#C1|x>',
  ],
  ...[
    '<https://evil.example|click>',
    'https://evil.example/x',
    '<mailto:a@evil.example>',
    '<tel:112|x>',
    '<slack://x>',
  ],
  ...[
    '@here',
    '@channel',
    '@everyone',
    '#general',
    '&lt;!channel&gt;',
    '&amp;lt;!here&amp;gt;',
    '&#60;!here&#62;',
  ],
  ...[
    '<!date^1^{time}|now>',
    '<!date^1^{date}^https://evil.example|x>',
    '<',
    '>',
    '&',
    '|',
    '^',
    '<!',
    '<@',
    '|>',
  ],
  ...[
    '*b*',
    '_i_',
    '~s~',
    '`c`',
    '```',
    '\n```\n',
    '> q',
    '\n>>> ',
    '\n# h',
    '\n- l',
    '\n1. l',
    '\n| a | b |',
    '\n---\n',
  ],
  ...[
    '[x](https://evil.example)',
    '[x](javascript:alert(1))',
    '![x](https://evil.example/x.png)',
    '![](@U0ANA)',
    '![](#C1)',
  ],
  ...[
    '[x]: https://evil.example',
    '<b>',
    '</b>',
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<!--',
    '-->',
  ],
  ...[
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    '</main></body>',
    '</title><script>',
    ']]>',
    '&#x3c;b&#x3e;',
    '\\',
    '\\<',
  ],
  ...[
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1',
    "'=1",
    '=HYPERLINK("https://evil.example")',
    "=cmd|'/C calc'!A0",
  ],
  ...[
    '\u202e',
    '\u2066',
    '\u2069',
    '\u200b',
    '\ufeff',
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u0085',
    '\u2028',
    '\ud800',
    '\udc00',
  ],
  ...[
    '"',
    "'",
    ',',
    ';',
    '\r\n',
    '\n',
    '\t',
    ' ',
    ':fire:',
    '#{7*7}',
    '{{x}}',
    '%s',
    '__proto__',
    'constructor',
    '🔥',
    'é',
    'x',
  ],
];
const piecesMax = 7;

/** One hostile text, never empty: words, pieces of markup, and signs from anywhere in Unicode. */
export function hostileText({ between, oneOf }: Chance): string {
  const parts = Array.from({ length: between(1, piecesMax) }, () =>
    between(0, 5) === 0 ? String.fromCodePoint(between(1, 0xd7ff)) : oneOf(pieces),
  );
  const text = parts.join('');
  // Now and then longer than anything that shows it.
  return between(1, 100) === 1 ? text.repeat(60) : text;
}

const keysOfText = new Set([
  ...['title', 'summary', 'impactText', 'severityReason', 'service', 'category', 'noticedBy', 'alsoServices'],
  ...[
    'name',
    'number',
    'how',
    'text',
    'happening',
    'impact',
    'doing',
    'why',
    'words',
    'note',
    'reason',
    'standing',
  ],
  ...['from', 'details', 'label', 'app', 'username', 'channelProblem', 'missing', 'content'],
]);

/** Of a longer list the rest says nothing new. */
const listMax = 3;

/** The same thing with this text wherever people or machines write. Ids, links and kinds stay. */
export function infected<T>(value: T, text: string, key = ''): T {
  if (typeof value === 'string') return (keysOfText.has(key) && !isId(value) ? text : value) as T;
  if (typeof value === 'function') return (key === 'names' ? () => text : value) as T;
  if (Array.isArray(value))
    return value.slice(0, listMax).map((one) => infected(one as unknown, text, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, infected(one, text, name)]),
  ) as T;
}

/** Of a person, or a word of ours (a fix, a standing rule): `UANA`, `rollback`. */
const isId = (value: string): boolean => /^(?:U[A-Z]+|[a-z][a-z-]{2,30})$/.test(value);

const tags = 'h[1-6]|p|ul|ol|li|strong|em|code|pre|blockquote|table|thead|tbody|tr|td';
const ownTags = new RegExp(
  `^(?:</?(?:${tags})>|<br>|<th scope="col">|</th>|<div class="wide">|</div>|</a>|<a href="(?:https?://|mailto:)[^"<>]*" rel="noreferrer noopener">)$`,
);

/** Markup in an exported page that is not ours. */
export function liveInHtml(html: string): string[] {
  const main = /<main>\n([\s\S]*)\n<\/main>/.exec(html)?.[1] ?? 'there is no main';
  const links = [...main.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link);
  return [
    ...(main.match(/<[^>]*>?/g) ?? []).filter((tag) => !ownTags.test(tag)),
    ...links.filter((link) => !isOurs(link)),
    ...(/&(?!(?:amp|lt|gt|quot|#39);)/.test(main) ? ['a bare &'] : []),
  ];
}

const isOurs = (link: string): boolean =>
  /^https:\/\/(?:example\.slack\.com|files\.example|ok\.example|pd\.example|runbooks\.example)\//.test(link);

/** Raw HTML, pictures (a canvas makes mentions of them) and links that are not ours, in Markdown outside of code. */
export function liveInMarkdown(markdown: string): string[] {
  // An escaped sign is itself, and nothing else.
  const plain = markdown.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/`[^`\n]*`/g, '');
  const links = [...plain.matchAll(/\]\(([^)\s]*)/g)].map(([, link = '']) => link);
  return [
    ...(plain.match(/<[a-z!/?@#][^\n]{0,40}/gi) ?? []),
    ...(plain.match(/!\[[^\n]{0,40}/g) ?? []),
    ...links.filter((link) => !isOurs(link)),
    ...(plain.match(/^ {0,3}\[[^\]\n]*\]:[^\n]{0,40}/gm) ?? []),
  ];
}

/** Cells that a spreadsheet would compute, or a file that is not RFC 4180. */
export function liveInCsv(text: string, columns: number): string[] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const live: string[] = [];
  let inRecord = 0;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (!match) return [...live, 'not RFC 4180'];
    const [, quoted, bare = '', end] = match;
    const value = quoted?.replaceAll('""', '"') ?? bare;
    if (/^\s*[=+\-@＝＋－＠\t\r\n]/u.test(value)) live.push(value);
    inRecord += 1;
    if (end === ',') continue;
    if (inRecord !== columns) live.push(`a record of ${inRecord} cells`);
    inRecord = 0;
  }
  return live;
}
