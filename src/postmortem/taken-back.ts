import type { Fact } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import type { Reading } from './reading.ts';

/**
 * The incident without the words that it took from hidden rows: an impact, a reason, how it was fixed. What happened
 * (its severity, that it was resolved) stays.
 */
export function withoutHidden(incident: Incident, { rows, hidden }: Reading): Incident {
  if (hidden.size === 0) return incident;
  const isLastHidden = (wanted: (fact: Fact) => boolean): boolean => {
    const last = rows.findLast(({ fact }) => wanted(fact));
    return last !== undefined && hidden.has(last.seq);
  };
  const impact = rows.findLast(
    ({ seq, fact }) => fact.type === 'update-posted' && fact.impact !== '' && !hidden.has(seq),
  )?.fact;
  const { resolution } = incident;
  return {
    ...incident,
    impactText: impact?.type === 'update-posted' ? impact.impact : '',
    severityReason: isLastHidden(({ type }) => type === 'severity-changed') ? '' : incident.severityReason,
    resolution:
      resolution && isLastHidden(({ type }) => type === 'resolved')
        ? { ...resolution, text: '' }
        : resolution,
  };
}
