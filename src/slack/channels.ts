import { oneOf } from './bolt.ts';
import type { SlackDeps } from './deps.ts';
import type { Events } from './events.ts';

/** What befalls a channel, public (`channel_`) or private (`group_`). */
interface ChannelEvent {
  type: string;
  /** A rename brings the channel as it is now, everything else its id. */
  channel: string | { id: string; name: string };
  /** A deletion has none, and happens once. */
  event_ts?: string;
}

const renames = ['channel_rename', 'group_rename'];
const archives = ['channel_archive', 'group_archive'];
const deletions = ['channel_deleted', 'group_deleted'];

/** Renamed, archived, deleted: the incident goes on, under its id. */
export function hearChannels(app: Events, deps: SlackDeps): void {
  app.event(oneOf([...renames, ...archives, ...deletions]), async ({ event }) => {
    const { type, channel, event_ts: at = '' } = event as ChannelEvent;
    if (typeof channel !== 'string') return renamed(deps, channel, at);
    if (archives.includes(type)) return lost(deps, channel, 'is_archived', at);
    return lost(deps, channel, 'channel_not_found', '');
  });
}

async function lost(deps: SlackDeps, channel: string, reason: string, at: string): Promise<void> {
  const incident = deps.store.linked('slack', channel);
  if (incident?.channel?.id !== channel) return;
  await deps.engine.handle(incident.id, { type: 'note-channel-lost', reason }, `${reason}:${channel}:${at}`);
}

async function renamed(
  deps: SlackDeps,
  { id, name }: { id: string; name: string },
  at: string,
): Promise<void> {
  const incident = deps.store.linked('slack', id);
  if (!incident) return;
  await deps.engine.handle(
    incident.id,
    { type: 'note-channel-renamed', name },
    `renamed:${id}:${name}:${at}`,
  );
}
