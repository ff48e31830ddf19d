import type { Env } from '@parley/runtime';
import { openClient, withRemedy } from './client.ts';
import { sloTable } from './slo-table.ts';

export interface SloFlags {
  readonly output?: 'json';
}

/** `parley slo`: how every objective stands. Resolves to the exit code. */
export async function sloCommand(flags: SloFlags, environment: Env): Promise<number> {
  const view = await openClient(environment).slos().catch(withRemedy);
  console.log(flags.output === 'json' ? JSON.stringify(view, null, 2) : sloTable(view));
  return 0;
}
