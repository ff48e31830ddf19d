import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { boundedJsonSchema } from '../bounded-schema.ts';
import { fill } from './filled-schema.ts';

const facts = {
  text: 'One thing. Another thing. A third. A fourth.',
  side: 'con',
  winner: 'Y',
  scores: { X: { clarity: 12 } },
};

test('a filled schema is accepted by the schema it came from', () => {
  const schema = z.object({
    winner: z.enum(['X', 'Y', 'contested']),
    stance: z.enum(['pro', 'con']),
    speech: z.string().max(12),
    claims: z.array(z.string().max(80)).max(2),
    concede: z.boolean(),
    scores: z.object({ X: z.object({ clarity: z.int().min(1).max(10), evidence: z.int().min(1).max(10) }) }),
    note: z.string().max(5).nullable(),
    kind: z.literal('verdict'),
  });
  expect(schema.parse(fill(boundedJsonSchema(schema), facts))).toEqual({
    winner: 'Y',
    stance: 'con',
    speech: 'One thing. A',
    claims: ['One thing.', 'Another thing.'],
    concede: false,
    scores: { X: { clarity: 10, evidence: 1 } },
    note: 'One t',
    kind: 'verdict',
  });
});
