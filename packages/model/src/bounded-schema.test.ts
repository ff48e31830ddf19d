import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { boundedJsonSchema } from './bounded-schema.ts';

test('a bounded schema is sent without the dialect, and made once', () => {
  const schema = z.object({ reason: z.string().max(80), winner: z.enum(['X', 'Y']) });
  expect(boundedJsonSchema(schema)).not.toHaveProperty('$schema');
  expect(boundedJsonSchema(schema)).toBe(boundedJsonSchema(schema));
});

test('what has no bound is named', () => {
  const schema = z.object({ reason: z.string(), list: z.array(z.string().max(3)) });
  expect(() => boundedJsonSchema(schema)).toThrow(/\/properties\/reason, \/properties\/list/);
});
