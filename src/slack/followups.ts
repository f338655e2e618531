import {
  followupModal,
  followupSnoozeModal,
  parseFollowup,
  parseFollowupSnooze,
} from '../blocks/followup-modal.ts';
import { followupAdded, followupList, followupSnoozed } from '../blocks/followups.ts';
import { decodeMetadata } from '../blocks/form.ts';
import { readable } from '../blocks/readable.ts';
import { whenProblem } from '../blocks/when-words.ts';
import { person } from '../incident/by.ts';
import { carriedOn, holdersOf } from '../incident/carried-followups.ts';
import { type Followup, followupsOf, openFollowups } from '../incident/followups.ts';
import { type Incident, type Place, visibleTo } from '../incident/incident.ts';
import { nearest } from '../incident/nearest.ts';
import { cleanLine } from '../incident/text.ts';
import { readTimeline } from '../incident/timeline.ts';
import { readWhen, type Zone } from '../oncall/when.ts';
import type { Click, ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, type Invocation, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { readFollowupLine } from './followup-line.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

interface Wanted {
  text: string;
  owner: string | null;
  dueAt: number | null;
  /** The message it is made from; `quotes`: in its words. */
  source?: Place;
  quotes?: true;
}

/** The clock of whoever writes a date; the policy's where Slack does not say soon enough. */
async function zoneOf(deps: SlackDeps, user: string, { policy }: Incident): Promise<Zone> {
  const found = await deps.people.find(user).catch(() => deps.people.known(user));
  const { timeZone, to } = policy.workingHours;
  return { timeZone: found?.timeZone ?? timeZone, dayEndsAt: to };
}

/** Why this person cannot own it, or their time zone. */
async function ownerOf(
  deps: SlackDeps,
  owner: string | null,
  incident: Incident,
): Promise<{ problem: string } | { timeZone: string | null }> {
  if (owner === null) return { timeZone: null };
  const found = await deps.people.find(owner).catch(() => undefined);
  if (found === null || found?.isMember === false) {
    return { problem: 'That is no member of this workspace who could do it: choose somebody else.' };
  }
  if (!visibleTo(incident, owner)) {
    return {
      problem: `${deps.people.name(owner)} is not in this private incident: invite them to its channel first, or choose somebody who is in it.`,
    };
  }
  return { timeZone: found?.timeZone ?? null };
}

async function add(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  wanted: Wanted & { timeZone: string | null },
  cause: string,
): Promise<Reply> {
  const command = { type: 'add-followup', by: person(user), ...wanted } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) => {
    const added = followupsOf(after).at(-1);
    return added ? followupAdded(added, after, screenOf(deps)) : null;
  });
}

async function addLine(
  deps: SlackDeps,
  { user, cause }: Invocation,
  typed: string,
  incident: Incident,
): Promise<Reply> {
  const line = readFollowupLine(typed, deps.people.name);
  if (line.unknown !== null) {
    return saying(
      `No person here is called ${line.unknown}. Choose a name that Slack offers while you type, or leave it out. Nothing changed.`,
    );
  }
  const zone = await zoneOf(deps, user, incident);
  const due = line.due === null ? { at: null } : readWhen(line.due, deps.clock.now(), zone);
  if ('problem' in due) {
    const words = whenProblem(line.due ?? '', due.problem);
    const form =
      due.problem === 'unreadable'
        ? ` Part of the text? ${deps.config().command} followup asks in a form.`
        : '';
    return saying(`${words}${form} Nothing changed.`);
  }
  const owner = await ownerOf(deps, line.owner, incident);
  if ('problem' in owner) return saying(`${owner.problem} Nothing changed.`);
  const wanted = { text: line.text, owner: line.owner, dueAt: due.at, timeZone: owner.timeZone };
  return add(deps, incident, user, wanted, cause);
}

async function list(deps: SlackDeps, incident: Incident): Promise<Reply> {
  await deps.people.learn(followupsOf(incident).flatMap(({ owner }) => (owner === null ? [] : [owner])));
  return followupList(incident, screenOf(deps));
}

async function finish(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  n: number,
  cause: string,
): Promise<Reply> {
  const command = { type: 'finish-followup', by: person(user), n } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) => {
    const left = followupsOf(after).filter(({ doneAt }) => doneAt === null).length;
    return saying(
      `Follow-up ${n} of ${numberOf(after)} is done. ${left === 0 ? 'That was the last one.' : `${left} still to do.`}`,
    );
  });
}

async function snooze(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  n: number,
  untilAt: number,
  cause: string,
): Promise<Reply> {
  const command = { type: 'snooze-followup', by: person(user), n, untilAt } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) => {
    const snoozed = followupsOf(after).find((one) => one.n === n);
    return snoozed ? followupSnoozed(snoozed, untilAt, screenOf(deps)) : null;
  });
}

/** `2`, `#2`; null for anything else. */
const numberIn = (word: string): number | null => {
  const digits = /^#?(\d{1,6})$/.exec(word)?.[1];
  return digits === undefined ? null : Number(digits);
};

