import { parsePause, pausedReply, pauseModal } from '../blocks/pause.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { readWhen, type Zone } from '../oncall/when.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { type IncidentCommand, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

interface Wish {
  untilAt: number;
  why: string;
}

/** `2h`, `90 min`, `1 day`, at the beginning. */
const length = /^(\d{1,4}) ?(m|min|mins|minutes?|h|hours?|d|days?)(?=\s|$)/i;
const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `tomorrow 09:00`, `9 mar 09:00`: a time is at most this many words. */
const timeWordsMax = 4;

/** Reads `for 2h why`, `2h why`, `until 09:00 why`. Null: neither; `why` alone is a line of its own. */
function readLine(text: string, now: number, zone: Zone): Wish | 'unreadable' | null {
  const bare = text.replace(/^for\s+/i, '');
  const found = length.exec(bare);
  if (found) {
    const ms = Number(found[1]) * (unitMs[(found[2] ?? '').charAt(0).toLowerCase()] ?? 0);
    return { untilAt: now + ms, why: bare.slice(found[0].length).trim() };
  }
  const until = /^until(?:\s+|$)/i.exec(text);
  if (!until) return bare === text ? null : 'unreadable';
  return readUntil(text.slice(until[0].length), now, zone);
}

/** The most words that are a time; what follows is why. */
function readUntil(text: string, now: number, zone: Zone): Wish | 'unreadable' {
  const words = text.split(/\s+/).filter((word) => word !== '');
  for (let taken = Math.min(timeWordsMax, words.length); taken > 0; taken -= 1) {
    const untilAt = timeOf(words.slice(0, taken).join(' '), now, zone);
    if (untilAt !== null) return { untilAt, why: words.slice(taken).join(' ') };
  }
  return 'unreadable';
}

/** A bare `09:00` is the next one. Epoch ms, also one that has passed; null when it is no time. */
function timeOf(words: string, now: number, zone: Zone): number | null {
  const isClockTime = /^\d{1,2}:\d{2}$/.test(words);
  const read = readWhen(isClockTime ? `today ${words}` : words, now, zone);
  if ('at' in read) return read.at;
  if (read.problem === 'unreadable') return null;
  if (isClockTime && read.problem === 'past') return timeOf(`tomorrow ${words}`, now, zone);
  return read.problem === 'past' ? now : Number.MAX_SAFE_INTEGER;
}

async function zoneOf(deps: SlackDeps, user: string, { policy }: Incident): Promise<Zone> {
  const found = await deps.people.find(user).catch(() => deps.people.known(user));
  const { timeZone, to } = policy.workingHours;
  return { timeZone: found?.timeZone ?? timeZone, dayEndsAt: to };
}

async function pauseFor(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  wish: Wish,
  cause: string,
): Promise<Reply> {
  const command = { type: 'pause', by: person(user), ...wish } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    pausedReply(after, screenOf(deps)),
  );
}

/** `/incident pause for 2h waiting for the vendor`, `pause until 09:00`; without a time the form asks. */
export const pause: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const typed = unescaped(text).trim();
    const wish = readLine(typed, deps.clock.now(), await zoneOf(deps, user, incident));
    if (wish === null) return { modal: pauseModal(incident, typed) };
    if (wish !== 'unreadable') return pauseFor(deps, incident, user, wish, cause);
    const { command } = deps.config();
    return saying(
      `I cannot read a time in that. Write it like ${command} pause for 2h, or ${command} pause until 09:00. Nothing changed.`,
    );
  },
};

const wake = async (deps: SlackDeps, incident: Incident, user: string, cause: string): Promise<Reply> => {
  const command = { type: 'resume', by: person(user) } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(`${numberOf(after)} goes on: the reminders count from now.`),
  );
};

/** `/incident resume`. */
export const resume: IncidentCommand = {
  about: 'incident',
  run: (deps, { user, cause }, incident) => wake(deps, incident, user, cause),
};

export const clickPause: ClickHandler = async (_deps, { incident }) => ({ modal: pauseModal(incident, '') });

export const clickResume: ClickHandler = (deps, { incident, user, cause }) =>
  wake(deps, incident, user, cause);

export const submitPause: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parsePause(values, deps.clock.now());
  return 'errors' in parsed ? parsed : pauseFor(deps, incident, user, parsed.ok, cause);
};
