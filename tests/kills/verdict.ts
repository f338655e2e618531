import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Call } from '../../src/sandbox/api.ts';
import { isObject } from '../../src/sandbox/json.ts';
import type { Input, InputOf } from './inputs.ts';

/** Everything that is wrong, one line each. Empty: nothing was lost and nothing is there twice. */
export interface Verdict {
  lost: string[];
  doubled: string[];
  /** What is still open, or was given up. */
  unsettled: string[];
  integrity: string;
}

/** These leave a message of their own whenever they are done. */
const alwaysPosts = ['page', 'say', 'announcement-reply'];
const open = "('pending', 'sending', 'unknown')";

/** How many rows of the outbox are still to be sent. The bot may be running. */
export function waiting(databaseFile: string): number {
  const database = new Database(databaseFile, { readonly: true });
  try {
    const rows = database.prepare(`select count(*) from outbox where state in ${open}`).pluck();
    return rows.get() as number;
  } finally {
    database.close();
  }
}

/** What a dead bot left behind: looked at in a copy, because opening it would mend it. `dueAt` epoch ms. */
export function leftBehind(databaseFile: string, dueAt: number): { integrity: string; pagesDue: number } {
  return ofCopy(databaseFile, (database) => {
    const hasTables = database.prepare("select 1 from sqlite_master where name = 'outbox'").get();
    if (!hasTables) return { integrity: integrityOf(database), pagesDue: 0 };
    const waits = `select count(*) from outbox o join incidents i on i.id = o.incident
      where o.state = 'pending' and json_extract(o.effect, '$.kind') in ('page', 'resolve-page') and i.is_open = 1
        and i.holder is null and o.not_before <= ?`;
    const due = `select count(*) from incidents where is_open = 1 and holder is null and due_at <= @at
      and json_extract(state, '$.escalation.next.at') <= @at`;
    const pagesDue =
      (database.prepare(waits).pluck().get(dueAt) as number) +
      (database.prepare(due).pluck().get({ at: dueAt }) as number);
    return { integrity: integrityOf(database), pagesDue };
  });
}

/** Compares what was answered with the timeline, and the outbox with what Slack applied. The bot has ended. */
export function judge(databaseFile: string, inputs: readonly Input[], calls: readonly Call[]): Verdict {
  const database = new Database(databaseFile, { readonly: true });
  try {
    const facts = factsIn(database);
    const counts = inputs.map((input) => ({ input, times: timesIn(facts, input) }));
    const posts = postsIn(database, calls);
    const unsettled = database
      .prepare(
        `select id || ' ' || state || ' ' || effect from outbox where state not in ('done', 'cancelled')`,
      )
      .pluck()
      .all() as string[];
    return {
      lost: [
        ...counts.filter(({ input, times }) => input.taken && times === 0).map(nameOf),
        ...posts.lost,
        ...unheard(inputs, calls),
      ],
      doubled: [
        ...counts.filter(({ times }) => times > 1).map(nameOf),
        ...posts.doubled,
        ...secondRooms(inputs, calls),
      ],
      unsettled,
      integrity: integrityOf(database),
    };
  } finally {
    database.close();
  }
}

interface Recorded {
  incident: number;
  fact: { type: string; [key: string]: unknown };
}

const factsIn = (database: Database.Database): Recorded[] =>
  (
    database.prepare('select incident, fact from timeline order by incident, seq').all() as {
      incident: number;
      fact: string;
    }[]
  ).map(({ incident, fact }) => ({ incident, fact: JSON.parse(fact) as Recorded['fact'] }));

/** How often the timeline tells of an input. */
function timesIn(facts: readonly Recorded[], input: Input): number {
  const times = (is: (one: Recorded) => boolean): number => facts.filter(is).length;
  switch (input.kind) {
    case 'declare':
      return times(({ fact }) => fact.type === 'declared' && fact.title === input.title);
    case 'acknowledge':
      return takenInARow(facts, input);
    case 'message':
      return times(({ fact }) => fact.type === 'message-posted' && fact.text === input.text);
    case 'alert':
      return input.what === 'triggered'
        ? times(({ fact }) => isObject(fact.alert) && fact.alert.id === input.alert)
        : times(
            ({ fact }) => fact.type === 'alert-changed' && fact.id === input.alert && fact.to === input.what,
          );
  }
}

