import { styleText } from 'node:util';
import type { Change, News } from './news.ts';
import { withoutAuthor } from './news.ts';

type Format = Parameters<typeof styleText>[0];

/** Colours text, or leaves it as it is. */
export type Ink = (format: Format, text: string) => string;

/** Colours where they are wanted: `NO_COLOR` and `--plain` say no, `FORCE_COLOR` yes, else a terminal has them. */
export function inkFor(isTerminal: boolean, environment: NodeJS.ProcessEnv, isPlain: boolean): Ink {
  const isForced = (environment.FORCE_COLOR ?? '0') !== '0';
  const isColoured = !isPlain && !environment.NO_COLOR && (isForced || isTerminal);
  return (format, text) =>
    isColoured && text !== '' ? styleText(format, text, { validateStream: false }) : text;
}

export const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Lines of what is new in one place, under its name. */
export function newsLines(ink: Ink, { place, changes }: News): string[] {
  const isChannel = 'channel' in place;
  const title = isChannel
    ? ink(['bold', 'blue'], `#${place.channel}`)
    : ink(['bold', 'magenta'], `${capital(place.dmOf)}'s phone`) + ink('dim', ' (direct message)');
  const bar = ink(isChannel ? 'blue' : 'magenta', '│');
  const lines = changes.flatMap((change) => changeLines(ink, change)).map((line) => `  ${bar} ${line}`);
  return lines.length > 0 ? [`  ${title}`, ...lines] : [];
}

/** What only one person sees, or what is put in front of them. */
export function privateLines(ink: Ink, title: string, text: string): string[] {
  if (text === '') return [];
  const bar = ink('yellow', '┆');
  return [
    `  ${ink(['bold', 'yellow'], title)}`,
    ...text.split('\n').map((line) => `  ${bar} ${body(ink, line)}`),
  ];
}

const indent = ' '.repeat(6);

function changeLines(ink: Ink, { how, entry, lines }: Change): string[] {
  const margin = entry.isReply ? '  ↳ ' : '';
  const time = `${margin}${ink('dim', entry.time)} `;
  const below = `${margin ? '    ' : ''}${indent}`;
  if (entry.text.startsWith('— ')) return how === 'new' ? systemLines(ink, time, lines) : [];
  const [first = ''] = entry.text.split('\n');
  if (how === 'deleted') return [`${time}${ink('dim', `✗ gone: ${first}`)}`];
  if (how === 'edited') {
    const subject = ink('dim', `✎ now reads, in "${cut(first)}":`);
    return [`${time}${subject}`, ...lines.map((line) => `${below}${body(ink, line)}`)];
  }
  const [head = '', ...rest] = lines;
  return [`${time}${withAuthor(ink, head)}`, ...rest.map((line) => `${below}${body(ink, line)}`)];
}

/** Slack's own lines. The purpose is long and everybody knows it. */
const systemLines = (ink: Ink, time: string, lines: string[]): string[] =>
  / set the channel purpose: /.test(lines[0] ?? '') ? [] : lines.map((line) => `${time}${ink('dim', line)}`);

function withAuthor(ink: Ink, line: string): string {
  const [, author, said] = /^([^:]{1,40}: )(.*)$/.exec(line) ?? [];
  if (author === undefined || said === undefined) return body(ink, line);
  return `${ink('bold', author)}${body(ink, said)}`;
}

/** Severities, buttons and mentions stand out. */
function body(ink: Ink, line: string): string {
  return line
    .replace(/SEV[12]\b/g, (word) => ink(['bold', word === 'SEV1' ? 'red' : 'yellow'], word))
    .replace(/\[[^[\]]+\]/g, (button) => ink('cyan', button))
    .replace(/@(ana|bea|cai|dana|eve|finn)\b/g, (who) => ink('bold', who))
    .replace(/ \((pinned|edited)\)/g, (mark) => ink('dim', mark));
}

const subjectLengthMax = 50;

function cut(text: string): string {
  const said = withoutAuthor(text);
  return said.length > subjectLengthMax ? `${said.slice(0, subjectLengthMax - 1)}…` : said;
}
