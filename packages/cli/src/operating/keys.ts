import { userInfo } from 'node:os';
import { callingTenant, createKeyBody, type KeyView, type NewKeyView, rotateKeyBody } from '@parley/contracts/http';
import { openKeyOffice } from '@parley/gateway/operator.ts';
import { parse, readEnv } from '@parley/runtime';
import { openPostgres } from '@parley/spine';
import { z } from 'zod';
import type { Call } from '../command-line/command.ts';
import type { Format } from '../command-line/output.ts';

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
  readonly output?: Format;
}
type Verb = 'create' | 'list' | 'rotate' | 'revoke';

const path = z.object({ tenant: callingTenant, id: z.uuid('a key id is a UUID').toLowerCase().optional() });

/** `parley keys create|list|rotate|revoke`: the first keys of a tenant, before anybody can ask the API. */
export async function keysCommand(verb: Verb, call: Call<KeysFlags>): Promise<number> {
  const { flags, print } = call;
  const env = readEnv(keysEnv, call.env);
  const { tenant, id = '' } = parse(path, { tenant: flags.tenant, id: call.args[0] }, 'path');
  const by = { tenant, subject: `cli:${userInfo().username}` };
  const db = openPostgres({ url: env.DATABASE_URL, poolSize: 1 });
  const office = openKeyOffice(db);
  try {
    switch (verb) {
      case 'create': {
        const { name, scope: scopes, days: expiresInDays } = flags;
        show(call, await office.create(by, parse(createKeyBody, { name, scopes, expiresInDays }, 'body')));
        break;
      }
      case 'rotate': {
        const { overlapSeconds } = parse(rotateKeyBody, { overlapSeconds: flags.overlapSeconds }, 'body');
        show(call, await office.rotate(by, id, overlapSeconds));
        break;
      }
      case 'revoke':
        await office.revoke(by, id);
        print({ id, isRevoked: true }, () => `Key ${id} is revoked.`);
        break;
      case 'list': {
        const keys = await office.list(tenant);
        print({ keys }, () => (keys.length === 0 ? `${tenant} has no keys.` : keys.map(lineOf).join('\n')));
      }
    }
  } finally {
    await db.close();
  }
  return 0;
}

/** Shows a new key. For people it stands alone on standard output, for `KEY=$(parley keys create …)`. */
function show({ flags, terminal, print }: Call<KeysFlags>, made: NewKeyView): void {
  if ((flags.output ?? 'table') === 'table') terminal.note(`${lineOf(made)}\nThe key is shown this once:`);
  print(made, () => made.key);
}

function lineOf({ id, tenant, name, scopes, expiresAt, revokedAt }: KeyView): string {
  const state = revokedAt === null ? `until ${expiresAt ?? 'revoked'}` : `revoked ${revokedAt}`;
  return `${id}  ${tenant}  ${scopes.join(',')}  ${state}  ${name}`;
}
