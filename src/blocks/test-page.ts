import type { Desk, TestPage } from '../oncall/desk.ts';
import { deskButton } from './cover.ts';
import { actions, type Message, message, type Screen } from './message.ts';
import { bold, date, flat, lines, type Piece } from './rich-text.ts';
import { duration } from './wording.ts';

/** A page about nothing, to the person who wants to know whether pages reach them. */
export function testPage(desk: Pick<Desk, 'team'>, n: number): Message {
  const words = 'TEST PAGE. Nothing is broken: you asked for it. This is how a page reaches you.';
  return message(
    `${words} Press Acknowledge.`,
    lines(bold('TEST PAGE'), 'Nothing is broken: you asked for it. This is how a page reaches you.'),
    lines('Did your phone ring? If not, look at its notification settings, and at do-not-disturb in Slack.'),
    actions(deskButton('Acknowledge', 'acknowledge-test', n, desk, { style: 'primary' })),
  );
}

/** The same, answered. */
export function testPageAnswered(test: TestPage, screen: Screen): Message {
  const at = test.answeredAt ?? screen.now;
  const words: Piece[] = [
    'Test page acknowledged ',
    date(at, screen),
    `, within ${duration(at - test.askedAt)}. Pages reach you.`,
  ];
  return message(flat(screen, ...words), lines(words));
}
