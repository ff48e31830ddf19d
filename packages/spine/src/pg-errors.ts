import { isParleyError, messageOf, ParleyError } from '@parley/contracts';

/**
 * SQLSTATE classes after which the same statement may succeed: 08 connection, 53 resources (disk full, too many
 * connections), 57P0x shutdown and start-up, 58 I/O, 40 serialization and deadlock, 55P03 lock timeout.
 * Source: PostgreSQL 18 documentation, appendix A.
 */
const transientState = /^(08|53|57P|58|40)|^55P03$/;
const transientCode = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOSPC', 'EDQUOT', 'EIO']);
/** pg's own errors carry no code. */
const transientText =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|not queryable|Cannot use a pool after calling end|PGlite is clos|database is unusable/i;

/** Names the database's transient faults; everything else passes as it is. */
export function databaseError(thrown: unknown): unknown {
  if (isParleyError(thrown)) return thrown;
  const code = (thrown as { code?: unknown } | null)?.code;
  const isTransient =
    (typeof code === 'string' && (transientState.test(code) || transientCode.has(code))) ||
    transientText.test(messageOf(thrown));
  if (!isTransient) return thrown;
  return new ParleyError('DATABASE_UNAVAILABLE', `The database does not answer: ${messageOf(thrown)}.`, {
    retryable: true,
    retryAfterMs: 1000,
    cause: thrown,
  });
}

export function isUniqueViolation(thrown: unknown): boolean {
  return (thrown as { code?: unknown } | null)?.code === '23505';
}
