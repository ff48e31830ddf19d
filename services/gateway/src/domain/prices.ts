import type { Usage } from '@parley/contracts';
import type { Money, Prices } from '@parley/contracts/http';

/** Tokens of one model; the model may be missing where nobody answered. */
export interface Spending extends Usage {
  readonly model: string;
}

const perMillion = 1_000_000;
/** Amounts are sums of floating point numbers: what is beyond a millionth of the currency is noise. */
const precision = 1e6;

/** Names of the rehearsal model and of Ollama's models, where they are told apart, are of this machine. */
const isLocal = (model: string): boolean => /^(rehearsal(:|$)|ollama\/)/.test(model);

/** Currency of the table, which has only one. Source of XXX, "no currency", for an empty table: ISO 4217. */
function currencyOf(prices: Prices): string {
  return Object.values(prices)[0]?.currency ?? 'XXX';
}

/** Models that nobody said a price of, each once, sorted. */
export function unpricedOf(prices: Prices, spent: readonly Spending[]): string[] {
  const names = spent.filter(({ model }) => !Object.hasOwn(prices, model) && !isLocal(model)).map(({ model }) => model);
  return [...new Set(names)].sort();
}

/** What it cost together; null where one of the models has no price: an unknown part is no nought. */
export function costOf(prices: Prices, spent: readonly Spending[]): Money | null {
  if (unpricedOf(prices, spent).length > 0) return null;
  const amount = spent.reduce((sum, { model, inputTokens, outputTokens }) => {
    const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
    if (price === undefined) return sum;
    return sum + (inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion) / perMillion;
  }, 0);
  return { amount: Math.round(amount * precision) / precision, currency: currencyOf(prices) };
}
