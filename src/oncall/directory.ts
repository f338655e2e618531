import type { Desk } from './desk.ts';
import type { SourceState } from './duties.ts';
import type { Directory, Team } from './targets.ts';

/** Where the configuration and the desks are read; the outbox and the listeners both have these. */
export interface DirectorySource {
  config: () => Directory;
  store: { desks: () => readonly Desk[]; sources: () => readonly SourceState[] };
}

/** Who answers for what, with whoever stands in: everything that asks who is on call asks this. */
export function directoryNow({ config, store }: DirectorySource): Directory {
  const directory = config();
  const telling = store.desks().filter(({ team, covers, known, schedule }) => {
    const isOurs = Object.hasOwn(directory.teams, team) && directory.teams[team]?.onCall !== undefined;
    return isOurs && (covers.length + known.length > 0 || schedule?.pagerduty !== undefined);
  });
  if (telling.length === 0) return directory;
  const teams: Record<string, Team> = { ...directory.teams };
  for (const { team, schedule, covers } of telling) {
    const before = teams[team];
    const source = schedule?.pagerduty && store.sources().find((one) => one.team === team);
    if (before)
      teams[team] = { ...before, onCall: schedule ?? before.onCall, covers, ...(source && { source }) };
  }
  return { ...directory, teams };
}
