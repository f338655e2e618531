import { sharedProblem, standInProblem } from '../blocks/announce-channel.ts';
import { doctorMessage } from '../blocks/doctor.ts';
import { count as numberOf } from '../blocks/wording.ts';
import { pagerDutyLanes } from '../incident/effects.ts';
import type { GeneralCommand } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { sightOf } from './guest.ts';

const timeOf = (stored: string | null): number | null => (stored ? Number(stored) : null);

/** `/incident doctor`: what is wrong or waiting, in words. Troubles of private incidents are their members' alone. */
export const doctor: GeneralCommand = {
  about: 'everything',
  run: async (deps, { user }) => {
    const { store } = deps;
    const { outbox, missingScopes, problems, isSlackAway, lastTickAt, version } = deps.health();
    const heldByPagerDuty = store.parkedIn(pagerDutyLanes);
    const announce = store.meta('announce-channel');
    const mayRead = sightOf(deps, user);
    const troubles = outbox.troubles.filter(({ incident }) => {
      if (incident === null) return true;
      const about = store.incident(incident);
      return about !== null && mayRead(about);
    });
    await deps.people.learn(troubles.flatMap(({ to }) => to.filter((one) => slackUser.test(one))));
    const report = {
      failed: troubles.flatMap((one) => (one.state === 'dead' ? [{ ...one, row: one.id }] : [])),
      open: troubles.flatMap(({ state, ...one }) => (state === 'dead' ? [] : [{ ...one, state }])),
      parked: outbox.parked - heldByPagerDuty,
      isSlackAway,
      waiting: outbox.waiting,
      unknown: outbox.unknown,
      lastSlackEventAt: timeOf(store.meta('last-slack-event')),
      lastPagerDutyEventAt: timeOf(store.meta('last-pagerduty-event')),
      lastTickAt,
      announceChannel: announce ? (JSON.parse(announce) as { name: string }).name : null,
      missingScopes,
      version,
      problems: [
        ...problems,
        ...heldWords(heldByPagerDuty),
        ...standInWords(announce, deps.config().announceChannel),
        ...sharedWords(deps, announce),
        ...quarantineWords(store.quarantined()),
      ],
    };
    return doctorMessage(report, screenOf(deps));
  },
};

/** Others are machines. */
const slackUser = /^[UW][A-Z0-9]+$/;

/** Another channel stands in for the configured one. */
function standInWords(stored: string | null, configured: string): string[] {
  const known = stored ? (JSON.parse(stored) as { name: string; configured?: string }) : null;
  const isStandIn = known !== null && known.configured === configured && known.name !== configured;
  return isStandIn ? [standInProblem(known.name, configured)] : [];
}

function sharedWords(deps: SlackDeps, stored: string | null): string[] {
  const known = stored ? (JSON.parse(stored) as { id: string; name: string }) : null;
  return known && deps.isSharedOutside(known.id) ? [sharedProblem(known.name)] : [];
}

const heldWords = (count: number): string[] =>
  count === 0
    ? []
    : [`${numberOf(count, 'call')} to PagerDuty held back until that is mended: nothing is lost.`];

const quarantineWords = (count: number): string[] =>
  count === 0
    ? []
    : [`${count} signed webhooks could not be read or came too late: they are kept in the quarantine table.`];
