import { renderToStaticMarkup } from 'react-dom/server';
import { Message } from 'slack-blocks-to-jsx';

type Parser = (name: string) => string;

/** The library's own table of emoji, which it shows to nobody but its hook. */
export const nameByParser =
  (parse: (emoji: { name: string }) => string): Parser =>
  (name) =>
    parse({ name });

function findParser(): Parser {
  const found: { parser: Parser | null } = { parser: null };
  const rich = {
    type: 'rich_text' as const,
    elements: [{ type: 'rich_text_section' as const, elements: [{ type: 'emoji' as const, name: 'bell' }] }],
  };
  const emoji = (_: unknown, parse: (data: { name: string }) => string) => {
    found.parser = nameByParser(parse);
    return null;
  };
  renderToStaticMarkup(<Message blocks={[rich]} name="" logo="" withoutWrapper hooks={{ emoji }} />);
  return found.parser ?? ((name) => name);
}

/** Slack's names for what the table calls otherwise. */
const others: Readonly<Record<string, string>> = {
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_purple_circle: '🟣',
  large_brown_circle: '🟤',
  simple_smile: '🙂',
  slightly_smiling_face: '🙂',
  thumbsup_all: '👍',
};

let table: Parser | null = null;

/** The character of an emoji's short name, or `:name:` where there is none. */
export function emojiOf(name: string, parser?: Parser): string {
  const plain = name.replace(/::skin-tone-\d$/, '');
  table ??= parser ?? findParser();
  const character = others[plain] ?? table(plain);
  return character === plain || character === '' ? `:${name}:` : character;
}
