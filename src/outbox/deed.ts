import { createHash } from 'node:crypto';
import type { OutboxRow } from '../store/store.ts';

const letters = 20;

/**
 * What a post is about, whenever it is made: the same for the same page to the same person of the same incident, though
 * its row, its reference and its times are others. Opaque: nothing can be read from it.
 */
export function deedOf(row: Pick<OutboxRow, 'incident' | 'desk' | 'effect'>): string {
  const about = JSON.stringify([row.incident ?? row.desk, row.effect], timeless);
  return createHash('sha256').update(about).digest('hex').slice(0, letters);
}

/** Times of ours end so; a later life of the same incident has others. */
const timeless = (key: string, value: unknown): unknown => (/^at$|At$/.test(key) ? undefined : value);
