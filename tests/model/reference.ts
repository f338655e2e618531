import { beatAtOrAfter, beatMs, bootMs, type Rang } from './core.ts';
import type { Deed, Place, Severity, Who } from './deeds.ts';

/**
 * Who is woken, when and why: the escalation of product.md section 7 written down once more, as plainly as it reads, and
 * with nothing taken from what it checks. Where product.md is silent, `Decided` says what holds.
 */

const minute = 60_000;
type Target = Place | Who;
type Rung = { after: number; how: 'page' | 'notify'; target: Target };
const rung = (minutes: number, how: Rung['how'], target: Target): Rung => ({
  after: minutes * minute,
  how,
  target,
});

/** The table of section 7. Eve is engineering manager, Finn VP, Gus CTO, Hal director, Ida team lead. */
const ladders: Record<Severity, Rung[]> = {
  1: [
    rung(0, 'page', 'primary'),
    rung(5, 'page', 'secondary'),
    rung(10, 'page', 'eve'),
    rung(20, 'page', 'finn'),
    rung(30, 'page', 'gus'),
  ],
  2: [
    rung(0, 'page', 'primary'),
    rung(15, 'page', 'secondary'),
    rung(30, 'page', 'eve'),
    rung(60, 'notify', 'hal'),
  ],
  3: [rung(0, 'notify', 'primary'), rung(60, 'notify', 'ida'), rung(240, 'notify', 'eve')],
  4: [],
};
/** "Exhausted ladder: repeated twice", ten minutes after its last rung. */
const [repeats, repeatAfter] = [2, 10 * minute];
const silentAfter: Record<Severity, number> = {
  1: 15 * minute,
  2: 30 * minute,
  3: Number.POSITIVE_INFINITY,
  4: Number.POSITIVE_INFINITY,
};
const answerWithin = 5 * minute;
const flapsWithin = 15 * minute;
/** Decided: two rungs within a minute ring a phone once, for its owner has had no time to answer the first. */
const onePageWithin = minute;
/** Decided: what fires up to a minute late is on time; later than that the clock was away and goes on from now. */
const lateMax = minute;
const updateEvery = 15 * minute;
/** SEV1: T, T+5 mention, T+10 page. */
const updateRungs = [0, 5 * minute, 10 * minute];
const nudgesApart = 5 * minute;

const rotation: Who[] = ['bea', 'cai', 'dan'];

interface Told {
  who: Who;
  at: number;
  severity: Severity;
  /** `counts`: after a raise, who knows of it already. */
  how: 'paged' | 'notified' | 'counts';
  /** As what the ladder told them; null: by name. */
  as: Target | null;
  saidNo: boolean;
}

interface Case {
  number: number;
  severity: Severity;
  over: boolean;
  /** When the ladder that runs began. */
  began: number;
  /** The rung that comes next; past the last one the phone numbers; null when nothing comes any more. */
  next: { rung: number; round: number; at: number } | null;
  told: Told[];
  held: { by: Who; seenAt: number; askedAt: number | null } | null;
  pausedUntil: number | null;
  /** The next status update: when it is due, how many of its three reminders are out, and not before when. */
  update: { dueAt: number; out: number; outOf: number; notBefore: number; lastAt: number };
}

interface Cover {
  place: Place;
  who: Who;
  from: number;
  until: number;
}

const never = Number.POSITIVE_INFINITY;

const later = (dueAt: number, at: number): number => (dueAt === never ? never : Math.max(dueAt, at));

const isPlace = (target: Target): target is Place => target === 'primary' || target === 'secondary';

/** Nobody in both places, and nobody who is covered in the other one. */
function onCallIn(covers: readonly Cover[], place: Place, now: number): Who {
  const standsIn = (where: Place): Who | undefined =>
    covers.findLast((one) => one.place === where && one.from <= now && now < one.until)?.who;
  const primary = standsIn('primary') ?? rotation[0]!;
  if (place === 'primary') return primary;
  const away = [primary, ...(standsIn('primary') ? [rotation[0]!] : [])];
  const cover = standsIn('secondary');
  if (cover && !away.includes(cover)) return cover;
  return rotation.find((one) => !away.includes(one))!;
}

