import { constants, existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { StorageTrouble } from './pg-errors.ts';

/** An embedded Postgres ends itself when its log needs one more segment, of 16 MB, and the disk has no room for it. */
const roomBytes = 24 * 1024 * 1024;
const megabyte = 1024 * 1024;

/** What keeps an embedded database's folder from taking writes; undefined when nothing does. */
export async function folderTrouble(dataDir: string): Promise<StorageTrouble | undefined> {
  try {
    await access(join(dataDir, 'pg', 'PG_VERSION'), constants.R_OK);
  } catch {
    return 'gone';
  }
  return startTrouble(dataDir);
}

/** The same before there is a database in it, or a folder at all. */
export async function startTrouble(dataDir: string): Promise<StorageTrouble | undefined> {
  const there = nearest(resolve(dataDir));
  try {
    await access(there, constants.W_OK);
  } catch {
    return 'read-only';
  }
  const { bavail, bsize } = await statfs(there);
  return bavail * bsize < roomBytes ? 'full' : undefined;
}

/** The folder, or the one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) || folder === dirname(folder) ? folder : nearest(dirname(folder));
}

/** What keeps a database from writing, and what to do about it. */
export function reasonOf(trouble: StorageTrouble, dataDir: string | undefined): string {
  if (dataDir === undefined) {
    return {
      full: 'the disk of the Postgres server is full. Free space on it; this process goes on by itself.',
      broken: "the Postgres server cannot use its disk. Look at the server's log.",
      gone: "files of the Postgres server are gone. Look at the server's log, and restore a backup.",
      'read-only':
        'the Postgres server is read-only, as a standby is. Promote it, or name the one that takes writes in DATABASE_URL.',
    }[trouble];
  }
  return {
    full: `the disk of the data directory ${dataDir} is full. Free ${roomBytes / megabyte} MB on it; a running process goes on by itself.`,
    broken: `the disk of the data directory ${dataDir} fails. Look at the system's log, and choose another with --data-dir.`,
    gone: `the data directory ${dataDir} is gone. Bring it back and start again, or choose another with --data-dir.`,
    'read-only': `the data directory ${dataDir} is read-only. Make it writable for this user, or choose another with --data-dir.`,
  }[trouble];
}
