import { type By, tocsin, userOf } from './by.ts';
import type { Effect } from './effects.ts';
import type { Fact, FactType } from './facts.ts';
import type { Incident } from './incident.ts';
import { ended, visibleTo } from './incident.ts';
import { reminderDecisions, reminderEffects, reminderEvolutions } from './postmortem-reminders.ts';
import type { SectionId } from './postmortem-sections.ts';
import {
  type Canvas,
  canvasOf,
  type DraftFormat,
  defaultOwner,
  freshReminders,
  isWrittenAfter,
  ownerOf,
  postmortemOf,
  type ReminderKind,
  sectionLengthMax,
  versionOf,
  withPostmortem,
} from './postmortem-state.ts';
import { clean } from './text.ts';
import type { Decision, Topic } from './topic.ts';

export type PostmortemCommand =
  /** Asks for the draft, or for a fresh one. */
  | { type: 'request-draft'; by: By }
  /** `version`: of the text the person had before them; 0: the drawn one. */
  | { type: 'edit-postmortem'; by: By; section: SectionId; text: string; version: number }
  | { type: 'restore-postmortem'; by: By; section: SectionId }
  | { type: 'set-postmortem-owner'; by: By; user: string; timeZone: string | null }
  /** The outbox found out in which zone the owner lives. */
  | { type: 'note-postmortem-zone'; user: string; timeZone: string }
  /** Null: none is owed any more. */
  | { type: 'set-postmortem-due'; by: By; dueAt: number | null }
  | { type: 'review-postmortem'; by: By; done: boolean }
  | { type: 'snooze-postmortem'; by: By; untilAt: number }
  | { type: 'stop-postmortem'; by: By }
  | { type: 'export-postmortem'; by: By; format: DraftFormat }
  /** The outbox put the draft into this canvas; null: somebody deleted it. */
  | { type: 'note-canvas'; canvas: Canvas | null };

export type PostmortemFact =
  | {
      type: 'draft-requested';
      by: By;
      /** Posted because the incident was resolved, not because somebody asked. */
      quiet: boolean;
    }
  | { type: 'postmortem-edited'; by: By; section: SectionId; text: string }
  | { type: 'postmortem-restored'; by: By; section: SectionId }
  | { type: 'postmortem-owner-set'; by: By; user: string; timeZone: string | null; before: string | null }
  | { type: 'postmortem-zone-noted'; user: string; timeZone: string }
  | { type: 'postmortem-due-set'; by: By; dueAt: number | null }
  | { type: 'postmortem-reviewed'; by: By }
  | { type: 'postmortem-review-undone'; by: By }
  | { type: 'postmortem-reminded'; user: string; what: ReminderKind; dueAt: number }
  | { type: 'postmortem-snoozed'; by: By; untilAt: number }
  | { type: 'postmortem-stopped'; by: By }
  | { type: 'postmortem-exported'; by: By; format: DraftFormat }
  | { type: 'canvas-noted'; canvas: Canvas | null };

/** A postmortem is due this long after a SEV1-2 was resolved (product.md section 7). */
const dueAfterMs = 48 * 3_600_000;

/** It ended (again): what people chose stays; what follows from the end is computed anew, and it wants a new review. */
function begun(incident: Incident, endedAt: number): Incident {
  const before = postmortemOf(incident);
  const named = before.ownerBy !== null;
  const owner = named ? before.owner : (defaultOwner(incident)?.user ?? null);
  const held = Object.values(incident.roles).find(({ user }) => user === owner);
  const zone = owner === before.owner ? before.timeZone : null;
  const isOwed = incident.severity <= 2 && !incident.isTest;
  return withPostmortem(incident, {
    owner,
    timeZone: zone ?? held?.timeZone ?? null,
    dueAt: before.dueBy === null ? (isOwed ? endedAt + dueAfterMs : null) : before.dueAt,
    endedAt,
    reviewedAt: null,
    reviewedBy: null,
    reminded: freshReminders,
  });
}

function evolveRequested(
  incident: Incident,
  fact: Extract<PostmortemFact, { type: 'draft-requested' }>,
  at: number,
): Incident {
  if (!isWrittenAfter(incident.status)) return incident;
  if (fact.quiet) return begun(incident, at);
  return postmortemOf(incident).endedAt === null ? begun(incident, incident.statusAt) : incident;
}

const decisions: Topic<PostmortemCommand, PostmortemFact>['decide'] = {
  'request-draft': (_incident, command) => [{ type: 'draft-requested', by: command.by, quiet: false }],
  'edit-postmortem': edit,
  'restore-postmortem': (incident, { by, section }) =>
    postmortemOf(incident).sections[section]?.edited
      ? [{ type: 'postmortem-restored', by, section }]
      : { refused: 'section-not-edited', section },
  'set-postmortem-owner': setOwner,
  'note-postmortem-zone': (incident, { user, timeZone }) => {
    const { owner, timeZone: known } = postmortemOf(incident);
    return owner === user && known !== timeZone ? [{ type: 'postmortem-zone-noted', user, timeZone }] : [];
  },
  'set-postmortem-due': (incident, { by, dueAt }, now) => {
    if (hasNone(incident)) return notYet(incident);
    if (dueAt !== null && dueAt <= now) return { refused: 'stale' };
    return [{ type: 'postmortem-due-set', by, dueAt }];
  },
  'review-postmortem': review,
  'export-postmortem': (incident, { by, format }) =>
    incident.channel ? [{ type: 'postmortem-exported', by, format }] : { refused: 'no-channel' },
  'note-canvas': (_incident, { canvas }) => [{ type: 'canvas-noted', canvas }],
  ...reminderDecisions,
};

