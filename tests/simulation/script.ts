import type { AlertNews } from '../../src/incident/alerts.ts';
import { person } from '../../src/incident/by.ts';
import type { Command } from '../../src/incident/commands.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { commandOf, idOf } from '../model/core.ts';
import type { Deed, Severity, Who } from '../model/deeds.ts';
import { people } from '../model/deeds.ts';
import type { Life } from '../model/life.ts';
import type { Dice } from './dice.ts';

/** What reaches the bot. `on`: the incident that the input with this cause opened. */
export type Wish =
  | { does: 'declare'; who: Who; severity: Severity }
  | { does: 'alert'; severity: 1 | 2 }
  | { does: 'cleared'; on: string }
  | { does: 'write'; on: string; who: Who; text: string }
  | { does: 'resolve'; on: string; who: Who }
  | { does: 'wish'; on: string; deed: Extract<Deed, { on: number }> };

export interface Input {
  /** When it is sent first, epoch ms; sent again until it is accepted. */
  at: number;
  /** The same for every delivery of it. */
  cause: string;
  wish: Wish;
}

/** Incidents of one script. */
const incidentsMax = 3;
const minute = 60_000;
/** Within this a story is over, and its bad weather with it. */
export const scriptMs: Readonly<Record<Story, number>> = {
  long: 75 * minute,
  short: 9 * minute,
  shortest: 9 * minute,
};

const onCall: readonly Who[] = ['bea', 'cai', 'dan', 'eve'];

/** How long a story is: three incidents, or one of three inputs, or that without the one in the middle. */
export type Story = 'long' | 'short' | 'shortest';

/** What reaches the bot, in the order of time. */
export function scriptOf(story: Story, dice: Dice, startAt: number): Input[] {
  if (story === 'long') return longScriptOf(dice, startAt);
  const inputs = shortScriptOf(dice, startAt);
  return story === 'short' ? inputs : inputs.filter((_, n) => n !== 1);
}

/** Three incidents, declared or fired, worked on by several people, and over at the end. */
function longScriptOf(dice: Dice, startAt: number): Input[] {
  const stories = Array.from({ length: incidentsMax }, (_, n) => storyOf(dice, startAt, n + 1));
  return stories.flat().sort((one, other) => one.at - other.at);
}

/** One incident of three inputs, over within some minutes: short enough to be killed at each of its steps. */
function shortScriptOf(dice: Dice, startAt: number): Input[] {
  const opening = 'opening:1';
  const [first, last] = [startAt + dice.between(0, minute), startAt + dice.between(3 * minute, 8 * minute)];
  return [
    { at: first, cause: opening, wish: opens(dice, dice.chance(0.5)) },
    { at: dice.between(first, last), cause: 'input:1:1', wish: middle(dice, opening) },
    { at: last, cause: 'input:1:2', wish: { does: 'resolve', on: opening, who: dice.oneOf(onCall) } },
  ];
}

function storyOf(dice: Dice, startAt: number, n: number): Input[] {
  const opening = `opening:${n}`;
  const fired = n > 1 && dice.chance(0.5);
  let at = startAt + dice.between(0, 15 * minute);
  const inputs: Input[] = [{ at, cause: opening, wish: opens(dice, fired) }];
  const add = (wish: Wish): void => {
    at += dice.chance(0.3) ? dice.between(0, 3_000) : dice.between(5_000, 6 * minute);
    inputs.push({ at, cause: `input:${n}:${inputs.length}`, wish });
  };
  const deeds = dice.between(2, 4);
  for (let left = deeds; left > 0; left -= 1) add(middle(dice, opening));
  at = startAt + dice.between(30 * minute, 70 * minute);
  if (fired) add({ does: 'cleared', on: opening });
  add({ does: 'resolve', on: opening, who: dice.oneOf(onCall) });
  return inputs;
}

function opens(dice: Dice, fired: boolean): Wish {
  if (fired) return { does: 'alert', severity: dice.oneOf([1, 2]) };
  return { does: 'declare', who: dice.oneOf(people), severity: dice.oneOf([1, 1, 2, 3]) };
}

function middle(dice: Dice, on: string): Wish {
  const who = dice.oneOf(onCall);
  const wish = (deed: Extract<Deed, { on: number }>): Wish => ({ does: 'wish', on, deed });
  const words: Wish = { does: 'write', on, who, text: `It is the database, says ${who}.` };
  return dice.oneOf([
    wish({ does: 'acknowledge', who, on: 0 }),
    wish({ does: 'acknowledge', who, on: 0 }),
    wish({ does: "can't", who, on: 0 }),
    wish({ does: 'give back', who, on: 0 }),
    wish({ does: 'set severity', who, to: dice.oneOf([1, 2, 3]), on: 0 }),
    wish({ does: 'post an update', who, on: 0 }),
    wish({ does: 'escalate now', who, on: 0 }),
    wish({ does: 'page', who, whom: dice.oneOf(onCall), on: 0 }),
    words,
    words,
  ]);
}

/** What is left to do once the deaths are over: what was begun is brought to its end, and nothing new is begun. */
export function cutShort(inputs: readonly Input[], isOpen: (cause: string) => boolean): Input[] {
  return inputs.filter(({ wish }) => (wish.does === 'cleared' || wish.does === 'resolve') && isOpen(wish.on));
}

/** Hands it to the engine, as the doors do. Null: what it is about was never opened. */
export async function deliver(input: Input, life: Life, opened: (cause: string) => Incident | null) {
  const { wish, cause, at } = input;
  const { engine } = life;
  if (wish.does === 'declare') {
    const what = { title: titleOf(cause), severity: wish.severity, severityReason: 'set when declared' };
    const declaration = { ...what, by: person(idOf(wish.who)), provisional: false, service: 'payments' };
    return engine.declare(declaration, cause);
  }
  if (wish.does === 'alert') {
    const news = alertOf(cause, wish.severity, at);
    const { title, severity, severityReason } = news;
    const declaration = { title, severity, severityReason, provisional: true, service: cause };
    return engine.alert(news, { ...declaration, by: { kind: 'pagerduty' } }, cause);
  }
  const incident = opened(wish.on);
  if (!incident) return null;
  if (wish.does !== 'cleared') return engine.handle(incident.id, commandFor(wish, incident, at), cause);
  const over = { type: 'note-alert', by: { kind: 'pagerduty' }, to: 'resolved', at } as const;
  return engine.handleAlert(
    alertId(wish.on),
    { ...over, id: alertId(wish.on), unacknowledged: false },
    cause,
  );
}

const titleOf = (cause: string): string => `Checkout is down (${cause})`;
const alertId = (cause: string): string => `P${cause}`;

function alertOf(cause: string, severity: Severity, at: number): AlertNews {
  return {
    ...{ id: alertId(cause), title: titleOf(cause), url: null, service: cause, severity },
    ...{ at, createdAt: at, severityReason: 'the priority in PagerDuty', assignees: [] },
  };
}

function commandFor(
  wish: Exclude<Wish, { does: 'declare' | 'alert' | 'cleared' }>,
  incident: Incident,
  at: number,
): Command {
  if (wish.does === 'wish') return commandOf(wish.deed, at);
  const by = person(idOf(wish.who));
  if (wish.does === 'resolve') return { type: 'resolve', by, how: 'rollback', verified: true, text: '' };
  const place = { channel: incident.channel?.id ?? 'C0NOWHERE', ts: (at / 1_000).toFixed(6), threadTs: null };
  const author = { user: idOf(wish.who), app: null };
  return { type: 'record-message', ...place, author, text: wish.text, files: [], happenedAt: at };
}
