import type { WebClient } from '@slack/web-api';
import type { Clock } from './clock.ts';
import type { Person, Store } from './store/store.ts';
import { turns } from './turns.ts';

/** How long anybody waits for mere names, and a person for an answer that needs Slack: a hanging Slack holds nothing up. */
const patienceMs = 800;
/** How long a cached person is trusted; after that the next look asks Slack again. */
const freshMs = 24 * 3_600_000;

export interface People {
  /** Their name, or a group's; the id while it is unknown. Never asks Slack. */
  name(id: string): string;
  /** What the cache holds of them. Never asks Slack. */
  known(user: string): Person | null;
  /** From the cache, else from Slack; null when Slack does not know them. Throws when Slack cannot be asked. */
  find(user: string): Promise<Person | null>;
  /** From Slack, whatever the cache holds; null when Slack does not know them. Throws when Slack cannot be asked. */
  lookUp(user: string): Promise<LookedUp | null>;
  /** Makes sure the names are known, as far as Slack answers soon. Never throws. */
  learn(users: readonly string[]): Promise<void>;
  /** The user with this e-mail address, null when there is none. */
  byEmail(email: string): Promise<string | null>;
  /** Their e-mail address, null where Slack tells none. Throws when Slack cannot be asked. */
  emailOf(user: string): Promise<string | null>;
  /** Members of a user group. */
  ofGroup(group: string): Promise<string[]>;
  /** Their DM channel with us, opened when needed. */
  dm(user: string): Promise<string>;
}

/** What Slack told of whose address; not for the disk. Shared by all who know the same people. `at`: epoch ms. */
export type Emails = Map<string, { email: string | null; at: number }>;

/** `unreachable`: what they are that no direct message reaches, in words. */
export interface LookedUp {
  person: Person;
  unreachable: string | null;
}

/** Who we are: our workspace, and the Enterprise Grid organisation it belongs to, if it does. */
interface Home {
  team: string;
  enterprise?: string;
}

/**
 * Whether somebody of this workspace (and organisation) is no colleague. In an Enterprise Grid organisation people are at
 * home in many workspaces, so another one than ours tells nothing there.
 */
export function isForeign(us: Home, team: string | undefined, enterprise?: string | null): boolean {
  if (team === undefined || us.team === '' || team === us.team) return false;
  const ours = us.enterprise ?? '';
  return ours === '' || (team !== ours && enterprise !== ours);
}

/**
 * The people of the workspace: asked for once, remembered in the store, so that names and DMs survive an outage. `home`
 * may throw while nobody has told us who we are: then nobody else can be asked about either.
 */
export function knowPeople(
  slack: WebClient,
  store: Store,
  clock: Clock,
  home: () => Home,
  emails: Emails = new Map(),
): People {
  /** Questions under way: who asks for the same person meanwhile waits for the same answer. */
  const asking = new Map<string, Promise<Person | null>>();
  const groups = knowGroups(slack, clock);

  function fetch(user: string): Promise<Person | null> {
    const asked = asking.get(user) ?? ask(user).finally(() => asking.delete(user));
    asking.set(user, asked);
    return asked;
  }

  function rememberEmail(user: string, email: string | null): string | null {
    if (emails.size >= emailsMax) emails.clear();
    emails.set(user, { email, at: clock.now() });
    return email;
  }

  /** Nobody waits for the disk: whom it does not remember is asked for again. */
  function remember(person: Person): void {
    void store.savePerson(person).catch(() => undefined);
  }

  const ask = (user: string): Promise<Person | null> => lookUp(user).then((found) => found?.person ?? null);

  async function lookUp(user: string): Promise<LookedUp | null> {
    const answer = await slack.users.info({ user }).catch(unknownUser);
    const found = answer?.user;
    if (!found) return null;
    rememberEmail(user, found.profile?.email ?? null);
    // Whom we meet in a shared channel may pass for a member in all but their workspace.
    const isStranger =
      found.is_stranger === true || isForeign(home(), found.team_id, found.enterprise_user?.enterprise_id);
    const person: Person = {
      user,
      name: found.profile?.display_name || found.real_name || found.name || user,
      timeZone: found.tz ?? null,
      dm: store.person(user)?.dm ?? null,
      isMember:
        !found.deleted && !found.is_bot && !found.is_restricted && !found.is_ultra_restricted && !isStranger,
      ...(isStranger && { isStranger }),
      ...(found.deleted ? { is: 'deactivated' } : found.is_bot ? { is: 'bot' } : {}),
      at: clock.now(),
    };
    remember(person);
    // A guest is reached, and may acknowledge.
    const unreachable = found.deleted ? 'deactivated in Slack' : found.is_bot ? 'a bot' : null;
    return { person, unreachable };
  }

  async function find(user: string): Promise<Person | null> {
    const known = store.person(user);
    if (known && clock.now() - known.at < freshMs) return known;
    return fetch(user).catch((error: unknown) => {
      if (known) return known;
      throw error;
    });
  }

  return {
    name: (id) => groups.name(id) ?? store.person(id)?.name ?? id,
    known: store.person,
    find,
    lookUp,
    learn: async (users) => {
      const unknown = users.filter((user) => !isGroup(user) && store.person(user) === null);
      const named = groups.learn(users.filter(isGroup));
      if (unknown.length === 0 && named === null) return;
      const asked = Promise.all([named, ...unknown.map((user) => fetch(user).catch(() => null))]);
      await soon(asked, clock).catch(() => null);
    },
    byEmail: async (email) => {
      const answer = await slack.users.lookupByEmail({ email }).catch(unknownUser);
      return answer?.user?.id ?? null;
    },
    emailOf: async (user) => {
      const known = emails.get(user);
      if (known && clock.now() - known.at < freshMs) return known.email;
      try {
        const answer = await slack.users.info({ user }).catch(unknownUser);
        return rememberEmail(user, answer?.user?.profile?.email ?? null);
      } catch (error) {
        // While Slack is away PagerDuty must still be told whom to ring.
        if (known) return known.email;
        throw error;
      }
    },
    ofGroup: async (group) => {
      const answer = await slack.usergroups.users.list({ usergroup: group }).catch(unknownUser);
      return answer?.users ?? [];
    },
    dm: async (user) => {
      const known = store.person(user);
      if (known?.dm) return known.dm;
      const answer = await slack.conversations.open({ users: user });
      const dm = answer.channel?.id;
      if (!dm) throw new Error('Slack opened a DM without saying which');
      const person = known ?? (await find(user));
      if (person) remember({ ...person, dm });
      return dm;
    },
  };
}

