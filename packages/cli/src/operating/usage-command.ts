import type { UsageQuery } from '@parley/contracts';
import { withGateway } from '../command-line/client.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { usageTable } from './usage-table.ts';

export interface UsageFlags {
  readonly from?: string;
  readonly to?: string;
  readonly by?: NonNullable<UsageQuery['groupBy']>;
}

/** `parley usage`: tokens and money. */
export async function usageCommand(call: Call<UsageFlags>): Promise<number> {
  const { from, to, by: groupBy } = call.flags;
  const view = await withGateway(call, (parley) => parley.usage({ from, to, groupBy }));
  call.print(view, () => usageTable(view));
  return exitCodes.ok.code;
}
