import { nextWorkingMorning, nextWorkingTime } from '../oncall/working-hours.ts';
import type { Due } from './due.ts';
import type { Fact } from './facts.ts';
import type { Incident } from './incident.ts';
import type { PostmortemCommand, PostmortemFact } from './postmortem.ts';
import type { Postmortem } from './postmortem-state.ts';
import type { Topic } from './topic.ts';

/** When the owner is asked, in their zone (product.md section 7). */
const askedAtTime = '10:00';

type Reminders = Topic<
  Extract<PostmortemCommand, { type: 'snooze-postmortem' | 'stop-postmortem' }>,
  Extract<PostmortemFact, { type: 'postmortem-reminded' | 'postmortem-snoozed' | 'postmortem-stopped' }>
>;

/** What is owed, and to be reminded of: not reviewed, with an owner and a due time, of an incident that really was. */
function owed(incident: Incident): (Postmortem & { owner: string; dueAt: number; endedAt: number }) | null {
  const { postmortem, status } = incident;
  if (!postmortem || incident.isTest || (status !== 'resolved' && status !== 'closed')) return null;
  const { owner, dueAt, endedAt, reviewedAt, reminded } = postmortem;
  if (owner === null || dueAt === null || endedAt === null || reviewedAt !== null) return null;
  return reminded.stopped ? null : { ...postmortem, owner, dueAt, endedAt };
}

/**
 * The owner is asked on the next working morning, and reminded when it is due; once each, and again when a snooze
 * ends. It is paperwork: a due time at night or on a Sunday waits for the owner's working hours.
 */
export function postmortemDues(incident: Incident): Due[] {
  const wanted = owed(incident);
  const at = wanted && remindedAt(incident, wanted);
  if (!wanted || at === null) return [];
  const { owner: user, dueAt } = wanted;
  const what = at >= dueAt ? 'due' : 'ask';
  return [
    {
      rule: `postmortem-${what}`,
      at,
      // After an absence both may have passed: one message says the later thing.
      fire: (now) => [{ type: 'postmortem-reminded', user, what: now >= dueAt ? 'due' : 'ask', dueAt }],
    },
  ];
}

function remindedAt(
  { policy }: Incident,
  { dueAt, endedAt, timeZone, reminded }: Postmortem & { dueAt: number; endedAt: number },
): number | null {
  const { workingHours } = policy;
  const zone = timeZone ?? workingHours.timeZone;
  if (reminded.notBeforeAt !== null) return reminded.notBeforeAt;
  const dueToldAt = nextWorkingTime(dueAt, workingHours, zone);
  switch (reminded.last) {
    case null:
      return Math.min(nextWorkingMorning(endedAt, askedAtTime, workingHours, zone), dueToldAt);
    case 'ask':
      return dueToldAt;
    case 'due':
      return null;
  }
}

/** A reminder that waited in the outbox is sent only to the owner of what is still to be written. */
export function stillReminded(incident: Incident, about: Fact): boolean {
  if (about.type === 'postmortem-owner-set') return incident.postmortem?.owner === about.user;
  return about.type !== 'postmortem-reminded' || owed(incident)?.owner === about.user;
}

export const reminderDecisions: Reminders['decide'] = {
  'snooze-postmortem': (incident, { by, untilAt }, now) => {
    if (!owed(incident)) return { refused: 'no-reminder' };
    return untilAt <= now ? { refused: 'stale' } : [{ type: 'postmortem-snoozed', by, untilAt }];
  },
  'stop-postmortem': (incident, { by }) =>
    owed(incident) ? [{ type: 'postmortem-stopped', by }] : { refused: 'no-reminder' },
};

const reminded = (incident: Incident, change: Partial<Postmortem['reminded']>): Incident =>
  incident.postmortem
    ? {
        ...incident,
        postmortem: { ...incident.postmortem, reminded: { ...incident.postmortem.reminded, ...change } },
      }
    : incident;

export const reminderEvolutions: Reminders['evolve'] = {
  'postmortem-reminded': (incident, { what }) => reminded(incident, { last: what, notBeforeAt: null }),
  'postmortem-snoozed': (incident, { untilAt }) => reminded(incident, { notBeforeAt: untilAt }),
  'postmortem-stopped': (incident) => reminded(incident, { stopped: true }),
};

export const reminderEffects: Reminders['effects'] = {
  'postmortem-reminded': (fact) => [{ kind: 'tell', user: fact.user, about: fact }],
  'postmortem-snoozed': () => [],
  'postmortem-stopped': () => [],
};
