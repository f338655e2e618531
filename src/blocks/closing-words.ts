import type { ClosingItem, Evidence } from '../incident/closing.ts';
import type { Screen } from './message.ts';
import { oneLine } from './message.ts';
import { utc } from './rich-text.ts';
import { byWords, count, list } from './wording.ts';

/** An item of the closing checklist as it is ticked: `The service is stable`. */
export const itemWords: Record<ClosingItem, string> = {
  stable: 'The service is stable',
  contained: 'It is resolved, or at least contained',
  'final-update': 'Stakeholders got the final update',
  timeline: 'The timeline is complete',
  followups: 'Follow-ups are captured',
};

/** The same in a row: `service stable, follow-ups captured`. */
const shortWords: Record<ClosingItem, string> = {
  stable: 'service stable',
  contained: 'resolved or contained',
  'final-update': 'final update sent',
  timeline: 'timeline complete',
  followups: 'follow-ups captured',
};

export const itemList = (items: readonly ClosingItem[]): string =>
  list(items.map((item) => shortWords[item]));

/** What the data says of an item, in a few words; plain text. */
export function evidenceWords(evidence: Evidence, screen: Screen): string {
  switch (evidence.because) {
    case 'verified':
      return `${byWords(evidence.by, screen)} verified the recovery, and no linked alert fires`;
    case 'resolved': {
      const how = oneLine(evidence.how, 60, '');
      return `Resolved ${utc(evidence.at, screen)} by ${byWords(evidence.by, screen)}${how && `: ${how}`}`;
    }
    case 'announced':
      return `The announcement says so since ${utc(evidence.at, screen)}`;
    case 'updated':
      return `Update by ${byWords(evidence.by, screen)} ${utc(evidence.at, screen)}`;
    case 'times-known':
      return `Acknowledged, mitigated and resolved are on it, with ${count(evidence.messages, 'message')}`;
    case 'followups':
      return `${count(evidence.total, 'follow-up')}, ${evidence.open === 0 ? 'all done' : `${evidence.open} still to do`}`;
    case 'alerts-firing':
      return `Look first: ${count(evidence.firing, 'linked alert')} still ${evidence.firing === 1 ? 'fires' : 'fire'}`;
    case 'not-verified':
      return 'Nobody has said yet that the recovery is verified';
    case 'no-final-update':
      return 'No update since it was mitigated, and no announcement';
    case 'times-missing':
      return `Nobody recorded when it was ${list(evidence.missing)}: a note says it`;
    case 'no-followups':
      return 'None yet. Tick it if there is nothing to follow up';
  }
}
