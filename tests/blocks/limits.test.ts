import fc from 'fast-check';
import { expect, test } from 'vitest';
import { announcement, announcementReply, stormMessage } from '../../src/blocks/announcement.ts';
import { askAcknowledge } from '../../src/blocks/ask-acknowledge.ts';
import { cancelModal } from '../../src/blocks/cancel-modal.ts';
import { card } from '../../src/blocks/card.ts';
import { declareModal } from '../../src/blocks/declare-modal.ts';
import { doctorMessage } from '../../src/blocks/doctor.ts';
import { draftMessage } from '../../src/blocks/draft-message.ts';
import { escalateModal } from '../../src/blocks/escalate-modal.ts';
import { didYouMean, help } from '../../src/blocks/help.ts';
import { askAnnounceChannel, line } from '../../src/blocks/line.ts';
import { incidentList } from '../../src/blocks/list.ts';
import type { Message, Screen } from '../../src/blocks/message.ts';
import { noteModal } from '../../src/blocks/note-modal.ts';
import { nudge } from '../../src/blocks/nudge.ts';
import { onCallMessage } from '../../src/blocks/oncall.ts';
import { page, pageCard } from '../../src/blocks/page.ts';
import { pickIncident } from '../../src/blocks/pick.ts';
import { resolveModal } from '../../src/blocks/resolve-modal.ts';
import { roleModal } from '../../src/blocks/role-modal.ts';
import { sentence } from '../../src/blocks/sentence.ts';
import { severityModal } from '../../src/blocks/severity-modal.ts';
import { show } from '../../src/blocks/show.ts';
import { snoozeModal } from '../../src/blocks/snooze-modal.ts';
import { statusModal } from '../../src/blocks/status-modal.ts';
import { timelineMessage } from '../../src/blocks/timeline.ts';
import { told } from '../../src/blocks/told.ts';
import { tray } from '../../src/blocks/tray.ts';
import { updateModal } from '../../src/blocks/update-modal.ts';
import type { Fact } from '../../src/incident/facts.ts';
import type { NudgeRule } from '../../src/incident/incident.ts';
import { at } from '../support/incident.ts';
import { fact, incident, moment, nasty, nudgeRule, pageOrder, user } from './extremes.ts';
import { fires, messageProblems, modalProblems } from './limits.ts';

