import { isParleyError, messageOf, ParleyError } from '@parley/contracts';

/**
 * SQLSTATEs after which the same statement may succeed: 08 connection, 40 serialization and deadlock, 53 resources
 * (disk full, too many connections), 57 cancelled by a timeout or an operator, shutdown, start-up, 58 I/O, 25006 on a
 * standby, 25P03 idle in a transaction for too long, 55P03 lock timeout.
 * Source: PostgreSQL 18 documentation, appendix A.
 */
const transientState = /^(08|40|53|57|58)...$|^(25006|25P03|55P03)$/;
const transientCode = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOSPC',
  'EDQUOT',
  'EIO',
]);
/** pg's own errors carry no code. */
const readTimeout = 'Query read timeout';
const transientText = new RegExp(
  `Connection terminated|Client has encountered a connection error|not queryable|Cannot use a pool after|PGlite is clos|${readTimeout}`,
  'i',
);

/** Names the database's transient faults; everything else passes as it is. */
export function databaseError(thrown: unknown): unknown {
  if (isParleyError(thrown)) return thrown;
  const code = (thrown as { code?: unknown } | null)?.code;
  const isTransient =
    isOfServer(thrown) ||
    storageTrouble(thrown) !== undefined ||
    (typeof code === 'string' && (transientState.test(code) || transientCode.has(code))) ||
    transientText.test(messageOf(thrown));
  return isTransient ? unavailable(thrown) : thrown;
}

/** Whatever keeps us from connecting passes one day: a password that is being rotated, a name that does not resolve yet. */
export function unavailable(thrown: unknown): unknown {
  if (isParleyError(thrown)) return thrown;
  return new ParleyError('DATABASE_UNAVAILABLE', `The database does not answer: ${messageOf(thrown)}.`, {
    retryable: true,
    retryAfterMs: 1000,
    cause: thrown,
  });
}

/** The server may still be at it: the connection is of no use any more, not even for a rollback. */
export function isReadTimeout(thrown: unknown): boolean {
  return messageOf(thrown) === readTimeout;
}

/**
 * SQLSTATEs that say something about the server behind the connection rather than about the statement: 08 connection,
 * 25006 it takes no writes, 57P01 to 57P03 it shuts down or starts, 57P05 it ended an idle session.
 * Source: PostgreSQL 18 documentation, appendix A.
 */
const serverState = /^(08...|25006|57P0[1235])$/;
/** States that also mean other things: 55000 wrong state of an object, 40001 serialization failure. */
const recoveryState = new Set(['55000', '40001']);

/** Whether the connection leads to a server that another one has replaced, or soon will have. */
export function isOfServer(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { code?: unknown };
  if (typeof code !== 'string') return false;
  return serverState.test(code) || (recoveryState.has(code) && /recovery/i.test(messageOf(thrown)));
}

/** 53100 disk full, 58030 I/O error, 58P01 a file that is gone; and what Node says of the embedded database's files. */
const storageCodes: ReadonlyMap<unknown, StorageTrouble> = new Map([
  ['53100', 'full'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['58030', 'broken'],
  ['EIO', 'broken'],
  ['58P01', 'gone'],
  ['25006', 'read-only'],
  ['EROFS', 'read-only'],
]);
export type StorageTrouble = 'full' | 'broken' | 'gone' | 'read-only';

/** What keeps the database from writing; undefined for every other fault. Looks into what caused the fault, too. */
export function storageTrouble(thrown: unknown): StorageTrouble | undefined {
  for (let fault = thrown, depth = 0; fault != null && depth < 5; depth++) {
    const { code, cause } = fault as { code?: unknown; cause?: unknown };
    const known = storageCodes.get(code);
    if (known !== undefined) return known;
    // Postgres has no state of its own for a file system that is mounted read-only.
    if (code === '42501' && fileRefused.test(messageOf(fault))) return 'read-only';
    fault = cause;
  }
  return undefined;
}
/** A message such as `could not open file "base/5/1259": Read-only file system`. */
const fileRefused = /^could not .+(Read-only file system|Permission denied)/;

/** Two sessions waited for each other, and the server has undone this one. */
export function isDeadlock(thrown: unknown): boolean {
  return (thrown as { code?: unknown } | null)?.code === '40P01';
}

export function isUniqueViolation(thrown: unknown): boolean {
  return (thrown as { code?: unknown } | null)?.code === '23505';
}

/**
 * Whether another session changed the same row of a catalog. Postgres neither waits nor has a code of its own for it:
 * XX000 "tuple concurrently updated" from GRANT and ALTER ROLE, 23505 or 42710 from two that make one role, 40P01 from
 * two that wait for each other.
 */
export function isCatalogRace(thrown: unknown): boolean {
  const fault = isParleyError(thrown) ? thrown.cause : thrown;
  const { code } = (fault ?? {}) as { code?: unknown };
  if (code === 'XX000') return /tuple concurrently (updated|deleted)/.test(messageOf(fault));
  return code === '23505' || code === '42710' || code === '40P01';
}
