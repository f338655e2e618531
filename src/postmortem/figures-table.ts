import { table } from './markdown.ts';
import type { Story } from './story.ts';
import { lengthWords } from './wording.ts';

/** What was counted, one figure a row. Markdown. */
export function figuresTable({ figures }: Story): string {
  const length = (ms: number | null): string => (ms === null ? 'never' : lengthWords(ms));
  const { acknowledgeTargetMs, longestUpdateGap, firstResolvedAfterMs } = figures;
  const target = acknowledgeTargetMs === null ? 'none' : lengthWords(acknowledgeTargetMs);
  const rows = [
    ['Detected, after it started', length(figures.detectedAfterMs)],
    ['Acknowledged, after it was declared', `${length(figures.acknowledgedAfterMs)} (target: ${target})`],
    ['Mitigated, after it started', length(figures.mitigatedAfterMs)],
    ['Resolved, after it started', length(figures.resolvedAfterMs)],
    ...(firstResolvedAfterMs === null
      ? []
      : [['First resolved, then reopened', length(firstResolvedAfterMs)]]),
    ['Time without an acknowledgement', length(figures.withoutAcknowledgementMs)],
    ['Time without a commander', length(figures.withoutCommanderMs)],
    [
      'Longest gap without a due update',
      longestUpdateGap ? length(longestUpdateGap.untilAt - longestUpdateGap.fromAt) : 'none',
    ],
    ['Status updates', String(figures.updates)],
    ['Pages', String(figures.pages)],
    ['Notices', String(figures.notices)],
    ['Messages', String(figures.messages)],
    ['People', String(figures.people)],
  ];
  return table(['Figure', 'Value'], rows);
}
