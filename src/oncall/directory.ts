import type { Desk } from './desk.ts';
import type { Directory, Team } from './targets.ts';

/** Where the configuration and the desks are read; the outbox and the listeners both have these. */
export interface DirectorySource {
  config: () => Directory;
  store: { desks: () => readonly Desk[] };
}

/** Who answers for what, with whoever stands in: everything that asks who is on call asks this. */
export function directoryNow({ config, store }: DirectorySource): Directory {
  const directory = config();
  const telling = store.desks().filter(({ team, covers, known }) => {
    const isOurs = Object.hasOwn(directory.teams, team) && directory.teams[team]?.onCall !== undefined;
    return isOurs && covers.length + known.length > 0;
  });
  if (telling.length === 0) return directory;
  const teams: Record<string, Team> = { ...directory.teams };
  for (const { team, schedule, covers } of telling) {
    const before = teams[team];
    if (before) teams[team] = { ...before, onCall: schedule ?? before.onCall, covers };
  }
  return { ...directory, teams };
}
