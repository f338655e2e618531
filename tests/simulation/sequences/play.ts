import { actorOf } from '../../../src/incident/decide.ts';
import type { Fact } from '../../../src/incident/facts.ts';
import type { Incident } from '../../../src/incident/incident.ts';
import { readTimeline } from '../../../src/incident/timeline.ts';
import type { Incident as Ticket } from '../../../src/sandbox/pagerduty-events.ts';
import { startWorld, type World } from '../../../src/sandbox/start.ts';
import { misfolded } from '../../support/folded.ts';
import { pressOld } from './buttons.ts';
import { after, alerted, declared, isOpen, type Plain } from './reference.ts';
import { type Act, people, type Step, type Taken, type Who } from './steps.ts';

/** Machines may open so many rooms within ten minutes; beyond that there is a storm, which has tests of its own. */
const alertsMax = 4;
/** Incidents of one sequence; more titles there are not. */
const titles = [
  'Checkout fails',
  'Printers jam',
  'Login loops',
  'Search crawls',
  'Mail bounces',
  'Maps vanish',
];
/** Of what is known of one incident, to tell titles of private ones from words that anybody may say. */
const privateWord = 'Xylophone';

/** `first`: as it was written, `text`: as it reads now. */
type Said = { first: string; text: string; in: string; by: Who; incident: number; isGone: boolean };

interface Stage {
  world: World;
  /** By number, from 1. */
  plain: Map<number, Plain>;
  /** Alerts by the incident that they opened. */
  tickets: Map<number, { ticket: Ticket; state: 'triggered' | 'acknowledged' | 'resolved' }>;
  said: Said[];
  /** Texts of notes and follow-ups that were taken, with who gave them: each must be in the timelines once. */
  given: { type: 'note-added' | 'followup-added'; text: string; by: Who }[];
  wrong: string[];
  count: number;
}

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

const titleOf = ({ plain }: Stage): string | undefined => titles[plain.size];

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

async function alert(stage: Stage, priority: number): Promise<void> {
  const { world, plain, tickets } = stage;
  const title = titleOf(stage);
  if (title === undefined || tickets.size >= alertsMax) return;
  const id = plain.size + 1;
  // Each of a service of its own: none belongs to another.
  const service = { id: `PSVC${id}`, summary: title };
  const ticket = await world.pagerduty.trigger({ title, service, priority: `P${priority}` });
  tickets.set(id, { ticket, state: 'triggered' });
  plain.set(id, alerted(title, priority as 1 | 2 | 3 | 4));
}

type About = Extract<Step, { on: number }>;
/** What nobody does by a command about an incident. */
type Aside =
  | 'at once'
  | 'alert priority'
  | 'alert acknowledged'
  | 'alert resolved'
  | 'write'
  | 'edit'
  | 'delete';

/** Whom a step is about: of those there are. */
const idOf = ({ plain }: Stage, on: number): number => (on % plain.size) + 1;

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

const maySee = ({ world }: Stage, id: number, who: Who): boolean =>
  world.store.incident(id)?.members.includes(world.slack.userId(who)) === true;

/** Into which it would go, if whoever merges may see that one too. */
function survivorOf(stage: Stage, { who, on, into }: Extract<Step, { does: 'merge' }>) {
  const id = idOf(stage, into);
  const incident = stage.plain.get(id)!;
  const isUnknown = incident.isPrivate && !maySee(stage, id, who);
  return isUnknown || id === idOf(stage, on) ? undefined : { id, incident };
}

/** The step as people take it: in words, by a button, in a form. Returns what they read. */
async function command(
  stage: Stage,
  step: Exclude<About, { does: Aside }>,
  id: number,
  sees: boolean,
): Promise<string> {
  const { world } = stage;
  const who = world.slack.as(step.who);
  const say = (words: string) => who.command(`/incident INC-${id} ${words}`, { in: 'general' });
  switch (step.does) {
    case 'severity':
      return say(`sev ${step.to} because`);
    case 'acknowledge':
      return say('ack');
    case 'give back':
      return say('unack');
    case 'make private':
      return say('private yes');
    case 'role':
      return say(`role ${step.role} ${step.whom === 'nobody' ? 'nobody' : `@${step.whom}`}`);
    case 'status':
      return say(`status ${step.to}`);
    case 'resolve':
      return say('resolve rollback');
    case 'cancel':
      return say('cancel false alarm');
    case 'close':
      return say('close because it is over');
    case 'reopen':
      return say('reopen');
    case 'merge':
      return merge(stage, step, id);
    case 'press':
      stage.wrong.push(...(await pressOld(world, step.who, step.button, id)));
      return '';
    case 'note':
    case 'add a follow-up':
    case 'finish a follow-up':
      return keep(stage, step, id, sees);
  }
}

async function merge(stage: Stage, step: Extract<Step, { does: 'merge' }>, id: number): Promise<string> {
  const who = stage.world.slack.as(step.who);
  const into = idOf(stage, step.into);
  const read = await who.command(`/incident INC-${id} merge INC-${into}`, { in: 'general' });
  await stage.world.settle();
  if (who.modal() !== null) await who.submit();
  return read;
}

