import type { KnownBlock } from '@slack/types';
import { monitoringCount } from '../incident/alert-links.ts';
import type { Incident, Role } from '../incident/incident.ts';
import { ended, roles } from '../incident/incident.ts';
import type { ActionId, Target } from './actions.ts';
import {
  actions,
  button,
  confirmation,
  escaped,
  type Message,
  message,
  oneLine,
  overflow,
  type Screen,
} from './message.ts';
import { pausedLine } from './pause.ts';
import { postmortemLine } from './postmortem-line.ts';
import {
  channelLink,
  date,
  dateText,
  flat,
  type Line,
  lines,
  link,
  nameOf,
  type Piece,
} from './rich-text.ts';
import {
  byWords,
  comesNext,
  count,
  duration,
  heading,
  idOf,
  lineLengthMax,
  pushTitle,
  roleWord,
  severityWhy,
  sourceOf,
  statusFrom,
  statusWord,
} from './wording.ts';

/**
 * The pinned card, edited in place: what it is, since when, whom it hurts, who has it, what was last, what comes next,
 * and why it has its severity. Names, never mentions: an edit disturbs nobody.
 */
export function card(incident: Incident, screen: Screen): Message {
  const over = ended(incident.status);
  const holding = over ? howItEnded(incident, screen) : holders(incident, screen);
  const text = [
    escaped(`${pushTitle(incident)}. ${statusFrom(incident)} `),
    `${dateText(since(incident), screen)}. ${flat(screen, ...holding)} ${idOf(incident)}`,
  ].join('');
  return message(
    text,
    lines(
      heading(incident),
      [`${statusFrom(incident)} `, date(since(incident), screen)],
      impactLine(incident),
      holding,
      over ? howLong(incident, screen) : latest(incident, screen),
      postmortemLine(incident, screen),
      over ? null : (pausedLine(incident, screen) ?? nextUpdate(incident, screen)),
      reasonLine(incident, screen),
      over ? null : callLine(incident),
    ),
    buttons(incident),
  );
}

/** While it runs, since it began: whoever looks wants to know how long users suffer. Afterwards, since it ended. */
export const since = (incident: Incident): number =>
  incident.status === 'triage' || incident.status === 'investigating'
    ? incident.times.startedAt
    : incident.statusAt;

/** What users notice: the last update's words, else the declaration's; null once nobody needs to be asked. */
export function impactLine(incident: Incident): string | null {
  const impact = oneLine(incident.impactText || incident.summary, lineLengthMax, '');
  if (impact !== '') return `Impact: ${impact}`;
  return ended(incident.status) ? null : 'Impact: not known yet';
}

/** `Bea has it · Commander: nobody · Comms lead: Ana`, or who is asked next. */
function holders(incident: Incident, screen: Screen): Piece[] {
  const held = incident.acknowledged;
  if (held) return [`${byWords(held.by, screen)} has it`, ...ledBy(incident, screen, true).map(dotted)];
  const [first, ...others] = ledBy(incident, screen, false);
  // After a full stop the next sentence begins, without a dot between.
  return [...nobodyHasIt(incident, screen), ...(first ? [` ${first}`, ...others.map(dotted)] : [])];
}

function nobodyHasIt(incident: Incident, screen: Screen): Piece[] {
  const { heldAt, next } = incident.escalation;
  if (heldAt !== null) {
    const cancelAt = Math.max(heldAt, incident.lastActivityAt) + incident.policy.escalation.clearedAfterMs;
    const cleared: Piece[] = ['Nobody has it. PagerDuty says it cleared ', date(heldAt, screen)];
    return [...cleared, ': nobody is paged. Canceled ', date(cancelAt, screen), ' unless somebody acts.'];
  }
  const comes = comesNext(incident, screen);
  if (comes) return ['Nobody has it. ', ...comes];
  const isExhausted = next === null && incident.escalation.reached.length > 0;
  return [isExhausted ? 'Nobody has it, and nobody is left to page.' : 'Nobody has it.'];
}

const dotted = (words: string): string => ` · ${words}`;

/** `Commander: nobody`, `Comms lead: Ana`. Vacant ones only `withVacant`: before the acknowledgement that is noise. */
function ledBy(incident: Incident, screen: Screen, withVacant: boolean): string[] {
  const asked: Role[] = incident.severity <= 2 ? ['commander', 'comms'] : ['commander'];
  return roles.flatMap((role) => {
    const user = incident.roles[role]?.user;
    const isShown = user !== undefined || (withVacant && asked.includes(role));
    return isShown
      ? [`${roleWord(role, screen)}: ${user === undefined ? 'nobody' : nameOf(user, screen)}`]
      : [];
  });
}

