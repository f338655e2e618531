import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { Config } from './config.ts';
import { defaultDocument } from './defaults.ts';
import { type Finding, findingsOf, unknownKey } from './finding.ts';
import { lineOf } from './lines.ts';
import { isMap, merge } from './merge.ts';
import type { Problem } from './problem.ts';
import { checkReferences } from './references.ts';
import { checkSchedules } from './schedules.ts';
import { assemble, type SectionName, type Sections, sections } from './schema.ts';
import { peopleIn, type Written } from './written.ts';

/** Either a configuration that can be used, or everything that is wrong with the file. */
export type FileReading = { config: Config; problems: [] } | { config: null; problems: Problem[] };

/**
 * Reads the text of `incident.yml` (YAML 1.2) over the defaults. Syntax errors come with line and column and hide
 * the rest (a key written twice does not); every other mistake is reported, with the line of its key. `file` is what
 * people call it.
 */
export function readIncidentFile(text: string, file = 'incident.yml'): FileReading {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, stringKeys: true });
  const faults = [...document.errors, ...document.warnings];
  const syntax = faults.map((fault) => syntaxProblem(fault, { text, file }, counter));
  const readable = faults.every((fault) => fault.code === 'DUPLICATE_KEY');
  if (!readable) return { config: null, problems: syntax };
  const written = plainValue(document);
  if (!isMap(written)) return { config: null, problems: [notAMap(file)] };
  const { read, people, findings } = check(written);
  const problems = [...syntax, ...located(findings, document, counter)];
  if (problems.length > 0) return { config: null, problems };
  const config = {
    ...assemble(read as Sections),
    people: people
      .map(({ address, path }) => ({ address, ...placeOf(path, document, counter) }))
      .sort(byLine)
      .map(({ address, name }) => ({ address, place: name })),
  };
  const gaps = located(checkSchedules(config), document, counter);
  return gaps.length > 0 ? { config: null, problems: gaps } : { config, problems: [] };
}

const notAMap = (file: string): Problem => ({
  name: `${file} (line 1)`,
  wrong: 'is not a plain map of keys',
  cure: 'write keys like in incident.example.yml',
});

/** An empty file says nothing, which is fine. Null when aliases multiply beyond what the parser allows. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch {
    return null;
  }
}

/** Reads each section by itself, so that all mistakes of a file are found at once. */
function check(written: Written) {
  const merged = merge(defaultDocument, written) as Written;
  const names = Object.keys(sections) as SectionName[];
  const findings: Finding[] = Object.keys(merged)
    .filter((key) => !Object.hasOwn(sections, key))
    .map((key) => unknownKey([key], names));
  const read: Record<string, unknown> = {};
  for (const name of names) {
    const result = sections[name].safeParse(merged[name], { reportInput: true });
    if (result.success) read[name] = result.data;
    else findings.push(...findingsOf(result.error.issues, name));
  }
  findings.push(...checkReferences(merged));
  return { read: read as Partial<Sections>, people: peopleIn(merged), findings };
}

function syntaxProblem(
  error: YAMLError,
  { text, file }: { text: string; file: string },
  counter: LineCounter,
): Problem {
  const { line, col } = counter.linePos(error.pos[0]);
  const place = `(line ${line}, column ${col})`;
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]+/.exec(text.slice(error.pos[0]))?.[0] ?? 'a key';
    return { name: `${key} ${place}`, wrong: 'is written twice in the same map', cure: 'keep one of them' };
  }
  const name = `${file} ${place}`;
  if (error.code === 'MULTIPLE_DOCS')
    return {
      name,
      wrong: 'begins a second document',
      cure: 'the file must hold one: take out the --- there',
    };
  const cure = 'check indentation, quotes and brackets there';
  return { name, wrong: `is not readable YAML (${error.message})`, cure };
}

/** Findings about a file that could be read, with their lines. */
export function locate(findings: readonly Finding[], text: string): Problem[] {
  const counter = new LineCounter();
  return located(findings, parseDocument(text, { lineCounter: counter, stringKeys: true }), counter);
}

/** List positions are shown from 1: `phones.#2.number (line 40)`. */
function placeOf(path: Finding['path'], document: Document, counter: LineCounter) {
  const line = lineOf(path, document, counter);
  const name = path.map((part) => (typeof part === 'number' ? `#${part + 1}` : part)).join('.');
  return { line, name: line === null ? name : `${name} (line ${line})` };
}

const byLine = (a: { line: number | null }, b: { line: number | null }): number =>
  (a.line ?? 0) - (b.line ?? 0);

/** In order of lines. */
function located(findings: readonly Finding[], document: Document, counter: LineCounter): Problem[] {
  return findings
    .map(({ path, wrong, cure }) => ({ ...placeOf(path, document, counter), wrong, cure }))
    .sort(byLine)
    .map(({ name, wrong, cure }) => ({ name, wrong, cure }));
}
