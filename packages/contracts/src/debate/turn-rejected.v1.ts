import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { floorSchema, sideSchema } from './floor.ts';
import { assessedSchema } from './turn-recorded.v1.ts';

/** A turn argued for the other side: it is asked for once more, and then taken whatever it argues for. */
export const turnRejectedV1 = defineMessage(
  'turn-rejected.v1',
  z.object({
    round: z.int().min(1),
    side: sideSchema,
    reason: z.string(),
    model: z.string(),
    usage: usageSchema,
    assessed: assessedSchema.optional(),
    next: floorSchema.nullable().describe('Null while the debate is paused.'),
  }),
);
export type TurnRejectedV1 = z.infer<typeof turnRejectedV1.data>;
