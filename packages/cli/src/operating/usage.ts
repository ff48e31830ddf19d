import type { Money, UsageQuery, UsageView } from '@parley/contracts/http';
import { withGateway } from '../command-line/client.ts';
import { columns } from '../command-line/columns.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';

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

/** What was spent, for people: a line a group, and the sum last. */
export function usageTable({ from, to, groupBy, groups, total, unpriced }: UsageView): string {
  const rows = [...groups, { key: 'all', ...total }].map(({ key, calls, inputTokens, outputTokens, cost }) => [
    key,
    String(calls),
    String(inputTokens),
    String(outputTokens),
    moneyText(cost),
  ]);
  const table = columns([[groupBy, 'answers', 'tokens in', 'tokens out', 'cost'], ...rows]);
  const lacking = unpriced.length === 0 ? [] : [`Without a price: ${unpriced.join(', ')} (PARLEY_PRICES).`];
  return [`From ${from} to ${to}.`, '', table, ...(lacking.length === 0 ? [] : ['', ...lacking])].join('\n');
}

/** XXX is the currency of what costs nothing. Source: ISO 4217, "no currency". */
export function moneyText(cost: Money | null): string {
  if (cost === null) return 'price unknown';
  return cost.currency === 'XXX' ? 'no cost' : `${Number(cost.amount.toPrecision(4))} ${cost.currency}`;
}
