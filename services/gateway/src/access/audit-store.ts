import { createHash } from 'node:crypto';
import type { AuditEntry } from '@parley/contracts/http';
import { quoteSchema, type Sql } from '@parley/spine';
import { type Checked, checkChain, noHash, sealed } from '../domain/audit-chain.ts';

export interface NewAudit {
  readonly tenant: string;
  readonly subject: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: 'ok' | 'refused';
  readonly detail?: string;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
const columns = 'seq, at, subject, action, target, outcome, detail, hash';
const pageSize = 1_000;

export function auditStore(schema: string) {
  const s = quoteSchema(schema);

  async function after(sql: Sql, tenant: string, seq: number, limit: number): Promise<AuditEntry[]> {
    const rows = await sql.query<Omit<AuditEntry, 'at'> & { at: Date }>(
      `select ${columns} from ${s}.audit where tenant = $1 and seq > $2 order by seq limit $3`,
      [tenant, seq, limit],
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  return {
    /** Adds a row to its tenant's chain; others wait for the end of this transaction, so that no number is taken twice. */
    async add(tx: Sql, { tenant, subject, action, target, outcome, detail = '' }: NewAudit): Promise<void> {
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${schema}/audit/${tenant}`]);
      const [head] = await tx.query<{ seq: number; hash: string; now: Date }>(
        `select coalesce(max(seq), 0) as seq, date_trunc('milliseconds', clock_timestamp()) as now,
           coalesce((select hash from ${s}.audit where tenant = $1 order by seq desc limit 1), $2) as hash
         from ${s}.audit where tenant = $1`,
        [tenant, noHash],
      );
      if (head === undefined) throw new Error('the head of the audit log answered no row');
      const entry = { seq: head.seq + 1, at: head.now.toISOString(), subject, action, target, outcome, detail };
      await tx.query(`insert into ${s}.audit (tenant, ${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [
        tenant,
        entry.seq,
        entry.at,
        subject,
        action,
        target,
        outcome,
        detail,
        hashOf(sealed(head.hash, { tenant, entry })),
      ]);
    },

    after,

    /** The whole chain of a tenant, page by page. */
    async check(sql: Sql, tenant: string): Promise<Checked> {
      let from = { seq: 0, hash: noHash };
      for (;;) {
        const rows = await after(sql, tenant, from.seq, pageSize);
        const checked = checkChain(tenant, rows, hashOf, from);
        if (!checked.ok || rows.length < pageSize) return checked;
        from = { seq: checked.rows, hash: checked.head };
      }
    },

    async tenants(sql: Sql): Promise<string[]> {
      const rows = await sql.query<{ tenant: string }>(`select distinct tenant from ${s}.audit order by tenant`);
      return rows.map(({ tenant }) => tenant);
    },
  };
}
export type AuditStore = ReturnType<typeof auditStore>;
