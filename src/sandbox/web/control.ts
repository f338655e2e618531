import type { World } from '../start.ts';
import { type BotWatch, botWatchOf } from './bot-watch.ts';
import type { Room } from './room.ts';
import type { Story } from './stories.ts';
import { type Weather, weatherOf } from './weather.ts';

/** What no person in Slack can do: time, weather, the bot's process, stories. */
export interface Control {
  /** Time goes by itself. */
  readonly isRunning: boolean;
  run(): void;
  pause(): void;
  /** Moves the clock, e.g. by `5m`, and lets everything happen that is due meanwhile. One such job after the other. */
  pass(duration: string): Promise<void>;
  /** What is under way, in words, or null. */
  readonly job: string | null;
  readonly weather: Weather;
  readonly bot: BotWatch;
  /** Another world, in which the story has been played. */
  load(story: Story): Promise<void>;
  readonly story: string | null;
  close(): void;
}

export interface ControlOptions {
  room: Room;
  /** A fresh world whose clock begins at `at` (epoch ms). */
  newWorld: (at: number) => Promise<World>;
  /** Real time, epoch ms. */
  now: () => number;
}

/** The clock moves in beats this long while time goes by itself. */
const beatMs = 250;
/** A machine that slept does not make the bot live through the night in one beat. */
const beatLengthMaxMs = 5_000;

export function controlOf({ room, newWorld, now }: ControlOptions): Control {
  const state = { isRunning: false, job: null as string | null, story: null as string | null };
  const weather = weatherOf(room);
  const bot = botWatchOf(room, oneAtATime);
  let jobs: Promise<void> = Promise.resolve();
  let isBeating = false;
  let beatAt = now();

  async function beat(): Promise<void> {
    const elapsedMs = Math.min(now() - beatAt, beatLengthMaxMs);
    if (isBeating) return;
    beatAt = now();
    if (!state.isRunning || state.job !== null) return;
    isBeating = true;
    await room.world.flow(elapsedMs).catch((error: unknown) => room.trouble('ana', String(error)));
    isBeating = false;
  }

  /** Jobs move the clock or the bot: two at once would get into each other's way. */
  function oneAtATime(job: string, run: () => Promise<unknown>): Promise<void> {
    const done = jobs.then(async () => {
      state.job = job;
      room.changed();
      try {
        await run();
      } finally {
        state.job = null;
        beatAt = now();
        room.changed();
      }
    });
    jobs = done.catch(() => {});
    return done;
  }

  const heart = setInterval(() => void beat(), beatMs);
  heart.unref();
  return {
    get isRunning() {
      return state.isRunning;
    },
    get job() {
      return state.job;
    },
    get story() {
      return state.story;
    },
    run: () => {
      state.isRunning = true;
      beatAt = now();
      room.changed();
    },
    pause: () => {
      state.isRunning = false;
      room.changed();
    },
    pass: (duration) => oneAtATime(`${duration} go by …`, () => room.world.pass(duration)),
    weather,
    bot,
    load: (story) =>
      oneAtATime(`Loading "${story.title}" …`, async () => {
        const old = room.world;
        const world = await newWorld(story.startsAt ?? now());
        weather.clear();
        state.story = story.title;
        room.enter(world);
        bot.isThere();
        await old.stop();
        await story.play(world, (words) => {
          state.job = `Loading "${story.title}": ${words} …`;
          room.changed();
        });
        state.isRunning = story.goesOn;
      }),
    close: () => {
      clearInterval(heart);
      bot.close();
    },
  };
}
