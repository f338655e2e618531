import type { Database } from 'better-sqlite3';
import { type Incident, isOpen } from '../incident/incident.ts';
import { sharedMin, tellingWords } from '../incident/similar.ts';
import type { Recall } from './recall.ts';
import type { Store } from './store.ts';

/**
 * Reads that a declaration waits for. Each walks an index straight to its answer: `indexed by` and `cross join` keep
 * SQLite from going through all that is open instead.
 */
export function similarReads(database: Database, { readAll }: Recall): Pick<Store, 'similar' | 'heldBy'> {
  const ofService = database.prepare(
    `select id, state from incidents indexed by incidents_of_service where service = ? and is_open = 1 and visibility = 'channel'
       order by severity, id desc limit ?`,
  );
  const alike = database.prepare(
    `select id, state from (
         select incident from title_words where word in (select value from json_each(@words))
         group by incident having count(*) >= @sharedMin * max(size, @size)
       ) cross join incidents on id = incident
       where is_open = 1 and visibility = 'channel' and (@service is null or service is null)
       order by severity, id desc limit @limit`,
  );
  const heldBy = database.prepare(
    `select id, state from incidents indexed by incidents_held where holder = ? and is_open = 1
       order by severity, id desc limit ?`,
  );

  return {
    similar: ({ title, service }, limit) => {
      const words = [...tellingWords(title)];
      const asked = { words: JSON.stringify(words), size: words.length, sharedMin, service, limit };
      const same = service === null ? [] : readAll(ofService.all(service, limit));
      const known = new Set(same.map(({ id }) => id));
      return [...same, ...readAll(alike.all(asked)).filter(({ id }) => !known.has(id))];
    },
    heldBy: (user, limit) => readAll(heldBy.all(user, limit)),
  };
}

/** Keeps the words of the titles of open incidents. Each function runs inside the transaction that its caller has open. */
export function titleWrites(database: Database) {
  const keep = database.prepare('insert into title_words (word, incident, size) values (?, ?, ?)');
  const drop = database.prepare('delete from title_words where incident = ?');
  const missed = database.prepare(
    `select id, json_extract(state, '$.title') as title from incidents
     where is_open = 1 and not exists (select 1 from title_words where incident = id)`,
  );

  function note(id: number, title: string): void {
    const words = tellingWords(title);
    for (const word of words) keep.run(word, id, words.size);
  }

  const titleOf = (incident: Incident | null): string | null =>
    incident && isOpen(incident) ? incident.title : null;

  return {
    /** After a change of an incident, `before` being null when it is new. */
    follow(before: Incident | null, after: Incident): void {
      const [old, title] = [titleOf(before), titleOf(after)];
      if (old === title) return;
      if (old !== null) drop.run(after.id);
      if (title !== null) note(after.id, title);
    },
    /** At start: those that were open before there were such words. */
    catchUp(): void {
      for (const { id, title } of missed.all() as { id: number; title: string }[]) note(id, title);
    },
  };
}
