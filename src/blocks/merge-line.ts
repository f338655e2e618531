import { fromMonitoring } from '../incident/alert-links.ts';
import type { FactOf } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import type { Other } from '../incident/merging.ts';
import { label } from '../incident/severity-scale.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, channelLink, flat, type Line, lines, type Piece } from './rich-text.ts';
import { sentence } from './sentence.ts';
import { byWords, count, idOf, lineLengthMax, list, pushTitle, titleOf } from './wording.ts';

/** ` in #inc-12`, where it has a channel that everybody may know of. */
const where = ({ channel, isPrivate }: Other, words: string): Piece[] =>
  channel && channel.threadTs === undefined && !isPrivate ? [words, channelLink(channel)] : [];

/** The last line in the channel of the merged one: where it goes on, and how to take it back. */
export function mergedLine(fact: FactOf<'merged'>, incident: Incident, screen: Screen): Message {
  const { into } = fact;
  const by = byWords(fact.by, screen);
  const first: Piece[] = into.isPrivate
    ? [bold('Merged into a private incident'), ` by ${by}. To get in, ask ${by}.`]
    : [bold(`Merged into ${idOf(into)}`), ` by ${by}: ${titleOf(into, 120)}.`, ...where(into, ' Go on in ')];
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...first)}`,
    lines(first, 'Nobody is paged or reminded for this one any more. It can be undone for 24 hours.'),
    undoButton(incident.id, incident.statusAt),
  );
}

const undoButton = (incident: number, endedAt: number) =>
  actions(button('Undo', 'undo', { incident, id: `end-${endedAt}` }));

/** In the channel of the one that goes on: what came, and who is invited. */
export function absorbedLine(fact: FactOf<'absorbed'>, incident: Incident, screen: Screen): Message {
  const { from, brings } = fact;
  const came = [
    ...some(alertsOf(brings), 'PagerDuty alert'),
    ...some(brings.followups?.length ?? 0, 'open follow-up'),
  ];
  const first: Piece[] = [
    bold(`${idOf(from)} was merged into this`),
    ` by ${byWords(fact.by, screen)}: ${label(from.severity)} ${titleOf(from, 120)}.`,
    ...where(from, ' Before in '),
  ];
  const worse: Line =
    from.severity < incident.severity &&
    `That one was ${label(from.severity)}, this is ${label(incident.severity)}. Is that still right? ${screen.command} sev ${from.severity} why`;
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...first)}`,
    lines(
      first,
      brings.users.length > 0 && 'Its people are invited.',
      came.length > 0 && `${list(came)} came along.`,
      incident.isPrivate && orphanWords(brings),
      incident.isPrivate && 'Nobody was invited, because this is private: invite whom you need.',
      worse,
    ),
    actions(button('Undo', 'undo', { incident: from.id, id: 'end' })),
  );
}

/** `2 alerts`; nothing where there are none. */
const some = (number: number, what: string): string[] => (number > 0 ? [count(number, what)] : []);

/** Whoever may not see this incident owns nothing in it. */
function orphanWords({ followups = [] }: FactOf<'absorbed'>['brings']): Line {
  const orphans = followups.filter(({ owner }) => owner === null);
  const have = orphans.length === 1 ? 'One follow-up has' : `${orphans.length} follow-ups have`;
  return orphans.length > 0 && `${have} no owner in here.`;
}

const alertsOf = ({ alerts, alertsBeyond }: FactOf<'absorbed'>['brings']): number =>
  Object.keys(fromMonitoring(alerts)).length + (alertsBeyond?.firing ?? 0) + (alertsBeyond?.resolved ?? 0);

/** In the channel of the one that goes on: it goes on without the other. */
export function separatedLine(fact: FactOf<'separated'>, incident: Incident, screen: Screen): Message {
  const first: Piece[] = [`${sentence(fact, screen)}.`, ...where(fact.from, ' It goes on in ')];
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...first)}`,
    lines(first, 'Its alerts and open follow-ups went back to it.'),
  );
}

/** Somebody was about to declare the same. */
export function sameReportedLine(fact: FactOf<'same-reported'>, incident: Incident, screen: Screen): Message {
  const by = byWords(fact.by, screen);
  const summary = oneLine(fact.summary, lineLengthMax, '');
  const title = oneLine(fact.title, lineLengthMax);
  return message(
    escaped(`${pushTitle(incident)}. ${by} reports the same: ${title} ${idOf(incident)}`),
    lines([bold(`${by} reports the same: `), title], summary !== '' && summary),
  );
}
