import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { stopReasonSchema } from './outcome.ts';

export const closedStatuses = ['closed', 'cancelled', 'failed'] as const;

/** The last fact of every debate. */
export const debateClosedV1 = defineMessage(
  'debate-closed.v1',
  z.object({
    status: z.enum(closedStatuses),
    stopReason: stopReasonSchema,
  }),
);
export type DebateClosedV1 = z.infer<typeof debateClosedV1.data>;
