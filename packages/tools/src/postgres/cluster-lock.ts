import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ParleyError } from '@parley/contracts';

const timeoutMs = 120_000;
const pollMs = 25;

/**
 * Runs `work` while no other call, in this process or another, holds the same file. The lock is SQLite's, because the
 * operating system then frees it with the process, however that ends.
 * @throws ParleyError DATABASE_UNAVAILABLE (retryable): somebody else held it for two minutes.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const lock = new DatabaseSync(file);
  try {
    const end = Date.now() + timeoutMs;
    while (!isTaken(lock)) {
      if (Date.now() > end) {
        throw new ParleyError('DATABASE_UNAVAILABLE', `Another process has held ${file} for ${timeoutMs} ms.`, {
          retryable: true,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    return await work();
  } finally {
    lock.close();
  }
}

/** Removes what a lock leaves on the disk: an empty file. */
export async function forgetLock(file: string): Promise<void> {
  await rm(file, { force: true });
}

function isTaken(lock: DatabaseSync): boolean {
  try {
    lock.exec('begin exclusive');
    return true;
  } catch (thrown) {
    // SQLITE_BUSY: somebody else has it.
    if ((thrown as { errcode?: number }).errcode === 5) return false;
    throw thrown;
  }
}
