import { App, type Logger, type Receiver } from '@slack/bolt';

export interface BoltOptions {
  /** HTTP or socket: the listeners cannot tell. */
  receiver: Receiver;
  botToken: string;
  slackApiUrl: string;
  /** Throws while nobody knows yet who we are. */
  identity: () => { botUser: string; botId: string };
  logger: Logger;
}

/** Bolt: what a receiver brings goes to the listeners, and what they throw goes back to the receiver. */
export function createBolt(options: BoltOptions) {
  const app = new App({
    receiver: options.receiver,
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
  return app;
}

/** A modal's trigger lives three seconds; waiting longer for an inline call helps nobody. */
export const inlineTimeoutMs = 2_500;

export type BoltApp = ReturnType<typeof createBolt>;

/** One listener for all of them: Bolt runs every request past every listener it has. */
export const oneOf = (names: readonly string[]): RegExp => new RegExp(`^(?:${names.join('|')})$`);
