import { createHash } from 'node:crypto';
import { ParleyError } from '@parley/contracts';
import { quoteSchema, type Sql } from '@parley/spine';
import { ofTenant } from '../access/tenant.ts';

export interface Answer {
  readonly status: number;
  readonly response: unknown;
}

/** Source: draft-ietf-httpapi-idempotency-key-header-06. */
export function idempotencyStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /**
     * The answer that this key has had, or undefined when the caller is the first and may work.
     * @throws ParleyError IDEMPOTENCY_KEY_IN_FLIGHT, IDEMPOTENCY_KEY_REUSED
     */
    async claim(tx: Sql, tenant: string, key: string, body: unknown): Promise<Answer | undefined> {
      const [lock] = await tx.query<{ mine: boolean }>(
        'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as mine',
        [`${schema}/idempotency/${key}`],
      );
      if (lock?.mine !== true) {
        throw new ParleyError(
          'IDEMPOTENCY_KEY_IN_FLIGHT',
          'A request with this Idempotency-Key is being handled. Ask again in a moment.',
        );
      }
      const [known] = await tx.query<Answer & { body_hash: string }>(
        `select body_hash, status, response from ${s}.idempotency_key where key = $1 and ${ofTenant(2)}`,
        [key, tenant],
      );
      if (known === undefined) return undefined;
      if (known.body_hash !== hashOf(body)) {
        throw new ParleyError(
          'IDEMPOTENCY_KEY_REUSED',
          'This Idempotency-Key came with another body before. Use a new key for a new request.',
        );
      }
      return { status: known.status, response: known.response };
    },

    /** Forgets answers older than `hours`: a client that asks again by then has given up. */
    async prune(sql: Sql, hours: number): Promise<void> {
      await sql.query(
        `delete from ${s}.idempotency_key where created_at < clock_timestamp() - make_interval(hours => $1)`,
        [hours],
      );
    },

    async keep(tx: Sql, tenant: string, key: string, body: unknown, answer: Answer): Promise<void> {
      await tx.query(
        `insert into ${s}.idempotency_key (key, tenant, body_hash, status, response)
         values ($1, $2, $3, $4, $5)`,
        [key, tenant, hashOf(body), answer.status, JSON.stringify(answer.response)],
      );
    },
  };
}
export type IdempotencyStore = ReturnType<typeof idempotencyStore>;

function hashOf(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('base64url');
}
