import { openAudit } from '@parley/gateway/operator.ts';
import { readEnv } from '@parley/runtime';
import { openPostgres } from '@parley/spine';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { keysEnv } from './keys.ts';

/**
 * `parley audit verify`: checks every tenant's chain and prints its head. A log that was cut short is whole but for
 * its head: keep what is printed elsewhere and compare.
 */
export async function auditCommand({ env, print }: Call): Promise<number> {
  const db = openPostgres({ url: readEnv(keysEnv, env).DATABASE_URL, poolSize: 1 });
  try {
    const chains = (await openAudit(db).checkAll()).map(({ tenant, checked }) => ({ tenant, ...checked }));
    const broken = chains.filter(({ ok }) => !ok).length;
    const lines = chains.map((chain) =>
      chain.ok ? `${chain.tenant}: ${chain.rows} rows, head ${chain.head}` : `${chain.tenant}: BROKEN, ${chain.reason}`,
    );
    print({ chains }, () => [...lines, `${chains.length} chains, ${broken} broken.`].join('\n'));
    return broken === 0 ? exitCodes.ok.code : exitCodes.failed.code;
  } finally {
    await db.close();
  }
}
