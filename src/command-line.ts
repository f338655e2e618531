/** The programs that people run beside the bot, and where each is compiled to. */
const compiledTo = {
  backup: 'dist/backup.js',
  restore: 'dist/restore.js',
  'config:check': 'dist/config/check.js',
} as const;

const isCompiledHere = import.meta.url.endsWith('.js');

/**
 * How a program is run here, with `word` behind it. npm's scripts run the sources, which a container and an install
 * without dev dependencies cannot: what runs compiled names what is compiled.
 */
export function commandFor(program: keyof typeof compiledTo, word = '', isCompiled = isCompiledHere): string {
  const [command, gap] = isCompiled ? [`node ${compiledTo[program]}`, ' '] : [`npm run ${program}`, ' -- '];
  return word === '' ? command : `${command}${gap}${word}`;
}

/** How a program is run here so that it reads `.env`, which Node does on request only. The bot itself runs compiled. */
export function commandWithEnv(
  program: 'main' | 'backup' | 'restore',
  isCompiled = isCompiledHere || program === 'main',
): string {
  return `node --env-file=.env ${isCompiled ? `dist/${program}.js` : `--import tsx src/${program}.ts`}`;
}

/**
 * What was typed behind a program that takes `wordsMax` words and no options but `--help`. Null: it has printed its usage
 * instead, and is to do nothing; its exit code is set. `self`: its process.
 */
export function wordsTyped(
  self: Pick<NodeJS.Process, 'argv' | 'stdout' | 'stderr' | 'exitCode'>,
  wordsMax: 0 | 1,
  usage: string,
): readonly string[] | null {
  const words = self.argv.slice(2);
  if (words.some((word) => word === '--help' || word === '-h')) {
    self.stdout.write(`${usage}\n`);
    return null;
  }
  const why = whyNot(words, wordsMax);
  if (why === null) return words;
  self.stderr.write(`${why} Nothing was done.\n${usage}\n`);
  self.exitCode = 1;
  return null;
}

function whyNot(words: readonly string[], wordsMax: 0 | 1): string | null {
  const option = words.find((word) => word.startsWith('-'));
  if (option !== undefined) return `There is no option ${option}.`;
  if (words.length > wordsMax)
    return wordsMax === 0
      ? `This takes no words, and was given ${words.join(' ')}.`
      : `One file at a time, not ${words.length}.`;
  return words.includes('') ? 'The name of the file is empty.' : null;
}
