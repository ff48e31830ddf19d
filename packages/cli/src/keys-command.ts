import { userInfo } from 'node:os';
import { callingTenant, createKeyBody, type KeyView, type NewKeyView, rotateKeyBody } from '@parley/contracts';
import { openKeyOffice } from '@parley/gateway';
import { type Env, parse, readEnv } from '@parley/runtime';
import { openPostgres } from '@parley/spine';
import { z } from 'zod';

/** The environment of `parley keys`. */
export const keysEnv = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:port/database')
    .describe("The gateway's database, as its role or the schemas' owner."),
});

export interface KeysFlags {
  readonly tenant: string;
  readonly name?: string;
  readonly scope?: readonly string[];
  readonly days?: number;
  readonly overlapSeconds?: number;
  readonly output?: 'json';
}
type Asked = KeysFlags &
  ({ readonly verb: 'create' | 'list' } | { readonly verb: 'rotate' | 'revoke'; readonly id: string });

const path = z.object({ tenant: callingTenant, id: z.uuid('a key id is a UUID').toLowerCase().optional() });

/** `parley keys create|list|rotate|revoke`: the first keys of a tenant, before anybody can ask the API. */
export async function keysCommand(asked: Asked, environment: Env): Promise<number> {
  const env = readEnv(keysEnv, environment);
  const { tenant, id = '' } = parse(path, { tenant: asked.tenant, id: 'id' in asked ? asked.id : undefined }, 'path');
  const by = { tenant, subject: `cli:${userInfo().username}` };
  const db = openPostgres({ url: env.DATABASE_URL, poolSize: 1 });
  const office = openKeyOffice(db);
  try {
    switch (asked.verb) {
      case 'create': {
        const { name, scope: scopes, days: expiresInDays } = asked;
        const body = parse(createKeyBody, { name, scopes, expiresInDays }, 'body');
        show(await office.create(by, body));
        break;
      }
      case 'rotate':
        show(
          await office.rotate(
            by,
            id,
            parse(rotateKeyBody, { overlapSeconds: asked.overlapSeconds }, 'body').overlapSeconds,
          ),
        );
        break;
      case 'revoke':
        await office.revoke(by, id);
        console.log(`Key ${id} is revoked.`);
        break;
      case 'list':
        for (const key of await office.list(tenant))
          console.log(asked.output === 'json' ? JSON.stringify(key) : lineOf(key));
    }
  } finally {
    await db.close();
  }
  return 0;
}

/** The key alone on standard output, for `KEY=$(parley keys create …)`. */
function show({ key, ...view }: NewKeyView): void {
  console.error(`${lineOf(view)}\nThe key is shown this once:`);
  console.log(key);
}

function lineOf({ id, tenant, name, scopes, expiresAt, revokedAt }: KeyView): string {
  const state = revokedAt === null ? `until ${expiresAt ?? 'revoked'}` : `revoked ${revokedAt}`;
  return `${id}  ${tenant}  ${scopes.join(',')}  ${state}  ${name}`;
}
