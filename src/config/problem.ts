/** One thing that is wrong with the configuration, as people read it. `cure` says what to do about it. */
export type Problem = {
  /** An environment variable, or a key of `incident.yml` with its line: `severites (line 3)`. */
  name: string;
  wrong: string;
  cure: string;
};

/** Everything that is wrong, at once: nobody should have to start the bot five times to find five mistakes. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.problems = problems;
  }
}

/** One line per problem: name, what is wrong, cure. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(({ name, wrong, cure }) => `${name}: ${wrong}; ${cure}`).join('\n');
}
