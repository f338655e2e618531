import { userOf } from '../incident/by.ts';
import type { Impact } from '../incident/classify.ts';
import type { Incident } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { cleanLine, shorten } from '../incident/text.ts';
import { worstGaps } from './evidence.ts';
import type { Figures } from './figures.ts';
import { readableIn, type Story } from './story.ts';
import { asSentence, clockTime, dayWords, detectedWords, lengthWords, momentWords } from './wording.ts';

/** Longest line, in code points: each is read on a phone. */
const lineLengthMax = 300;

/** Longest foreign text within a line, in code points. */
const quotedLengthMax = 140;

/** How many gaps the last line names. */
const gapsNamedMax = 3;

/**
 * Exactly five lines, each understood without the others (product.md section 9): what happened; impact and length;
 * detected, acknowledged, mitigated and resolved after; how it was fixed; worst gaps. Plain text.
 */
export const summaryLines = (story: Story): string[] =>
  [
    whatHappened(story),
    impactAndLength(story),
    timesLine(story.figures),
    fixLine(story),
    gapsLine(story),
  ].map((line) => shorten(cleanLine(line), lineLengthMax));

const brief = (story: Story, text: string): string =>
  shorten(cleanLine(readableIn(story, text)), quotedLengthMax);

function whatHappened(story: Story): string {
  const { incident } = story;
  const test = incident.isTest ? 'Test: ' : '';
  const where = incident.service ? ` on ${brief(story, incident.service)}` : '';
  const title = brief(story, incident.title);
  return `${test}${label(incident.severity)} "${title}"${where} (INC-${incident.id}), ${declared(story)}.`;
}

/** `declared 2 March 2026 02:00 UTC by Ana`. Plain text. */
export function declared(story: Story): string {
  const { declaredBy, times } = story.incident;
  const user = userOf(declaredBy);
  const name = declaredBy.kind === 'pagerduty' ? 'PagerDuty' : null;
  const by = user ? story.names(user) : name;
  return `declared ${momentWords(times.declaredAt)}${by ? ` by ${by}` : ''}`;
}

function impactAndLength(story: Story): string {
  const { incident } = story;
  const words = [brief(story, incident.impactText), ...impactWords(incident.impact)].filter(
    (one) => one !== '',
  );
  const impact = words.length > 0 ? asSentence(words.join('; ')) : 'not written down yet.';
  return `Impact: ${impact} ${lengthLine(story)}`;
}

/** `It lasted 1 h 29 min (2 March 2026, 02:00 to 03:29 UTC).` */
export function lengthLine({ incident, figures }: Story): string {
  const { startedAt, endAt, lengthMs } = figures;
  const lasted = incident.times.resolvedAt === null && incident.endedFrom === null ? 'So far' : 'It lasted';
  const sameDay = dayWords(startedAt) === dayWords(endAt);
  const until = sameDay ? `${clockTime(endAt)} UTC` : momentWords(endAt);
  const from = sameDay ? `${dayWords(startedAt)}, ${clockTime(startedAt)}` : momentWords(startedAt);
  return `${lasted} ${lengthWords(lengthMs)} (${from} to ${until}).`;
}

/** The numbers that were reported, in words. */
export function impactWords(impact: Impact): string[] {
  const said: (string | null)[] = [
    impact.errorRate === undefined ? null : `${impact.errorRate} % of requests failed`,
    impact.affectedUsers === undefined ? null : `${impact.affectedUsers} % of users affected`,
    impact.latencyP99Ms === undefined ? null : `p99 latency ${impact.latencyP99Ms} ms`,
    impact.dependentServices ? `${impact.dependentServices} dependent services suffered` : null,
    impact.dataLoss ? 'data was lost' : null,
    impact.securityEvent ? 'a security event' : null,
    impact.revenueImpacting ? 'revenue was affected' : null,
  ];
  return said.filter((one) => one !== null);
}

function timesLine(figures: Figures): string {
  const { acknowledgedAfterMs, acknowledgeTargetMs, mitigatedAfterMs, resolvedAfterMs } = figures;
  const target = acknowledgeTargetMs === null ? '' : ` (target ${lengthWords(acknowledgeTargetMs)})`;
  const acknowledged =
    acknowledgedAfterMs === null
      ? `never acknowledged${target}`
      : `acknowledged ${lengthWords(acknowledgedAfterMs)} after it was declared${target}`;
  const after = (ms: number | null, word: string): string =>
    ms === null ? `not ${word}` : `${word} after ${lengthWords(ms)}`;
  const detected = detectedWords(figures.detectedAfterMs);
  return `${detected}, ${acknowledged}, ${after(mitigatedAfterMs, 'mitigated')}, ${after(resolvedAfterMs, 'resolved')}.`;
}

function fixLine(story: Story): string {
  const { incident } = story;
  const { resolution } = incident;
  if (resolution) {
    const text = brief(story, resolution.text);
    const verified = resolution.verified ? 'Recovery was verified.' : 'Recovery was not verified.';
    return `Fixed by: ${resolution.how}${text === '' ? '.' : `. ${asSentence(text)}`} ${verified}`;
  }
  return notFixed(incident, story);
}

function notFixed(incident: Incident, story: Story): string {
  if (incident.status === 'canceled') {
    const why = canceledWhy(story);
    return `Fix: none, it was canceled${why === '' ? '' : `: ${asSentence(brief(story, why))}`}`;
  }
  return `Fix: none yet, it is ${incident.status}.`;
}

/** Why it was canceled; empty when nobody said, or somebody hid it. */
export function canceledWhy({ reading }: Story): string {
  const row = reading.rows.findLast(({ fact }) => fact.type === 'canceled');
  return row?.fact.type === 'canceled' && !reading.hidden.has(row.seq) ? row.fact.why : '';
}

function gapsLine(story: Story): string {
  const worst = worstGaps(story.evidence).slice(0, gapsNamedMax);
  if (worst.length === 0) return 'Worst gaps: none that the timeline shows.';
  const named = worst.map((gap, index) => (index === 0 ? lowered(gap.text) : gap.text));
  return `Worst gaps: ${named.join(' ')}`;
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
