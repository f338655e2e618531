import fc from 'fast-check';
import { expect, test } from 'vitest';
import { line } from '../../src/blocks/line.ts';
import type { Message, Screen } from '../../src/blocks/message.ts';
import { timelineFromMessage } from '../../src/blocks/message-modals.ts';
import { nudge } from '../../src/blocks/nudge.ts';
import { sentence } from '../../src/blocks/sentence.ts';
import type { Fact } from '../../src/incident/facts.ts';
import type { Incident, NudgeRule } from '../../src/incident/incident.ts';
import { fact, nudgeRule } from './extremes.ts';
import { fires, messageProblems, modalProblems } from './limits.ts';
import { answers, loud, modals, posted, screen, world } from './messages.ts';
import { checkout } from './screen.ts';

const entryLink = 'https://ok.example/archives/C42/p11';
const linksAllowed = [
  entryLink,
  `${entryLink}?thread_ts=1.0&cid=C42`,
  'https://ok.example/x',
  'https://pd.example/1',
  'http://pd.example/1',
];
const isQuiet = (fired: string): boolean => ['#C42', ...linksAllowed].includes(fired);
const peopleAllowed = ['@UANA', '@UBEA', '@UCAI'];

test.each(Object.entries({ ...posted, ...answers }))(
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

test('a form about a message offers 300 incidents as well as three, in groups of 100', () => {
  const { incident } = checkout();
  const many = Array.from({ length: 300 }, (_, index): Incident => ({ ...incident, id: index + 1 }));
  const source = {
    channel: 'C1',
    ts: '1.1',
    author: { user: 'UANA', app: null },
    link: 'https://ok.example/x',
  };
  const from = { source, words: 'Ana', text: 'it burns', isPrivate: false, channel: 'C1' };
  const view = timelineFromMessage(many, many[299] ?? null, from);
  expect(modalProblems(view)).toEqual([]);
  expect(JSON.stringify(view)).toContain('"value":"300"');
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
