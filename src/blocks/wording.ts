import { monitoringCount } from '../incident/alert-links.ts';
import type { By } from '../incident/by.ts';
import type { Incident, Role, Status } from '../incident/incident.ts';
import { ended } from '../incident/incident.ts';
import { nextStepOf, targetsOf } from '../incident/ladder.ts';
import type { Telling } from '../incident/policy.ts';
import { setWhenDeclared } from '../incident/severity.ts';
import { label } from '../incident/severity-scale.ts';
import { isMachine, parseAddress } from '../oncall/address.ts';
import { targetWords } from '../oncall/targets.ts';
import { type Message, oneLine, type Screen } from './message.ts';
import { bold, date, link, nameOf, type Piece } from './rich-text.ts';

/** `INC-42` */
export const idOf = (incident: { id: number }): string => `INC-${incident.id}`;

/** With the incident's number in `text`: that is also read where nobody sees in which channel it stands. */
export const numbered = (shown: Message, incident: Incident): Message =>
  shown.text.split(/[^A-Z0-9-]+/).includes(idOf(incident))
    ? shown
    : { ...shown, text: `${shown.text} ${idOf(incident)}` };

/** Longest title on a screen; the whole one is in the timeline. */
const titleLengthMax = 200;
/** Longest title in a push notification: the rest must still be seen. */
const pushTitleLengthMax = 80;
/** Longest line that somebody else wrote, e.g. a reason. */
export const lineLengthMax = 300;

export const titleOf = (incident: { title: string }, lengthMax = titleLengthMax): string =>
  oneLine(incident.title, lengthMax, 'Untitled');

/** `SEV1 Checkout is down`, as a push notification begins; marked when it is a test. Not escaped. */
export const pushTitle = (incident: Incident): string =>
  `${incident.isTest ? 'TEST ' : ''}${label(incident.severity)} ${titleOf(incident, pushTitleLengthMax)}`;

/** The first line of whatever shows an incident: `SEV1 · Checkout is down · INC-42`. */
export const heading = (incident: Incident): Piece =>
  bold(
    [
      incident.isTest ? 'TEST' : '',
      `${label(incident.severity)}${incident.provisional ? ' (provisional)' : ''}`,
      titleOf(incident),
      idOf(incident),
      incident.isPrivate ? 'private' : '',
    ]
      .filter((part) => part !== '')
      .join(' · '),
  );

/** Who did it, by name; nobody is notified. */
export function byWords(by: By, screen: Screen): string {
  switch (by.kind) {
    case 'person':
      return nameOf(by.user, screen);
    case 'pagerduty':
      return by.name ? `${oneLine(by.name, 60, 'somebody')} (in PagerDuty)` : 'PagerDuty';
    case 'clock':
    case 'tocsin':
      return 'Tocsin';
  }
}

const statusTexts: Record<Status, string> = {
  triage: 'Triage',
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
  closed: 'Closed',
  canceled: 'Canceled',
  merged: 'Merged',
};

/** `Investigating`; `statusWord(status).toLowerCase()` inside a sentence. */
export const statusWord = (status: Status): string => statusTexts[status];

/** `Investigating since`, `Resolved`: stands before a time. */
export const statusFrom = ({ status }: { status: Status }): string =>
  ended(status) ? statusWord(status) : `${statusWord(status)} since`;

const roleTexts: Record<Role, string> = {
  commander: 'Commander',
  comms: 'Comms lead',
  tech: 'Tech lead',
  ops: 'Ops support',
  scribe: 'Scribe',
};

/** The role's title, as configured or as we call it. */
export const roleWord = (role: Role, screen: Screen): string =>
  oneLine(screen.roleTitles?.[role] ?? '', 60, roleTexts[role]);

/** `the on-call secondary`, `the CTO`, `the webhook noc`; people, groups and e-mail addresses by their name. */
export const theTarget = (name: string, screen: Screen): string => {
  const address = parseAddress(name);
  if (address?.kind === 'user' || address?.kind === 'group')
    return oneLine(screen.names(address.value), 60, 'somebody');
  const words = oneLine(targetWords(name), 60, 'somebody');
  return words.startsWith('the ') || (address && !isMachine(address)) ? words : `the ${words}`;
};

/** Whom a rung means for this incident: by name where the configuration knows it, else `the on-call secondary`. */
export const whom = (telling: Telling, incident: Incident, screen: Screen): string =>
  list(
    targetsOf(telling).map((name) =>
      oneLine(screen.who?.(name, incident.service) ?? '', 60, theTarget(name, screen)),
    ),
    targetsShownMax,
  );

/** So many of those who are told at once are named. */
const targetsShownMax = 4;

/** The first letter as at the start of a sentence. */
export const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** `15 min`, `2 h`, `1 h 30 min`, `3 days`. Never less than a minute. */
export function duration(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `1 message`, `9 messages`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`; after `max` only how many more. */
export function list(words: readonly string[], max = 10): string {
  const shown = words.length > max ? [...words.slice(0, max), `${words.length - max} more`] : [...words];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}

/** What the step does to its targets: `is paged`, or for a step that only informs `is told`; `are` for several. */
export const stepVerb = (step: Telling): string =>
  `${targetsOf(step).length > 1 ? 'are' : 'is'} ${step.action === 'page' ? 'paged' : 'told'}`;

/** `Cai is paged 03:10.`, `The on-call secondary is paged 03:10.`; what follows the ladder's end; null when nothing comes. */
export function comesNext(incident: Incident, screen: Screen): Piece[] | null {
  const next = nextStepOf(incident);
  if (ended(incident.status) || incident.escalation.heldAt !== null) return null;
  if (next && next.step.action !== 'ticket') {
    const verb = incident.isTest
      ? `would be ${next.step.action === 'page' ? 'paged' : 'told'}`
      : stepVerb(next.step);
    const who = whom(next.step, incident, screen);
    const leadsNowhere = targetsOf(next.step).every((name) => screen.who?.(name, incident.service) === '');
    return [
      `${screen.who?.(next.step.target, incident.service) ? who : capital(who)} ${verb} `,
      date(next.at, screen),
      leadsNowhere ? ', but nobody is configured as that.' : '.',
    ];
  }
  const last = incident.escalation.next;
  return last && !next
    ? ['Nobody else is left to page. Phone numbers follow ', date(last.at, screen), '.']
    : null;
}

/** With the full stop that it lacks. */
export const stopped = (words: string): string => (/[.!?…]$/.test(words) ? words : `${words}.`);

/** Which rule or who chose it: `SEV2: affected_users 45 >= 30`, `SEV1: all users`, `SEV2: set by Ana when declared`. */
export function severityWhy(incident: Incident, screen: Screen): string {
  const { severityReason } = incident;
  const by = `set by ${byWords(incident.severityBy, screen)}`;
  const why =
    severityReason === setWhenDeclared ? `${by} when declared` : oneLine(severityReason, lineLengthMax, by);
  return `${label(incident.severity)}: ${why}`;
}

/** Where it came from: `PagerDuty`, a link where there is one; null when a person declared it. */
export function sourceOf(incident: Incident): Piece {
  return incident.alertSource ? link('PagerDuty', incident.alertSource.url) : null;
}

/** `2 linked PagerDuty alerts still fire.`, null when none does. */
export function firingWords(incident: Incident): string | null {
  const { firing } = monitoringCount(incident);
  if (firing === 0) return null;
  return `${count(firing, 'linked PagerDuty alert')} still ${firing === 1 ? 'fires' : 'fire'}.`;
}
