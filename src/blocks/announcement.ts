import type { KnownBlock } from '@slack/types';
import type { Fact } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import { ended, isOpen } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { goesOn, impactLine, nextUpdate, since } from './card.ts';
import {
  actions,
  button,
  escaped,
  type Message,
  message,
  oneLine,
  plain,
  type Screen,
  section,
} from './message.ts';
import { channelLink, date, flat, type Line, lines, nameOf, type Piece } from './rich-text.ts';
import { sentence } from './sentence.ts';
import {
  byWords,
  count,
  duration,
  heading,
  idOf,
  lineLengthMax,
  pushTitle,
  sourceOf,
  statusFrom,
  statusWord,
  stopped,
  titleOf,
} from './wording.ts';

/**
 * The one message of an incident in the announce channel, edited in place; for an incident without a channel, its line
 * with **Open channel** and **Dismiss**. Says who leads and what to expect; nobody is asked to take it here.
 */
export function announcement(incident: Incident, screen: Screen): Message {
  if (incident.visibility === 'line') return alertLine(incident, screen);
  const over = ended(incident.status);
  const state: Piece[] = [`${statusFrom(incident)} `, date(since(incident), screen)];
  const impact = impactLine(incident);
  const more = [impact, over ? null : leader(incident, screen)].flatMap((words) =>
    words ? ` ${stopped(words)}` : [],
  );
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...state, '.', ...more)} ${idOf(incident)}`,
    lines(
      heading(incident),
      over ? [...state, ...sinceStart(incident, screen)] : state,
      impact,
      over ? null : leader(incident, screen),
      latestNews(incident, screen),
      nextUpdate(incident, screen),
      over ? incident.status === 'merged' && goesOn(incident) : whereTo(incident),
    ),
  );
}

/** It lasted until it was resolved, however much later somebody closed it. */
function sinceStart(incident: Incident, screen: Screen): Piece[] {
  const { resolvedAt } = incident.times;
  const isLater = incident.status === 'closed' && resolvedAt !== null;
  return [
    isLater ? ', resolved ' : ', ',
    isLater ? date(resolvedAt, screen) : null,
    isLater ? ' ' : null,
    lasted(incident),
  ];
}

const lasted = (incident: Incident): string =>
  `after ${duration((incident.times.resolvedAt ?? incident.statusAt) - incident.times.startedAt)}`;

function leader(incident: Incident, screen: Screen): string {
  const commander = incident.roles.commander?.user;
  if (commander !== undefined) return `${nameOf(commander, screen)} leads`;
  const held = incident.acknowledged;
  return held
    ? `${byWords(held.by, screen)} is on it, nobody leads yet`
    : 'Nobody has it yet, people are being called';
}

/** For readers outside: what is happening, not who turns which screw. */
function latestNews(incident: Incident, screen: Screen): Line {
  const { last } = incident.updates;
  const fix = incident.resolution;
  if (fix) return `Fixed by ${oneLine(fix.how, 60, 'other')}. ${oneLine(fix.text, lineLengthMax, '')}`.trim();
  return last && ['Latest ', date(last.at, screen), `: ${oneLine(last.happening, lineLengthMax)}`];
}

function whereTo({ channel, channelProblem }: Incident): Line {
  if (!channel) return 'Its channel is being opened.';
  if (channel.threadTs === undefined) return ['Join ', channelLink(channel), ' only if you can help.'];
  const why = oneLine(channelProblem ?? '', 100, '');
  return `No channel of its own${why && ` (${why})`}: it is worked on in the thread here. Write there only if you can help.`;
}

/** A SEV4 alert: the ticket of the policy. */
function alertLine(incident: Incident, screen: Screen): Message {
  const over = ended(incident.status);
  const target = { incident: incident.id };
  const { heldAt } = incident.escalation;
  const source = sourceOf(incident);
  const state = over
    ? statusWord(incident.status)
    : heldAt === null
      ? 'No channel, nobody paged'
      : 'Cleared in PagerDuty';
  return message(
    `${escaped(pushTitle(incident))}. ${state}. ${idOf(incident)}`,
    lines(heading(incident), [
      `${state} · `,
      date(over ? incident.statusAt : (heldAt ?? incident.times.startedAt), screen),
      ` · ${oneLine(incident.severityReason, 150, 'no reason given')}`,
      source && ' · ',
      source,
    ]),
    over
      ? null
      : actions(button('Open channel', 'open-channel', target), button('Dismiss', 'dismiss', target)),
  );
}

/** A reply under the announcement (severity raised, status changed, resolved, reopened), some also broadcast. */
export function announcementReply(fact: Fact, incident: Incident, screen: Screen): Message {
  const words = replyWords(fact, incident, screen);
  const title = titleOf(incident, 100);
  return message(
    escaped(`${label(incident.severity)} ${title}: ${words} ${idOf(incident)}`),
    lines(
      [`${words} `, `${idOf(incident)} · ${title}`],
      isOpen(incident) ? nextUpdate(incident, screen) : null,
    ),
  );
}

function replyWords(fact: Fact, incident: Incident, screen: Screen): string {
  switch (fact.type) {
    case 'severity-changed': {
      if (fact.undone) return `Back to ${label(fact.to)}: the change was undone.`;
      const moved = fact.to < fact.from ? 'Raised' : 'Lowered';
      return withWhy(`${moved} from ${label(fact.from)} to ${label(fact.to)}`, fact.reason);
    }
    case 'status-changed':
      return withWhy(`Now ${statusWord(fact.to).toLowerCase()}`, fact.note);
    case 'merged':
      return fact.into.isPrivate
        ? 'Merged into another incident, which is private.'
        : `Merged into ${idOf(fact.into)}: it goes on there.`;
    case 'resolved':
      return `Resolved ${lasted(incident)}. Fixed by ${oneLine(fact.how, 60, 'other')}.`;
    case 'reopened':
      return withWhy(`Open again, ${statusWord(fact.to).toLowerCase()}`, fact.why);
    default:
      return stopped(sentence(fact, screen));
  }
}

/** `Now identified: the cache is cold.` What follows is another sentence, whatever somebody typed. */
function withWhy(words: string, why: string): string {
  const said = oneLine(why, lineLengthMax, '');
  return stopped(said === '' ? words : `${words}: ${said}`);
}

/** So many are listed with a button of their own; `list` shows the rest. */
const stormShownMax = 20;

/** More alerts came than we open channels for: one message lists the rest, and nobody is paged twice for one storm. */
export function stormMessage(parent: Incident, members: readonly Incident[], screen: Screen): Message {
  const shown = members.slice(0, stormShownMax);
  const rest = members.length - shown.length;
  const head = parent.isPrivate ? 'another incident' : idOf(parent);
  const words = `${count(members.length, 'more alert')} came with ${head}. Nobody is paged twice for them.`;
  const first = `Alert storm: ${words}`;
  return message(
    escaped(
      [parent.isPrivate ? first : `${pushTitle(parent)}. ${first}`, ...shown.map(entryWords)].join('\n'),
    ),
    lines(parent.isPrivate ? null : heading(parent), first),
    ...shown.map(stormEntry),
    rest > 0 ? lines(`and ${rest} more: ${screen.command} list`) : null,
  );
}

const entryWords = (member: Incident): string =>
  `${label(member.severity)} · ${titleOf(member, 100)} · ${idOf(member)}`;

function stormEntry(member: Incident): KnownBlock | null {
  const words = entryWords(member);
  if (member.channel) return lines([`${words} · `, channelLink(member.channel)]);
  if (ended(member.status)) return lines(`${words} · ${statusWord(member.status).toLowerCase()}`);
  if (member.visibility === 'channel') return lines(`${words} · its channel is being opened`);
  return section(
    plain(words),
    button(
      'Open channel',
      'open-channel',
      { incident: member.id },
      { spoken: `Open channel of ${idOf(member)}` },
    ),
  );
}
