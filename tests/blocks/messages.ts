import fc from 'fast-check';
import { askAnnounceChannel } from '../../src/blocks/announce-call.ts';
import { alarmMessage, standInNotice } from '../../src/blocks/announce-channel.ts';
import { announcement, announcementReply, stormMessage } from '../../src/blocks/announcement.ts';
import { answerModal } from '../../src/blocks/answer-modal.ts';
import { askAcknowledge } from '../../src/blocks/ask-acknowledge.ts';
import { cancelModal } from '../../src/blocks/cancel-modal.ts';
import { card } from '../../src/blocks/card.ts';
import { closeModal } from '../../src/blocks/close-modal.ts';
import { declareModal } from '../../src/blocks/declare-modal.ts';
import { callMendedBefore, doctorMessage } from '../../src/blocks/doctor.ts';
import { draftMessage } from '../../src/blocks/draft-message.ts';
import { escalateModal } from '../../src/blocks/escalate-modal.ts';
import { followupModal, followupSnoozeModal } from '../../src/blocks/followup-modal.ts';
import { followupAdded, followupList, followupSnoozed } from '../../src/blocks/followups.ts';
import { handoffModal } from '../../src/blocks/handoff-modal.ts';
import { didYouMean, help } from '../../src/blocks/help.ts';
import { line } from '../../src/blocks/line.ts';
import { incidentList } from '../../src/blocks/list.ts';
import { editedMention, formNeeded, mentionFirst, staleMention } from '../../src/blocks/mention.ts';
import { mergeModal, mergeOffer, pickSurvivor } from '../../src/blocks/merge-modal.ts';
import type { Message, Screen } from '../../src/blocks/message.ts';
import {
  type FromMessage,
  followupFromMessage,
  timelineFromMessage,
} from '../../src/blocks/message-modals.ts';
import { noteModal } from '../../src/blocks/note-modal.ts';
import { noticeModal } from '../../src/blocks/notice-modal.ts';
import { nudge } from '../../src/blocks/nudge.ts';
import { nudgeList } from '../../src/blocks/nudge-list.ts';
import { offerMessage, offerOver } from '../../src/blocks/offer.ts';
import { onCallMessage } from '../../src/blocks/oncall.ts';
import { page, pageCard } from '../../src/blocks/page.ts';
import { pausedReply, pauseModal } from '../../src/blocks/pause.ts';
import { pickIncident } from '../../src/blocks/pick.ts';
import {
  pickSectionModal,
  postmortemOwnerModal,
  postmortemSnoozeModal,
  sectionModal,
} from '../../src/blocks/postmortem-modal.ts';
import { askPrivate, leftCard, leftNotice } from '../../src/blocks/privacy.ts';
import { callMessage, runbookList, runbookMessage } from '../../src/blocks/references.ts';
import { renameModal } from '../../src/blocks/rename-modal.ts';
import { resolveModal } from '../../src/blocks/resolve-modal.ts';
import { roleModal } from '../../src/blocks/role-modal.ts';
import { rolesMessage } from '../../src/blocks/roles.ts';
import { severityModal } from '../../src/blocks/severity-modal.ts';
import { show } from '../../src/blocks/show.ts';
import { snoozeModal } from '../../src/blocks/snooze-modal.ts';
import { statusModal } from '../../src/blocks/status-modal.ts';
import { entriesMax, timelineMessage } from '../../src/blocks/timeline.ts';
import { told } from '../../src/blocks/told.ts';
import { tray } from '../../src/blocks/tray.ts';
import { updateModal } from '../../src/blocks/update-modal.ts';
import { person } from '../../src/incident/by.ts';
import type { Followup } from '../../src/incident/followups.ts';
import type { Offer } from '../../src/incident/handover.ts';
import { type Incident, nudgeRules, roles } from '../../src/incident/incident.ts';
import { sectionIds } from '../../src/incident/postmortem-sections.ts';
import { postmortemOf } from '../../src/incident/postmortem-state.ts';
import type { LineFact, TimelineItem } from '../../src/incident/timeline.ts';
import { at } from '../support/incident.ts';
import { deskMessages } from './desk-messages.ts';
import { by, fact, incident, moment, nasty, nudgeRule, pageOrder, user } from './extremes.ts';
import type { modalProblems } from './limits.ts';