const screen = fc.tuple(moment, nasty).map(
  ([now, name]): Screen => ({
    now,
    names: (id) => `${name}${id}`,
    command: '/incident',
    roleTitles: { comms: name },
  }),
);
const world = fc.record({
  incident,
  fact,
  screen,
  order: pageOrder,
  user,
  words: nasty,
  many: fc.constantFrom(0, 1, 100),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const repeated = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value);

/** What nobody is notified by, whatever the incident. */
const quiet: Record<string, (world: World) => Message> = {
  card: (w) => card(w.incident, w.screen),
  announcement: (w) => announcement(w.incident, w.screen),
  'announcement reply': (w) => announcementReply(w.fact, w.incident, w.screen),
  storm: (w) => stormMessage(w.incident, repeated(w.incident, w.many), w.screen),
  page: (w) => page(w.incident, w.user, { order: w.order, standing: w.words }, w.screen),
  'page card': (w) => pageCard(w.incident, w.user, w.screen),
  told: (w) => told(w.fact, w.incident, w.screen, w.words),
  timeline: (w) =>
    timelineMessage(
      repeated({ at: w.screen.now, text: w.words, author: w.words }, w.many),
      w.incident,
      w.screen,
      { more: 3 },
    ),
  tray: (w) => tray(w.incident, { what: w.words, at: w.screen.now }, w.screen),
  help: (w) => help(w.screen),
  'did you mean': (w) => didYouMean(w.words, w.screen),
  list: (w) => incidentList(repeated(w.incident, w.many), w.screen, w.words),
  show: (w) => show(w.incident, w.screen),
  pick: (w) => pickIncident(repeated(w.incident, w.many), w.words, w.screen),
  'ask to acknowledge': (w) => askAcknowledge(w.incident, w.screen),
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
          source: w.words,
        },
        w.many,
      ),
      w.screen,
    ),
  doctor: (w) =>
    doctorMessage(
      {
        failed: repeated({ what: w.words, incident: 1, error: w.words, at: w.screen.now }, w.many),
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
  draft: (w) =>
    draftMessage(
      {
        lines: repeated(w.words, w.many),
        questions: repeated(w.words, w.many),
        owner: w.user,
        dueAt: w.screen.now,
      },
      w.incident,
      w.screen,
    ),
};

/** What is meant to notify: the people it is about, or whoever is in the announce channel. */
const loud: Record<string, (world: World) => Message | null> = {
  line: (w) => line(w.fact, w.incident, w.screen),
  'asking the announce channel': (w) => askAnnounceChannel(w.fact, w.incident, w.screen),
};

const linksAllowed = ['https://ok.example/x', 'https://pd.example/1', 'http://pd.example/1'];
const isQuiet = (fired: string): boolean => ['#C42', ...linksAllowed].includes(fired);
const peopleAllowed = ['@UANA', '@UBEA', '@UCAI'];

test.each(Object.entries(quiet))(
  '%s: within Slack’s limits and silent, whatever the incident',
  (_name, render) => {
    fc.assert(
      fc.property(world, (w) => {
        const shown = render(w);
        expect(messageProblems(shown)).toEqual([]);
        expect(fires(shown).filter((fired) => !isQuiet(fired))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  },
);

test.each(Object.entries(loud))(
  '%s: within Slack’s limits, and only typed mentions fire',
  (_name, render) => {
    fc.assert(
      fc.property(world, (w) => {
        const shown = render(w);
        if (!shown) return;
        expect(messageProblems(shown)).toEqual([]);
        const others = fires(shown).filter(
          (fired) => !isQuiet(fired) && !peopleAllowed.includes(fired) && fired !== '!here',
        );
        expect(others).toEqual([]);
      }),
      { numRuns: 300 },
    );
  },
);

test('a nudge mentions nobody but whom its rung addresses', () => {
  fc.assert(
    fc.property(world, nudgeRule, fc.nat(3), (w, rule, rung) => {
      const shown = nudge(w.incident, { rule: rule as NudgeRule, rung, dueAt: w.screen.now }, w.screen);
      expect(messageProblems(shown)).toEqual([]);
      const holders = Object.values(w.incident.roles).map((held) => `@${held.user}`);
      const others = fires(shown).filter((fired) => !isQuiet(fired) && !holders.includes(fired));
      expect(others).toEqual([]);
    }),
  );
});

test('a test incident mentions nobody when it says whom it would page', () => {
  fc.assert(
    fc.property(world, (w) => {
      if (w.fact.type !== 'people-paged') return;
      const shown = line(w.fact, { ...w.incident, isTest: true }, w.screen);
      expect(shown && fires(shown).filter((fired) => !isQuiet(fired))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

const modals: Record<string, (world: World) => Parameters<typeof modalProblems>[0]> = {
  severity: (w) => severityModal(w.incident, definitions(w.words)),
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
  status: (w) => statusModal(w.incident),
  note: (w) => noteModal(w.incident),
  cancel: (w) => cancelModal(w.incident),
  declare: (w) =>
    declareModal({
      title: w.words,
      severity: 2,
      severities: definitions(w.words),
      categories: repeated({ name: w.words }, w.many),
      services: repeated(w.words, w.many * 5),
      takeCommandDefault: true,
      metadata: { channel: w.words },
    }),
};

const definitions = (words: string) => {
  const one = { name: words, meaning: words };
  return { 1: one, 2: one, 3: one, 4: one };
};

test.each(Object.entries(modals))(
  'the %s modal: within Slack’s limits and silent, whatever the incident',
  (_name, render) => {
    fc.assert(
      fc.property(world, (w) => {
        const view = render(w);
        expect(modalProblems(view)).toEqual([]);
        expect(fires({ blocks: view.blocks }).filter((fired) => !isQuiet(fired))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  },
);

test('every fact is one line of plain text, whatever it carries', () => {
  fc.assert(
    fc.property(fact, screen, (one: Fact, seen: Screen) => {
      const words = sentence(one, seen);
      expect(words.length).toBeGreaterThan(0);
      expect(words.length).toBeLessThan(3_000);
      expect(words).not.toMatch(/[\n\r]|undefined|\[object|NaN/);
    }),
    { numRuns: 500 },
  );
});

test('the checks themselves notice what is wrong', () => {
  const broken: Message = {
    text: '<!channel> x',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '' } }],
  };
  expect(messageProblems(broken).length).toBeGreaterThan(0);
  expect(fires(broken)).toEqual(['!channel', 'mrkdwn']);
  expect(fires({ text: 'x', blocks: [{ type: 'user', user_id: 'U1' }] })).toEqual(['@U1']);
});