/** What their silence gave back is theirs to take again: the most acknowledgements with no giving back between. */
function takenInARow(facts: readonly Recorded[], { incident, user }: InputOf<'acknowledge'>): number {
  let [most, held] = [0, 0];
  for (const { fact } of facts.filter((one) => one.incident === incident)) {
    if (fact.type === 'unacknowledged') held = 0;
    if (fact.type === 'acknowledged' && JSON.stringify(fact.by).includes(user)) held += 1;
    most = Math.max(most, held);
  }
  return most;
}

const nameOf = ({ input, times }: { input: Input; times: number }): string =>
  `${times} x ${JSON.stringify({ ...input, body: undefined })}`;

/** Each post carries the reference of its row. Calls that Slack applied count, answered or not. */
function postsIn(database: Database.Database, calls: readonly Call[]) {
  const applied = new Map<string, number>();
  for (const call of calls) {
    const ref = call.method === 'chat.postMessage' && call.ok ? refOf(call.args.metadata) : null;
    if (ref) applied.set(ref, (applied.get(ref) ?? 0) + 1);
  }
  const rows = database.prepare('select ref, incident, effect, state from outbox').all() as {
    ref: string;
    incident: number;
    effect: string;
    state: string;
  }[];
  const mustBe = rows.filter(
    ({ effect, state }) => state === 'done' && alwaysPosts.includes((JSON.parse(effect) as Kind).kind),
  );
  const pages = rows.filter(
    ({ effect, ref }) => (JSON.parse(effect) as Kind).kind === 'page' && applied.has(ref),
  );
  return {
    lost: mustBe.filter(({ ref }) => !applied.has(ref)).map(({ effect }) => `not posted: ${effect}`),
    doubled: [
      ...rows.filter(({ ref }) => (applied.get(ref) ?? 0) > 1).map(({ effect }) => `posted twice: ${effect}`),
      ...twice(pages.map(({ incident, effect }) => `INC-${incident} ${effect}`)).map(
        (effect) => `paged twice: ${effect}`,
      ),
    ],
  };
}

/** Declared, and whoever is on call was not told although nobody had it. Looks at Slack alone. */
function unheard(inputs: readonly Input[], calls: readonly Call[]): string[] {
  const held = inputs.flatMap((one) => (one.kind === 'acknowledge' ? [one.incident] : []));
  const pages = calls.filter(
    ({ method, ok, args }) => method === 'chat.postMessage' && ok && String(args.channel).startsWith('D'),
  );
  return inputs.flatMap((one) => {
    if (one.kind !== 'declare' || !one.taken || held.includes(one.incident ?? 0)) return [];
    const isTold = pages.some(({ args }) => JSON.stringify(args).includes(one.title));
    return isTold ? [] : [`nobody was paged for ${one.title}`];
  });
}

/** Each declared incident has one channel. */
function secondRooms(inputs: readonly Input[], calls: readonly Call[]): string[] {
  const made = calls.filter(({ method, ok }) => method === 'conversations.create' && ok);
  return inputs.flatMap((one) => {
    if (one.kind !== 'declare' || one.incident === null) return [];
    const rooms = made.filter(({ args }) => String(args.name).includes(`-${one.incident}-`)).length;
    return rooms === 1 ? [] : [`${rooms} channels for INC-${one.incident}`];
  });
}

interface Kind {
  kind: string;
}

const twice = (texts: readonly string[]): string[] => texts.filter((text, n) => texts.indexOf(text) !== n);

/** The reference that a post carries, null for others'. Arguments are text where the call never came to be read. */
export function refOf(metadata: unknown): string | null {
  const read: unknown = typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
  const payload = isObject(read) ? read.event_payload : null;
  return isObject(payload) && typeof payload.ref === 'string' ? payload.ref : null;
}

const integrityOf = (database: Database.Database): string =>
  String(database.pragma('integrity_check', { simple: true }));

function ofCopy<T>(databaseFile: string, look: (database: Database.Database) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-left-'));
  const copy = join(folder, 'tocsin.db');
  try {
    for (const side of ['', '-wal']) {
      if (existsSync(databaseFile + side)) cpSync(databaseFile + side, copy + side);
    }
    const database = new Database(copy);
    try {
      return look(database);
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