export const screen = fc.tuple(moment, nasty).map(
  ([now, name]): Screen => ({
    now,
    names: (id) => `${name}${id}`,
    command: '/incident',
    roleTitles: { comms: name },
  }),
);
const role = fc.constantFrom(...roles);
const offer: fc.Arbitrary<Offer> = fc.record({
  to: user,
  from: user,
  by,
  at: moment,
  words: nasty,
  timeZone: fc.option(nasty),
  place: fc.constant(null),
  remindedAt: fc.option(moment),
  isOverdue: fc.boolean(),
});
const followup: fc.Arbitrary<Followup> = fc.record({
  n: fc.nat(999),
  text: nasty,
  owner: fc.option(user),
  dueAt: fc.option(moment),
  doneAt: fc.option(moment),
  by,
});

export const world = fc.record({
  incident,
  role,
  offer,
  followup,
  rule: nudgeRule,
  rung: fc.nat(3),
  fact,
  screen,
  order: pageOrder,
  user,
  words: nasty,
  many: fc.constantFrom(0, 1, 100),
});
export type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

export const repeated = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value);

/** A message, a fact and a hidden note, as wild as they come. */
function timelineItems({ fact: any, words, user: author, screen: { now } }: World): TimelineItem[] {
  const by = { kind: 'person' as const, user: author };
  const marks = { star: { by, at: now }, pin: { by, at: now }, hide: { by, at: now } };
  return [
    {
      kind: 'message',
      seq: 9_999_999,
      at: now,
      channel: 'C42',
      ts: '1.1',
      threadTs: '1.0',
      author: { user: author, app: null },
      text: words,
      files: repeated({ id: words, name: words, link: words }, 9),
      edited: true,
      revisions: 9,
      editedAt: now,
    },
    { kind: 'fact', seq: 9_999_999, at: now, fact: any as LineFact },
    {
      kind: 'fact',
      seq: 9_999_999,
      at: now,
      fact: { type: 'note-added', by, text: words, happenedAt: now },
      marks,
    },
  ];
}

/** With this role offered. */
const offered = (w: World): Incident => ({ ...w.incident, offers: { [w.role]: w.offer } });

/** What the outbox posts that notifies nobody, whatever the incident. */
export const posted: Record<string, (world: World) => Message> = {
  card: (w) => card(w.incident, w.screen),
  announcement: (w) => announcement(w.incident, w.screen),
  'announcement reply': (w) => announcementReply(w.fact, w.incident, w.screen),
  storm: (w) => stormMessage(w.incident, repeated(w.incident, w.many), w.screen),
  page: (w) => page(w.incident, w.user, { order: w.order, standing: w.words }, w.screen),
  'page card': (w) => pageCard(w.incident, w.user, w.screen),
  told: (w) => told(w.fact, w.incident, w.screen, w.words),
  'merge offer': (w) => mergeOffer(w.incident, w.incident),
  'the card that was left': (w) => leftCard(w.incident),
  'the channel that was left': (w) => leftNotice(w.incident, w.screen),
  'stand-in announce channel': (w) => standInNotice(w.words),
  alarm: (w) => alarmMessage(w.words),
  draft: (w) =>
    draftMessage(
      {
        lines: repeated(w.words, w.many),
        questions: repeated(w.words, w.many),
        kept: sectionIds.slice(0, w.many).map((id) => ({ id, by: person(w.user) })),
        owner: w.user,
        dueAt: w.screen.now,
      },
      written(w),
      w.screen,
    ),
  'card with a postmortem': (w) => card(written(w), w.screen),
  'postmortem told': (w) =>
    told(
      { type: 'postmortem-reminded', user: w.user, what: 'due', dueAt: w.screen.now },
      written(w),
      w.screen,
      w.words,
    ),
  'the offer': (w) =>
    offerMessage(
      offered(w),
      w.role,
      w.offer,
      repeated({ what: w.words, at: w.screen.now }, w.many),
      w.screen,
    ),
  'the offer that is over': (w) => offerOver(offered(w), w.role, w.user, w.fact, w.screen),
};

