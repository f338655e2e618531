/** Node's codes and SQLite's, each as the beginning of what it stands for. */
const kinds = {
  rights: /^(EACCES|EPERM|EROFS|SQLITE_(READONLY|CANTOPEN|AUTH|PERM))/,
  room: /^(ENOSPC|EDQUOT|SQLITE_FULL)/,
  held: /^SQLITE_(BUSY|LOCKED)/,
  other: /^SQLITE_/,
} as const;

/** For the programs that people start by hand. */
export const rightsCure = 'run this as the user that runs Tocsin, or as root';

/**
 * Why the database, a copy of it or a folder of theirs could not be used, and the cure, in words; null: for another reason
 * than the disk. What to do about missing rights its caller says.
 */
export function troubleWords(error: unknown, onMissingRights: string): string | null {
  const { code, message, path } = error as { code?: unknown; message?: string; path?: string };
  if (typeof code !== 'string') return null;
  if (kinds.rights.test(code))
    return `${path ?? 'the database'} cannot be read or written by this user (${message}); ${onMissingRights}`;
  if (kinds.room.test(code)) return `the disk is full (${message}); free space there`;
  if (kinds.held.test(code)) return 'another program holds the database; end that program';
  if (kinds.other.test(code)) return `the database cannot be used (${message}); look at its disk`;
  return null;
}
