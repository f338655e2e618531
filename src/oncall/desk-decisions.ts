import { type Address, sameAddress } from './address.ts';
import {
  type Desk,
  type DeskCommand,
  type DeskFact,
  type DeskRefusal,
  type KeptCover,
  onDuty,
  sameShift,
} from './desk.ts';
import { boundedDuties, saysTheSame } from './duties.ts';
import { dutiesKnown, type Known, membersOf, scheduleKnown, unknownMembers } from './known-members.ts';
import { type Place, places, type Schedule, type Shift } from './schedule.ts';

const dayMs = 86_400_000;
/** Longer than a holiday, or further away, is a slip of the finger: the schedule itself should change then. */
const coverDaysMax = 31;
const aheadDaysMax = 365;
/** Who asks for cover from now on waits so long for an answer. */
const answerWithinMs = 30 * 60_000;

type Of<Union extends { type: string }, Type extends string> = Extract<Union, { type: Type }>;
type Decision = DeskFact[] | DeskRefusal;

const decisions: {
  [Type in DeskCommand['type']]: (desk: Desk, command: Of<DeskCommand, Type>, now: number) => Decision;
} = {
  'set-schedule': (desk, { schedule: written }, now) => {
    const schedule = written && scheduleKnown(withLastDuties(written, desk), desk.known);
    const same = JSON.stringify(desk.schedule) === JSON.stringify(schedule);
    const addresses = unknownMembers(schedule);
    const facts: DeskFact[] = [
      ...(same ? [] : [{ type: 'schedule-set', schedule } as const]),
      ...(addresses.length > 0 ? [{ type: 'members-asked', addresses } as const] : []),
    ];
    const first = desk.shift ? null : onDuty({ ...desk, schedule }, now);
    // Whoever is on call when Tocsin first hears of the team took over long ago: nothing is handed over.
    return first ? [...facts, { type: 'shift-changed', before: null, after: shiftOf(first, now) }] : facts;
  },
  'note-duties': (desk, { duties: answer }, now) => {
    const { schedule } = desk;
    if (!schedule?.pagerduty) return [];
    const duties = dutiesKnown(boundedDuties(answer, now), desk.known);
    if (saysTheSame(schedule.duties, duties, now)) return [];
    const after = { ...schedule, duties };
    const addresses = newMembers(after, schedule);
    return [
      { type: 'duties-known', duties },
      ...(addresses.length > 0 ? [{ type: 'members-asked', addresses } as const] : []),
      ...changed({ ...desk, schedule: after }, now),
    ];
  },
  'look-up-members': (desk, _command, now) => {
    const addresses = membersToAsk(desk, now);
    return addresses.length > 0 ? [{ type: 'members-asked', addresses }] : [];
  },
  'note-known': (desk, { known }) => {
    const isKnown = (one: Known): boolean =>
      desk.known.some(({ address, user }) => user === one.user && sameAddress(address, one.address));
    const news = known.filter((one) => !isKnown(one));
    return news.length > 0 ? [{ type: 'members-known', known: news }] : [];
  },
  override: (desk, { by, user, place, from, until }, now) =>
    wrongTime(desk, from, until, now) ?? overridden(desk, { by, user, place, from, until }),
  'remove-cover': (desk, { by, n }, now) => {
    const cover = desk.covers.find((one) => one.n === n && one.until > now);
    return cover ? [{ type: 'cover-removed', by, cover }] : { refused: 'unknown-cover' };
  },
  'ask-cover': (desk, { by, from, until }, now) =>
    wrongTime(desk, from, until, now) ?? asked(desk, { by, from, until }, now),
  'accept-cover': (desk, { by, n }, now) => {
    const request = desk.requests.find((one) => one.n === n && one.until > now);
    if (!request) return { refused: 'unknown-request' };
    if (request.by === by) return { refused: 'own-request' };
    if (!request.asked.includes(by)) return { refused: 'not-asked' };
    const { place, until } = request;
    // Accepted late: from now on.
    const added = overridden(
      desk,
      { by: request.by, user: by, place, from: Math.max(request.from, now), until },
      n,
    );
    return Array.isArray(added) ? [...added, { type: 'request-over', why: 'taken', request }] : added;
  },
  'decline-cover': (desk, { by, n, unreachable }) => {
    const request = desk.requests.find((one) => one.n === n);
    if (!request) return { refused: 'unknown-request' };
    if (!request.asked.includes(by)) return { refused: 'not-asked' };
    if (request.declined.includes(by)) return [];
    return [{ type: 'cover-declined', n, by, request, ...(unreachable && { unreachable }) }];
  },
  'withdraw-request': (desk, { by, n }) => {
    const request = desk.requests.find((one) => one.n === n && one.by === by);
    return request ? [{ type: 'request-over', why: 'withdrawn', request }] : { refused: 'unknown-request' };
  },
  'note-asked': (_desk, { n, user, channel, ts }) => [{ type: 'cover-question-sent', n, user, channel, ts }],
  'test-page': (desk, { by }) => [{ type: 'test-page-asked', by, n: desk.lastNumber + 1 }],
  'note-tested': (_desk, { n, channel, ts }) => [{ type: 'test-page-sent', n, channel, ts }],
  'acknowledge-test': (desk, { by, n }) => {
    const test = desk.tests[n];
    if (!test) return { refused: 'unknown-test' };
    if (test.user !== by) return { refused: 'not-your-test' };
    return test.answeredAt === null ? [{ type: 'test-page-answered', n, by }] : [];
  },
  // Told once, until it is others who are missing.
  'note-group': ({ notInGroup = [] }, { group, missing, others }) =>
    JSON.stringify(notInGroup) === JSON.stringify(missing)
      ? []
      : [{ type: 'group-synced', group, missing, others }],
  tick: (desk, _command, now) => [...lapsed(desk, now), ...changed(desk, now)],
};

