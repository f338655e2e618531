import fc from 'fast-check';
import { test } from 'vitest';
import { home } from '../../src/blocks/home.ts';
import { person } from '../../src/incident/by.ts';
import { readTimeline } from '../../src/incident/timeline.ts';
import { canvasMarkdown } from '../../src/postmortem/canvas.ts';
import { draft } from '../../src/postmortem/draft.ts';
import { htmlDocument } from '../../src/postmortem/html.ts';
import { exportTimeline } from '../../src/postmortem/timeline-export.ts';
import { fires } from '../blocks/limits.ts';
import { answers, loud, modals, posted, type World, world } from '../blocks/messages.ts';
import { chanceOf } from '../kills/chance.ts';
import { bea, sentence } from '../postmortem/story.ts';
import { hostileText, infected, liveInCsv, liveInHtml, liveInMarkdown } from '../support/hostile.ts';
import { at, declared, tsOf } from '../support/incident.ts';
import { seed } from '../support/seed.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

/** Shapes of incidents, facts and forms into which the texts are put; the texts are drawn apart from them. */
const shapes = 200;

/** What may fire: the people of the incident, its channel, links that only we write, and `<!date>`. */
const ours =
  /^(?:@U(?:ANA|BEA|CAI)|#C42|!here|https:\/\/ok\.example\/[^\s<>|]*|https?:\/\/pd\.example\/1|https:\/\/runbooks\.example\/payments)$/;

const liveInBlocks = (shown: { text?: string; blocks: unknown } | null): string[] =>
  shown ? fires(shown).filter((fired) => !ours.test(fired)) : [];

const homeOf = (w: World) =>
  home(
    {
      isGuest: false,
      open: [w.incident],
      offers: [{ incident: w.incident, role: w.role, offer: w.offer }],
      roles: [{ incident: w.incident, role: w.role, at: w.screen.now }],
      followups: [{ incident: w.incident, followup: w.followup }],
      shifts: [{ team: w.words, place: 'primary', from: w.screen.now, until: w.screen.now + 1 }],
    },
    w.screen,
  );

const inSlack: Record<string, (w: World) => string[]> = {
  ...Object.fromEntries(
    Object.entries({ ...posted, ...answers, ...loud }).map(([name, render]) => [
      name,
      (w: World) => liveInBlocks(render(w)),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(modals).map(([name, render]) => [
      `the form ${name}`,
      (w: World) => liveInBlocks({ blocks: render(w).blocks }),
    ]),
  ),
  Home: (w) => liveInBlocks(homeOf(w)),
};

/** An incident in which everybody writes this. */
function written(evil: string) {
  const life = declared({ title: evil, summary: evil, service: evil, severityReason: evil })
    .happens('02:01', {
      type: 'message-posted',
      channel: 'C42',
      ts: tsOf('02:01'),
      threadTs: null,
      author: { user: null, app: evil },
      text: evil,
      files: [{ id: 'F1', name: evil, link: 'https://files.example/1' }],
      happenedAt: at('02:01'),
    })
    .happens('02:02', { type: 'note-added', by: bea, text: evil, happenedAt: at('02:02') })
    .happens('02:03', { type: 'followup-added', by: bea, n: 1, text: evil, owner: 'bea', dueAt: null })
    .does('02:04', {
      type: 'post-update',
      by: person('bea'),
      happening: `${evil}.`,
      impact: evil,
      doing: evil,
      nextAt: null,
    });
  return {
    incident: life.incident,
    entries: life.entries,
    items: readTimeline(life.entries),
    now: at('02:30'),
    names: () => evil,
    sentence,
    link: () => 'https://example.slack.com/archives/C42/p1',
  };
}

type Written = ReturnType<typeof written>;

/** Columns of the CSV (docs/timeline-export.md). */
const columns = 14;

const inFiles: Record<string, (input: Written) => string[]> = {
  'the draft, Markdown': (input) => liveInMarkdown(draft(input).markdown),
  'the draft, canvas': (input) => liveInMarkdown(canvasMarkdown(draft(input), '/incident')),
  'the draft, HTML': (input) => liveInHtml(htmlDocument(draft(input).markdown)),
  'the timeline, Markdown': (input) => liveInMarkdown(exportTimeline(input, 'markdown')),
  'the timeline, CSV': (input) => liveInCsv(exportTimeline(input, 'csv'), columns),
  'the timeline, JSON': (input) => {
    JSON.parse(exportTimeline(input, 'json'));
    return [];
  },
  'the names of files': (input) => (/^[\w.-]+$/.test(draft(input).fileName) ? [] : [draft(input).fileName]),
};

test('no hostile text comes alive, whatever shows it', () => {
  const chance = chanceOf(seed);
  const worlds = fc
    .sample(world, { numRuns: shapes, seed })
    .map((w) => ({ ...w, many: w.many === 100 ? (1 as const) : w.many }));
  const live: string[] = [];
  const note = (name: string, text: string, found: string[]): void => {
    if (found.length > 0)
      live.push(`${name} of ${JSON.stringify(text.slice(0, 100))}: ${found.join(' ').slice(0, 100)}`);
  };
  for (let n = 0; n < profile.texts; n += 1) {
    const text = hostileText(chance);
    const shape = worlds[n % shapes];
    if (!shape) throw new Error('there are no shapes');
    const w = infected(shape, text);
    for (const [name, look] of Object.entries(inSlack)) note(name, text, look(w));
    const input = written(text);
    for (const [name, look] of Object.entries(inFiles)) note(name, text, look(input));
  }
  const renderers = Object.keys(inSlack).length + Object.keys(inFiles).length;
  proved({
    goal: 8,
    tried: `${profile.texts} hostile texts through ${renderers} renderers`,
    seen: `${live.length} live mentions, links, tags or formulas${live
      .slice(0, 5)
      .map((one) => `; ${one}`)
      .join('')}`,
    bar: '0',
    holds: live.length === 0,
  });
});
