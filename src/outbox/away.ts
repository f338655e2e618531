import type { Logger, WebClientOptions } from '@slack/web-api';
import { WebClient } from '@slack/web-api';
import type { Clock } from '../clock.ts';
import { type EffectKind, effectTraits, pagerDutyLanes } from '../incident/effects.ts';
import type { DeskEffectKind } from '../oncall/desk-effects.ts';
import type { Settlement } from '../store/store.ts';
import { faultOf } from './retry.ts';

/** So many calls in a row without an answer, and Slack is taken to be away (reliability.md section 3.5). */
export const unansweredMax = 5;

/** What became of one call to Slack: an answer, whatever it says, or none. A rate limit may be our own and says neither. */
export type Heard = (answered: boolean) => void;

export type SlackWatch = ReturnType<typeof watchSlack>;

/**
 * Whether Slack answers. It is away after `unansweredMax` failures in a row, and back when somebody says so (`isBack`): a
 * single answer in between ends no absence. `since`: when it was found away in an earlier life of the process, epoch ms.
 */
export function watchSlack(clock: Clock, since: number | null, onAway: (sinceAt: number) => void) {
  let failures = 0;
  let failingSinceAt = since;
  let isAway = false;
  return {
    isAway: (): boolean => isAway,
    heard: (answered: boolean): void => {
      if (isAway) return;
      if (answered) {
        failures = 0;
        if (since === null) failingSinceAt = null;
        return;
      }
      failures += 1;
      failingSinceAt ??= clock.now();
      if (failures < unansweredMax) return;
      isAway = true;
      onAway(failingSinceAt);
    },
    /** It answers again. Returns since when it had not, epoch ms; null: it was never taken to be away. */
    isBack: (): number | null => {
      const wasAway = isAway || since !== null;
      const sinceAt = wasAway ? failingSinceAt : null;
      [isAway, failures, failingSinceAt, since] = [false, 0, null, null];
      return sinceAt;
    },
  };
}

/** Bolt's client, each of whose calls says what became of it. */
class WatchedClient extends WebClient {
  private readonly heard: Heard;

  constructor(token: string, options: WebClientOptions, heard: Heard) {
    super(token, options);
    this.heard = heard;
  }

  override async apiCall(...call: Parameters<WebClient['apiCall']>): ReturnType<WebClient['apiCall']> {
    try {
      const answer = await super.apiCall(...call);
      this.heard(true);
      return answer;
    } catch (error) {
      const { kind } = faultOf(error);
      if (kind !== 'rate') this.heard(kind !== 'unclear');
      throw error;
    }
  }
}

/** A client without retries of its own; it rejects where Slack limits it. */
export const watchedClient = (
  token: string,
  options: Pick<WebClientOptions, 'slackApiUrl' | 'timeout' | 'fetch'> & { logger: Logger },
  heard: Heard,
): WebClient =>
  new WatchedClient(token, { ...options, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true }, heard);

/** What goes on while Slack is away: other machines are told, and whoever is known already is found without it. */
const apart: readonly (EffectKind | DeskEffectKind)[] = [
  'call-webhook',
  'resolve-page',
  'absorb',
  'separate',
  'find-members',
  'move-pages',
];

/** Nothing comes of it while Slack is away. */
export const needsSlack = (kind: EffectKind | DeskEffectKind): boolean =>
  !apart.includes(kind) &&
  !(kind in effectTraits && pagerDutyLanes.includes(effectTraits[kind as EffectKind].lane));

/** It goes out when Slack is back; what is in doubt is looked up first then. */
export const heldBack: Settlement = { state: 'parked', error: 'Slack is away', uncounted: true };

/** No try counts while Slack is away; the pause before the next is that after so many. */
export const awayTry = 5;