/** What one person reads who asked for it. */
export const answers: Record<string, (world: World) => Message> = {
  ...deskMessages,
  timeline: (w) =>
    timelineMessage(
      { items: repeated(timelineItems(w), 10).flat().slice(0, entriesMax), older: w.many, newer: w.many },
      { from: 'latest', size: entriesMax, isHidden: w.many === 1 },
      {
        incident: w.incident,
        hidden: w.many,
        reader: { timeZone: w.words, workspaceUrl: 'https://ok.example/' },
        screen: w.screen,
      },
    ),
  tray: (w) => tray(w.incident, { what: w.words, at: w.screen.now }, w.screen),
  help: (w) => help(w.screen),
  'did you mean': (w) => didYouMean(w.words, w.screen),
  list: (w) => incidentList(repeated(w.incident, w.many), w.screen, w.words, w.many % 2 === 1),
  show: (w) => show(w.incident, w.screen),
  pick: (w) => pickIncident(repeated(w.incident, w.many), w.words, w.screen, w.many % 2 === 1),
  'nudge list': (w) =>
    nudgeList(
      w.incident,
      nudgeRules.map((rule) => ({
        rule,
        rung: { afterMs: 0, via: 'channel', to: w.user },
        at: w.screen.now,
        dueAt: w.incident.updates.last?.nextAt ?? w.screen.now,
        waitsForWork: true,
      })),
      repeated({ what: `followups-${w.words}`, at: w.screen.now }, 10),
      w.screen,
    ),
  'paused reply': (w) => pausedReply(w.incident, w.screen),
  'pick a survivor': (w) => pickSurvivor(w.incident, repeated(w.incident, w.many), w.screen),
  'follow-ups': (w) => followupList(w.incident, w.screen),
  'follow-up added': (w) =>
    followupAdded(
      { n: 7, text: w.words, owner: w.user, dueAt: w.screen.now, doneAt: null, by: w.incident.declaredBy },
      w.incident,
      w.screen,
    ),
  'ask to acknowledge': (w) => askAcknowledge(w.incident, w.screen),
  'ask to make it private': (w) => askPrivate(w.incident, repeated(w.user, w.many), w.screen),
  call: (w) => callMessage(w.incident, w.screen),
  runbook: (w) => runbookMessage(w.words, 'https://ok.example/x', true),
  runbooks: (w) =>
    runbookList(w.words, repeated({ service: w.words, url: 'https://ok.example/x' }, w.many), w.screen),
  'on call': (w) =>
    onCallMessage(
      repeated(
        {
          service: w.words,
          team: w.words,
          primary: w.words,
          secondary: w.words,
          until: w.screen.now,
          next: w.words,
          stays: true,
          source: w.words,
        },
        w.many,
      ),
      w.screen,
    ),
  doctor: (w) =>
    doctorMessage(
      {
        failed: repeated(
          {
            row: 7,
            kind: 'page',
            to: [w.user],
            desk: w.words,
            incident: 1,
            error: w.words,
            at: w.screen.now,
          },
          w.many,
        ),
        open: repeated(
          {
            kind: 'call-webhook',
            to: [w.words],
            desk: null,
            state: 'unknown',
            incident: 1,
            error: w.words,
            at: w.screen.now,
          },
          w.many,
        ),
        parked: w.many,
        waiting: w.many,
        unknown: w.many,
        lastSlackEventAt: null,
        lastPagerDutyEventAt: w.screen.now,
        lastTickAt: at('02:00'),
        announceChannel: w.words,
        missingScopes: repeated(w.words, w.many),
        version: w.words,
        problems: repeated(w.words, w.many),
      },
      w.screen,
    ),
  'call mended before': (w) =>
    callMendedBefore(w.many === 0 ? null : { how: 'retry', by: w.user, at: w.screen.now }, w.screen),
  roles: (w) => rolesMessage(offered(w), w.user, w.screen),
  'follow-up snoozed': (w) => followupSnoozed(w.followup, w.screen.now, w.screen),
  'form needed': (w) => formNeeded(w.words, w.screen),
  'mention first': (w) => mentionFirst(w.words, w.screen),
  'edited mention': (w) => editedMention(w.screen),
  'stale mention': (w) => staleMention(w.words, w.screen.now, w.screen),
};

/** With a postmortem that was edited, and perhaps reviewed. */
const written = (w: World): Incident => ({
  ...w.incident,
  status: w.many === 0 ? w.incident.status : 'resolved',
  postmortem: {
    ...postmortemOf(w.incident),
    owner: w.many === 1 ? w.user : null,
    dueAt: w.screen.now,
    reviewedAt: w.many === 100 ? at('02:00') : null,
    reviewedBy: person(w.user),
    sections: { impact: { version: 1, by: person(w.user), at: at('03:00'), edited: true } },
  },
});

