import type { BoltApp } from './bolt.ts';
import type { SlackDeps } from './deps.ts';

/** Renamed, archived, deleted: the incident goes on, under its id. */
export function hearChannels(app: BoltApp, deps: SlackDeps): void {
  const lost = async (channel: string, reason: string, eventTs: string): Promise<void> => {
    const incident = deps.store.linked('slack', channel);
    if (incident?.channel?.id !== channel) return;
    await deps.engine.handle(
      incident.id,
      { type: 'note-channel-lost', reason },
      `${reason}:${channel}:${eventTs}`,
    );
  };
  const renamed = async (channel: { id: string; name: string }, eventTs: string): Promise<void> => {
    const incident = deps.store.linked('slack', channel.id);
    if (!incident) return;
    const { id, name } = channel;
    await deps.engine.handle(
      incident.id,
      { type: 'note-channel-renamed', name },
      `renamed:${id}:${name}:${eventTs}`,
    );
  };
  app.event('channel_rename', ({ event }) => renamed(event.channel, event.event_ts));
  app.event('group_rename', ({ event }) => renamed(event.channel, event.event_ts));
  app.event('channel_archive', ({ event }) => lost(event.channel, 'is_archived', event.event_ts));
  app.event('group_archive', ({ event }) => lost(event.channel, 'is_archived', event.event_ts));
  app.event('channel_deleted', ({ event }) => lost(event.channel, 'channel_not_found', ''));
  app.event('group_deleted', ({ event }) => lost(event.channel, 'channel_not_found', ''));
}
