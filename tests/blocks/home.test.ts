import fc from 'fast-check';
import { expect, test } from 'vitest';
import { home, homeInTrouble } from '../../src/blocks/home.ts';
import { viewErrors } from '../../src/sandbox/blockkit.ts';
import type { Json } from '../../src/sandbox/json.ts';
import { at } from '../support/incident.ts';
import { fires, unclearNames } from './limits.ts';
import { repeated, world } from './messages.ts';

const links = ['#C42', 'https://ok.example/x', 'https://pd.example/1', 'http://pd.example/1'];

test('the Home tab: within Slack’s limits and silent, with 200 incidents and 300 follow-ups too', () => {
  fc.assert(
    fc.property(world, fc.constantFrom(0, 1, 5, 300), (w, many) => {
      const { incident: one, role: held } = w;
      const content = {
        isGuest: many % 2 === 1,
        offers: repeated({ incident: one, role: held, offer: w.offer }, many),
        roles: repeated({ incident: one, role: held, at: w.screen.now }, many),
        followups: repeated({ incident: one, followup: w.followup }, many),
        shifts: repeated(
          { team: w.words, place: 'primary' as const, from: w.screen.now, until: w.screen.now + 1 },
          many,
        ),
        open: repeated(one, Math.min(many, 200)),
      };
      const view = home(content, w.screen);
      expect(view.blocks.length).toBeLessThanOrEqual(100);
      expect(viewErrors(JSON.parse(JSON.stringify(view)) as Json)).toEqual([]);
      expect(fires(view).filter((fired) => !links.includes(fired))).toEqual([]);
      expect(unclearNames(view)).toEqual([]);
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
