import type { Sent } from './http.ts';
import type { Json } from './json.ts';

/** A way to the bot: by HTTP, or through the sockets that it opened. */
export interface Way {
  /** Delivers an event's whole body, three seconds at most. Never rejects. */
  event(body: Json, again: Again | null): Promise<Sent>;
  /** A slash command's fields. */
  command(fields: Record<string, string>): Promise<Sent>;
  /** What a click or a form sends. */
  interaction(payload: Json): Promise<Sent>;
  /** HTTP: the bot's base URL. Sockets: anything but null means that it may come. Null: the bot is away. */
  connect(botBaseUrl: string | null): void;
  close(): void;
}

/** Not the first delivery: which, counted from 1, and what was wrong with the one before. */
export interface Again {
  attempt: number;
  reason: string;
}
