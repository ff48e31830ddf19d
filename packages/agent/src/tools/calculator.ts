import { ParleyError } from '@parley/contracts';
import { Parser } from 'expr-eval-fork';
import { z } from 'zod';
import { tool } from '../tool.ts';

/** Digits that a double holds. Source: IEEE 754-2019, binary64. */
const digits = 15;

/** Arithmetic and nothing else: no names, no assignments, no texts, no lists. */
const operators = {
  ...{ add: true, subtract: true, multiply: true, divide: true, remainder: true, power: true, factorial: true },
  ...{ abs: true, ceil: true, floor: true, round: true, trunc: true, sqrt: true, cbrt: true, exp: true, log: true },
  ...{ log10: true, log2: true, ln: true, sin: true, cos: true, tan: true, min: true, max: true },
  ...{ assignment: false, array: false, fndef: false, in: false, concatenate: false, conditional: false },
  ...{ logical: false, comparison: false, length: false, random: false },
} as const;

export const calculator = tool({
  name: 'calculator',
  description: 'Calculates an arithmetic expression, such as "10 * 99" or "sqrt(2) ^ 3".',
  input: z.strictObject({ expression: z.string().min(1).max(1_000) }),
  effect: 'read',
  run({ expression }) {
    const parser = new Parser({ operators });
    const names = parser.parse(expression).variables();
    if (names.length > 0) throw new ParleyError('BAD_REQUEST', `"${names[0]}" is no number and no function.`);
    const value: unknown = parser.evaluate(expression);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new ParleyError('BAD_REQUEST', `"${expression}" has no finite number as its result.`);
    }
    return String(Number(value.toPrecision(digits)));
  },
});
