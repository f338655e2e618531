import type { App, Context, ReceiverEvent } from '@slack/bolt';

/**
 * An Events API envelope. Bolt acknowledges those before any listener runs; everything else acknowledges for itself.
 */
const isEvent = (body: object): boolean => 'type' in body && body.type === 'event_callback';

/**
 * Commit, then answer, over whatever transport: an event's acknowledgement is held until its listeners are through, and
 * a failed one rejects without any, so that Slack delivers again. Commands, clicks and forms acknowledge for themselves,
 * after their commit.
 */
export function commitFirst() {
  /** What is being heard now, the forms and answers that follow an acknowledgement included. */
  const hearing = new Set<Promise<void>>();
  return {
    hear: (app: App, event: ReceiverEvent): Promise<void> => {
      const heard = committed(app, event).finally(() => hearing.delete(heard));
      hearing.add(heard);
      return heard;
    },
    /** Resolves when nothing is being heard. */
    idle: async (): Promise<void> => {
      await Promise.allSettled(hearing);
    },
  };
}

/**
 * What we said ourselves in a direct message: nothing to record or to obey. In a storm of pages as many of these come in
 * as pages go out.
 */
function isOurOwnWord({ body }: ReceiverEvent): boolean {
  const { api_app_id: app, event } = body as { api_app_id?: unknown; event?: Record<string, unknown> };
  return (
    event?.type === 'message' && event.channel_type === 'im' && app !== undefined && event.app_id === app
  );
}

async function committed(app: App, event: ReceiverEvent): Promise<void> {
  if (!isEvent(event.body)) return app.processEvent(event);
  if (isOurOwnWord(event)) return event.ack();
  const after: Promise<unknown>[] = [];
  const customProperties = {
    ...event.customProperties,
    [afterName]: (work: Promise<unknown>) => after.push(work),
  };
  await app.processEvent({ ...event, ack: async () => undefined, customProperties });
  await event.ack();
  await Promise.allSettled(after);
}

const afterName = 'afterAnswer';

/** Best-effort work that an event leads to and that its acknowledgement does not wait for. It must not throw. */
export function afterAnswer(context: Context, work: Promise<void>): void {
  const remember: unknown = context[afterName];
  if (typeof remember === 'function') remember(work);
}
