import { expect, test } from '@jest/globals';
import { costOf, unpricedOf } from './prices.ts';

const prices = {
  dear: { inputPerMillion: 3, outputPerMillion: 15, currency: 'USD' },
  'ollama/mine': { inputPerMillion: 1, outputPerMillion: 0, currency: 'USD' },
};
const spent = (model: string, inputTokens = 1_000, outputTokens = 200) => ({ model, inputTokens, outputTokens });

test('tokens cost what the table says', () => {
  expect(costOf(prices, [spent('dear'), spent('dear')])).toEqual({ amount: 0.012, currency: 'USD' });
});

test('a model of this machine costs nothing, unless the table says otherwise', () => {
  const local = [spent('rehearsal'), spent('rehearsal:slow'), spent('ollama/qwen3:4b')];
  expect(costOf(prices, local)).toEqual({ amount: 0, currency: 'USD' });
  expect(costOf({}, local)).toEqual({ amount: 0, currency: 'XXX' });
  expect(costOf(prices, [spent('ollama/mine')])).toEqual({ amount: 0.001, currency: 'USD' });
});

test('what is unknown is not nought', () => {
  for (const name of ['gpt', 'rehearsals', 'toString', '__proto__']) {
    expect(costOf(prices, [spent('dear'), spent(name)])).toBeNull();
  }
  expect(unpricedOf(prices, [spent('b'), spent('a'), spent('b'), spent('dear')])).toEqual(['a', 'b']);
});

test('sums are exact to a millionth', () => {
  const cents = Array.from({ length: 10 }, () => spent('dear', 100_000, 0));
  expect(costOf(prices, cents)).toEqual({ amount: 3, currency: 'USD' });
});