/** Notes and follow-ups: what was taken must be in the timelines once, under the name of whoever gave it. */
async function keep(
  stage: Stage,
  { does, who }: Extract<Step, { does: 'note' | 'add a follow-up' | 'finish a follow-up' }>,
  id: number,
  sees: boolean,
): Promise<string> {
  const { world, given, plain } = stage;
  const say = (words: string) =>
    world.slack.as(who).command(`/incident INC-${id} ${words}`, { in: 'general' });
  if (does === 'finish a follow-up') {
    const open = world.store.incident(id)?.followups?.find(({ doneAt }) => doneAt === null);
    return open ? say(`followup done ${open.n}`) : '';
  }
  const text = `matter ${stage.count}`;
  const isOver = ['canceled', 'merged'].includes(plain.get(id)!.status);
  const type = does === 'note' ? 'note-added' : 'followup-added';
  if (sees && !(isOver && type === 'followup-added')) given.push({ type, text, by: who });
  return say(does === 'note' ? `note ${text}` : `followup add ${text}`);
}

async function byPagerDuty(
  stage: Stage,
  step: Extract<Step, { does: 'alert priority' | 'alert acknowledged' | 'alert resolved' }>,
  id: number,
): Promise<void> {
  const { world, plain, tickets } = stage;
  const one = tickets.get(id);
  if (!one || one.state === 'resolved') return;
  if (step.does === 'alert acknowledged' && one.state === 'acknowledged') return;
  // Its news are for whichever incident goes on with it.
  const at = goingOnIn(plain, id);
  const incident = plain.get(at)!;
  // An alert that becomes worse than its incident was at its end opens another one, and has tests of its own.
  if (step.does === 'alert priority' && !isOpen(incident)) return;
  if (step.does === 'alert priority') await world.pagerduty.priority(one.ticket, `P${step.to}`);
  if (step.does === 'alert acknowledged') await world.pagerduty.acknowledge(one.ticket, { by: 'olga' });
  if (step.does === 'alert resolved') await world.pagerduty.resolve(one.ticket);
  if (step.does !== 'alert priority')
    one.state = step.does === 'alert resolved' ? 'resolved' : 'acknowledged';
  const there = [...tickets.keys()].filter((other) => goingOnIn(plain, other) === at);
  plain.set(at, after(incident, step, { isOnlyAlert: there.length === 1 }));
}

/** The incident itself, or what it was merged into. */
function goingOnIn(plain: Stage['plain'], id: number): number {
  const into = plain.get(id)?.mergedInto;
  return into ? goingOnIn(plain, into) : id;
}

/** Somebody writes in the channel of an incident, or takes back what they wrote. */
async function speak(
  stage: Stage,
  { does, who }: Extract<Step, { does: 'write' | 'edit' | 'delete' }>,
  id: number,
): Promise<void> {
  const { world, said } = stage;
  const channel = world.store.incident(id)?.channel;
  const room = channel && world.slack.channel(channel.name);
  if (!room || room.isArchived) return;
  if (!room.members.includes(who)) {
    if (room.isPrivate) return;
    await world.slack.as(who).join(room.name);
  }
  const own = said.findLast(
    (one) => one.incident === id && one.in === room.name && one.by === who && !one.isGone,
  );
  // Ends with a full stop, so that no text is the beginning of another one.
  const text = `words ${stage.count}.`;
  if (does === 'write') {
    await world.slack.as(who).say(text, { in: room.name });
    said.push({ first: text, text, in: room.name, by: who, incident: id, isGone: false });
  } else if (own && does === 'edit') {
    await world.slack.as(who).edit(exactly(own.text), text, { in: room.name });
    own.text = text;
  } else if (own) {
    await world.slack.as(who).delete(exactly(own.text), { in: room.name });
    own.isGone = true;
  }
}

const exactly = (text: string): RegExp => new RegExp(text.replace('.', '\\.'));

/** Everything that must hold of the whole of it. */
function atTheEnd(stage: Stage): string[] {
  const { world, plain, given, said } = stage;
  const entries = [...plain.keys()].flatMap((id) => world.store.timeline(id));
  const wrong = misfolded(world.store);
  for (const { type, text, by } of given) {
    const found = entries.filter(({ fact }) => fact.type === type && 'text' in fact && fact.text === text);
    if (found.length !== 1) wrong.push(`${type} “${text}” is in the timelines ${found.length} times`);
    if (found.some(({ fact }) => actorOf(fact) !== world.slack.userId(by)))
      wrong.push(`“${text}” is not ${by}'s`);
  }
  for (const one of said) wrong.push(...misrecorded(world, one));
  return [...wrong, ...leaks(stage)];
}

function misrecorded(world: World, { first, text, incident, isGone }: Said): string[] {
  const entries = world.store.timeline(incident);
  const posted = entries.filter(({ fact }) => fact.type === 'message-posted' && fact.text === first);
  const items = readTimeline(entries).filter((item) => item.kind === 'message' && item.text === text);
  const wanted = isGone ? 0 : 1;
  return [
    ...(posted.length === 1 ? [] : [`“${first}” is recorded ${posted.length} times`]),
    ...(items.length === wanted ? [] : [`“${text}” reads ${items.length} times, and should ${wanted} times`]),
  ];
}

/** The title of an incident that was private from the first on, where somebody reads who is not in it. */
function leaks({ world, plain }: Stage): string[] {
  const secrets = [...plain].filter(([, { title }]) => title.startsWith(privateWord));
  const rooms = world.slack.channels().filter((name) => !world.slack.channel(name).isPrivate);
  const outside = (title: string, id: number) => [
    ...rooms.filter((name) => JSON.stringify(world.slack.channel(name).messages).includes(title)),
    ...people.filter(
      (who) =>
        !world.store.incident(id)?.members.includes(world.slack.userId(who)) &&
        world.slack.as(who).dm().includes(title),
    ),
  ];
  return secrets.flatMap(([id, { title }]) =>
    outside(title, id).map((where) => `“${title}” is read in ${where}`),
  );
}
