import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Receiver } from '@slack/bolt';

/** How Slack's words reach us: it calls us (`http.ts`), or we call it and keep a socket open (`socket.ts`). */
export interface Transport {
  /** What Bolt listens to. */
  readonly receiver: Receiver;
  /** For the front door's `/slack/events`; null: nothing of Slack's comes in there. */
  readonly listener: ((req: IncomingMessage, res: ServerResponse) => void) | null;
  /** Resolves when nothing is being heard, and no connection is being opened. */
  idle(): Promise<void>;
  /** Resolves after the first try; throws `SlackRefusal` when a human must mend something. */
  start(): Promise<void>;
  /** Hears nothing new, acknowledges what is under way, at most ten seconds long, and hangs up. */
  stop(): Promise<void>;
}
