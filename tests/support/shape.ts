import type { Node } from 'oxc-parser';
import { lineAt, places, type Source, text } from './source.ts';

/** A function is at most this many lines long, signature and braces included. */
const functionLinesMax = 60;

/** A file over this many lines is mentioned, never failed: a mechanical split is worse. */
const fileLinesMax = 250;

/** Default exports, barrels, and names that say nothing. */
export function namelessThings(source: Source): string[] {
  const body = source.program.type === 'Program' ? source.program.body : [];
  const wrong: string[] = [];
  const defaults = places(source).filter(
    ({ node }) =>
      node.type === 'ExportDefaultDeclaration' ||
      (node.type === 'ExportSpecifier' && exportedName(node.exported) === 'default'),
  );
  if (defaults.length > 0) wrong.push(`${source.path} has a default export: name it.`);
  const passesOn = body.filter(
    (one) =>
      one.type === 'ExportAllDeclaration' || (one.type === 'ExportNamedDeclaration' && !one.declaration),
  );
  if (
    passesOn.length > 0 &&
    body.every((one) => one.type === 'ImportDeclaration' || passesOn.includes(one))
  ) {
    wrong.push(`${source.path} is a barrel: import from the file that has the thing, and delete this one.`);
  }
  if (/\/(utils?|helpers?|types)(\.ts$|\/)/.test(source.path)) {
    wrong.push(`${source.path} is named after nothing: name it after what it holds.`);
  }
  return wrong;
}

function exportedName(node: Node): string | null {
  return node.type === 'Identifier' ? node.name : text(node);
}

/**
 * One sentence for each function over the limit. The lines of functions inside it do not count, they are judged by themselves: a
 * factory is as long as what it says between its parts.
 */
export function longFunctions(source: Source): string[] {
  return places(source)
    .filter(({ node }) => isFunction(node))
    .filter(({ node }) => linesOf(source, node) > functionLinesMax)
    .map(({ node }) => ({ node, lines: linesOf(source, node) - innerLines(source, node) }))
    .filter(({ lines }) => lines > functionLinesMax)
    .map(({ node, lines }) => {
      const where = `${source.path}:${lineAt(source, node.start)}`;
      return `${where} has a function of ${lines} lines (at most ${functionLinesMax}): give its parts names.`;
    });
}

/** How many lines of `outer` belong to functions inside it (their first line is still its own). */
function innerLines(source: Source, outer: Node): number {
  const inner = ({ node }: { node: Node }) => node !== outer && isFunction(node);
  return places({ ...source, program: outer })
    .filter((place) => inner(place) && !place.around.some((node) => node !== outer && isFunction(node)))
    .reduce((lines, { node }) => lines + linesOf(source, node) - 1, 0);
}

const isFunction = (node: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);

function linesOf(source: Source, node: Node): number {
  return lineAt(source, node.end) - lineAt(source, node.start) + 1;
}

/** Files to think about splitting. */
export function longFiles(sources: readonly Source[]): string[] {
  return sources
    .map((source) => ({ path: source.path, lines: source.text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > fileLinesMax)
    .map(({ path, lines }) => `${path} has ${lines} lines (over ${fileLinesMax}): is it two things?`);
}
