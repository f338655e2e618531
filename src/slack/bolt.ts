import type { IncomingMessage, ServerResponse } from 'node:http';
import { App, HTTPReceiver, type Logger, type ReceiverEvent } from '@slack/bolt';

export interface BoltOptions {
  botToken: string;
  slackApiUrl: string;
  /** Throws while nobody knows yet who we are. */
  identity: () => { botUser: string; botId: string };
  logger: Logger;
}

/**
 * An Events API envelope. Bolt acknowledges those before any listener runs; everything else acknowledges for itself.
 */
const isEvent = (body: object): boolean => 'type' in body && body.type === 'event_callback';

/**
 * Commit, then answer: an event's acknowledgement is held until its listeners are through, and a failed one answers 500,
 * so that Slack delivers again. Not `processBeforeResponse`: that would make a command wait for `views.open`.
 */
class CommittingReceiver extends HTTPReceiver {
  /** What is being heard now, the forms and answers that follow an acknowledgement included. */
  private readonly hearing = new Set<Promise<void>>();

  override init(app: App): void {
    const processEvent = (event: ReceiverEvent): Promise<void> => {
      const heard = hear(app, event).finally(() => this.hearing.delete(heard));
      this.hearing.add(heard);
      return heard;
    };
    super.init({ processEvent } as App);
  }

  /** Resolves when nothing is being heard. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.hearing);
  }
}

async function hear(app: App, event: ReceiverEvent): Promise<void> {
  if (!isEvent(event.body)) return app.processEvent(event);
  await app.processEvent({ ...event, ack: async () => undefined });
  await event.ack();
}

/** Bolt behind the front door, which has verified the signature already: no check of its own, no port of its own. */
export function createBolt(options: BoltOptions) {
  const receiver = new CommittingReceiver({
    signingSecret: '',
    signatureVerification: false,
    endpoints: ['/slack/events'],
    logger: options.logger,
  });
  const app = new App({
    receiver,
    authorize: async () => {
      const { botUser, botId } = options.identity();
      return { botToken: options.botToken, botUserId: botUser, botId };
    },
    // The full log needs our own joins and topics too; the listeners sort out what is ours.
    ignoreSelf: false,
    convoStore: false,
    logger: options.logger,
    clientOptions: {
      slackApiUrl: options.slackApiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: inlineTimeoutMs,
    },
  });
  app.error(async (error) => {
    throw error;
  });
  return {
    app,
    listener: (req: IncomingMessage, res: ServerResponse): void => receiver.requestListener(req, res),
    idle: () => receiver.idle(),
  };
}

/** A modal's trigger lives three seconds; waiting longer for an inline call helps nobody. */
export const inlineTimeoutMs = 2_500;

export type BoltApp = ReturnType<typeof createBolt>['app'];

/** One listener for all of them: Bolt runs every request past every listener it has. */
export const oneOf = (names: readonly string[]): RegExp => new RegExp(`^(?:${names.join('|')})$`);
