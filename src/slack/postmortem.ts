import { parseOwner, postmortemOwnerModal } from '../blocks/postmortem-modal.ts';
import { utc } from '../blocks/rich-text.ts';
import { whenProblem } from '../blocks/when-words.ts';
import { list } from '../blocks/wording.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { nearest } from '../incident/nearest.ts';
import { sectionIds, sectionTitles } from '../incident/postmortem-sections.ts';
import { type DraftFormat, editedSections, ownerOf, postmortemOf } from '../incident/postmortem-state.ts';
import { readWhen, type When } from '../oncall/when.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import {
  firstWord,
  type IncidentCommand,
  type Invocation,
  mentionedUser,
  quoted,
  unescaped,
} from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { followup } from './followups.ts';
import { editSection, noSuchSection, restoreSection, sectionNamed } from './postmortem-edit.ts';
import { handle, numberOf, type Reply, refusing, saying } from './reply.ts';

const request = (deps: SlackDeps, incident: Incident, user: string, cause: string): Promise<Reply> =>
  handle(deps, incident, { type: 'request-draft', by: person(user) }, cause, (after) => {
    const edited = editedSections(after);
    const kept = sectionIds.filter((id) => edited.includes(id)).map((id) => sectionTitles[id]);
    const words = kept.length > 0 ? ` Kept as edited: ${list(kept, kept.length)}.` : '';
    const isCanvas = deps.config().postmortem.canvas && after.channel?.threadTs === undefined;
    return `The draft is on its way to the channel, then the ${isCanvas ? 'canvas' : 'file'}.${words}`;
  });

/** `user` owns it from now on; whoever named themselves is a member, somebody else is looked up. */
async function setOwner(
  deps: SlackDeps,
  incident: Incident,
  by: string,
  user: string,
  cause: string,
): Promise<Reply> {
  const found = user === by ? deps.people.known(user) : await deps.people.find(user).catch(() => undefined);
  if ((found === null && user !== by) || found?.isMember === false) {
    return refusing('That is no member of this workspace who could own it. Nothing changed.');
  }
  const timeZone = found?.timeZone ?? null;
  const command = { type: 'set-postmortem-owner', by: person(by), user, timeZone } as const;
  return handle(deps, incident, command, cause, (after) =>
    user === by
      ? `You own the postmortem of ${numberOf(after)} now.`
      : `${deps.people.name(user)} owns the postmortem of ${numberOf(after)} now.`,
  );
}

/** The time on the clock of whoever writes it; `none`: it is not due. */
async function dueIn(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  typed: string,
): Promise<When | { at: null }> {
  if (/^(?:none|never|no)$/i.test(typed)) return { at: null };
  const found = await deps.people.find(user).catch(() => deps.people.known(user));
  const { timeZone, to } = incident.policy.workingHours;
  const zone = { timeZone: found?.timeZone ?? timeZone, dayEndsAt: to };
  return readWhen(typed.replace(/^(?:by|on)\s+/i, ''), deps.clock.now(), zone);
}

const setDue = (
  deps: SlackDeps,
  incident: Incident,
  user: string,
  dueAt: number | null,
  cause: string,
): Promise<Reply> =>
  handle(deps, incident, { type: 'set-postmortem-due', by: person(user), dueAt }, cause, (after) =>
    dueAt === null
      ? `The postmortem of ${numberOf(after)} is not due any more; nobody is reminded of it.`
      : `The postmortem of ${numberOf(after)} is due ${utc(dueAt, screenOf(deps))}.`,
  );

const review = (
  deps: SlackDeps,
  incident: Incident,
  user: string,
  done: boolean,
  cause: string,
): Promise<Reply> =>
  handle(deps, incident, { type: 'review-postmortem', by: person(user), done }, cause, (after) =>
    done
      ? `The postmortem of ${numberOf(after)} is marked as reviewed. ${deps.config().command} postmortem unreviewed takes that back.`
      : `The postmortem of ${numberOf(after)} is not reviewed any more.`,
  );

const formats: Readonly<Record<string, DraftFormat>> = {
  '': 'markdown',
  markdown: 'markdown',
  md: 'markdown',
  html: 'html',
};