/** What is meant to notify: the people it is about, or whoever is in the announce channel. */
export const loud: Record<string, (world: World) => Message | null> = {
  line: (w) => line(w.fact, w.incident, w.screen),
  nudge: ({ rule, rung, ...w }) => nudge(w.incident, { rule, rung, dueAt: w.screen.now }, w.screen),
  'asking the announce channel': (w) => askAnnounceChannel(w.fact, w.incident, w.screen),
};

const fromMessage = ({ words, user: author, screen: { now } }: World): FromMessage => ({
  source: { channel: 'C1', ts: '1.1', author: { user: author, app: null }, link: 'https://ok.example/x' },
  words,
  text: `${words}${'x'.repeat(now % 5_000)}`,
  isPrivate: true,
  channel: 'C1',
});

export const modals: Record<string, (world: World) => Parameters<typeof modalProblems>[0]> = {
  answer: (w) => answerModal(show(w.incident, w.screen)),
  notice: (w) => noticeModal(w.words),
  severity: (w) => severityModal(w.incident, definitions(w.words), w.screen),
  update: (w) => updateModal(w.incident),
  resolve: (w) => resolveModal(w.incident, w.words),
  role: (w) => roleModal(w.incident, w.screen, { role: 'comms', user: w.user }),
  escalate: (w) =>
    escalateModal(w.incident, repeated({ name: w.words, who: w.words }, w.many), w.screen, {
      name: w.words,
      reason: w.words,
      question: w.words,
    }),
  snooze: (w) => snoozeModal(w.incident, 'update-due'),
  pause: (w) => pauseModal(w.incident, w.words),
  status: (w) => statusModal(w.incident),
  note: (w) => noteModal(w.incident),
  cancel: (w) => cancelModal(w.incident),
  'postmortem pick': (w) => pickSectionModal(written(w), w.screen),
  'postmortem section': (w) => {
    const meanwhile = { text: w.words, by: w.words, at: w.screen.now };
    const form = {
      section: 'impact',
      text: repeated(w.words, 3).join('\n\n'),
      version: 1,
      meanwhile,
    } as const;
    return sectionModal(written(w), form, w.screen) ?? pickSectionModal(written(w), w.screen);
  },
  'postmortem owner': (w) => postmortemOwnerModal(written(w), w.screen),
  'postmortem snooze': (w) => postmortemSnoozeModal(written(w)),
  rename: (w) => renameModal(w.incident),
  merge: (w) => mergeModal(w.incident, w.incident, w.screen),
  'timeline from a message': (w) =>
    timelineFromMessage(repeated(w.incident, 300), w.incident, fromMessage(w)),
  'follow-up from a message': (w) => followupFromMessage([w.incident], null, fromMessage(w)),
  'hand-over': (w) => {
    const held = { user: w.user, at: w.screen.now, timeZone: null };
    const one = { ...w.incident, roles: { ...w.incident.roles, [w.role]: held } };
    return handoffModal(one, w.screen, { role: w.role, user: w.user, words: w.words });
  },
  close: (w) => closeModal(w.incident, w.screen),
  'follow-up': (w) => followupModal(w.incident, w.words),
  'follow-up snooze': (w) =>
    followupSnoozeModal(w.incident, {
      n: 7,
      text: w.words,
      owner: w.user,
      dueAt: null,
      doneAt: null,
      by: w.incident.declaredBy,
    }),
  declare: (w) =>
    declareModal({
      sources: ['monitoring'],
      title: w.words,
      severity: 2,
      severities: definitions(w.words),
      categories: repeated({ name: w.words }, w.many),
      services: repeated(w.words, w.many * 5),
      takeCommandDefault: true,
      similar: w.incident,
      isPrivate: true,
      summary: w.words,
      startedAt: w.screen.now,
      from: { words: w.words, link: 'https://ok.example/x' },
      metadata: { channel: w.words, source: fromMessage(w).source },
    }),
};

const definitions = (words: string) => {
  const one = { name: words, meaning: words };
  return { 1: one, 2: one, 3: one, 4: one };
};
