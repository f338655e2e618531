import type { IncomingMessage, ServerResponse } from 'node:http';
import { type App, HTTPReceiver, type Logger } from '@slack/bolt';
import { commitFirst } from './commit-first.ts';
import type { Transport } from './transport.ts';

/**
 * Bolt's receiver with the commit first: a failed event answers 500. Not `processBeforeResponse`: that would make a
 * command wait for `views.open`.
 */
class CommittingReceiver extends HTTPReceiver {
  private readonly commits = commitFirst();

  override init(app: App): void {
    super.init({ processEvent: (event) => this.commits.hear(app, event) } as App);
  }

  idle(): Promise<void> {
    return this.commits.idle();
  }
}

/** Slack calls us: behind the front door, which has verified the signature already; no check and no port of its own. */
export function slackOverHttp({ logger }: { logger: Logger }): Transport {
  const receiver = new CommittingReceiver({
    signingSecret: '',
    signatureVerification: false,
    endpoints: ['/slack/events'],
    logger,
  });
  return {
    receiver,
    listener: (req: IncomingMessage, res: ServerResponse): void => receiver.requestListener(req, res),
    idle: () => receiver.idle(),
    start: async () => undefined,
    stop: async () => undefined,
  };
}
