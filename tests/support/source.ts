import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Node, parseSync, visitorKeys } from 'oxc-parser';

/** The root of the repository, with a trailing separator. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A parsed source file. `path` is relative to the root and has forward slashes: `src/slack/declare.ts`. */
export interface Source {
  path: string;
  text: string;
  program: Node;
}

/** A node and the nodes around it, the nearest first. */
export interface Place {
  node: Node;
  around: readonly Node[];
}

/** Parses `text`. Throws with the parser's own words where it is no TypeScript. */
export function parse(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text);
  const error = errors[0];
  if (error) throw new Error(`${path}: ${error.message}\n${error.codeframe ?? ''}`);
  return { path, text, program };
}

/** Every `.ts` and `.tsx` file under `folder`, parsed and sorted by path. A folder that does not exist holds none. */
export function sourcesUnder(folder: string): Source[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => posix.join(folder, name.split(sep).join('/')))
    .sort()
    .map((path) => parse(path, readFileSync(join(root, path), 'utf8')));
}

/** 1 for the first line. `offset` counts UTF-16 code units, as the parser's spans do. */
export function lineAt(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length;
}

/** Every node of the file with what is around it, parents before children. */
export function places(source: Source): Place[] {
  const found: Place[] = [];
  const visit = (place: Place) => {
    found.push(place);
    const around = [place.node, ...place.around];
    for (const child of children(place.node)) visit({ node: child, around });
  };
  visit({ node: source.program, around: [] });
  return found;
}

/** The nodes directly inside `node`, in the order of the source. */
export function children(node: Node): Node[] {
  const fields = node as unknown as Record<string, unknown>;
  const nodes: unknown[] = (visitorKeys[node.type] ?? []).flatMap((key) => fields[key]);
  return nodes.filter(
    (value): value is Node => typeof value === 'object' && value !== null && 'type' in value,
  );
}

/** An import, export-from, `import()` or `import('...').Type`. `typeOnly`: nothing of it is left when it runs. */
export interface Import {
  specifier: string;
  typeOnly: boolean;
  line: number;
}

/** What the file imports, in order. An `import()` of anything but a string has `?` as its specifier. */
export function imports(source: Source): Import[] {
  return places(source).flatMap(({ node }) => {
    const found = readImport(node);
    return found ? [{ ...found, line: lineAt(source, node.start) }] : [];
  });
}

function readImport(node: Node): Omit<Import, 'line'> | null {
  if (node.type === 'ImportDeclaration') {
    const named = node.specifiers;
    const types = named.filter((one) => one.type === 'ImportSpecifier' && one.importKind === 'type');
    const typeOnly = node.importKind === 'type' || (named.length > 0 && types.length === named.length);
    return { specifier: node.source.value, typeOnly };
  }
  if (node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source)) {
    return { specifier: node.source?.value ?? '?', typeOnly: node.exportKind === 'type' };
  }
  if (node.type === 'ImportExpression') {
    return { specifier: text(node.source) ?? '?', typeOnly: false };
  }
  return node.type === 'TSImportType' ? { specifier: node.source.value, typeOnly: true } : null;
}

/** The value of a string literal or of a template without holes; else null. */
export function text(node: Node | null | undefined): string | null {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) {
    return node.quasis[0]?.value.cooked ?? null;
  }
  return null;
}

/** `a.b['c']` as `['a', 'b', 'c']`; a part that is neither a name nor a string is `?`. */
export function chain(node: Node): string[] {
  if (node.type === 'Identifier') return [node.name];
  if (node.type === 'ChainExpression' || node.type === 'TSNonNullExpression') return chain(node.expression);
  if (node.type !== 'MemberExpression') return ['?'];
  const property = node.property;
  if (!node.computed && property.type === 'Identifier') return [...chain(node.object), property.name];
  return [...chain(node.object), text(property) ?? '?'];
}
