import { expect, test } from '@jest/globals';
import { calculator } from './calculator.ts';

const calculate = async (expression: string) =>
  calculator.run(calculator.input.parse({ expression }), { signal: AbortSignal.timeout(1_000), key: 'k', run: 'r' });

test.each([
  ['10 * 99', '990'],
  ['0.1 + 0.2', '0.3'],
  ['2 ^ 10', '1024'],
  ['sqrt(2) ^ 2', '2'],
  ['(1 + 2) * 3 - 4 / 8', '8.5'],
  ['-7 % 3', '-1'],
])('%s is %s', async (expression, result) => {
  expect(await calculate(expression)).toBe(result);
});

test.each([
  ['1 / 0', /no finite number/],
  ['x + 1', /"x" is no number/],
  ['process.exit()', /./],
  ['constructor', /./],
  ['a = 1', /./],
  ['"text" || "s"', /./],
  ['[1, 2]', /./],
  ['f(x) = x', /./],
  ['1 +', /./],
  ['fac(9999999999)', /./],
])('%s is refused', async (expression, reason) => {
  await expect(calculate(expression)).rejects.toThrow(reason);
});
