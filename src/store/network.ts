import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { PlaceRefused } from './place.ts';

/** `f_type` of statfs(2), from Linux's magic.h: where locks and shared memory are not what SQLite needs them to be. */
const networkTypes = new Map<number, string>([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x5346414f, 'AFS'],
]);

/** The database is on another machine: its locks may lie, and a lie there is a damaged database. */
export class NetworkFileSystem extends PlaceRefused {}

/** Its name; null: a local one, as far as anybody can tell. */
export const networkNameOf = (type: number): string | null => networkTypes.get(type >>> 0) ?? null;

/** What statfs says of the file system under a folder that is there. */
export type TypeOf = (path: string) => number;

/** Throws `NetworkFileSystem`, before anything is written there: the folder itself need not be there yet. */
export function refuseNetwork(directory: string, typeOf: TypeOf = (path) => statfsSync(path).type): void {
  const name = networkNameOf(typeOf(nearestThere(directory)));
  if (name === null) return;
  throw new NetworkFileSystem(
    `DATABASE_URL: ${directory} is on a network file system (${name}), where SQLite loses data; choose a folder on a local disk`,
  );
}

const nearestThere = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : nearestThere(dirname(path));
