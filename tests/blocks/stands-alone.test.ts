import fc from 'fast-check';
import type { Node } from 'oxc-parser';
import { expect, test } from 'vitest';
import { limits, type Message } from '../../src/blocks/message.ts';
import { readAloud } from '../../src/blocks/read-aloud.ts';
import { told } from '../../src/blocks/told.ts';
import { places, type Source, sourcesUnder } from '../support/source.ts';
import { piecesOf, unclearNames, wordsIn } from './limits.ts';
import { answers, loud, posted, type World, world } from './messages.ts';

const inSlack = { ...posted, ...loud };
/** About no incident: there is nothing to name. */
const aboutNone = ['stand-in announce channel', 'alarm'];
/** Who has left it or may not see it any more is told no more than its number, or nothing. */
const leaveIt = ['the card that was left', 'the channel that was left', 'the offer that is over'];
/** What somebody reads on the lock screen: is it worth getting up? */
const graded = Object.keys(inSlack).filter(
  (name) => ![...aboutNone, ...leaveIt, 'line', 'merge offer'].includes(name) && !name.includes('draft'),
);

const always = (render: (w: World) => Message | null, look: (shown: Message, w: World) => void) =>
  fc.assert(
    fc.property(world, (w) => {
      const shown = render(w);
      if (shown) look(shown, w);
    }),
    { numRuns: 100 },
  );

test.each(Object.entries(inSlack).filter(([name]) => !aboutNone.includes(name)))(
  '%s: its text alone says which incident, in words, whatever the blocks show',
  (_name, render) => {
    always(render, ({ text }, w) => {
      expect(wordsIn(text).length).toBeGreaterThanOrEqual(3);
      // Who may not see it, and whoever reads of a storm that began with it, is not told its number.
      if (!w.incident.isPrivate) expect(text).toMatch(/\bINC-999999\b/);
    });
  },
);

test('however many people a sentence names, its text still says which incident', () => {
  const [w] = fc.sample(world, { numRuns: 1, seed: 1 });
  if (!w) throw new Error('no world');
  const incident = { ...w.incident, isPrivate: false };
  const screen = { ...w.screen, names: () => '&'.repeat(60) };
  const askedInstead = Array.from({ length: 60 }, () => 'UANA');
  const order = { ...w.order, action: 'page' } as const;
  const { text } = told(
    { type: 'people-paged', order, people: [], skipped: [], missing: null, askedInstead },
    incident,
    screen,
    '',
  );
  expect(text.length).toBeLessThanOrEqual(limits.text);
  expect(text).toMatch(/&amp;… INC-999999$/);
});

test.each(graded)('%s: its text alone says how bad it is', (name) => {
  always(inSlack[name] ?? (() => null), ({ text }, w) => {
    if (!w.incident.isPrivate) expect(text).toMatch(/\bSEV[1-4]\b/);
  });
});

test.each(Object.entries({ ...answers, ...posted }))(
  '%s, as an answer to one person: all that its blocks say is in its text',
  (_name, render) => {
    always(render, (shown, { screen }) => {
      const { text } = readAloud(shown, screen);
      if (/…( INC-\d+)?$/.test(text)) return;
      const said = new Set(wordsIn(text));
      const silent = ['button', 'static_select', 'overflow', 'plain_text'];
      const written = piecesOf(shown.blocks).flatMap((piece) =>
        typeof piece.text === 'string' && !silent.includes(piece.type ?? '') ? wordsIn(piece.text) : [],
      );
      expect(written.filter((word) => !said.has(word))).toEqual([]);
    });
  },
);

test.each(Object.entries({ ...inSlack, ...answers }))(
  '%s: what can be pressed has a name in words, for the ear too, and no other of its name does something else',
  (_name, render) => {
    always(render, ({ blocks }) => expect(unclearNames(blocks)).toEqual([]));
  },
);

/** Exported functions of that file that make something to show, by their return type. */
function makersIn(source: Source): string[] {
  return source.program.type !== 'Program'
    ? []
    : source.program.body.flatMap((statement) => {
        if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) return [];
        const { declaration } = statement;
        const functions: [name: string | undefined, made: Node | null | undefined][] =
          declaration.type === 'FunctionDeclaration'
            ? [[declaration.id?.name, declaration.returnType]]
            : declaration.type === 'VariableDeclaration'
              ? declaration.declarations.map(({ id, init }) => [
                  id.type === 'Identifier' ? id.name : undefined,
                  init?.type === 'ArrowFunctionExpression' ? init.returnType : null,
                ])
              : [];
        return functions.flatMap(([name, made]) =>
          name && made && /\b(Message|ModalView|HomeView)\b/.test(source.text.slice(made.start, made.end))
            ? [name]
            : [],
        );
      });
}

const importedIn = (source: Source): string[] =>
  places(source).flatMap(({ node }) =>
    node.type === 'ImportSpecifier' && node.imported.type === 'Identifier' ? [node.imported.name] : [],
  );

test('whatever makes a message, a form or a tab is looked at here, by itself or in another', () => {
  const sources = sourcesUnder('src/blocks');
  const makers = sources.flatMap(makersIn);
  expect(makers).toContain('card');
  expect(makers).toContain('declareModal');
  const lookedAt = new Set([...sources, ...sourcesUnder('tests/blocks')].flatMap(importedIn));
  expect(makers.filter((name) => !lookedAt.has(name))).toEqual([]);
});

/** Words that we write ourselves. */
const wordsOf = (source: Source): string[] =>
  places(source).flatMap(({ node }) => {
    if (node.type === 'Literal' && typeof node.value === 'string') return [node.value];
    return node.type === 'TemplateElement' ? [node.value.cooked ?? ''] : [];
  });

test('nothing we say is a picture: no emoji, no colour, no image', () => {
  const ours = ['blocks', 'slack', 'outbox', 'postmortem', 'incident', 'config'].flatMap((layer) =>
    sourcesUnder(`src/${layer}`),
  );
  const pictures = ours.flatMap((source) =>
    wordsOf(source)
      .filter(
        (words) =>
          /\p{Extended_Pictographic}/u.test(words) || ['image', 'emoji', 'attachments'].includes(words),
      )
      .map((words) => `${source.path}: ${words}`),
  );
  // What Slack may put between somebody's words is left out; we do not write it.
  expect(pictures.filter((one) => one !== 'src/blocks/rich-text.ts: emoji')).toEqual([]);
});