/** Is there a reason to leave them in peace? */
function knowsAlready(one: Case, who: Who, now: number): boolean {
  return one.told.some((told) => {
    if (told.who !== who || told.severity > one.severity) return false;
    if (told.how === 'paged' && now - told.at < onePageWithin) return true;
    const isOfBefore = told.how === 'counts' || told.at < one.began;
    return isOfBefore && now - told.at < flapsWithin;
  });
}

/**
 * The old policy's steps are cancelled, nobody is paged. Decided: the new policy's steps still ahead go on, counted from
 * the same beginning; with none ahead the next round waits, unless the ladder was at its end already.
 */
function lower(one: Case, now: number): void {
  const steps = ladders[one.severity];
  const ahead = steps.findIndex((step) => one.began + step.after > now);
  if (ahead >= 0) one.next = { rung: ahead, round: 0, at: one.began + steps[ahead]!.after };
  else if (one.next === null || steps.length === 0) one.next = null;
  else one.next = { rung: 0, round: Math.max(one.next.round, 1), at: now + repeatAfter };
}

/** A primary who already has another SEV1-2 is paged together with the secondary. */
const isBusy = (cases: readonly Case[], one: Case, who: Who): boolean =>
  cases.some((other) => other !== one && !other.over && other.severity <= 2 && other.held?.by === who);

