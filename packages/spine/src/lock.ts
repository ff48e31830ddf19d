import { DatabaseSync } from 'node:sqlite';
import { ParleyError } from '@parley/contracts';

/**
 * Holds a folder for this process; the operating system lets go of it at `kill -9`. PGlite itself lets two
 * processes write one folder and then loses rows.
 * @returns lets the folder go.
 * @throws ParleyError DATA_DIR_IN_USE
 */
export function lockFolder(dataDir: string): () => void {
  const db = new DatabaseSync(`${dataDir}/lock.sqlite`);
  try {
    db.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (cause) {
    db.close();
    throw new ParleyError(
      'DATA_DIR_IN_USE',
      `The data directory ${dataDir} is in use by another Parley process. Stop that one, or give this one its own with --data-dir.`,
      { cause },
    );
  }
  return () => db.close();
}
