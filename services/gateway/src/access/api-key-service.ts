import { ParleyError } from '@parley/contracts';
import type { CreateKeyBody, KeyView, NewKeyView } from '@parley/contracts/http';
import { newId } from '@parley/runtime';
import type { Database, Sql } from '@parley/spine';
import type { ApiKeyStore } from './api-key-store.ts';
import type { AuditStore } from './audit-store.ts';
import { actFor, onBehalfOf } from './tenant.ts';

/** The one that changes the keys of a tenant: a caller of the API, or an operator at the command line. */
export interface Actor {
  readonly tenant: string;
  readonly subject: string;
}

export interface ApiKeyServiceDeps {
  readonly db: Database;
  readonly apiKeys: ApiKeyStore;
  readonly audit: AuditStore;
  /** Called after the commit. */
  onChanged(id: string): void;
}

const dayMs = 24 * 60 * 60 * 1000;
const overlapSeconds = 24 * 60 * 60;
const shown = 1_000;
const afterDays = (days: number | undefined): string | undefined =>
  days === undefined ? undefined : new Date(Date.now() + days * dayMs).toISOString();

/** Gives out, lists, renews and withdraws the API keys of a tenant; each change and its record are one transaction. */
export function createApiKeyService({ db, apiKeys, audit, onChanged }: ApiKeyServiceDeps) {
  const record = (tx: Sql, { tenant, subject }: Actor, action: string, target: string, detail = '') =>
    audit.add(tx, { tenant, subject, action, target, outcome: 'ok', detail });

  async function change<T>({ tenant }: Actor, id: string, work: (tx: Sql, key: KeyView) => Promise<T>): Promise<T> {
    const done = await db.transaction(async (tx) => {
      await actFor(tx, tenant);
      const key = await apiKeys.find(tx, tenant, id);
      if (key === undefined) throw new ParleyError('NOT_FOUND', `There is no API key ${id}.`);
      return work(tx, key);
    });
    onChanged(id);
    return done;
  }

  return {
    create(by: Actor, { name, scopes, expiresInDays }: CreateKeyBody): Promise<NewKeyView> {
      return db.transaction(async (tx) => {
        await actFor(tx, by.tenant);
        const [id, expiresAt] = [newId(), afterDays(expiresInDays)];
        const key = { id, tenant: by.tenant, name, scopes, createdBy: by.subject, expiresAt };
        const made = await apiKeys.create(tx, key);
        await record(tx, by, 'key.create', id, `${scopes.join(',')} ${name}`);
        return made;
      });
    },

    /** Newest first, the withdrawn ones too. */
    list: (tenant: string): Promise<KeyView[]> => apiKeys.newest(onBehalfOf(db, tenant), tenant, shown),

    /** A new key like the old one, which goes on for the overlap. A key that ends lives as long as the old one was to. */
    rotate(by: Actor, id: string, overlap = overlapSeconds): Promise<NewKeyView> {
      return change(by, id, async (tx, old) => {
        if (old.revokedAt !== null) {
          throw new ParleyError('ALREADY_CLOSED', `API key ${id} is revoked. Create a new one: POST /v1/keys.`);
        }
        const lifeMs = old.expiresAt === null ? undefined : Date.parse(old.expiresAt) - Date.parse(old.createdAt);
        await apiKeys.expire(tx, by.tenant, id, overlap);
        const made = await apiKeys.create(tx, {
          id: newId(),
          tenant: by.tenant,
          name: old.name,
          scopes: old.scopes,
          createdBy: by.subject,
          expiresAt: afterDays(lifeMs === undefined ? undefined : lifeMs / dayMs),
        });
        await record(tx, by, 'key.rotate', id, `renewed as ${made.id}`);
        return made;
      });
    },

    /** Revokes a key at once and for good. Revoking again changes nothing. */
    revoke(by: Actor, id: string): Promise<void> {
      return change(by, id, async (tx) => {
        await apiKeys.revoke(tx, by.tenant, id);
        await record(tx, by, 'key.revoke', id);
      });
    },
  };
}
export type ApiKeyService = ReturnType<typeof createApiKeyService>;
