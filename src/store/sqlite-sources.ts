import type { Database } from 'better-sqlite3';
import type { SourceState } from '../oncall/duties.ts';
import type { PagerDutyUser } from './store.ts';

/** What PagerDuty said of who is on call, and of its users. Writes run inside their caller's transaction. */
export function sourceStore(database: Database) {
  const sql = {
    sources: database.prepare(
      `select team, answered_at as answeredAt, failing_since as failingSince, problem
       from oncall_sources order by team`,
    ),
    putSource: database.prepare(
      `insert into oncall_sources (team, answered_at, failing_since, problem)
       values (@team, @answeredAt, @failingSince, @problem)
       on conflict (team) do update set answered_at = excluded.answered_at,
         failing_since = excluded.failing_since, problem = excluded.problem`,
    ),
    person: database.prepare('select id, name, email, at from pagerduty_people where id = ?'),
    putPerson: database.prepare(
      `insert into pagerduty_people (id, name, email, at) values (@id, @name, @email, @at)
       on conflict (id) do update set name = excluded.name, email = excluded.email, at = excluded.at`,
    ),
  };
  /** As they are on disk; nobody else writes there. */
  let kept: readonly SourceState[] | null = null;

  return {
    write: {
      source: (state: SourceState): void => {
        kept = null;
        sql.putSource.run(state);
      },
      people: (people: readonly PagerDutyUser[]): void => {
        for (const person of people) sql.putPerson.run(person);
      },
    },
    reads: {
      sources: (): readonly SourceState[] => {
        kept ??= sql.sources.all() as SourceState[];
        return kept;
      },
      pagerDutyPerson: (id: string): PagerDutyUser | null =>
        (sql.person.get(id) ?? null) as PagerDutyUser | null,
    },
  };
}
