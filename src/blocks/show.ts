import type { Incident } from '../incident/incident.ts';
import { isOpen, roles } from '../incident/incident.ts';
import type { ActionId } from './actions.ts';
import { impactLine, latest, nextUpdate, since } from './card.ts';
import {
  actions,
  button,
  escaped,
  type Message,
  message,
  oneLine,
  paragraph,
  type Screen,
} from './message.ts';
import { channelLink, date, type Line, lines, link, nameOf } from './rich-text.ts';
import {
  byWords,
  comesNext,
  firingWords,
  heading,
  idOf,
  lineLengthMax,
  list,
  pushTitle,
  roleWord,
  severityWhy,
  statusFrom,
  statusWord,
} from './wording.ts';

/** One incident in full, for one reader, wherever they ask. */
export function show(incident: Incident, screen: Screen): Message {
  const held = incident.acknowledged;
  return message(
    escaped(`${pushTitle(incident)}. ${statusWord(incident.status)}. ${idOf(incident)}`),
    lines(
      heading(incident),
      [`${statusFrom(incident)} `, date(since(incident), screen)],
      impactLine(incident),
      incident.impactText !== '' && incident.summary !== '' && paragraph(incident.summary, 600),
      severityWhy(incident, screen),
    ),
    lines(
      held
        ? [`${byWords(held.by, screen)} has it since `, date(held.at, screen)]
        : isOpen(incident) && 'Nobody has it.',
      held ? null : comesNext(incident, screen),
      ...holders(incident, screen),
      latest(incident, screen),
      nextUpdate(incident, screen),
    ),
    lines(...timesOf(incident, screen), fixLine(incident, screen), firingWords(incident)),
    lines(
      incident.service !== null && `Service: ${oneLine(incident.service, 80)}`,
      incident.alsoServices !== undefined && `Suffers too: ${oneLine(list(incident.alsoServices), 200)}`,
      incident.category !== null && `Category: ${oneLine(incident.category, 80)}`,
      incident.noticedBy !== undefined && `Noticed by: ${oneLine(incident.noticedBy, 80)}`,
      incident.callUrl !== undefined && ['Call: ', link(oneLine(incident.callUrl, 200), incident.callUrl)],
      incident.runbook !== null && link('Runbook', incident.runbook),
      incident.alertSource && link('PagerDuty', incident.alertSource.url),
      incident.channel && channelLink(incident.channel),
    ),
    buttons(incident),
  );
}

const holders = (incident: Incident, screen: Screen): Line[] =>
  roles.flatMap((role) => {
    const user = incident.roles[role]?.user;
    return user === undefined ? [] : [`${roleWord(role, screen)}: ${nameOf(user, screen)}`];
  });

function timesOf(incident: Incident, screen: Screen): Line[] {
  const { times } = incident;
  const known: readonly (readonly [string, number | null])[] = [
    ['Started', times.startedAt],
    ['Declared', times.declaredAt],
    ['Acknowledged', times.acknowledgedAt],
    ['Mitigated', times.mitigatedAt],
    ['Resolved', times.resolvedAt],
    ['Closed', times.closedAt],
  ];
  return known.map(([word, at]): Line => at !== null && [`${word} `, date(at, screen)]);
}

function fixLine({ resolution }: Incident, screen: Screen): Line {
  if (!resolution) return null;
  const words = oneLine(resolution.text, lineLengthMax, '');
  return `Fixed by ${oneLine(resolution.how, 60, 'other')} (${byWords(resolution.by, screen)})${words && `: ${words}`}`;
}

function buttons(incident: Incident): ReturnType<typeof actions> {
  const press = (label: string, action: ActionId) => button(label, action, { incident: incident.id });
  return isOpen(incident)
    ? actions(
        incident.acknowledged ? null : press('Acknowledge', 'acknowledge'),
        press('Timeline', 'timeline'),
        incident.visibility === 'channel' ? null : press('Open channel', 'open-channel'),
      )
    : actions(press('Timeline', 'timeline'), press('Reopen', 'reopen'));
}
