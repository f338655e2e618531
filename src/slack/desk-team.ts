import { pickTeam } from '../blocks/pick-team.ts';
import type { Address } from '../oncall/address.ts';
import { type Desk, emptyDesk } from '../oncall/desk.ts';
import { membersOf } from '../oncall/known-members.ts';
import { named, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { type Reply, refusing } from './reply.ts';

/** Teams with an on-call list, by name. */
export const teamsOnCall = (deps: SlackDeps): string[] =>
  Object.entries(deps.config().teams).flatMap(([team, { onCall }]) => (onCall ? [team] : []));

/** The team that the words end with, and the words before it; null: they end with none. */
export function teamAtEnd(text: string, teams: readonly string[]): { team: string; rest: string } | null {
  const typed = text.toLowerCase();
  const team = [...teams]
    .sort((one, other) => other.length - one.length)
    .find((name) => typed === name.toLowerCase() || typed.endsWith(` ${name.toLowerCase()}`));
  if (team === undefined) return null;
  return {
    team,
    rest: text
      .slice(0, text.length - team.length)
      .replace(/\s+(for|of|in)\s*$/i, '')
      .trim(),
  };
}

/** Everybody whom the schedule of a team names, and whoever stands in. */
const everybodyAt = ({ schedule, covers }: Desk): Address[] => [
  ...membersOf(schedule),
  ...covers.map(({ member }) => member),
];

export const deskOf = (deps: SlackDeps, team: string): Desk => deps.store.desk(team) ?? emptyDesk(team);

/** The teams in whose rotation this person is. */
export const teamsOf = (deps: SlackDeps, user: string): string[] =>
  teamsOnCall(deps).filter((team) =>
    everybodyAt(deskOf(deps, team)).some(({ kind, value }) => kind === 'user' && value === user),
  );

/**
 * Which team is meant: the only one, else the one in whose rotation one of `users` is, the first of them who decides.
 * Otherwise the person is asked; pressing a team's button repeats the command (`typed`) with it.
 */
export function teamMeant(
  deps: SlackDeps,
  users: readonly string[],
  typed: string,
): { team: string } | { reply: Reply } {
  const teams = teamsOnCall(deps);
  const [only, ...others] = teams;
  if (only === undefined) {
    return {
      reply: refusing('No team has an on-call list. Nothing changed. Add onCall to a team in incident.yml.'),
    };
  }
  if (others.length === 0) return { team: only };
  for (const user of users) {
    const [own, ...more] = teamsOf(deps, user);
    if (own !== undefined && more.length === 0) return { team: own };
  }
  return { reply: pickTeam(teams, { typed, shown: unescaped(named(typed)) }, screenOf(deps)) };
}
