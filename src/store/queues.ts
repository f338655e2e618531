import { type Effect, effectTraits } from '../incident/effects.ts';

/** Rows of the same place in Slack go out one after the other. */
export function queueOf(incident: number, effect: Effect, stormOf: number | null): string | null {
  const traits = effectTraits[effect.kind];
  // Whoever is told for one incident of a storm must be known before the next one asks who was.
  if (effect.kind === 'resolve-page') return `told:${stormOf ?? incident}`;
  // What was merged, undone and merged again arrives in this order.
  if (effect.kind === 'absorb' || effect.kind === 'separate') return `merge:${effect.from}`;
  const toPagerDuty = pagerDutyQueue(incident, effect);
  if (toPagerDuty !== null) return toPagerDuty;
  if (traits.inOrder || (effect.kind === 'announcement' && effect.isRoot)) return `channel:${incident}`;
  // A reply needs the announcement it hangs under.
  if (effect.kind === 'announcement-reply') return `announcement:${incident}`;
  return coalesceKey(incident, effect);
}

/** Of one incident of PagerDuty's one thing after the other; what nobody waits for holds nothing else up. */
function pagerDutyQueue(incident: number, effect: Effect): string | null {
  switch (effect.kind) {
    case 'pagerduty-trigger':
      return `pagerduty:INC-${incident}`;
    case 'pagerduty-state':
    case 'pagerduty-page':
      return `pagerduty:${effect.alert ?? `INC-${incident}`}`;
    case 'pagerduty-priority':
    case 'pagerduty-note':
    case 'pagerduty-details':
      return `pagerduty-remarks:${effect.alert}`;
    default:
      return null;
  }
}

/** Whose business it is: not always that of the incident in which it began. */
export function ownerOf(incident: number, effect: Effect): number {
  if (effect.kind === 'storm-message') return effect.head;
  return effect.kind === 'absorb' || effect.kind === 'separate' ? effect.into : incident;
}

export function coalesceKey(incident: number, effect: Effect): string | null {
  if (effect.kind === 'page-card') return `page-card:${incident}:${effect.user}`;
  if (effect.kind.startsWith('pagerduty-') && 'alert' in effect && effectTraits[effect.kind].coalesce) {
    return `${effect.kind}:${incident}:${effect.alert ?? ''}`;
  }
  return effectTraits[effect.kind].coalesce ? `${effect.kind}:${incident}` : null;
}
