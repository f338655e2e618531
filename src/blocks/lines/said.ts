import type { Fact, FactOf, FactType } from '../../incident/facts.ts';
import type { Incident } from '../../incident/incident.ts';
import { type Message, message, type Screen } from '../message.ts';
import { flat, type Line, lines, type Piece } from '../rich-text.ts';
import { sentence } from '../sentence.ts';
import { comesNext } from '../wording.ts';

/** What the channel says about some facts. Null: this time nothing. */
export type Lines = {
  [Type in FactType]?: (fact: FactOf<Type>, incident: Incident, screen: Screen) => Message | null;
};

/** What follows when nobody has it: the next step and its time. */
export const comingUp = (incident: Incident, screen: Screen): Line =>
  incident.acknowledged ? null : comesNext(incident, screen);

/** One sentence, and perhaps small additions under it. `text` says the same. */
export function said(first: readonly Piece[], screen: Screen, ...more: Line[]): Message {
  return message(flat(screen, ...first), lines(first, ...more));
}

/** The sentence of the timeline, said aloud. */
export const told = (fact: Fact, _incident: Incident, screen: Screen): Message =>
  said([`${sentence(fact, screen)}.`], screen);
