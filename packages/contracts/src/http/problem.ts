import { z } from 'zod';
import { type ErrorCode, errorCodes } from '../error.ts';

/** RFC 9457 problem details, with the code that programs match on and the trace to ask about. */
export const problemSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(errorCodes) as ErrorCode[]),
  traceId: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
