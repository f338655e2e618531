import { noteModal, parseNote } from '../blocks/note-modal.ts';
import { utc } from '../blocks/rich-text.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, quoted, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

/** How long ago, in minutes, hours or days: `-15m`, `-2h`, `-1day`; a phone makes a dash of the sign. */
const signed = /^([-+\u2212\u2013])(\d{1,5})(m|mins?|minutes?|h|hours?|d|days?)$/i;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
/** A first word like this is meant for a time, whatever its unit. */
const timeLike = /^[-+\u2212\u2013]\d[\da-z.,]*$/i;
/** What is nearer than this happened just now. */
const earlierMsMin = 60_000;

/** When the note's first word says that it happened, epoch ms; null: it is no time. */
function momentOf(word: string, now: number): number | 'unreadable' | null {
  const [, sign, number, unit = ''] = signed.exec(word) ?? [];
  if (number === undefined) return timeLike.test(word) ? 'unreadable' : null;
  const ms = Number(number) * (unitMs[unit.charAt(0).toLowerCase()] ?? 0);
  return sign === '+' ? now + ms : now - ms;
}

async function add(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  { text, happenedAt }: { text: string; happenedAt: number },
  cause: string,
): Promise<Reply> {
  const command = { type: 'add-note', by: person(user), text, happenedAt } as const;
  const isEarlier = deps.clock.now() - happenedAt >= earlierMsMin;
  const when = isEarlier ? `, at ${utc(happenedAt, screenOf(deps))}` : '';
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(`Noted in the timeline of ${numberOf(after)}${when}.`),
  );
}

/** `/incident note -15m deployed 512`. */
export const note: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const typed = unescaped(text).trim();
    if (typed === '') return { modal: noteModal(incident) };
    const { word, rest } = firstWord(typed);
    const now = deps.clock.now();
    const happenedAt = momentOf(word, now);
    if (happenedAt === 'unreadable') {
      return saying(
        `${quoted(word)} is no time. Nothing changed. Write -15m, -2h or -1d: ${deps.config().command} note -15m rolled back. Is it no time? Put a word in front.`,
      );
    }
    const noted = happenedAt === null ? { text: typed, happenedAt: now } : { text: rest, happenedAt };
    return add(deps, incident, user, noted, cause);
  },
};

export const clickNote: ClickHandler = async (_deps, { incident }) => ({
  modal: noteModal(incident),
});

export const submitNote: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseNote(values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  return add(deps, incident, user, parsed.ok, cause);
};
