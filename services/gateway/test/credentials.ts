import { randomUUID } from 'node:crypto';
import type { Scope } from '@parley/contracts/http';
import type { Database } from '@parley/spine';
import { apiKeyStore } from '../src/access/api-key-store.ts';
import { onBehalfOf } from '../src/access/tenant.ts';

export type Headers = { readonly authorization: string };
export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** A key of a tenant, as an operator makes it. */
export async function keyFor(db: Database, tenant: string, scopes: readonly Scope[] = ['admin']): Promise<string> {
  const wanted = { id: randomUUID(), tenant, name: 'A test', scopes, createdBy: 'test' };
  return (await apiKeyStore('gateway').create(onBehalfOf(db, tenant), wanted)).key;
}

/** Says of each of these tenants what its requests carry. */
export async function credentialsOf(db: Database, ...tenants: readonly string[]): Promise<(tenant: string) => Headers> {
  const known = new Map<string, Headers>();
  for (const tenant of tenants) known.set(tenant, bearer(await keyFor(db, tenant)));
  return (tenant) => {
    const headers = known.get(tenant);
    if (headers === undefined) throw new Error(`${tenant} has no key in this test`);
    return headers;
  };
}
