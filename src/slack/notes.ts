import { noteModal, parseNote } from '../blocks/note-modal.ts';
import { isNoise, sentence } from '../blocks/sentence.ts';
import { timelineMessage } from '../blocks/timeline.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { readTimeline, type TimelineItem } from '../incident/timeline.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { type IncidentCommand, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, type Reply, saying } from './reply.ts';

/** Entries shown when no number is given, and at the most. */
const entriesDefault = 15;
const entriesMax = 40;

/** `-15m text`: how long ago, in minutes, hours or days. */
const backDated = /^-(\d{1,4})(m|h|d)(?:\s+|$)/;
const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

async function add(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  text: string,
  happenedAt: number,
  cause: string,
): Promise<Reply> {
  const command = { type: 'add-note', by: person(user), text, happenedAt } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying('Noted in the timeline.'),
  );
}

/** `/incident note -15m deployed 512`. */
export const note: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user, text, cause }, incident) => {
    const typed = unescaped(text).trim();
    if (typed === '') return { modal: noteModal(incident) };
    const match = backDated.exec(typed);
    const agoMs = match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : 0;
    return add(deps, incident, user, typed.slice(match?.[0].length ?? 0), deps.clock.now() - agoMs, cause);
  },
};

/** `/incident timeline 30`. */
export const timeline: IncidentCommand = {
  about: 'incident',
  run: async (deps, { text }, incident) => {
    const typed = text.trim();
    if (typed !== '' && !/^\d{1,6}$/.test(typed)) {
      return saying(`How many entries? ${deps.config().command} timeline 30, for example.`);
    }
    const wanted = Math.min(typed === '' ? entriesDefault : Math.max(1, Number(typed)), entriesMax);
    return show(deps, incident, wanted);
  },
};

async function show(deps: SlackDeps, incident: Incident, wanted: number): Promise<Reply> {
  const items = readTimeline(deps.store.timeline(incident.id)).filter((item) => !isHidden(item));
  const latest = items.slice(-wanted);
  await deps.people.learn(latest.flatMap((item) => authorsOf(item)));
  const screen = screenOf(deps);
  const entries = latest.map((item) => entryOf(item, screen));
  return timelineMessage(entries, incident, screen, { more: items.length - latest.length });
}

const isHidden = (item: TimelineItem): boolean => item.kind === 'fact' && isNoise(item.fact);

const authorsOf = (item: TimelineItem): string[] =>
  item.kind === 'message' && item.author.user ? [item.author.user] : [];

function entryOf(item: TimelineItem, screen: ReturnType<typeof screenOf>) {
  if (item.kind === 'fact') return { at: item.at, text: sentence(item.fact, screen) };
  if (item.kind === 'deleted') return { at: item.at, text: 'message deleted' };
  const author = item.author.user ? screen.names(item.author.user) : (item.author.app ?? 'somebody');
  const files = item.files.map(({ name }) => `[${name}]`);
  const text = [item.text, ...files, item.edited ? '(edited)' : ''].filter((words) => words !== '').join(' ');
  return { at: item.at, text, author };
}

export const clickTimeline: ClickHandler = (deps, { incident }) => show(deps, incident, entriesDefault);
export const clickNote: ClickHandler = async (_deps, { incident }) => ({
  modal: noteModal(incident),
});

export const submitNote: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseNote(values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  return add(deps, incident, user, parsed.ok.text, parsed.ok.happenedAt, cause);
};