export function startReference(startAt: number) {
  let now = startAt;
  let beatAt = startAt;
  const cases: Case[] = [];
  const covers: Cover[] = [];
  const rang: Rang[] = [];
  /** Owed: by a beat that is not over yet, or by one that died before it sent it, to whoever comes next. */
  const left: (() => void)[] = [];
  let isDead = false;
  let isBeating = false;
  const shift: Record<Place, Who> = { primary: 'bea', secondary: 'cai' };

  const onCall = (place: Place): Who => onCallIn(covers, place, now);

  /** Sent now; once everything that is due has happened; or by whoever comes after the dead. */
  const send = (act: () => void): void => {
    if (isDead || isBeating) left.push(act);
    else act();
  };

  function ring(one: Case, who: Who, why: string, from?: Rung, step: number | null = null): void {
    const how = from?.how === 'notify' ? 'notified' : 'paged';
    one.told.push({ who, at: now, severity: one.severity, how, as: from?.target ?? null, saidNo: false });
    rang.push({ at: now, who, incident: one.number, step, why });
  }

  function tell(one: Case, step: Rung, number: number, why: string): void {
    const { target, how } = step;
    const first = isPlace(target) ? onCall(target) : target;
    const takesBoth = target === 'primary' && how === 'page' && isBusy(cases, one, first);
    for (const who of takesBoth ? [first, onCall('secondary')] : [first]) {
      if (!knowsAlready(one, who, now)) ring(one, who, why, step, number);
    }
  }

  /** The next rung now; the others keep their distance from it. */
  function fire(one: Case, why: string): void {
    const { next } = one;
    const steps = ladders[one.severity];
    const step = next && steps[next.rung];
    if (!next) return;
    if (!step) {
      one.next = null;
      return;
    }
    wake(one);
    const late = now - next.at;
    const from = late >= 0 && late <= lateMax ? next.at : now;
    const following = steps[next.rung + 1];
    if (following) {
      one.next = { rung: next.rung + 1, round: next.round, at: from + following.after - step.after };
    } else if (next.round < repeats) {
      one.next = { rung: 0, round: next.round + 1, at: from + repeatAfter };
    } else {
      one.next = { rung: steps.length, round: next.round, at: from + repeatAfter };
    }
    send(() => tell(one, step, next.rung, why));
  }

  /** A page, a raise, and that nobody has it any more end a pause; then everything counts from now. */
  function wake(one: Case): void {
    if (one.pausedUntil === null) return;
    one.pausedUntil = null;
    if (one.held) one.held.seenAt = Math.max(one.held.seenAt, now);
    one.update.dueAt = later(one.update.dueAt, now + nudgesApart);
  }

  /** Nobody has it any more: at once the next rung. */
  function release(one: Case, why: string): void {
    wake(one);
    one.held = null;
    fire(one, why);
  }

  function setSeverity(one: Case, who: Who, to: Severity): void {
    const from = one.severity;
    if (to === from) return;
    if (to < from) wake(one);
    one.severity = to;
    one.update.dueAt = to === 1 ? now + updateEvery : never;
    if (to > from) {
      seen(one, who);
      lower(one, now);
      return;
    }
    // The raiser and whoever had it count as reached, and are asked.
    const know = [...new Set([...(one.held ? [one.held.by] : []), who])];
    one.held = null;
    one.began = now;
    one.next = { rung: 0, round: 0, at: now };
    for (const each of know)
      one.told.push({ who: each, at: now, severity: to, how: 'counts', as: null, saidNo: false });
    for (const each of know) send(() => ring(one, each, 'raised'));
    fire(one, 'raised');
  }

  function seen(one: Case, who: Who): void {
    if (one.held?.by === who) one.held.seenAt = now;
  }

  function declare(severity: Severity): void {
    const steps = ladders[severity];
    const dueAt = severity === 1 ? now + updateEvery : never;
    const one: Case = {
      number: cases.length + 1,
      severity,
      ...{ over: false, began: now, told: [], held: null, pausedUntil: null },
      next: steps.length > 0 ? { rung: 0, round: 0, at: now } : null,
      update: { dueAt, out: 0, outOf: dueAt, notBefore: 0, lastAt: Number.NEGATIVE_INFINITY },
    };
    cases.push(one);
    fire(one, 'declared');
  }

  function onCase(one: Case, deed: Extract<Deed, { on: number }>): void {
    if (deed.does === 'write') {
      seen(one, deed.who);
      return;
    }
    if (one.over) return;
    const isTheirs = one.held?.by === deed.who;
    switch (deed.does) {
      case 'acknowledge':
        if (one.held) return;
        one.held = { by: deed.who, seenAt: now, askedAt: null };
        one.update.dueAt = later(one.update.dueAt, now + nudgesApart);
        return;
      case 'give back':
        if (isTheirs) release(one, 'unacknowledged');
        return;
      case "can't":
        cannot(one, deed.who);
        return;
      case 'still on it':
        if (isTheirs) seen(one, deed.who);
        return;
      case 'cancel':
        one.over = true;
        return;
      case 'escalate now':
        if (one.next === null || !ladders[one.severity][one.next.rung]) return;
        seen(one, deed.who);
        fire(one, 'asked');
        return;
      case 'page':
        wake(one);
        seen(one, deed.who);
        send(() => ring(one, deed.whom, 'asked'));
        return;
      case 'set severity':
        setSeverity(one, deed.who, deed.to);
        return;
      case 'post an update':
        seen(one, deed.who);
        one.update.dueAt = one.severity === 1 ? now + updateEvery : never;
        one.update.notBefore = 0;
        one.update.out = 0;
        return;
      case 'snooze updates':
        seen(one, deed.who);
        one.update.notBefore = now + deed.forMs;
        one.update.out = 0;
        return;
      case 'pause':
        if (!one.held) return;
        seen(one, deed.who);
        one.pausedUntil = now + deed.forMs;
        one.held.askedAt = null;
        return;
    }
  }

  /** "Can't" of somebody who was told, once for each time they were. */
  function cannot(one: Case, who: Who): void {
    if (one.held?.by === who) {
      for (const told of one.told) if (told.who === who) told.saidNo = true;
      release(one, 'declined');
      return;
    }
    const last = one.told.findLast((told) => told.who === who);
    if (one.held || !last || last.saidNo) return;
    for (const told of one.told) if (told.who === who) told.saidNo = true;
    fire(one, 'declined');
  }

  /** What the clock finds due of one incident, the earliest first. */
  function dueOf(one: Case): { at: number; act: () => void } | null {
    if (one.over) return null;
    const due: { at: number; act: () => void }[] = [];
    if (!one.held && one.next) due.push({ at: one.next.at, act: () => fire(one, 'ladder') });
    if (one.held && one.pausedUntil === null) due.push(silence(one, one.held), updateDue(one));
    if (one.pausedUntil !== null) due.push({ at: one.pausedUntil, act: () => wake(one) });
    const first = due.sort((a, b) => a.at - b.at)[0];
    return first && first.at <= now ? first : null;
  }

  function silence(one: Case, held: NonNullable<Case['held']>) {
    const ask = (): void => {
      held.askedAt = now;
      send(() => ring(one, held.by, 'still-on-it'));
    };
    const after = silentAfter[one.severity];
    if (after === never) return { at: never, act: ask };
    if (held.askedAt === null || held.askedAt <= held.seenAt) return { at: held.seenAt + after, act: ask };
    const at = held.askedAt + answerWithin;
    // Decided: while the clock was away no answer could arrive, so they are asked once more.
    return { at, act: () => (now - at > lateMax ? ask() : release(one, 'silent')) };
  }

  /** SEV1: the update is due, five minutes later the mention, five minutes later the next rung is paged. */
  function updateDue(one: Case) {
    const { update } = one;
    if (update.outOf !== update.dueAt) Object.assign(update, { out: 0, outOf: update.dueAt });
    const wantedAt = Math.max(update.dueAt + updateRungs[update.out]!, update.notBefore);
    const isPage = update.out === 2;
    const at = isPage ? wantedAt : Math.max(wantedAt, update.lastAt + nudgesApart);
    const act = (): void => {
      const plannedAt = update.dueAt + updateRungs[update.out]!;
      const isLate = now - plannedAt > lateMax;
      update.lastAt = now - plannedAt > 2 * beatMs ? now : plannedAt;
      if (!isPage) {
        update.out += 1;
        update.notBefore = isLate ? now + 5 * minute : 0;
        return;
      }
      const spokenFor = Math.max(update.dueAt, now - updateRungs[2]!);
      Object.assign(update, { dueAt: spokenFor + updateEvery, out: 0, notBefore: 0 });
      if (one.next && ladders[one.severity][one.next.rung]) fire(one, 'no-update');
    };
    return { at, act };
  }

  function beat(): void {
    beatAt = now;
    let moved = 0;
    isBeating = true;
    for (const one of cases) {
      for (let due = dueOf(one); due; due = dueOf(one)) due.act();
    }
    isBeating = false;
    if (!isDead) for (const act of left.splice(0)) act();
    for (const place of ['primary', 'secondary'] as const) {
      const [before, after] = [shift[place], onCall(place)];
      shift[place] = after;
      if (before === after) continue;
      // What rings only now, of what died with the process, was sent after the change.
      const moves = (): void => shiftChanged(place, before, after);
      if (isDead) left.splice(moved++, 0, moves);
      else moves();
    }
  }

  /** A page of before that nobody answered goes to whoever stands in that place now, unless they know already. */
  function shiftChanged(place: Place, before: Who, after: Who): void {
    for (const one of cases) {
      if (one.over || one.held) continue;
      const ofThis = one.told.filter(({ at }) => at >= one.began);
      const isTheirs = (told: Told): boolean => told.who === before && (told.as ?? place) === place;
      const waits = ofThis.findLast((told) => isTheirs(told) && told.how !== 'counts' && !told.saidNo);
      if (!waits || ofThis.some(({ who }) => who === after)) continue;
      ring(one, after, 'shift-changed', {
        after: 0,
        how: waits.how === 'paged' ? 'page' : 'notify',
        target: place,
      });
    }
  }

  function pass(ms: number): void {
    const until = now + ms;
    for (let at = beatAtOrAfter(startAt, beatAt + 1); at <= until; at += beatMs) {
      now = at;
      beat();
    }
    now = until;
  }

  function act(deed: Deed): void {
    switch (deed.does) {
      case 'wait':
        pass(deed.forMs);
        return;
      case 'restart':
        now += deed.awayMs;
        beat();
        return;
      case 'die at':
        isDead = true;
        act(deed.deed);
        now += bootMs;
        beat();
        isDead = false;
        for (const act of left.splice(0)) act();
        return;
      case 'declare':
        declare(deed.severity);
        return;
      case 'override':
        covers.push({ place: deed.place, who: deed.who, from: now, until: now + deed.forMs });
        return;
      default: {
        const one = cases[deed.on];
        if (one) onCase(one, deed);
      }
    }
  }

  return { act, rang: (): Rang[] => rang };
}