/** Whatever a command leads to: facts, or a named refusal that changes nothing. `now` epoch ms. */
export function decideDesk<Type extends DeskCommand['type']>(
  desk: Desk,
  command: Of<DeskCommand, Type>,
  now: number,
): Decision {
  const decide: (desk: Desk, command: Of<DeskCommand, Type>, now: number) => Decision =
    decisions[command.type as Type];
  return decide(desk, command, now);
}

function wrongTime(desk: Desk, from: number, until: number, now: number): DeskRefusal | null {
  if (!desk.schedule) return { refused: 'no-schedule' };
  if (until <= from) return { refused: 'backwards' };
  if (until <= now) return { refused: 'past' };
  if (until - from > coverDaysMax * dayMs) return { refused: 'too-long', daysMax: coverDaysMax };
  if (from - now > aheadDaysMax * dayMs) return { refused: 'too-far', daysMax: aheadDaysMax };
  return null;
}

function overridden(
  desk: Desk,
  wanted: { by: string; user: string; place: Place; from: number; until: number },
  request: number | null = null,
): Decision {
  const { by, user, place, from, until } = wanted;
  const member: Address = { kind: 'user', value: user };
  const before = onDuty(desk, from);
  const covered = before?.[place] ?? null;
  // Only when they hold it the whole time is there nothing to do.
  const holdsIt = covered && sameAddress(covered, member) && (before?.until ?? 0) >= until;
  if (holdsIt) return { refused: 'already-on-call', place };
  const cover: KeptCover = { n: desk.lastNumber + 1, by, place, member, covered, from, until };
  return [{ type: 'cover-added', cover, request }];
}

function asked(
  desk: Desk,
  { by, from, until }: { by: string; from: number; until: number },
  now: number,
): Decision {
  const me: Address = { kind: 'user', value: by };
  const duty = onDuty(desk, from);
  const place = places.find((one) => duty?.[one] && sameAddress(duty[one], me));
  if (!place) return { refused: 'not-on-call', next: nextTurnOf(desk, me, from) };
  const same = desk.requests.find((one) => one.by === by && one.from < until && from < one.until);
  if (same) return { refused: 'asked-already', n: same.n };
  const others = colleagues(desk).filter((user) => user !== by);
  if (others.length === 0) return { refused: 'nobody-to-ask' };
  const answerBy = Math.min(until, Math.max(from, now + answerWithinMs));
  const request = { n: desk.lastNumber + 1, by, place, from, until, answerBy, asked: others };
  return [{ type: 'cover-asked', request }];
}

/** Slack users among everybody in the schedule. */
function colleagues({ schedule }: Desk): string[] {
  return membersOf(schedule).flatMap(({ kind, value }) => (kind === 'user' ? [value] : []));
}

/** So many shifts are looked through for somebody's next one. */
const shiftsAheadMax = 100;

/** When `me` is on call next after `from`, epoch ms; null when that is far away. */
function nextTurnOf(desk: Desk, me: Address, from: number): number | null {
  let at = from;
  for (let looked = 0; looked < shiftsAheadMax; looked++) {
    const duty = onDuty(desk, at);
    if (!duty) return null;
    if (places.some((place) => duty[place] && sameAddress(duty[place], me))) return at;
    at = duty.until;
  }
  return null;
}

/** Requests that nobody answered in time. */
const lapsed = (desk: Desk, now: number): DeskFact[] =>
  desk.requests
    .filter(({ answerBy }) => answerBy <= now)
    .map((request) => ({ type: 'request-over', why: 'unanswered', request }));

function changed(desk: Desk, now: number): DeskFact[] {
  const duty = onDuty(desk, now);
  if (!duty) return [];
  const after = shiftOf(duty, now);
  return desk.shift && sameShift(desk.shift, after)
    ? []
    : [{ type: 'shift-changed', before: desk.shift, after }];
}

/** The same source as before: until it answers again, its last answer counts. */
function withLastDuties(written: Schedule, { schedule: before }: Desk): Schedule {
  const isSame = JSON.stringify(before?.pagerduty) === JSON.stringify(written.pagerduty);
  return written.pagerduty && isSame && before?.duties ? { ...written, duties: before.duties } : written;
}

/** Whom an earlier answer did not name. */
const newMembers = (after: Schedule, before: Schedule): Address[] => {
  const known = membersOf(before);
  return unknownMembers(after).filter((one) => !known.some((other) => sameAddress(other, one)));
};

/** So many are looked up at a time: Slack answers about 50 such questions a minute. */
const askedMax = 20;
const hourMs = 3_600_000;

/** Those whom nobody knows; then, in turns from hour to hour, those who may be somebody else by now. */
function membersToAsk({ schedule, known }: Desk, now: number): Address[] {
  if (!schedule) return [];
  const unknown = inTurn(unknownMembers(schedule), askedMax, now);
  const room = Math.max(0, askedMax - unknown.length);
  const others = known.map(({ address }) => address);
  return [...unknown, ...inTurn(others, room, now)];
}

function inTurn(all: readonly Address[], max: number, now: number): Address[] {
  if (all.length <= max || max === 0) return all.slice(0, max);
  const start = (Math.floor(now / hourMs) * max) % all.length;
  return [...all.slice(start), ...all.slice(0, start)].slice(0, max);
}

const shiftOf = ({ primary, secondary }: Shift, since: number) => ({ primary, secondary, since });
