import { databaseFileOf } from './environment.ts';

/**
 * Where the text of `.env` sets one of the variables that are `missing` in the environment, nobody read it: a line that
 * says so, with the command that does. Otherwise none.
 */
export function unreadLines(dotEnv: string | null, missing: readonly string[], command: string): string[] {
  const isUnread = missing
    // Not the keys of incident.yml, which may be missing, too.
    .filter((name) => /^[A-Z_]+$/.test(name))
    .some((name) => new RegExp(`^[ \\t]*(export +)?${name}[ \\t]*=[ \\t]*[^\\s#]`, 'm').test(dotEnv ?? ''));
  return isUnread ? [`There is a .env here that was not read: ${command}`] : [];
}

/** Where DATABASE_URL is not set: lines that say which database is meant, for who reads no other variable. */
export function unsetDatabaseLines(
  env: Record<string, string | undefined>,
  dotEnv: string | null,
  command: string,
): string[] {
  if ((env.DATABASE_URL ?? '').trim() !== '') return [];
  return [
    `DATABASE_URL is not set: ${databaseFileOf(env)} is meant.`,
    ...unreadLines(dotEnv, ['DATABASE_URL'], command),
  ];
}
