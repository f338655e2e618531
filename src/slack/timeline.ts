import type { Message } from '../blocks/message.ts';
import { readable } from '../blocks/readable.ts';
import {
  decodeMarking,
  entriesDefault,
  entriesMax,
  isOnlyHidden,
  isShown,
  namedIn,
  timelineMessage,
} from '../blocks/timeline.ts';
import { person } from '../incident/by.ts';
import { exportFormats } from '../incident/exporting.ts';
import type { Incident } from '../incident/incident.ts';
import type { Mark, MarkedEntry } from '../incident/marks.ts';
import { nearest } from '../incident/nearest.ts';
import { readTimeline, type TimelineItem } from '../incident/timeline.ts';
import { decodePage, type PageRequest, pageOf } from '../incident/timeline-page.ts';
import type { Click, ClickHandler } from './click.ts';
import { firstWord, type IncidentCommand, type Invocation, quoted } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

const latest = (size: number, isHidden = false): PageRequest => ({ from: 'latest', size, isHidden });

/** What can be done with one entry by its number; the menus do the same. */
const markings: Readonly<Record<string, { mark: Mark; on: boolean }>> = {
  star: { mark: 'star', on: true },
  unstar: { mark: 'star', on: false },
  key: { mark: 'pin', on: true },
  unkey: { mark: 'pin', on: false },
  hide: { mark: 'hide', on: true },
  show: { mark: 'hide', on: false },
};

/** `/incident timeline`, `timeline 30`, `timeline hidden`, `timeline star 12`, `timeline export csv`. */
export const timeline: IncidentCommand = {
  about: 'incident',
  run: async (deps, invocation, incident) => {
    const { word, rest } = firstWord(invocation.text);
    const { user } = invocation;
    if (word === 'export') return exportAs(deps, { ...invocation, text: rest }, incident);
    if (Object.hasOwn(markings, word)) return markByNumber(deps, invocation, incident);
    if (rest === '' && word === 'hidden') return view(deps, incident, user, latest(entriesDefault, true));
    if (rest === '' && /^\d{0,6}$/.test(word)) {
      const size = word === '' ? entriesDefault : Math.min(Math.max(1, Number(word)), entriesMax);
      return view(deps, incident, user, latest(size));
    }
    const near = nearest(word, ['export', 'hidden', ...Object.keys(markings)]);
    const { command } = deps.config();
    const cure = near
      ? `Did you mean ${command} timeline ${near}?`
      : `How many entries? ${command} timeline 30, for example.`;
    return saying(
      `${quoted(readable(invocation.text, screenOf(deps)))} is no number of entries. Nothing changed. ${cure}`,
    );
  },
};

async function view(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  request: PageRequest,
): Promise<Message> {
  const items = readTimeline(deps.store.timeline(incident.id));
  const hidden = items.filter(isOnlyHidden);
  const page = pageOf(request.isHidden ? hidden : items.filter(isShown), request);
  await deps.people.learn([...new Set([user, ...page.items.flatMap(namedIn)])]);
  const reader = {
    timeZone: deps.people.known(user)?.timeZone ?? null,
    workspaceUrl: deps.identity().url,
  };
  return timelineMessage(page, request, { incident, hidden: hidden.length, reader, screen: screenOf(deps) });
}

/** From the tray: a message of its own. */
export const clickTimeline: ClickHandler = (deps, { incident, user }) =>
  view(deps, incident, user, latest(entriesDefault));

const tooOld = saying('This button is too old. Nothing changed.');

/** Older, Newer, Latest, Hidden: in the place of the page that was clicked. */
export const clickTimelinePage: ClickHandler = async (deps, click) =>
  inPlace(deps, click, decodePage(click.target.id ?? ''));

async function inPlace(deps: SlackDeps, click: Click, request: PageRequest | null): Promise<Reply> {
  if (!request) return tooOld;
  const size = Math.min(request.size, entriesMax);
  const shown = await view(deps, click.incident, click.user, { ...request, size });
  return { ...shown, replace_original: true };
}

