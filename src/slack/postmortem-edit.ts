import { followupModal } from '../blocks/followup-modal.ts';
import { decodeMetadata } from '../blocks/form.ts';
import { permalink } from '../blocks/permalink.ts';
import {
  parsePick,
  parseSection,
  pickSectionModal,
  sectionList,
  sectionModal,
} from '../blocks/postmortem-modal.ts';
import { sentence } from '../blocks/sentence.ts';
import { byWords } from '../blocks/wording.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import { nearest } from '../incident/nearest.ts';
import { type SectionId, sectionIds, sectionTitles } from '../incident/postmortem-sections.ts';
import { canvasOf, sectionLengthMax, versionOf } from '../incident/postmortem-state.ts';
import { sectionDraft } from '../postmortem/draft.ts';
import type { DraftInput } from '../postmortem/story.ts';
import type { ClickHandler, SubmissionHandler } from './click.ts';
import { quoted, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, type Reply, refusing, saying } from './reply.ts';

/** What a draft is made from, as the outbox has it too (outbox/perform/draft.ts). */
function draftInput(deps: SlackDeps, incident: Incident): DraftInput {
  const screen = screenOf(deps);
  return {
    incident,
    entries: deps.store.timeline(incident.id),
    now: deps.clock.now(),
    names: screen.names,
    sentence: (fact) => sentence(fact, screen),
    link: (place, threadTs) => permalink(deps.identity().url, place, threadTs),
  };
}

/** The form of one section, filled with its text as it stands. */
function openSection(deps: SlackDeps, incident: Incident, section: SectionId): Reply {
  if (section === 'actions') return { modal: followupModal(incident) };
  const { text } = sectionDraft(draftInput(deps, incident), section);
  const version = versionOf(incident, section);
  const modal = sectionModal(incident, { section, text, version }, screenOf(deps));
  if (modal) return { modal };
  const { command } = deps.config();
  return refusing(
    `“${sectionTitles[section]}” has ${text.length} characters, more than a form takes (about ${sectionLengthMax}). Nothing changed. Take the file and edit that: ${command} postmortem export`,
  );
}

/** `impact`, `root cause`, `what went well`: by id, or by how the title begins. */
export function sectionNamed(words: string): SectionId | null {
  const typed = words.trim().toLowerCase();
  if (typed === '') return null;
  return (
    sectionIds.find((id) => id === typed) ??
    sectionIds.find((id) => sectionTitles[id].toLowerCase().startsWith(typed)) ??
    null
  );
}

/** No such section: the nearest, and which there are. */
export function noSuchSection(deps: SlackDeps, words: string, verb: 'edit' | 'restore'): Reply {
  const close = nearest(words, sectionIds);
  const hint = close ? ` Did you mean ${deps.config().command} postmortem ${verb} ${close}?` : '';
  return saying(
    `${quoted(unescaped(words))} is no section.${hint} Sections: ${sectionList}. Nothing changed.`,
  );
}

/** `/incident postmortem edit [section]`. */
export function editSection(deps: SlackDeps, incident: Incident, words: string): Reply {
  if (words === '') return { modal: pickSectionModal(incident, screenOf(deps)) };
  const section = sectionNamed(words);
  return section ? openSection(deps, incident, section) : noSuchSection(deps, words, 'edit');
}

export async function restoreSection(
  deps: SlackDeps,
  incident: Incident,
  user: string,
  section: SectionId,
  cause: string,
): Promise<Reply> {
  const command = { type: 'restore-postmortem', by: person(user), section } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    saying(
      `“${sectionTitles[section]}” is drawn from the timeline again. The edit stays in the timeline; ${whereNow(deps, after)}`,
    ),
  );
}

/** How the change gets into the document. */
const whereNow = (deps: SlackDeps, after: Incident): string =>
  canvasOf(after) ? 'the canvas shows it.' : `for a fresh file: ${deps.config().command} postmortem`;

export const clickPostmortemEdit: ClickHandler = async (deps, { incident }) =>
  editSection(deps, incident, '');

export const submitPostmortemPick: SubmissionHandler = async (deps, { incident, values }) => {
  if (!incident) return null;
  const parsed = parsePick(values);
  return 'errors' in parsed ? parsed : openSection(deps, incident, parsed.ok.section);
};

export const submitPostmortemSection: SubmissionHandler = async (
  deps,
  { user, incident, values, metadata, cause },
) => {
  const { section, version } = decodeMetadata(metadata);
  if (!incident || section === undefined || version === undefined) return null;
  const parsed = parseSection(values);
  if (parsed.restore) return restoreSection(deps, incident, user, section, cause);
  const { text, firstField } = parsed;
  if (text === '')
    return { errors: { [firstField]: 'Write a few words. An empty section would tell nobody.' } };
  if (text.length > sectionLengthMax) {
    return { errors: { [firstField]: `At most ${sectionLengthMax} characters: this is ${text.length}.` } };
  }
  const current = sectionDraft(draftInput(deps, incident), section).text;
  if (text === current.trim()) return saying('The text is as it was. Nothing changed.');
  const command = { type: 'edit-postmortem', by: person(user), section, text, version } as const;
  const outcome = await deps.engine.handle(incident.id, command, cause);
  if (outcome.outcome === 'refused' && outcome.refusal.refused === 'section-changed' && outcome.incident) {
    const { by, at } = outcome.refusal;
    return changedMeanwhile(deps, outcome.incident, { section, text, by: byWords(by, screenOf(deps)), at });
  }
  return ended(deps, outcome, (after) =>
    saying(
      `Saved: “${sectionTitles[section]}”. It is kept when the draft is made again; ${whereNow(deps, after)}`,
    ),
  );
};

/** Whoever saves later reads what the other wrote, and keeps what they typed: saving again puts it in place. */
function changedMeanwhile(
  deps: SlackDeps,
  incident: Incident,
  typed: { section: SectionId; text: string; by: string; at: number },
): Reply {
  const { section, text, by, at } = typed;
  const theirs = sectionDraft(draftInput(deps, incident), section).text;
  const form = {
    section,
    text,
    version: versionOf(incident, section),
    meanwhile: { text: theirs, by, at },
  };
  const modal = sectionModal(incident, form, screenOf(deps));
  return modal ? { modal } : saying(`${by} changed this section meanwhile. Nothing changed.`);
}
