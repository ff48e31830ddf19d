import { z } from 'zod';

/** The number of an event or of a row of a log, in a query. The database counts them in 32 bits. */
export const sequenceQuery = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1);

export const streamQuery = z.strictObject({
  after: sequenceQuery.optional(),
  ticket: z.string().optional().describe('Of POST /v1/tickets, instead of a header.'),
});
