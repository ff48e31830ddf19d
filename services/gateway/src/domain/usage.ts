import type { Prices, Spent, UsageView } from '@parley/contracts/http';
import { costOf, type Spending, unpricedOf } from './prices.ts';

/** One group's tokens of one model. */
export interface UsageRow extends Spending {
  readonly key: string;
  readonly calls: number;
}

type Sum = UsageView['total'];

/** What was spent, per key in the order of the rows, and together. */
export function summarise(rows: readonly UsageRow[], prices: Prices): Pick<UsageView, 'groups' | 'total' | 'unpriced'> {
  const groups = [...Map.groupBy(rows, (row) => row.key)].map(([key, of]) => ({ key, ...sumOf(of, prices) }));
  return { groups, total: sumOf(rows, prices), unpriced: unpricedOf(prices, rows) };
}

/** Tokens and money of one debate, from what its facts report. */
export function spentOf(spent: readonly Spending[], prices: Prices): Spent {
  const add = (of: 'inputTokens' | 'outputTokens') => spent.reduce((sum, one) => sum + one[of], 0);
  return { inputTokens: add('inputTokens'), outputTokens: add('outputTokens'), cost: costOf(prices, spent) };
}

function sumOf(rows: readonly UsageRow[], prices: Prices): Sum {
  return { ...spentOf(rows, prices), calls: rows.reduce((sum, row) => sum + row.calls, 0) };
}
