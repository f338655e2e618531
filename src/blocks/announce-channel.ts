import { escaped, type Message, message } from './message.ts';
import { lines } from './rich-text.ts';

/** First words of a channel that stands in for the configured announce channel. */
export function standInNotice(configured: string): Message {
  const words = `Incidents are announced here from now on: #${configured} is archived, or private without Tocsin in it.`;
  return message(escaped(words), lines(words, standInCure(configured)));
}

/** What to do about it. */
export const standInCure = (configured: string): string =>
  `To have them in #${configured} again, restore it (or invite Tocsin) and restart Tocsin; to stay here, put this channel’s name into announceChannel of incident.yml.`;

/** What the doctor says. */
export const standInProblem = (name: string, configured: string): string =>
  `Incidents are announced in #${name}, because #${configured} is archived, or private without Tocsin in it. Restore it (or invite Tocsin) and restart Tocsin, or put ${name} into announceChannel of incident.yml.`;

/** What the doctor says of an announce channel in a Slack Connect channel. */
export const sharedProblem = (name: string): string =>
  `Incidents are announced in #${name}, which another organisation reads too. Put the name of a channel of your own into announceChannel of incident.yml and restart Tocsin.`;

/** Something is wrong with Tocsin's own lines, and a person must mend it. `problem` carries its cure. */
export function alarmMessage(problem: string): Message {
  const words = `Somebody must look at this: ${problem}`;
  return message(escaped(words), lines(words));
}
