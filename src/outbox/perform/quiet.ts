import { pageStillWanted } from '../../incident/page-order.ts';
import type { Quiet } from '../../incident/reach.ts';
import type { Context, Performer } from '../context.ts';
import { cancelled, done } from '../context.ts';

/** So many are asked about: of a larger group somebody will hear it. */
const askedMax = 20;

/**
 * Whose Slack is on do-not-disturb now. Asked beside the pages, never before them, and not worth a second try: that
 * Slack does not say is no news. Of others, Slack tells the schedule and a pause alike as the stretch around now.
 */
export const checkQuiet: Performer<'check-quiet'> = {
  send: async (context, { users, order }, { incident }) => {
    if (incident.acknowledged || !pageStillWanted(incident, order)) return cancelled('answered meanwhile');
    const asked = users.slice(0, askedMax).map((user) => quietOf(context, user).catch(() => null));
    const people = (await Promise.all(asked)).filter((one) => one !== null);
    return people.length > 0 ? done({ type: 'note-quiet', order, people }) : cancelled('nobody is paused');
  },
};

async function quietOf({ slack, clock }: Context, user: string): Promise<Quiet | null> {
  const { dnd_enabled, next_dnd_start_ts: from, next_dnd_end_ts: until } = await slack.dnd.info({ user });
  if (!dnd_enabled || from === undefined || until === undefined) return null;
  const now = clock.now();
  return from * 1000 <= now && now < until * 1000 ? { user, untilAt: until * 1000 } : null;
}
