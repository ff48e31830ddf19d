import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isParleyError, messageOf, ParleyError } from '@parley/contracts';

/** SQLITE_BUSY. Source: sqlite.org/rescode.html. */
const sqliteBusy = 5;
/** A handle that nobody refers to is closed by the garbage collector, and its lock is gone. */
const held = new Set<DatabaseSync>();

/**
 * Holds a folder for this process; the operating system lets go of it at `kill -9`. PGlite itself lets two
 * processes write one folder and then loses rows.
 * @returns lets the folder go.
 * @throws ParleyError DATA_DIR_IN_USE, DATA_DIR_UNUSABLE
 */
export function lockFolder(dataDir: string): () => void {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(`${dataDir}/lock.sqlite`);
    db.exec('pragma locking_mode = exclusive; begin exclusive');
    const mine = db;
    held.add(mine);
    return () => {
      held.delete(mine);
      mine.close();
    };
  } catch (cause) {
    db?.close();
    if ((cause as { errcode?: number }).errcode !== sqliteBusy) {
      throw new ParleyError('DATA_DIR_UNUSABLE', `Cannot lock the data directory ${dataDir}: ${messageOf(cause)}.`, {
        cause,
      });
    }
    throw new ParleyError(
      'DATA_DIR_IN_USE',
      `The data directory ${dataDir} is in use by another Parley process. Stop that one, or give this one its own with --data-dir.`,
      { cause },
    );
  }
}

/** Whether no process holds the folder at this moment. What is not there yet is free, and stays so. */
export function isFolderFree(dataDir: string): boolean {
  if (!existsSync(`${dataDir}/lock.sqlite`)) return true;
  try {
    lockFolder(dataDir)();
    return true;
  } catch (thrown) {
    if (isParleyError(thrown) && thrown.code === 'DATA_DIR_IN_USE') return false;
    throw thrown;
  }
}
