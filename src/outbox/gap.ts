import type { OutboxRow } from '../store/store.ts';
import type { Context } from './context.ts';
import { deedOf } from './deed.ts';
import type { Where } from './post.ts';
import { metadataType, slackTime } from './reconcile.ts';

/**
 * After a restore the incident goes on from what the copy knows, and comes to deeds that were done after the copy was
 * made. So long after the restore a page is looked for in that time; whatever else only while the clock catches up,
 * because then people do again what was lost, and must see that it is done.
 */
const lookedUpMs = { page: 3_600_000, rest: 120_000 } as const;
/** Pages of history read to find one message. */
const historyPagesMax = 10;
const historyPageSize = 200;

interface Gap {
  backedUpAt: number;
  restoredAt: number;
}

/** The time of which the database knows nothing, while it still matters to this row; null: it does not. */
function gapFor(context: Context, row: OutboxRow): Gap | null {
  const stored = context.store.meta('restored-from');
  if (!stored) return null;
  const { backedUpAt, restoredAt } = JSON.parse(stored) as Gap | { backedUpAt: number; restoredAt: null };
  const forMs = row.effect.kind === 'page' ? lookedUpMs.page : lookedUpMs.rest;
  if (restoredAt === null || context.clock.now() > restoredAt + forMs) return null;
  if (row.incident === null) return { backedUpAt, restoredAt };
  // One that was declared since then has a number that nobody had before.
  const declaredAt = context.store.incident(row.incident)?.times.declaredAt ?? 0;
  return declaredAt <= backedUpAt ? { backedUpAt, restoredAt } : null;
}

/** Taken for a row of ours already, by channel: a message stands for one deed. */
const taken = new WeakMap<Context['store'], Set<string>>();

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
    if (found) takenIn(context).add(`${where.channel}:${found}`);
    return found;
  } catch (error) {
    if (row.effect.kind !== 'page') throw error;
    context.report('what was paged before the restore could not be looked up; the page is sent', error);
    return null;
  }
}

function takenIn({ store }: Context): Set<string> {
  const known = taken.get(store) ?? new Set<string>();
  taken.set(store, known);
  return known;
}

async function search(context: Context, deed: string, gap: Gap, where: Where): Promise<string | null> {
  const isTaken = (ts: string): boolean => takenIn(context).has(`${where.channel}:${ts}`);
  let cursor: string | undefined;
  let oldest: string | null = null;
  for (let page = 0; page < historyPagesMax; page += 1) {
    const window = {
      channel: where.channel,
      oldest: slackTime(gap.backedUpAt),
      latest: slackTime(gap.restoredAt),
      limit: historyPageSize,
      include_all_metadata: true,
      cursor,
    };
    const answer = where.threadTs
      ? await context.slack.conversations.replies({ ...window, ts: where.threadTs })
      : await context.slack.conversations.history(window);
    for (const { ts, metadata } of answer.messages ?? []) {
      const payload = metadata?.event_payload as { deed?: unknown } | undefined;
      if (metadata?.event_type !== metadataType || payload?.deed !== deed || !ts || isTaken(ts)) continue;
      if (oldest === null || Number(ts) < Number(oldest)) oldest = ts;
    }
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (!cursor) break;
  }
  return oldest;
}
