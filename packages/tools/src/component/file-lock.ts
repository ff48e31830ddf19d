import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, ParleyError } from '@parley/contracts';

const defaultTimeoutMs = 120_000;
const pollMs = 25;

/**
 * Runs `work` while no other call, in this process or another, holds the same file. The lock is SQLite's, because the
 * operating system then frees it with the process, however that ends.
 * @throws ParleyError `code` (retryable): somebody else held it for `timeoutMs`.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  { code, timeoutMs }: { readonly code: ErrorCode; readonly timeoutMs?: number } = { code: 'DATABASE_UNAVAILABLE' },
): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const lock = new DatabaseSync(file);
  try {
    const limitMs = timeoutMs ?? defaultTimeoutMs;
    const end = Date.now() + limitMs;
    while (!isTaken(lock)) {
      if (Date.now() > end) {
        throw new ParleyError(code, `Another process has held ${file} for ${limitMs} ms.`, { retryable: true });
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
