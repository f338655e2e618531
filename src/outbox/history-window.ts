import type { Context } from './context.ts';
import type { Where } from './post.ts';
import { slackTime } from './reconcile.ts';

/** Pages of history read to find one message. */
const pagesMax = 10;
const pageSize = 200;

/** What stands in a conversation, or a thread of it, between two times (epoch ms; `latest` absent: until now), page by page. */
export async function* historyWindow(
  { slack }: Context,
  { channel, threadTs }: Where,
  { oldest, latest }: { oldest: number; latest?: number },
) {
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const window = {
      channel,
      oldest: slackTime(oldest),
      ...(latest !== undefined && { latest: slackTime(latest) }),
      limit: pageSize,
      include_all_metadata: true,
      cursor,
    };
    const answer = threadTs
      ? await slack.conversations.replies({ ...window, ts: threadTs })
      : await slack.conversations.history(window);
    yield answer.messages ?? [];
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (!cursor) return;
  }
}
