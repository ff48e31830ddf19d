import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { sideSchema } from './floor.ts';
import { stopReasonSchema, verdictSchema, voteSchema } from './outcome.ts';
import { noveltySchema } from './turn-recorded.v1.ts';

/** One end of a debate: the one it had, or the one it would have had. */
const endSchema = z.object({
  rounds: z.int().min(0).describe('Rounds in which both sides spoke.'),
  stopReason: stopReasonSchema.nullable().describe('Null: the log ends before these rules stop the debate.'),
  alsoTrue: z.array(stopReasonSchema),
  tokens: z.int().min(0).describe('Tokens of the turns up to there, input and output.'),
  verdict: verdictSchema.nullable(),
});

/** The end and verdict that a debate would have had by the replayed rules, beside those it had. */
export const replayFinishedV1 = defineMessage(
  'replay-finished.v1',
  z.object({
    debate: z.uuid(),
    original: endSchema,
    replay: endSchema.extend({
      turns: z.array(
        z.object({
          round: z.int().min(1),
          side: sideSchema,
          novelty: noveltySchema.describe('By the rules of the replay.'),
          wasStale: z.boolean().describe('By the rules of the debate.'),
        }),
      ),
      votes: z.array(voteSchema),
      positionFlip: z.boolean(),
    }),
    tokensSaved: z.int().min(0).describe('Tokens of turns that would not have been asked for.'),
    usage: usageSchema.describe('What the judges of the replay used.'),
  }),
);
export type ReplayFinishedV1 = z.infer<typeof replayFinishedV1.data>;
