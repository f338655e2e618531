import type { EscalationFact } from '../incident/escalation.ts';
import type { FactOf } from '../incident/facts.ts';
import type { Incident } from '../incident/incident.ts';
import { nextStepOf } from '../incident/ladder.ts';
import { label } from '../incident/severity-scale.ts';
import { machineWords } from '../oncall/address.ts';
import {
  actions,
  button,
  confirmation,
  escaped,
  type Message,
  message,
  oneLine,
  type Screen,
} from './message.ts';
import { reasonWords } from './reason.ts';
import { bold, date, flat, type Line, lines, mention, nameOf, type Piece } from './rich-text.ts';
import { phoneWords } from './sentences/paging.ts';
import { capital, comesNext, duration, idOf, list, pushTitle, whom } from './wording.ts';

type PeoplePaged = Extract<EscalationFact, { type: 'people-paged' }>;

/** So many are named; a target that is a large group would fill the screen. */
const namedMax = 20;

/** Who was told, why now, and what comes next when. A mention notifies; a test mentions nobody. */
export function paged(fact: PeoplePaged, incident: Incident, screen: Screen): Message {
  const isTold = fact.people.length + (fact.webhooks?.length ?? 0) > 0;
  const who: Piece[] = isTold ? told(fact, incident, screen) : nobody(fact, incident);
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...who)} ${idOf(incident)}`,
    lines(
      who,
      isTold && fact.missing !== null && `${capital(oneLine(fact.missing, 300))}.`,
      instead(fact, incident, screen),
      skipped(fact, screen),
      targetMissed(fact, incident, screen),
      fact.passedOn && 'The next in line is asked at once.',
      incident.acknowledged || fact.passedOn ? null : comesNext(incident, screen),
      targetAhead(fact, incident, screen),
    ),
  );
}

/**
 * The same ahead of it: the last word of the escalation before the response target names it, and once somebody was told
 * in vain it says that it is at risk.
 */
function targetAhead({ order, passedOn }: PeoplePaged, incident: Incident, screen: Screen): Line {
  const targetMs = incident.policy.severities[incident.severity].respondWithinMs;
  const { startedAt, reached } = incident.escalation;
  if (targetMs === null || order.step === null || incident.acknowledged || passedOn) return null;
  const targetAt = startedAt + targetMs;
  const isLastWord = order.nextAt === null || order.nextAt >= targetAt;
  if (order.orderedAt >= targetAt || !isLastWord) return null;
  const inVain = reached.some(({ at }) => at >= startedAt && at < order.orderedAt);
  const words = inVain ? 'The response target is at risk' : 'Response target';
  return [
    `${words}: `,
    date(targetAt, screen),
    ` (${label(incident.severity)}, within ${duration(targetMs)}).`,
  ];
}

/**
 * Before the acknowledgement only the escalation speaks: its first word after the response target says that it was
 * missed (product.md section 7).
 */
function targetMissed({ order }: PeoplePaged, incident: Incident, screen: Screen): Line {
  const targetMs = incident.policy.severities[incident.severity].respondWithinMs;
  const { startedAt, reached } = incident.escalation;
  if (targetMs === null || order.step === null || order.whileHeld || order.orderedAt < startedAt + targetMs)
    return null;
  const missedAt = startedAt + targetMs;
  const isSaid = reached.some(({ at }) => at >= missedAt && at < order.orderedAt);
  return isSaid
    ? null
    : [`The response target (${duration(targetMs)}) was missed `, date(missedAt, screen), '.'];
}

const who = (user: string, incident: Incident, screen: Screen): Piece =>
  incident.isTest ? nameOf(user, screen) : mention(user, screen);

function verb(fact: PeoplePaged, incident: Incident): string {
  const isPage = fact.order.action === 'page';
  if (incident.isTest) return `Test: would ${isPage ? 'page' : 'tell'}`;
  return isPage ? 'Paged' : 'Told';
}

function told(fact: PeoplePaged, incident: Incident, screen: Screen): Piece[] {
  const people = fact.people.slice(0, namedMax).flatMap((person, index): Piece[] => {
    const why = [person.standing, person.note ?? ''].map((words) => oneLine(words, 120, '')).filter(Boolean);
    const label = why.length > 0 ? ` (${why.join(', ')})` : '';
    return [index > 0 ? ', ' : ' ', who(person.user, incident, screen), label];
  });
  const machines = (fact.webhooks ?? []).map((name, index) => {
    const before = index + people.length > 0 ? ', ' : ' ';
    return `${before}the ${oneLine(machineWords(name), 70)}`;
  });
  const rest = fact.people.length - namedMax;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return [
    bold(verb(fact, incident)),
    ...people,
    ...machines,
    `${more}: `,
    ...reasonWords(fact.order.reason, screen),
    '.',
  ];
}

function nobody(fact: PeoplePaged, incident: Incident): Piece[] {
  const word = fact.order.action === 'page' ? 'paged' : 'told';
  const isCovered = fact.skipped.length > 0 && fact.missing === null;
  const subject = `${incident.isTest ? 'Test: nobody' : 'Nobody'}${isCovered ? ' else' : ''}`;
  const why = fact.missing === null ? '' : `: ${oneLine(fact.missing, 300)}`;
  return [bold(`${subject} ${incident.isTest ? 'would be' : 'was'} ${word}`), `${why}.`];
}

function instead(fact: PeoplePaged, incident: Incident, screen: Screen): Line {
  if (fact.askedInstead.length === 0) return null;
  const people = fact.askedInstead
    .slice(0, namedMax)
    .flatMap((user, index): Piece[] => [index > 0 ? ', ' : '', who(user, incident, screen)]);
  return [incident.isTest ? 'Would ask instead: ' : 'Asked instead: ', ...people];
}

function skipped(fact: PeoplePaged, screen: Screen): Line {
  if (fact.skipped.length === 0) return null;
  const people = fact.skipped
    .slice(0, namedMax)
    .flatMap(({ user, at }, index): Piece[] => [
      index > 0 ? ', ' : '',
      `${nameOf(user, screen)} (told `,
      date(at, screen),
      ')',
    ]);
  return ['Not again: ', ...people];
}

/** Loud: the person does not know, and somebody has to tell them. */
export function pageFailed(
  fact: Extract<EscalationFact, { type: 'page-failed' }>,
  incident: Incident,
  screen: Screen,
): Message {
  const error = oneLine(fact.error, 100, 'no reason given');
  return message(
    `${escaped(`${pushTitle(incident)}: the page to `)}${flat(screen, mention(fact.user, screen))} failed. Call them. ${idOf(incident)}`,
    lines(
      [
        bold('The page failed: '),
        mention(fact.user, screen),
        ` got no message from us (${error}). Call them.`,
      ],
      phones(incident.policy.phones),
      incident.acknowledged ? null : comesNext(incident, screen),
    ),
    incident.acknowledged ? null : actions(nextNow(incident, screen)),
  );
}

/** Their Slack is silent, and nothing else rings: whoever reads this decides what to do about it. */
export function slackQuiet(fact: FactOf<'slack-quiet'>, incident: Incident, screen: Screen): Message {
  const people = fact.people
    .slice(0, namedMax)
    .flatMap(({ user, untilAt }, index): Piece[] => [
      index > 0 ? ', ' : '',
      `${nameOf(user, screen)} paused until `,
      date(untilAt, screen),
    ]);
  const first: Piece[] = [bold('Slack only; '), ...people, '. This page may not ring.'];
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...first)} ${idOf(incident)}`,
    lines(first, incident.acknowledged ? null : comesNext(incident, screen)),
    incident.acknowledged || !nextStepOf(incident) ? null : actions(nextNow(incident, screen)),
  );
}

