import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from '@parley/contracts/http';
import { quoteSchema, type Sql } from '@parley/spine';

const hashOf = (ticket: string): string => createHash('sha256').update(ticket).digest('base64url');

export function ticketStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    async create(
      sql: Sql,
      { tenant, subject }: Caller,
      seconds: number,
    ): Promise<{ ticket: string; expiresAt: string }> {
      const ticket = randomBytes(32).toString('base64url');
      const [row] = await sql.query<{ expires_at: Date }>(
        `insert into ${s}.ticket (hash, tenant, subject, expires_at)
         values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4)) returning expires_at`,
        [hashOf(ticket), tenant, subject, seconds],
      );
      return { ticket, expiresAt: (row as { expires_at: Date }).expires_at.toISOString() };
    },

    /** Takes it away and says who may look with it; of two that bring it, one gets it. */
    async redeem(sql: Sql, ticket: string): Promise<{ readonly tenant: string; readonly subject: string } | undefined> {
      const [row] = await sql.query<{ tenant: string; subject: string; is_good: boolean }>(
        `delete from ${s}.ticket where hash = $1 returning tenant, subject, expires_at > clock_timestamp() as is_good`,
        [hashOf(ticket)],
      );
      return row?.is_good ? { tenant: row.tenant, subject: row.subject } : undefined;
    },

    async prune(sql: Sql): Promise<void> {
      await sql.query(`delete from ${s}.ticket where expires_at < clock_timestamp()`);
    },
  };
}
export type TicketStore = ReturnType<typeof ticketStore>;
