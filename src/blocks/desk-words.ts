import type { Address } from '../oncall/address.ts';
import type { Desk, DeskRefusal } from '../oncall/desk.ts';
import type { Place } from '../oncall/schedule.ts';
import { oneLine, type Screen } from './message.ts';
import { date, nameOf, type Piece } from './rich-text.ts';

/** `primary for payments` */
export const placeWords = (place: Place, { team }: Pick<Desk, 'team'>): string =>
  `${place} for ${oneLine(team, 80, 'the team')}`;

/** From when to when, in the reader's zone. */
export const spanWords = (from: number, until: number, screen: Screen): Piece[] => [
  date(from, screen),
  ' to ',
  date(until, screen),
];

/** Who stands in the list: by name, or as it is written there; nobody is notified. */
export function memberWords(member: Address | null, screen: Screen): string {
  if (member === null) return 'nobody';
  return member.kind === 'user' ? nameOf(member.value, screen) : oneLine(member.name ?? member.value, 80);
}

/** Why a desk changed nothing, and what would work, as the end of a sentence that names the team. */
export function deskRefusal(refusal: DeskRefusal, team: string, screen: Screen): Piece[] {
  return [...why(refusal, oneLine(team, 80, 'the team'), screen), ' Nothing changed.'];
}

function why(refusal: DeskRefusal, team: string, screen: Screen): Piece[] {
  const { command } = screen;
  switch (refusal.refused) {
    case 'no-schedule':
      return [`${team} has no on-call list: add onCall to the team in incident.yml.`];
    case 'past':
      return ['That time is over: choose a later one, like 2h or until 22:00.'];
    case 'backwards':
      return ['That ends before it begins, or lasts no time: write it like 2h, or from 18:00 to 22:00.'];
    case 'too-long':
      return [`That is longer than ${refusal.daysMax} days: change the schedule in incident.yml instead.`];
    case 'too-far':
      return [`That is more than ${refusal.daysMax} days away: choose an earlier time.`];
    case 'unknown-cover':
      return [`That cover is over, or was taken back. What there is: ${command} oncall covers.`];
    case 'unknown-request':
      return [`That request is over. Who is on call now: ${command} oncall.`];
    case 'nobody-to-ask':
      return [
        `Nobody else is in the rotation of ${team}. Put somebody in yourself: ${command} oncall override @name 2h.`,
      ];
    case 'already-on-call':
      return [`They are ${refusal.place} for ${team} then anyway.`];
    case 'not-on-call':
      return refusal.next === null
        ? [`You are not on call for ${team} then.`]
        : [
            `You are not on call for ${team} then; your next turn is `,
            date(refusal.next, screen),
            `. Ask for that time: ${command} oncall cover from … to …`,
          ];
    case 'not-asked':
      return [
        `Only the others of the rotation were asked. To put yourself in: ${command} oncall override me 2h.`,
      ];
    case 'own-request':
      return ['You asked for this cover yourself: somebody else has to take it.'];
    case 'asked-already':
      return [
        `You asked for cover in that time already, and it waits for an answer. To take it back: ${command} oncall covers.`,
      ];
    case 'unknown-test':
      return [`That test page is too old. Send a new one: ${command} oncall test.`];
    case 'not-your-test':
      return [`That test page is somebody else's. Send one to yourself: ${command} oncall test.`];
  }
}
