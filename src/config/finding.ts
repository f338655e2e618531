import type { z } from 'zod';
import { suggest } from './fields.ts';

/** Something wrong at a place of `incident.yml`, before its line is known. */
export type Finding = {
  /** Keys and list positions (from 0) from the top of the file. */
  path: readonly (string | number)[];
  wrong: string;
  cure: string;
};

/** What zod found in one section, in our words: one finding per unknown key, one for everything else. */
export function findingsOf(issues: readonly z.core.$ZodIssue[], section: string): Finding[] {
  return issues.flatMap((issue) => translate(issue, [section, ...issue.path.map(segment)]));
}

function segment(part: PropertyKey): string | number {
  return typeof part === 'symbol' ? String(part) : part;
}

function translate(issue: z.core.$ZodIssue, path: Finding['path']): Finding[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], issue.message.split('\n')));
    case 'custom':
      return [{ path, wrong: issue.message, cure: String(issue.params?.cure ?? 'see incident.example.yml') }];
    case 'invalid_type':
      return [wrongShape(issue.expected, issue.input, path)];
    case 'too_small':
      return [{ path, wrong: 'is an empty list', cure: 'write at least one entry, or leave the key out' }];
    case 'invalid_key':
      return [{ path, wrong: 'is not a usable name', cure: 'use 1 to 60 characters' }];
    default:
      return [{ path, wrong: 'is not understood', cure: 'see incident.example.yml' }];
  }
}

/** `severites: unknown key; did you mean severities?` */
export function unknownKey(path: Finding['path'], known: readonly string[]): Finding {
  return {
    path,
    wrong: 'unknown key',
    cure: suggest(path.at(-1), known, `known keys are ${known.join(', ')}`),
  };
}

function wrongShape(expected: string, actual: unknown, path: Finding['path']): Finding {
  const list = expected === 'array';
  const wrong =
    actual === undefined ? 'is missing' : actual === null ? 'is empty' : `is not a ${list ? 'list' : 'map'}`;
  const cure = list
    ? 'write one entry per line, each starting with "- "'
    : 'write its keys below it, indented by two spaces';
  return { path, wrong, cure };
}