const hasNone = ({ status }: Incident): boolean => status === 'canceled' || status === 'merged';
const notYet = ({ status }: Incident): Decision => ({ refused: 'postmortem-not-yet', status });

function edit(
  incident: Incident,
  command: Extract<PostmortemCommand, { type: 'edit-postmortem' }>,
): Decision {
  const { by, section } = command;
  const text = clean(command.text, sectionLengthMax);
  if (text === '') return { refused: 'empty', what: 'the section' };
  const state = postmortemOf(incident).sections[section];
  if (state && state.version !== command.version) {
    return { refused: 'section-changed', section, by: state.by, at: state.at };
  }
  return [{ type: 'postmortem-edited', by, section, text }];
}

function setOwner(
  incident: Incident,
  { by, user, timeZone }: Extract<PostmortemCommand, { type: 'set-postmortem-owner' }>,
): Decision {
  if (hasNone(incident)) return notYet(incident);
  if (!visibleTo(incident, user)) return { refused: 'not-a-member', user };
  const before = ownerOf(incident);
  if (before === user && postmortemOf(incident).ownerBy !== null) return { refused: 'owns-already', user };
  return [{ type: 'postmortem-owner-set', by, user, timeZone, before }];
}

function review(
  incident: Incident,
  command: Extract<PostmortemCommand, { type: 'review-postmortem' }>,
): Decision {
  const { reviewedAt, reviewedBy } = postmortemOf(incident);
  if (!command.done) {
    return reviewedAt === null
      ? { refused: 'not-reviewed' }
      : [{ type: 'postmortem-review-undone', by: command.by }];
  }
  if (!isWrittenAfter(incident.status)) return notYet(incident);
  return reviewedAt === null
    ? [{ type: 'postmortem-reviewed', by: command.by }]
    : { refused: 'already-reviewed', by: reviewedBy ?? tocsin, at: reviewedAt };
}

const written = (
  incident: Incident,
  fact: { by: By; section: SectionId },
  at: number,
  edited: boolean,
): Incident =>
  withPostmortem(incident, {
    sections: {
      ...postmortemOf(incident).sections,
      [fact.section]: { version: versionOf(incident, fact.section) + 1, by: fact.by, at, edited },
    },
  });

const evolutions: Topic<PostmortemCommand, PostmortemFact>['evolve'] = {
  'draft-requested': evolveRequested,
  'postmortem-edited': (incident, fact, at) => written(incident, fact, at, true),
  'postmortem-restored': (incident, fact, at) => written(incident, fact, at, false),
  'postmortem-owner-set': (incident, { user, by, timeZone }) =>
    withPostmortem(incident, {
      owner: user,
      ownerBy: by,
      timeZone,
      // They are told at once, which is as good as being asked in the morning.
      reminded: { ...postmortemOf(incident).reminded, notBeforeAt: null, stopped: false },
    }),
  'postmortem-zone-noted': (incident, { timeZone }) => withPostmortem(incident, { timeZone }),
  'postmortem-due-set': (incident, { by, dueAt }) => {
    const { reminded } = postmortemOf(incident);
    const last = reminded.last === 'due' ? 'ask' : reminded.last;
    return withPostmortem(incident, { dueAt, dueBy: by, reminded: { ...reminded, last } });
  },
  'postmortem-reviewed': (incident, { by }, at) =>
    withPostmortem(incident, { reviewedAt: at, reviewedBy: by }),
  'postmortem-review-undone': (incident) => withPostmortem(incident, { reviewedAt: null, reviewedBy: null }),
  'postmortem-exported': (incident) => incident,
  'canvas-noted': (incident, { canvas }) => withPostmortem(incident, { canvas }),
  ...reminderEvolutions,
};

/** The message in the channel and the card say who owns it, until when, and whether it is done. */
const shownAgain: Effect[] = [{ kind: 'draft-card' }, { kind: 'card' }];

export const postmortem: Topic<PostmortemCommand, PostmortemFact> = {
  decide: decisions,
  evolve: evolutions,
  effects: {
    'draft-requested': (_fact, after) =>
      after.visibility === 'channel' || ended(after.status)
        ? [{ kind: 'draft' }, { kind: 'draft-file' }]
        : [],
    'postmortem-edited': () => [{ kind: 'draft-card' }],
    'postmortem-restored': () => [{ kind: 'draft-card' }],
    'postmortem-owner-set': (fact, after) => [
      ...shownAgain,
      ...(userOf(fact.by) === fact.user || after.isTest
        ? []
        : [{ kind: 'tell', user: fact.user, about: fact } as const]),
    ],
    'postmortem-zone-noted': () => [],
    'postmortem-due-set': () => shownAgain,
    'postmortem-reviewed': (fact) => [...shownAgain, { kind: 'say', about: fact }],
    'postmortem-review-undone': (fact) => [...shownAgain, { kind: 'say', about: fact }],
    'postmortem-exported': (fact) => [{ kind: 'draft-export', format: fact.format }],
    'canvas-noted': () => [{ kind: 'draft-card' }],
    ...reminderEffects,
  },
};

/** What changes the draft's document after it was made: above all what somebody takes back, or writes into it. */
const redraws: ReadonlySet<FactType> = new Set<FactType>([
  'message-edited',
  'message-deleted',
  'quote-withheld',
  'entry-marked',
  'followup-added',
  'followup-done',
  'followup-removed',
  'postmortem-edited',
  'postmortem-restored',
  'postmortem-owner-set',
  'postmortem-due-set',
  'postmortem-reviewed',
  'postmortem-review-undone',
]);

/** A canvas, unlike a file, is drawn again. */
export const canvasRedrawn = (fact: Fact, after: Incident): Effect[] =>
  redraws.has(fact.type) && canvasOf(after) ? [{ kind: 'draft-canvas' }] : [];
