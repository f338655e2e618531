import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handoffModal } from '../../src/blocks/handoff-modal.ts';
import { home, homeInTrouble } from '../../src/blocks/home.ts';
import type { Message, Screen } from '../../src/blocks/message.ts';
import { offerMessage, offerOver } from '../../src/blocks/offer.ts';
import { rolesMessage } from '../../src/blocks/roles.ts';
import type { Followup } from '../../src/incident/followups.ts';
import type { Offer } from '../../src/incident/handover.ts';
import { type Incident, roles } from '../../src/incident/incident.ts';
import { viewErrors } from '../../src/sandbox/blockkit.ts';
import type { Json } from '../../src/sandbox/json.ts';
import { at } from '../support/incident.ts';
import { by, fact, incident, moment, nasty, user } from './extremes.ts';
import { fires, messageProblems, modalProblems } from './limits.ts';

const screen = fc
  .tuple(moment, nasty)
  .map(([now, name]): Screen => ({ now, names: (id) => `${name}${id}`, command: '/incident' }));

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
const world = fc.record({
  incident: fc.tuple(incident, offer, role, fc.array(followup, { maxLength: 30 })).map(
    ([one, standing, offered, followups]): Incident => ({
      ...one,
      offers: { [offered]: standing },
      followups,
    }),
  ),
  screen,
  role,
  offer,
  user,
  fact,
  words: nasty,
  many: fc.constantFrom(0, 1, 100),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const repeated = <T>(value: T, times: number): T[] => Array.from({ length: times }, () => value);
const links = ['#C42', 'https://ok.example/x', 'https://pd.example/1', 'http://pd.example/1'];
const loud = (shown: { text?: string; blocks: unknown }) =>
  fires(shown).filter((fired) => !links.includes(fired));

const messages: Record<string, (world: World) => Message> = {
  'the offer': (w) =>
    offerMessage(
      w.incident,
      w.role,
      w.offer,
      repeated({ what: w.words, at: w.screen.now }, w.many),
      w.screen,
    ),
  'the offer that is over': (w) => offerOver(w.incident, w.role, w.user, w.fact, w.screen),
  'the roles': (w) => rolesMessage(w.incident, w.user, w.screen),
};

test.each(Object.entries(messages))(
  '%s: within Slack’s limits and silent, whatever the incident',
  (_, render) => {
    fc.assert(
      fc.property(world, (w) => {
        const shown = render(w);
        expect(messageProblems(shown)).toEqual([]);
        expect(loud(shown)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  },
);

test('the hand-over form: within Slack’s limits and silent, whatever the incident', () => {
  fc.assert(
    fc.property(world, (w) => {
      const held = { user: w.user, at: w.screen.now, timeZone: null };
      const one = { ...w.incident, roles: { ...w.incident.roles, [w.role]: held } };
      const view = handoffModal(one, w.screen, { role: w.role, user: w.user, words: w.words });
      expect(modalProblems(view)).toEqual([]);
      expect(loud(view)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('the Home tab: within Slack’s limits and silent, however much there is', () => {
  fc.assert(
    fc.property(world, followup, (w, owed) => {
      const { incident: one, role: held, many } = w;
      const content = {
        offers: repeated({ incident: one, role: held, offer: w.offer }, many),
        roles: repeated({ incident: one, role: held, at: w.screen.now }, many),
        followups: repeated({ incident: one, followup: owed }, many),
        open: repeated(one, many),
      };
      const view = home(content, w.screen);
      expect(view.blocks.length).toBeLessThanOrEqual(100);
      expect(viewErrors(JSON.parse(JSON.stringify(view)) as Json)).toEqual([]);
      expect(loud(view)).toEqual([]);
      // Nothing is cut off silently: the last line is there however much there is.
      expect(JSON.stringify(view.blocks.at(-1))).toContain('Open this tab again');
    }),
    { numRuns: 60 },
  );
});

test('a Home tab in trouble says where the incidents are', () => {
  const view = homeInTrouble({ now: at('02:00'), names: (id) => id, command: '/incident' });
  expect(viewErrors(JSON.parse(JSON.stringify(view)) as Json)).toEqual([]);
  expect(JSON.stringify(view)).toContain('/incident list');
});
