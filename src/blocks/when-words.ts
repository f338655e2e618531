import type { When } from '../oncall/when.ts';
import { oneLine } from './message.ts';

type Problem = Extract<When, { problem: string }>['problem'];

/** How to write a day. */
export const whenExamples = '2026-03-09, 9 Mar, friday, tomorrow or in 3d';

/** What is wrong with a time as it was typed, and the cure. Plain text. */
export function whenProblem(typed: string, problem: Problem): string {
  const said = `“${oneLine(typed, 60, '(nothing)')}”`;
  switch (problem) {
    case 'unreadable':
      return `I cannot read ${said} as a date: use ${whenExamples}.`;
    case 'past':
      return `${said} is in the past: choose a later day, like tomorrow or in 3d.`;
    case 'far':
      return `${said} is more than two years away: choose an earlier day, like 9 Mar or in 30d.`;
  }
}
