import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { citationsSchema } from './evidence.ts';
import { sideSchema } from './floor.ts';

export const limitsOfTurn = { characters: 8_000 } as const;

export const turnRepliedV1 = defineMessage(
  'turn-replied.v1',
  z.object({
    round: z.int().min(1),
    side: sideSchema,
    text: z.string().min(1).max(limitsOfTurn.characters),
    model: z.string(),
    isRehearsal: z.boolean(),
    usage: usageSchema,
    attempts: z.int().min(1),
    attempt: z.int().min(1).optional().describe('Which asking for the turn this answers; the first when absent.'),
    concedes: z.boolean().default(false).describe('The debater declares that the other side is right.'),
    citations: citationsSchema.default([]),
  }),
);
export type TurnRepliedV1 = z.infer<typeof turnRepliedV1.data>;
