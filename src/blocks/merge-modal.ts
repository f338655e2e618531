import type { ModalView } from '@slack/types';
import { monitoringCount } from '../incident/alert-links.ts';
import { openFollowups } from '../incident/followups.ts';
import type { Incident } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { modal } from './form.ts';
import { actions, button, escaped, type Message, message, plain, type Screen, section } from './message.ts';
import { bold, bullets, channelLink, type Line, lines } from './rich-text.ts';
import { byWords, count, idOf, statusWord, titleOf } from './wording.ts';

/** Names the survivor before anything is done: what ends, what goes on, who and what moves. */
export function mergeModal(incident: Incident, survivor: Incident, screen: Screen): ModalView {
  const { total } = monitoringCount(incident);
  const open = openFollowups(incident).length;
  const held = survivor.acknowledged;
  const worse: Line =
    incident.severity < survivor.severity &&
    `${idOf(survivor)} stays ${label(survivor.severity)}, this one was ${label(incident.severity)}: raise it there if that still holds`;
  return modal(
    'merge',
    {
      title: `Merge ${idOf(incident)}`,
      submit: `Merge into ${idOf(survivor)}`,
      metadata: { incident: incident.id, into: survivor.id },
    },
    lines(
      [bold(`${idOf(incident)} ends`), `: ${label(incident.severity)} ${titleOf(incident, 120)}`],
      [bold(`${idOf(survivor)} goes on`), `: ${label(survivor.severity)} ${titleOf(survivor, 120)}`],
    ),
    bullets(
      [
        held
          ? `${byWords(held.by, screen)} has ${idOf(survivor)}`
          : `Nobody has ${idOf(survivor)} yet${survivor.escalation.next ? ': its own paging goes on' : ', and nobody is paged for it'}`,
        ...(survivor.channel && survivor.channel.threadTs === undefined
          ? [', in ', channelLink(survivor.channel)]
          : []),
      ],
      `Paging and reminders of ${idOf(incident)} stop, and no postmortem follows for it`,
      survivor.isPrivate
        ? `${idOf(survivor)} is private: nobody is invited to it, and its name is not told outside`
        : `Its people are invited to ${idOf(survivor)}`,
      incident.isPrivate &&
        `${idOf(incident)} is private too: everybody in ${idOf(survivor)} will read its number and title`,
      total > 0 && `${count(total, 'PagerDuty alert')} will belong to ${idOf(survivor)}`,
      open > 0 && `${count(open, 'open follow-up')} will belong to ${idOf(survivor)}`,
      worse,
      'It can be undone for 24 hours',
    ),
  );
}

/** `/incident merge` says not into which: a button each, and pressing one asks for confirmation. */
export function pickSurvivor(incident: Incident, candidates: readonly Incident[], screen: Screen): Message {
  if (candidates.length === 0) {
    const none = `No other open incident is there that ${idOf(incident)} could be merged into. Nothing changed. What is open: ${screen.command} list`;
    return message(escaped(none), lines(none));
  }
  const question = `Into which incident shall ${idOf(incident)} be merged?`;
  return message(
    escaped(question),
    lines(question),
    ...candidates
      .slice(0, offeredMax)
      .map((one) =>
        section(
          plain(`${label(one.severity)} · ${titleOf(one, 100)} · ${statusWord(one.status)}`),
          button(idOf(one), 'merge', { incident: incident.id, id: String(one.id) }),
        ),
      ),
    lines(`Or by number: ${screen.command} merge ${idOf(candidates[0] ?? { id: 12 })}`),
  );
}

/** Further ones are reached by their number. */
const offeredMax = 10;

/** **Merge into INC-12** / **Different problem**, for a new incident that looks like an open one. */
export const mergeChoice = (incident: Incident, similar: Incident) =>
  actions(
    button(`Merge into ${idOf(similar)}`, 'merge', { incident: incident.id, id: String(similar.id) }),
    button('Different problem', 'keep-apart', { incident: incident.id }),
  );

/** The question itself: `INC-12 is open since 02:00: SEV1 Checkout is down. Is this the same?` */
export const sameQuestion = (similar: Incident): string =>
  `${idOf(similar)} is open: ${label(similar.severity)} ${titleOf(similar, 120)}. Is it the same problem?`;

/** In the new channel. */
export function mergeOffer(incident: Incident, similar: Incident): Message {
  const words = sameQuestion(similar);
  return message(
    escaped(words),
    lines([words, ...(similar.channel ? [' ', channelLink(similar.channel)] : [])]),
    mergeChoice(incident, similar),
  );
}
