import { actorOf } from '../../../src/incident/decide.ts';
import type { Fact } from '../../../src/incident/facts.ts';
import type { Incident } from '../../../src/incident/incident.ts';
import { startWorld, type World } from '../../../src/sandbox/start.ts';
import { alert, byPagerDuty } from './alerts.ts';
import { atTheEnd } from './at-the-end.ts';
import { command } from './commands.ts';
import { after, declared, type Plain } from './reference.ts';
import { type About, idOf, maySee, privateWord, type Stage, titleOf } from './stage.ts';
import { type Act, people, type Step, type Taken, type Who } from './steps.ts';
import { speak } from './words.ts';

/** Plays a sequence through Bolt, against the plain reference. Returns what is wrong, in words. */
export async function playSequence(taken: readonly Taken[]): Promise<string[]> {
  const world = await startWorld({ at: '2026-03-02T10:00Z' });
  const stage: Stage = {
    world,
    plain: new Map(),
    tickets: new Map(),
    said: [],
    given: [],
    wrong: [],
    count: 0,
  };
  try {
    await world.slack.as('ana').say('good morning', { in: 'general' });
    const steps = taken.filter(([, isTaken]) => isTaken > 0).map(([step]) => step);
    for (const step of steps) {
      await taking(stage, step);
      if (stage.wrong.length > 0) return stage.wrong;
    }
    return atTheEnd(stage);
  } finally {
    await world.stop();
  }
}

async function taking(stage: Stage, step: Step): Promise<void> {
  const { world, wrong } = stage;
  const before = new Map([...stage.plain.keys()].map((id) => [id, world.store.timeline(id).length]));
  stage.count += 1;
  const named = `step ${stage.count}, ${JSON.stringify(step)}`;
  await actedOn(stage, step);
  await world.settle();
  const there = world.store.list({ limit: 100 }).length;
  if (there !== stage.plain.size) wrong.push(`after ${named}: there are ${there} incidents`);
  for (const [id, plain] of stage.plain) {
    const stored = world.store.incident(id);
    const [is, should] = [stored && asPlain(world, stored), plain].map((one) => JSON.stringify(one));
    if (is !== should) wrong.push(`after ${named}: INC-${id} is ${is}, and should be ${should}`);
    const fresh = world.store
      .timeline(id)
      .toSorted((a, b) => a.seq - b.seq)
      .slice(before.get(id) ?? 0);
    for (const { fact } of fresh)
      wrong.push(...wronglyCredited(world, step, fact).map((one) => `after ${named}: ${one}`));
  }
}

/** The stored incident in the words of the reference. */
function asPlain(world: World, incident: Incident): Plain {
  const nameOf = (user: string): Who => people.find((one) => world.slack.userId(one) === user) ?? 'ana';
  const { title, status, severity, roles, acknowledged, isPrivate, mergedInto, endedFrom } = incident;
  const role = (held: { user: string } | undefined) => (held ? nameOf(held.user) : null);
  const holder =
    acknowledged && (acknowledged.by.kind === 'person' ? nameOf(acknowledged.by.user) : 'pagerduty');
  return {
    ...{
      title,
      severity,
      status,
      isSure: incident.severityBy.kind === 'person' && !incident.provisional,
      isPrivate,
    },
    ...{ commander: role(roles.commander), comms: role(roles.comms), holder },
    ...{ mergedInto: mergedInto ?? null, endedFrom },
  };
}

/** Whoever did nothing in this step is not the one who did anything. */
function wronglyCredited(world: World, step: Step, fact: Fact): string[] {
  const actor = actorOf(fact);
  // Coming and going is Slack's to tell, of whomever it is.
  if (actor === null || fact.type === 'member-joined' || fact.type === 'member-left') return [];
  const acting = 'who' in step ? [step] : step.does === 'at once' ? step.acts : [];
  return acting.some(({ who }) => world.slack.userId(who) === actor)
    ? []
    : [`${fact.type} is put down to ${actor}`];
}

