import type { Room } from './room.ts';

/** How Slack treats the bot's calls. */
export type SlackWeather = 'fine' | 'slow' | 'limited' | 'down';

export interface Weather {
  readonly slack: SlackWeather;
  /** What was asked for last, in words, or ''. */
  readonly note: string;
  setSlack(weather: SlackWeather): void;
  /** The next events to the bot: lost, sent twice, or held until `release`. */
  mishap(kind: 'drop' | 'duplicate' | 'hold', times: number): void;
  release(): Promise<void>;
  kickBot(channelId: string): Promise<void>;
  /** A new world has fine weather. */
  clear(): void;
}

/** Each call takes this long when Slack is slow. */
const slowMs = 2_500;
const retryAfterSeconds = 10;

const mishapWords = { drop: 'lost', duplicate: 'sent twice', hold: 'held back' } as const;

/** The weather in the room's world. */
export function weatherOf(room: Room): Weather {
  const state = { slack: 'fine' as SlackWeather, note: '' };

  function setSlack(weather: SlackWeather): void {
    const { slack } = room.world;
    slack.faults.clear();
    slack.setLatency(weather === 'slow' ? slowMs : 0);
    if (weather === 'limited') slack.faults.always('*', { status: 429, retryAfter: retryAfterSeconds });
    if (weather === 'down') slack.faults.always('*', { status: 503 });
    state.slack = weather;
    room.changed();
  }

  return {
    get slack() {
      return state.slack;
    },
    get note() {
      return state.note;
    },
    setSlack,
    mishap: (kind, times) => {
      room.world.slack.mishap(kind, times);
      const events = times === 1 ? 'event to the bot is' : `${times} events to the bot are`;
      state.note = `The next ${events} ${mishapWords[kind]}.`;
      room.changed();
    },
    release: async () => {
      await room.world.slack.release();
      state.note = 'What was held back has been sent, the latest first.';
      room.changed();
    },
    kickBot: async (channelId) => {
      await room.world.slack.kickBot(channelId);
      state.note = `The bot was removed from #${room.ws.channels.get(channelId)?.name ?? channelId}.`;
      room.changed();
    },
    clear: () => {
      state.slack = 'fine';
      state.note = '';
    },
  };
}
