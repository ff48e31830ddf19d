import { kafkaEnv } from '@parley/runtime';
import { z } from 'zod';

/** The environment of the topics job. */
export const topicsEnv = kafkaEnv.extend({
  PARLEY_KAFKA_REPLICATION: z.coerce.number().int().min(1).max(10).default(1).describe('Copies of every partition.'),
});