async function actedOn(stage: Stage, step: Step): Promise<void> {
  const { world } = stage;
  switch (step.does) {
    case 'declare':
    case 'declare in private':
      return declare(stage, step);
    case 'alert':
      return alert(stage, step.priority);
    case 'pass':
      return world.pass(`${step.seconds}s`);
    case 'restart':
      return world.restart('5s');
    case 'event again': {
      const events = world.slack.deliveries;
      const again = events[step.which % Math.max(1, events.length)];
      return again ? world.slack.redeliver(again.eventId) : undefined;
    }
    case 'alert again': {
      const events = world.pagerduty.deliveries;
      const again = events[step.which % Math.max(1, events.length)];
      return again ? world.pagerduty.redeliver(again.eventId) : undefined;
    }
    default:
      return about(stage, step);
  }
}

async function declare(stage: Stage, step: Extract<Step, { does: 'declare' | 'declare in private' }>) {
  const { world, plain } = stage;
  const title = titleOf(stage);
  if (title === undefined) return;
  const who = world.slack.as(step.who);
  if (step.does === 'declare') {
    await who.command(`/incident declare sev${step.severity} ${title}`, { in: 'general' });
    plain.set(plain.size + 1, declared(title, step.severity, false));
    return;
  }
  await who.command('/incident declare', { in: 'general' });
  await world.settle();
  const secret = `${privateWord} ${title}`;
  await who.submit({
    ...{ 'What is broken?': secret, 'How bad is it for users?': 'SEV2 major', Private: true },
  });
  plain.set(plain.size + 1, declared(secret, 2, true));
}

async function about(stage: Stage, step: About): Promise<void> {
  const { plain } = stage;
  if (plain.size === 0) return;
  const id = idOf(stage, step.on);
  if (step.does === 'at once') return allAtOnce(stage, step.acts, id);
  if (step.does === 'alert priority' || step.does === 'alert acknowledged' || step.does === 'alert resolved')
    return byPagerDuty(stage, step, id);
  if (step.does === 'write' || step.does === 'edit' || step.does === 'delete') return speak(stage, step, id);
  const incident = plain.get(id)!;
  // One that they may not see does not exist for them.
  const sees = !incident.isPrivate || maySee(stage, id, step.who);
  const into = step.does === 'merge' ? survivorOf(stage, step) : undefined;
  const should = sees ? after(incident, step, { into }) : incident;
  const answer = await command(stage, step, id, sees);
  if (!sees && answer.includes(privateWord)) stage.wrong.push(`${step.who} read of INC-${id}: ${answer}`);
  plain.set(id, should);
}

/** Several people at the same moment: in whatever order they come, it is as if each had come by itself. */
async function allAtOnce(stage: Stage, acts: readonly Act[], id: number): Promise<void> {
  const { world, plain } = stage;
  const incident = plain.get(id)!;
  // Who is let into a private one is a matter of the order too.
  if (incident.isPrivate) return;
  await Promise.all(acts.map((act) => command(stage, act, id, true)));
  await world.settle();
  const is = JSON.stringify(asPlain(world, world.store.incident(id)!));
  const possible = ordersOf(acts).map((order) => order.reduce((one, act) => after(one, act), incident));
  plain.set(id, possible.find((one) => JSON.stringify(one) === is) ?? possible[0]!);
}

const ordersOf = <T>(list: readonly T[]): T[][] =>
  list.length === 0
    ? [[]]
    : list.flatMap((one, n) => ordersOf(list.toSpliced(n, 1)).map((rest) => [one, ...rest]));

/** Into which it would go, if whoever merges may see that one too. */
function survivorOf(stage: Stage, { who, on, into }: Extract<Step, { does: 'merge' }>) {
  const id = idOf(stage, into);
  const incident = stage.plain.get(id)!;
  const isUnknown = incident.isPrivate && !maySee(stage, id, who);
  return isUnknown || id === idOf(stage, on) ? undefined : { id, incident };
}
