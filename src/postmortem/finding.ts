/** Where a gap lies (product.md section 9). */
export type Area = 'monitoring' | 'process' | 'ownership';

/**
 * One thing the timeline shows, as a sentence without names: what happened matters, not who. `seq` is the row it comes
 * from. Plain text; words of other systems in it are not escaped.
 */
export interface Evidence {
  kind: 'well' | 'poorly' | 'lucky' | 'gap';
  /** For gaps. */
  area: Area | null;
  seq: number;
  text: string;
  /** Time lost, ms: the worst gaps lost the most. Null where no time can be told. */
  lostMs: number | null;
  /** Help did not come when it was called: worse than any length. */
  grave: boolean;
}

/** An `Evidence` from what is particular about it. */
export const found = (
  kind: Evidence['kind'],
  seq: number,
  text: string,
  more: Partial<Pick<Evidence, 'area' | 'lostMs' | 'grave'>> = {},
): Evidence => ({ kind, seq, text, area: null, lostMs: null, grave: false, ...more });
