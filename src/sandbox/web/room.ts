import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Person } from '../person.ts';
import type { World } from '../start.ts';
import type { User, Workspace } from '../workspace.ts';

/** What the page plays in: a world, who looks at it, and what is told to whom. */
export interface Room {
  /** Another one after a story was loaded: ask for it anew each time. */
  readonly world: World;
  readonly ws: Workspace;
  /** Who sits in front of `/as/<handle>/…`. Throws an HTTP 404 where nobody is called so. */
  viewerOf(c: Context): Person;
  /** The same as the workspace knows them. */
  userOf(c: Context): User;
  /**
   * Starts what a person does and answers at once (204): what comes of it arrives through the live stream, and what
   * fails is told to that person there.
   */
  act(c: Context, deed: (person: Person) => Promise<unknown>): Response;
  /** Something may look different now: everybody's page is looked at soon, at most ten times a second. */
  changed(): void;
  /** Nothing is known to have changed; pages are looked at all the same. */
  lookAgain(): void;
  /** Grows with every change, and with every new world: a page that is older must be drawn whole. */
  readonly revision: number;
  /** Tells one person, in words, what did not work. */
  trouble(handle: string, words: string): void;
  /** What each person was told and has not put away, oldest first. */
  troublesOf(handle: string): readonly Trouble[];
  /** Puts it away. */
  dismiss(handle: string, id: number): void;
  /** Calls back when pages are to be looked at. Returns what ends that. */
  onChange(look: () => void): () => void;
  /** Resolves when every deed that was started has ended. */
  idle(): Promise<void>;
  /** Puts another world in the place of this one; the old one is the caller's to stop. */
  enter(world: World): void;
  close(): void;
}

export interface Trouble {
  id: number;
  words: string;
}

/** Pages are looked at this often at most. */
const lookMs = 100;
/** Older troubles give way to newer ones. */
const troublesMax = 4;
/** Deeds that are waited for one after the other before a room that never rests is called broken. */
const deedsMax = 10_000;

/** A room around a world. Whatever the bot does to Slack makes pages look again. */
export function roomOf(first: World): Room {
  const state = { world: first, lastId: 0, revision: 0, look: null as NodeJS.Timeout | null };
  const lookers = new Set<() => void>();
  const deeds = new Set<Promise<void>>();
  const told = new Map<string, Trouble[]>();
  let unwatch = watchCalls(first, changed);

  function changed(): void {
    state.revision += 1;
    lookAgain();
  }

  function lookAgain(): void {
    state.look ??= setTimeout(() => {
      state.look = null;
      for (const look of lookers) look();
    }, lookMs);
  }

  function userOf(c: Context): User {
    const who = c.req.param('who') ?? '';
    const user = peopleIn(state.world).find(({ name }) => name === who);
    if (!user) throw new HTTPException(404, { message: `There is nobody called ${who || '(no name)'} here` });
    return user;
  }

  function trouble(handle: string, words: string): void {
    state.lastId += 1;
    const all = [...(told.get(handle) ?? []), { id: state.lastId, words }];
    told.set(handle, all.slice(-troublesMax));
    changed();
  }

  function start(handle: string, deed: () => Promise<unknown>): void {
    const doing = Promise.resolve()
      .then(deed)
      .then(
        () => changed(),
        (error: unknown) => trouble(handle, error instanceof Error ? error.message : String(error)),
      )
      .finally(() => deeds.delete(doing));
    deeds.add(doing);
    changed();
  }

  return {
    get world() {
      return state.world;
    },
    get ws() {
      return state.world.slack.workspace;
    },
    userOf,
    viewerOf: (c) => state.world.slack.as(userOf(c).name),
    act: (c, deed) => {
      const { name } = userOf(c);
      const person = state.world.slack.as(name);
      start(name, () => deed(person));
      return c.body(null, 204);
    },
    changed,
    lookAgain,
    get revision() {
      return state.revision;
    },
    trouble,
    troublesOf: (handle) => told.get(handle) ?? [],
    dismiss: (handle, id) => {
      told.set(
        handle,
        (told.get(handle) ?? []).filter((one) => one.id !== id),
      );
      changed();
    },
    onChange: (look) => {
      lookers.add(look);
      return () => lookers.delete(look);
    },
    idle: async () => {
      for (let round = 0; deeds.size > 0 && round < deedsMax; round += 1) await Promise.all(deeds);
    },
    enter: (world) => {
      unwatch();
      unwatch = watchCalls(world, changed);
      state.world = world;
      told.clear();
      changed();
    },
    close: () => {
      unwatch();
      lookers.clear();
      if (state.look) clearTimeout(state.look);
    },
  };
}

const watchCalls = (world: World, changed: () => void): (() => void) =>
  world.slack.watch((_, moment) => {
    if (moment === 'after') changed();
  });

/** Everybody whom one can be: people, in the order in which the workspace lists them. */
export function peopleIn(world: World): User[] {
  return [...world.slack.workspace.users.values()].filter((user) => !user.isBot && !user.deleted);
}