function exportAs(deps: SlackDeps, { user, text, cause }: Invocation, incident: Incident): Promise<Reply> {
  const word = text.trim().toLowerCase();
  const format = Object.hasOwn(formats, word) ? formats[word] : undefined;
  if (format === undefined) {
    const close = nearest(word, ['html', 'markdown']);
    const hint = close ? ` Did you mean ${close}?` : '';
    return Promise.resolve(
      saying(`${quoted(unescaped(word))} is no format.${hint} Choose: html, markdown. Nothing changed.`),
    );
  }
  const name = format === 'html' ? 'HTML' : 'Markdown';
  return handle(
    deps,
    incident,
    { type: 'export-postmortem', by: person(user), format },
    cause,
    () => `The ${name} file is on its way to the channel.`,
  );
}

type Part = (deps: SlackDeps, invocation: Invocation, incident: Incident) => Promise<Reply>;

const openOwner = async (deps: SlackDeps, incident: Incident): Promise<Reply> => ({
  modal: postmortemOwnerModal(incident, screenOf(deps)),
});

/** What can follow `/incident postmortem`. */
const parts: Readonly<Record<string, Part>> = {
  draft: (deps, { user, cause }, incident) => request(deps, incident, user, cause),
  edit: async (deps, { text }, incident) => editSection(deps, incident, text),
  restore: async (deps, { user, text, cause }, incident) => {
    const section = sectionNamed(text);
    return section
      ? restoreSection(deps, incident, user, section, cause)
      : noSuchSection(deps, text, 'restore');
  },
  action: (deps, invocation, incident) =>
    followup.run(deps, { ...invocation, text: `add ${invocation.text}`.trim() }, incident),
  owner: async (deps, { user, text, cause }, incident) => {
    if (text === '') return openOwner(deps, incident);
    const whom = text.toLowerCase() === 'me' ? user : mentionedUser(text)?.user;
    if (whom) return setOwner(deps, incident, user, whom, cause);
    const { command } = deps.config();
    return saying(`Whom? Mention a person, or say me: ${command} postmortem owner me. Nothing changed.`);
  },
  due: async (deps, { user, text, cause }, incident) => {
    const typed = unescaped(text);
    if (typed === '') return openOwner(deps, incident);
    const due = await dueIn(deps, incident, user, typed);
    if ('problem' in due) return saying(`${whenProblem(typed, due.problem)} Nothing changed.`);
    return setDue(deps, incident, user, due.at, cause);
  },
  reviewed: (deps, { user, cause }, incident) => review(deps, incident, user, true, cause),
  unreviewed: (deps, { user, cause }, incident) => review(deps, incident, user, false, cause),
  export: exportAs,
};

/** `/incident postmortem`: a fresh draft from the timeline as it is now; with a word more, what is done to it. */
export const postmortem: IncidentCommand = {
  about: 'incident',
  run: async (deps, invocation, incident) => {
    const { word, rest } = firstWord(invocation.text);
    const known = word === '' ? 'draft' : word;
    const part = Object.hasOwn(parts, known) ? parts[known] : undefined;
    if (part) return part(deps, { ...invocation, text: rest }, incident);
    const { command } = deps.config();
    const close = nearest(unescaped(word), Object.keys(parts));
    const cure = close
      ? `Did you mean ${command} postmortem ${close}?`
      : `What there is: ${Object.keys(parts).join(', ')}.`;
    return saying(
      `${quoted(unescaped(word))} is nothing I can do with a postmortem. ${cure} Nothing changed.`,
    );
  },
};

export const clickPostmortem: ClickHandler = (deps, { incident, user, cause }) =>
  request(deps, incident, user, cause);

export const clickPostmortemOwner: ClickHandler = (deps, { incident }) => openOwner(deps, incident);

export const clickPostmortemReviewed: ClickHandler = (deps, { incident, user, cause }) =>
  review(deps, incident, user, true, cause);

export const clickPostmortemUnreviewed: ClickHandler = (deps, { incident, user, cause }) =>
  review(deps, incident, user, false, cause);

/** Only what changed is asked for; a due time that cannot be read changes nothing at all. */
export const submitPostmortemOwner: SubmissionHandler = async (deps, { user, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseOwner(values);
  if ('errors' in parsed) return parsed;
  const { owner, due } = parsed.ok;
  const read = due === '' ? null : await dueIn(deps, incident, user, due);
  if (read && 'problem' in read) return { errors: { due: whenProblem(due, read.problem) } };
  const isSame = owner === ownerOf(incident) && postmortemOf(incident).owner === owner;
  if (isSame && !read) return saying('The owner is the same, and no due time was given. Nothing changed.');
  const named = isSame ? null : await setOwner(deps, incident, user, owner, cause);
  const isNamed = ownerOf(deps.store.incident(incident.id) ?? incident) === owner;
  return read && isNamed ? setDue(deps, incident, user, read.at, `${cause}:due`) : named;
};
