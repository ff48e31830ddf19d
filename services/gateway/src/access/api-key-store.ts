import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyView, NewKeyView, Scope } from '@parley/contracts/http';
import { quoteSchema, type Sql } from '@parley/spine';

interface KeyRow {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

export interface NewKey {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdBy: string;
  readonly expiresAt?: string | undefined;
}

export interface KnownKey {
  readonly id: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  readonly state: 'good' | 'expired' | 'revoked';
}

/** A key as its bearer holds it: `parley_`, its id without dashes, `_`, its secret. Secret scanners know it by its form. */
const form = /^parley_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;
export const keyPrefix = 'parley_';
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

export function readKey(key: string): { readonly id: string; readonly secret: string } | undefined {
  const parts = form.exec(key)?.slice(1);
  return parts === undefined ? undefined : { id: parts.slice(0, 5).join('-'), secret: parts[5] ?? '' };
}

const columns = 'id, tenant, name, scopes, created_at, created_by, expires_at, revoked_at';

export function apiKeyStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** @returns the key with its secret, of which nothing but a hash is kept. */
    async create(sql: Sql, { id, tenant, name, scopes, createdBy, expiresAt }: NewKey): Promise<NewKeyView> {
      const secret = randomBytes(32).toString('base64url');
      const [row] = await sql.query<KeyRow>(
        `insert into ${s}.api_key (id, tenant, name, scopes, secret_hash, created_by, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
        [id, tenant, name, scopes, hashOf(secret), createdBy, expiresAt ?? null],
      );
      return { ...viewOf(row as KeyRow), key: `${keyPrefix}${id.replaceAll('-', '')}_${secret}` };
    },

    /** The key of this id if the secret is its own, of whatever tenant: it is what says the tenant. */
    async verify(sql: Sql, id: string, secret: string): Promise<KnownKey | undefined> {
      const [row] = await sql.query<KnownKey & { secret_hash: string }>(
        `select id, tenant, scopes, secret_hash, case when revoked_at <= clock_timestamp() then 'revoked'
           when expires_at <= clock_timestamp() then 'expired' else 'good' end as state
         from ${s}.api_key where id = $1`,
        [id],
      );
      if (row === undefined) return undefined;
      const { secret_hash: kept, ...known } = row;
      return timingSafeEqual(Buffer.from(kept), Buffer.from(hashOf(secret))) ? known : undefined;
    },

    async find(sql: Sql, tenant: string, id: string): Promise<KeyView | undefined> {
      const [row] = await sql.query<KeyRow>(
        `select ${columns} from ${s}.api_key where id = $1 and tenant = $2 for update`,
        [id, tenant],
      );
      return row === undefined ? undefined : viewOf(row);
    },

    /** Newest first; ids sort by time. */
    async newest(sql: Sql, tenant: string, limit: number): Promise<KeyView[]> {
      const rows = await sql.query<KeyRow>(
        `select ${columns} from ${s}.api_key where tenant = $1 order by id desc limit $2`,
        [tenant, limit],
      );
      return rows.map(viewOf);
    },

    async revoke(sql: Sql, tenant: string, id: string): Promise<void> {
      await sql.query(
        `update ${s}.api_key set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = $1 and tenant = $2`,
        [id, tenant],
      );
    },

    /** Ends a key after `seconds`, if it would not end before. */
    async expire(sql: Sql, tenant: string, id: string, seconds: number): Promise<void> {
      await sql.query(
        `update ${s}.api_key set expires_at = least(expires_at, clock_timestamp() + make_interval(secs => $3))
         where id = $1 and tenant = $2`,
        [id, tenant, seconds],
      );
    },
  };
}
export type ApiKeyStore = ReturnType<typeof apiKeyStore>;

function viewOf(row: KeyRow): KeyView {
  return {
    id: row.id,
    tenant: row.tenant,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
