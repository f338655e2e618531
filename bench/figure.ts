/** One line of the table: something measured beside its bar (issue 2 section 6). Lower is better unless `atLeast`. */
export interface Figure {
  name: string;
  measured: number;
  bar: number;
  unit: 'ms' | 'x' | 'MB' | 'statements';
  /** The bar is a floor. */
  atLeast?: boolean;
  /** What stands beside it: sample sizes, the other side of a comparison. */
  detail: string;
}

export const isMet = ({ measured, bar, atLeast }: Figure): boolean =>
  atLeast ? measured >= bar : measured <= bar;

const ratioOf = ({ measured, bar }: Figure): number => measured / bar;

const shown = (value: number, unit: Figure['unit']): string => {
  if (unit === 'statements') return String(value);
  const digits = unit === 'x' ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
};

/** The figures as a table for a terminal. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    shown(figure.measured, figure.unit),
    `${figure.atLeast ? '>=' : '<='} ${shown(figure.bar, figure.unit)}`,
    ratioOf(figure).toFixed(2),
    isMet(figure) ? 'ok' : 'NOT MET',
    figure.detail,
  ]);
  const all = [['figure', 'measured', 'bar', 'of bar', '', 'beside it'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The value below which `share` (0..1) of them lie: the nearest rank, so always one of them. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);