async function snoozeLine(
  deps: SlackDeps,
  { user, cause }: Invocation,
  typed: string,
  incident: Incident,
): Promise<Reply> {
  const { word, rest } = firstWord(typed);
  const n = numberIn(word);
  if (n === null) return whichOne(deps, word, 'snooze 2 in 3d');
  const until = rest.replace(/^(?:until|by)\s+/i, '') || 'tomorrow';
  const read = readWhen(until, deps.clock.now(), await zoneOf(deps, user, incident));
  if ('problem' in read) return saying(`${whenProblem(until, read.problem)} Nothing changed.`);
  return snooze(deps, incident, user, n, read.at, cause);
}

const whichOne = (deps: SlackDeps, typed: string, example: string): Reply => {
  const { command } = deps.config();
  const what = typed === '' ? 'Which one?' : `“${typed.slice(0, 60)}” is no number of a follow-up.`;
  return saying(
    `${what} Say its number, like ${command} followup ${example}; ${command} followup list shows them. Nothing changed.`,
  );
};

const words = ['add', 'list', 'done', 'snooze'] as const;

/** `/incident followup add limit the retries @bea by friday`, `followup list`, `followup done 2`; bare, a form. */
export const followup: IncidentCommand = {
  about: 'incident',
  run: async (deps, invocation, incident) => {
    const { user, cause } = invocation;
    const { word, rest } = firstWord(invocation.text);
    if (word === '' || (word === 'add' && rest === '')) return { modal: followupModal(incident) };
    if (word === 'add') return addLine(deps, invocation, rest, incident);
    if (word === 'list') return list(deps, incident);
    if (word === 'snooze') return snoozeLine(deps, invocation, unescaped(rest), incident);
    const typed = unescaped(rest).trim();
    if (word === 'done') {
      const n = numberIn(typed);
      return n === null ? whichOne(deps, typed, 'done 2') : finish(deps, incident, user, n, cause);
    }
    const { command } = deps.config();
    const close = nearest(word, words);
    const cure = close
      ? `Did you mean ${command} followup ${close}?`
      : `To add one: ${command} followup add limit the retries @bea by friday. All of them: ${command} followup list.`;
    return saying(
      `“${unescaped(word).slice(0, 60)}” is nothing I can do with follow-ups. ${cure} Nothing changed.`,
    );
  },
};

/** What a button is about, where it is now: a merge takes along what is still to be done. */
function pressed(
  { store }: SlackDeps,
  { incident, target, user }: Click,
): { incident: Incident; n: number; followup?: Followup } {
  const n = numberIn(target.id ?? '') ?? 0;
  const carried = carriedOn(incident, n, holdersOf(incident, store.incident));
  if (!carried || !visibleTo(carried.incident, user)) {
    return { incident, n, followup: openFollowups(incident).find((one) => one.n === n) };
  }
  return { ...carried, n: carried.followup.n };
}

export const clickFollowup: ClickHandler = async (_deps, { incident }) => ({
  modal: followupModal(incident),
});

export const clickFollowups: ClickHandler = (deps, { incident }) => list(deps, incident);

export const clickFollowupDone: ClickHandler = (deps, click) => {
  const { incident, n } = pressed(deps, click);
  return finish(deps, incident, click.user, n, click.cause);
};

export const clickFollowupSnooze: ClickHandler = async (deps, click) => {
  const { incident, followup: one } = pressed(deps, click);
  return one && one.doneAt === null
    ? { modal: followupSnoozeModal(incident, one) }
    : saying(
        `That follow-up is done or was taken back. Nothing changed. ${deps.config().command} followup list`,
      );
};

/** The words are those of a message that one of our incidents recorded: when it is deleted there, we hear of it. */
function isQuote(deps: SlackDeps, { channel, ts }: Place, text: string): boolean {
  const id = deps.store.causedBy(`msg:${channel}:${ts}`);
  const items = id === null ? [] : readTimeline(deps.store.timeline(id));
  const said = items.find((one) => one.kind === 'message' && one.channel === channel && one.ts === ts);
  const bare = text.replace(/…$/, '');
  return said?.kind === 'message' && cleanLine(readable(said.text, screenOf(deps))).includes(bare);
}

export const submitFollowup: SubmissionHandler = async (
  deps,
  { user, incident, values, metadata, cause },
) => {
  if (!incident) return null;
  const parsed = parseFollowup(values, deps.clock.now(), await zoneOf(deps, user, incident));
  if ('errors' in parsed) return parsed;
  const owner = await ownerOf(deps, parsed.ok.owner, incident);
  if ('problem' in owner) return { errors: { owner: owner.problem } };
  const from = decodeMetadata(metadata).source;
  const source = from && { channel: from.channel, ts: from.ts };
  return add(
    deps,
    incident,
    user,
    {
      ...parsed.ok,
      timeZone: owner.timeZone,
      ...(source && { source, ...(isQuote(deps, source, parsed.ok.text) && { quotes: true }) }),
    },
    cause,
  );
};

export const submitFollowupSnooze: SubmissionHandler = async (deps, submission) => {
  const { user, incident, values, metadata, cause } = submission;
  const n = decodeMetadata(metadata).followup;
  const parsed = parseFollowupSnooze(values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  if (!incident || n === undefined) return null;
  return snooze(deps, incident, user, n, parsed.ok.untilAt, cause);
};