/** A choice of a menu under the timeline: done, and its page shown again. */
export const clickMark =
  (mark: Mark): ClickHandler =>
  async (deps, click) => {
    const marking = decodeMarking(click.target.id ?? '');
    const request = decodePage(marking?.page ?? '');
    if (!marking || !request) return tooOld;
    const { on, seq } = marking;
    const entry = entryOf(mark, itemOf(deps, click.incident, seq), seq);
    const command = { type: 'mark-entry', by: person(click.user), mark, on, entry } as const;
    const outcome = await deps.engine.handle(click.incident.id, command, click.cause);
    if (outcome.outcome === 'refused' || outcome.outcome === 'missing')
      return ended(deps, outcome, () => null);
    return inPlace(deps, click, request);
  };

const itemOf = ({ store }: SlackDeps, { id }: Incident, seq: number): TimelineItem | undefined =>
  readTimeline(store.timeline(id)).find((one) => one.seq === seq);

/** What is hidden takes its words out of the follow-ups made of it. */
const entryOf = (mark: Mark, item: TimelineItem | undefined, seq: number): MarkedEntry =>
  mark === 'hide' && item?.kind === 'message'
    ? { seq, message: { channel: item.channel, ts: item.ts } }
    : { seq };

/** `star 12`: by the number that stands behind each entry. */
async function markByNumber(
  deps: SlackDeps,
  { user, text, cause }: Invocation,
  incident: Incident,
): Promise<Reply> {
  const { word, rest } = firstWord(text);
  const { command } = deps.config();
  const number = /^#?(\d{1,7})$/.exec(rest)?.[1];
  const marking = markings[word];
  if (number === undefined || !marking) {
    return saying(
      `Which entry? ${command} timeline ${word} 12: the number stands behind each entry of ${command} timeline. Nothing changed.`,
    );
  }
  const seq = Number(number);
  const item = itemOf(deps, incident, seq);
  if (!item || item.kind === 'deleted' || !(isShown(item) || isOnlyHidden(item))) {
    return saying(
      `${numberOf(incident)} has no entry #${number}. Nothing changed. The numbers: ${command} timeline`,
    );
  }
  const entry = entryOf(marking.mark, item, seq);
  const marks = { type: 'mark-entry', by: person(user), ...marking, entry } as const;
  return ended(deps, await deps.engine.handle(incident.id, marks, cause), () =>
    saying(doneWords(marking, number, command)),
  );
}

function doneWords({ mark, on }: { mark: Mark; on: boolean }, number: string, command: string): string {
  if (mark === 'star')
    return `#${number} ${on ? 'is starred: the postmortem quotes it' : 'is not starred now'}.`;
  if (mark === 'pin') return `#${number} is ${on ? 'a key event' : 'no key event'} now.`;
  return on
    ? `#${number} is hidden from the timeline, exports and the postmortem. Not meant? ${command} timeline show ${number}`
    : `#${number} is in the timeline again.`;
}

/** Markdown by its short name, and when none is named. */
const isMarkdown = (word: string): boolean => word === 'md' || word === '';

/** `export csv`: to the person who asks; `export csv channel`: for everybody in the channel. */
async function exportAs(
  deps: SlackDeps,
  { user, text, cause }: Invocation,
  incident: Incident,
): Promise<Reply> {
  const words = text.trim().toLowerCase().split(/\s+/);
  const toChannel = words.includes('channel');
  const [word = '', ...more] = words.filter((one) => one !== 'channel');
  const format = isMarkdown(word) ? 'markdown' : exportFormats.find((one) => one === word);
  if (!format || more.length > 0) {
    const { command } = deps.config();
    return saying(
      `${quoted(readable(text, screenOf(deps)))} is no format: use markdown, json or csv, e.g. ${command} timeline export csv. With “channel” behind it the file goes to the incident's channel. Nothing changed.`,
    );
  }
  const to = toChannel ? 'channel' : 'person';
  const command = { type: 'request-export', by: person(user), format, to } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), () =>
    saying(
      toChannel
        ? 'The file is on its way to the channel. Hidden entries and deleted messages are not in it.'
        : 'The file is on its way to you by direct message. Hidden entries and deleted messages are not in it.',
    ),
  );
}
