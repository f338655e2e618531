import { button, escaped, type Message, message, oneLine, plain, type Screen, section } from './message.ts';
import { lines } from './rich-text.ts';

/** Further ones are written at the end. */
const offeredMax = 10;

/**
 * The command needs a team: a button each; pressing one repeats the command (`typed`, as people read it `shown`) with the
 * team at its end.
 */
export function pickTeam(
  teams: readonly string[],
  { typed, shown }: { typed: string; shown: string },
  screen: Screen,
): Message {
  const said = `${screen.command} ${oneLine(shown, 100, '')}`.trim();
  const question = `Which team is ${said} for?`;
  const rest = teams.length - offeredMax;
  return message(
    escaped(`${question} Nothing changed yet.`),
    lines(question, 'Nothing changed yet.'),
    ...teams.slice(0, offeredMax).map((team) => {
      const name = oneLine(team, 60);
      return section(
        plain(name),
        button(
          'This team',
          'open-form',
          { incident: 0, id: `${typed} ${team}` },
          { spoken: `This team: ${name}` },
        ),
      );
    }),
    lines(
      rest > 0 && `There are ${rest} more.`,
      `Or write it at the end: ${said} ${oneLine(teams[0] ?? '', 60)}`,
    ),
  );
}
