import { type OutboxRow, type RestoredFrom, restoredFrom } from '../store/store.ts';
import type { Context } from './context.ts';
import { deedOf } from './deed.ts';
import { historyWindow } from './history-window.ts';
import type { Where } from './post.ts';
import { metadataType } from './reconcile.ts';

/**
 * After a restore the incident goes on from what the copy knows, and comes to deeds that were done after the copy was
 * made. So long after the restore a page is looked for in that time; whatever else only while the clock catches up,
 * because then people do again what was lost, and must see that it is done.
 */
const lookedUpMs = { page: 3_600_000, rest: 120_000 } as const;

interface Gap {
  backedUpAt: number;
  restoredAt: number;
}

interface Remembered {
  /** It changes at a start alone, so it is read once. */
  restored: RestoredFrom | null;
  /** Taken for a row of ours already, channel and ts: a message stands for one deed. */
  taken: Set<string>;
}

const memory = new WeakMap<Context['store'], Remembered>();

function rememberedOf({ store }: Context): Remembered {
  const known = memory.get(store) ?? {
    restored: restoredFrom(store.meta('restored-from')),
    taken: new Set(),
  };
  memory.set(store, known);
  return known;
}

/** The time of which the database knows nothing, while it still matters to this row; null: it does not. */
function gapFor(context: Context, row: OutboxRow): Gap | null {
  const { restored } = rememberedOf(context);
  if (!restored || restored.restoredAt === null) return null;
  const { backedUpAt, restoredAt } = restored;
  const forMs = row.effect.kind === 'page' ? lookedUpMs.page : lookedUpMs.rest;
  if (context.clock.now() > restoredAt + forMs) return null;
  if (row.incident === null) return { backedUpAt, restoredAt };
  // One that was declared since then has a number that nobody had before.
  const declaredAt = context.store.incident(row.incident)?.times.declaredAt ?? 0;
  return declaredAt <= backedUpAt ? { backedUpAt, restoredAt } : null;
}

/**
 * The message that says this already, from the time that a restored database knows nothing of. Null: there is none. A page
 * that cannot be looked for is not found: rather twice than not at all. Throws Slack's failure for the others, which can
 * wait.
 */
export async function postedInGap(context: Context, row: OutboxRow, where: Where): Promise<string | null> {
  const gap = gapFor(context, row);
  if (!gap) return null;
  try {
    const found = await search(context, deedOf(row), gap, where);
    if (found) rememberedOf(context).taken.add(`${where.channel}:${found}`);
    return found;
  } catch (error) {
    if (row.effect.kind !== 'page') throw error;
    context.report('what was paged before the restore could not be looked up; the page is sent', error);
    return null;
  }
}

async function search(context: Context, deed: string, gap: Gap, where: Where): Promise<string | null> {
  const { taken } = rememberedOf(context);
  let oldest: string | null = null;
  const window = { oldest: gap.backedUpAt, latest: gap.restoredAt };
  for await (const messages of historyWindow(context, where, window)) {
    for (const { ts, metadata } of messages) {
      const payload = metadata?.event_payload as { deed?: unknown } | undefined;
      if (metadata?.event_type !== metadataType || payload?.deed !== deed || !ts) continue;
      if (taken.has(`${where.channel}:${ts}`)) continue;
      if (oldest === null || Number(ts) < Number(oldest)) oldest = ts;
    }
  }
  return oldest;
}