export function webhookFailed(fact: FactOf<'webhook-failed'>, incident: Incident, screen: Screen): Message {
  const name = oneLine(machineWords(fact.name), 70);
  const error = oneLine(fact.error, 240, 'no reason given');
  const first: Piece[] = [bold(`The ${name} could not be told`), ` (${error}).`];
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...first)} ${idOf(incident)}`,
    lines(first, incident.acknowledged ? null : comesNext(incident, screen)),
  );
}

/** Firing the next step wakes somebody: it is asked once more. */
function nextNow(incident: Incident, screen: Screen): ReturnType<typeof button> {
  const next = nextStepOf(incident);
  const target = { incident: incident.id };
  if (!next || next.step.action === 'ticket')
    return button('Escalate…', 'escalate', target, { style: 'danger' });
  const who = whom(next.step, incident, screen);
  const confirm = confirmation('Page now?', `This wakes ${who}.`, 'Page now');
  return button(`Page ${who} now`, 'escalate-now', target, { style: 'danger', confirm });
}

const phonesShownMax = 10;

/** The last resort: a telephone. */
export function phones(numbers: readonly { name: string; number: string }[]): Line {
  return numbers.length === 0
    ? 'No phone numbers are configured (phones in incident.yml): ask around who can be called.'
    : `Call ${list(numbers.slice(0, phonesShownMax).map(phoneWords))}.`;
}
