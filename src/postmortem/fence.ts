const fence = /^ {0,3}(`{3,}|~{3,})/;

/** The backticks or tildes with which a line opens a code block of Markdown, or null. Rules: CommonMark 0.31, 4.5. */
export const fenceOf = (line: string): string | null => fence.exec(line)?.[1] ?? null;

/** Does this line end the code block that `open` began? As many of the same, or more, and nothing behind them. */
export function closesFence(line: string, open: string): boolean {
  const mark = fenceOf(line);
  return line.trim() === mark && mark.startsWith(open);
}
