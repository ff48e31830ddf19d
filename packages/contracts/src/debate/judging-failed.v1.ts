import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

/** The judge gave no usable answer; it is asked again unless `isLast`. */
export const judgingFailedV1 = defineMessage(
  'judging-failed.v1',
  z.object({ reason: z.string(), isLast: z.boolean() }),
);
export type JudgingFailedV1 = z.infer<typeof judgingFailedV1.data>;