/** Groups are named in messages by id alone. */
const isGroup = (id: string): boolean => id.startsWith('S');
/** A name that Slack did not tell is not asked for again so soon. */
const groupsAskedEveryMs = 600_000;

/** The names of user groups: one call tells them all, and they are not worth the disk. */
function knowGroups(slack: WebClient, clock: Clock) {
  const names = new Map<string, string>();
  let askedAt = Number.NEGATIVE_INFINITY;

  async function ask(): Promise<void> {
    const { usergroups } = await slack.usergroups.list({});
    for (const { id, handle, name } of usergroups ?? []) if (id) names.set(id, handle || name || id);
  }

  return {
    name: (id: string): string | null => names.get(id) ?? null,
    /** Null: there is nothing to ask, or not yet again. Never rejects. */
    learn: (ids: readonly string[]): Promise<void> | null => {
      if (ids.every((id) => names.has(id)) || clock.now() - askedAt < groupsAskedEveryMs) return null;
      askedAt = clock.now();
      return ask().catch(() => undefined);
    },
  };
}

/** So many addresses are remembered. */
const emailsMax = 2_000;

/** For listeners, whose answer must not wait for Slack: questions that take too long are given up. */
export const inAHurry = (people: People, clock: Clock): People => ({
  ...people,
  find: (user) => soon(people.find(user), clock),
  byEmail: (email) => soon(people.byEmail(email), clock),
  emailOf: (user) => soon(people.emailOf(user), clock),
  ofGroup: (group) => soon(people.ofGroup(group), clock),
});

/** So many wait to be asked about; whoever comes then is asked about when they come again. */
const strangersMax = 1_000;
/** An answer that is being given goes out within so many turns of the event loop. */
const answerTurns = 16;

/**
 * Whoever acts is asked about once their answer is out and nobody else is at the door, one at a time: an acquaintance
 * is for the next time, and no reason to let anybody wait.
 */
export function meetInCalm(people: People, isRushed: () => boolean) {
  const waiting = new Set<string>();
  let meeting: Promise<void> | null = null;

  async function meetAll(): Promise<void> {
    await turns(answerTurns);
    for (const user of waiting) {
      if (isRushed()) return;
      waiting.delete(user);
      await people.find(user).catch(() => undefined);
    }
  }

  function begin(): void {
    if (waiting.size === 0) return;
    meeting ??= meetAll().finally(() => {
      meeting = null;
    });
  }

  return {
    meet: (user: string): void => {
      if (waiting.size < strangersMax) waiting.add(user);
      begin();
    },
    /** The rush is over. */
    onCalm: begin,
    idle: (): Promise<void> => meeting ?? Promise.resolve(),
  };
}

/** The answer, or a rejection when it takes longer than `patienceMs`. */
export async function soon<T>(answer: Promise<T>, clock: Clock): Promise<T> {
  const answered = new AbortController();
  const late = clock.sleepUntil(clock.now() + patienceMs, answered.signal).then((): T => {
    throw new Error('Slack takes too long to say');
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    // A reason of our own: without one, every abort makes an error with a stack trace.
    answered.abort('answered');
  }
}

const nobodyWords = new Set([
  'user_not_found',
  'users_not_found',
  'user_not_visible',
  'no_such_subteam',
  'plan_upgrade_required',
]);

/** "No such user" is an answer; everything else is trouble. */
function unknownUser(error: unknown): null {
  const word = (error as { data?: { error?: string } }).data?.error;
  if (word !== undefined && nobodyWords.has(word)) return null;
  throw error;
}
