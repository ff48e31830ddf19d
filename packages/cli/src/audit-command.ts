import { openAudit } from '@parley/gateway';
import { type Env, readEnv } from '@parley/runtime';
import { openPostgres } from '@parley/spine';
import { keysEnv } from './keys-command.ts';

/**
 * `parley audit verify`: checks every tenant's chain and prints its head. A log that was cut short is whole but for
 * its head: keep what is printed elsewhere and compare. Resolves to the exit code, 1 for a chain that is broken.
 */
export async function auditCommand(environment: Env): Promise<number> {
  const db = openPostgres({ url: readEnv(keysEnv, environment).DATABASE_URL, poolSize: 1 });
  try {
    const chains = await openAudit(db).checkAll();
    for (const { tenant, checked } of chains) {
      if (checked.ok) console.log(`${tenant}: ${checked.rows} rows, head ${checked.head}`);
      else console.error(`${tenant}: BROKEN, ${checked.reason}`);
    }
    console.log(`${chains.length} chains, ${chains.filter(({ checked }) => !checked.ok).length} broken.`);
    return chains.every(({ checked }) => checked.ok) ? 0 : 1;
  } finally {
    await db.close();
  }
}