function howItEnded(incident: Incident, screen: Screen): Piece[] {
  const { resolution } = incident;
  if (incident.status === 'canceled') return ['Nobody needs to do anything.'];
  if (incident.status === 'merged') return goesOn(incident);
  if (!resolution) return [`${statusWord(incident.status)}.`];
  const text = oneLine(resolution.text, lineLengthMax, '');
  const verified = resolution.verified ? 'recovery verified' : 'recovery not verified yet';
  return [
    `Fixed by ${oneLine(resolution.how, 60, 'other')}, ${verified}, says ${byWords(resolution.by, screen)}.`,
    text && ` ${text}`,
  ];
}

/** Where a merged one goes on; of a private one nothing is told. */
export function goesOn({ survivor }: Incident): Piece[] {
  if (!survivor || survivor.isPrivate) return ['Merged into another incident, which is private.'];
  const { channel } = survivor;
  return [
    `Merged into ${idOf(survivor)}: it goes on there`,
    ...(channel && channel.threadTs === undefined ? [', in ', channelLink(channel)] : []),
    '.',
  ];
}

/** Fixed once it is over, so it does not go stale. */
function howLong(incident: Incident, screen: Screen): Piece[] {
  const { startedAt } = incident.times;
  return [
    'Started ',
    date(startedAt, screen),
    `, lasted ${duration((incident.times.resolvedAt ?? incident.statusAt) - startedAt)}`,
  ];
}

/** The last update, else who declared it: `03:12 Bea: rolling back release 512`. */
export function latest(incident: Incident, screen: Screen): Piece[] {
  const { last } = incident.updates;
  if (!last)
    return [
      'Declared ',
      date(incident.times.declaredAt, screen),
      ` by ${byWords(incident.declaredBy, screen)}`,
    ];
  const words = oneLine(last.doing || last.happening, lineLengthMax);
  return [date(last.at, screen), ` ${byWords(last.by, screen)}: ${words}`];
}

/** `Next update 03:27`; null when none is owed. A time that has passed says that it has. */
export function nextUpdate(incident: Incident, screen: Screen): Line {
  const { dueAt } = incident.updates;
  if (dueAt === null || ended(incident.status)) return null;
  return [dueAt < screen.now ? 'Update was due ' : 'Next update ', date(dueAt, screen)];
}

/** Where people talk. */
const callLine = ({ callUrl }: Incident): Line =>
  callUrl !== undefined && ['Call: ', link(oneLine(callUrl.replace(/^https:\/\//, ''), 80), callUrl)];

/** Why this severity, and what PagerDuty says. */
function reasonLine(incident: Incident, screen: Screen): Line {
  const source = sourceOf(incident);
  const { firing, total } = monitoringCount(incident);
  const alerts = total > 0 && `: ${firing} of ${count(total, 'alert')} firing`;
  const pieces: Piece[] = [severityWhy(incident, screen), source && ' · ', source, source && alerts];
  const { fromMessage } = incident;
  return fromMessage ? [...pieces, ' · ', link('From a message', fromMessage.link)] : pieces;
}

function buttons(incident: Incident): KnownBlock | null {
  const target: Target = { incident: incident.id };
  const press = (label: string, action: ActionId, style?: 'primary' | 'danger') =>
    button(label, action, target, style ? { style } : {});
  if (ended(incident.status)) {
    const isMerged = incident.status === 'merged';
    const reopens = confirmation(
      `Reopen ${idOf(incident)}?`,
      'If nobody has it, people are paged again.',
      'Reopen',
    );
    return actions(
      incident.status === 'resolved' ? press('Close…', 'close') : null,
      isMerged ? null : button('Reopen', 'reopen', target, { confirm: reopens }),
      isMerged || incident.status === 'canceled' ? null : press('Postmortem', 'postmortem'),
    );
  }
  const more = overflow(...moreChoices(incident).map(([label, action]) => [label, action, target] as const));
  return incident.acknowledged
    ? actions(
        press('Update', 'post-update', 'primary'),
        press('Escalate…', 'escalate'),
        press('Resolve…', 'resolve'),
        more,
      )
    : actions(
        press('Acknowledge', 'acknowledge', 'primary'),
        press('Escalate…', 'escalate'),
        incident.roles.commander ? press('Update', 'post-update') : press('Take command', 'take-command'),
        more,
      );
}

/** The five choices that are likely in this state; everything else is a command away. */
function moreChoices(incident: Incident): (readonly [label: string, action: ActionId])[] {
  const common = [
    ['Severity…', 'severity'],
    ['Cancel: false alarm…', 'cancel'],
  ] as const;
  if (!incident.acknowledged) {
    return [
      incident.roles.comms ? ['Add a note…', 'note'] : ['Take comms', 'take-comms'],
      ...common,
      ['Resolve…', 'resolve'],
      ['Roles…', 'role'],
    ];
  }
  return [
    incident.roles.commander ? ['Add a note…', 'note'] : ['Take command', 'take-command'],
    incident.roles.comms ? ['Roles…', 'role'] : ['Take comms', 'take-comms'],
    ['Status…', 'status'],
    ...common,
  ];
}
