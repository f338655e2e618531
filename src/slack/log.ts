import { placeKey } from '../incident/channel.ts';
import type { Command } from '../incident/commands.ts';
import { isOpen } from '../incident/incident.ts';
import { commandsOf, type SlackMessage } from '../slack-message.ts';
import { afterAnswer } from './commit-first.ts';
import type { SlackDeps } from './deps.ts';
import type { Events } from './events.ts';
import type { HomeTab } from './home.ts';

/** Idle time after which "last Slack event" is written again: a status line, not a fact. */
const heardEveryMs = 15_000;

/**
 * The log: every message, edit, deletion, join and leave in an incident's channel is committed before Slack gets its
 * 200; if that fails, Slack delivers again. Other channels are not ours to record.
 */
export function hearMessages(app: Events, deps: SlackDeps, tab: HomeTab): void {
  const hear = hearing(deps);
  app.event('message', async ({ event, context }) => {
    hear();
    const message = event as SlackMessage & { channel: string };
    const here = incidentOf(deps, message, 'slack');
    const isPast = here === null && message.subtype !== undefined;
    const incident = isPast ? incidentOf(deps, message, 'slack-past') : here;
    if (incident === null) return;
    const { botId, botUser } = deps.identity();
    for (const { command, cause } of commandsOf(message.channel, message, { botId, botUser })) {
      if (isPast && !revisions.includes(command.type)) continue;
      await deps.engine.handle(incident, command, cause);
      // Whoever comes or goes sees more, or less, than their Home tab shows.
      if (command.type === 'record-presence') afterAnswer(context, tab.refresh(command.user));
    }
  });
  // Everybody else's coming and going is in the channel as a message; ours may be the last thing we hear of it.
  app.event('member_left_channel', async ({ event }) => {
    const incident = deps.store.linked('slack', event.channel);
    if (!incident || event.user !== deps.identity().botUser) return;
    // Looking what we missed brings us back into a public channel; where it cannot, the loss becomes a fact.
    const command: Command = isOpen(incident)
      ? { type: 'catch-up' }
      : { type: 'note-channel-lost', reason: 'not_in_channel' };
    await deps.engine.handle(incident.id, command, `removed:${event.channel}:${event.event_ts}`);
  });
}

/** All that is heard in the public channel which an incident left: what was said there can still be taken back. */
const revisions: readonly Command['type'][] = ['record-edit', 'record-deletion'];

/** By channel, or by the thread of the announce channel in which it runs. */
function incidentOf(
  { store }: SlackDeps,
  message: SlackMessage & { channel: string },
  kind: 'slack' | 'slack-past',
): number | null {
  const byChannel = store.linkedId(kind, message.channel);
  const about = message.message ?? message.previous_message ?? message;
  if (byChannel !== null || !about.thread_ts) return byChannel;
  return store.linkedId(kind, placeKey(message.channel, about.thread_ts));
}

function hearing(deps: SlackDeps): () => void {
  let writtenAt = 0;
  return () => {
    const now = deps.clock.now();
    if (now - writtenAt < heardEveryMs) return;
    writtenAt = now;
    void deps.store.saveMeta('last-slack-event', String(now)).catch((error: unknown) => {
      deps.report('the time of the last Slack event could not be stored', error);
    });
  };
}
