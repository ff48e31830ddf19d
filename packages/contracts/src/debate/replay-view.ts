import { z } from 'zod';
import { replayRulesSchema } from './replay-debate.v1.ts';
import { replayFinishedV1 } from './replay-finished.v1.ts';

export const replayStatuses = ['accepted', 'judging', 'finished', 'failed', 'parked'] as const;

export const replayView = z.object({
  id: z.uuid(),
  debate: z.uuid(),
  status: z.enum(replayStatuses),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  rules: replayRulesSchema,
  result: replayFinishedV1.data.omit({ debate: true }).nullable(),
  reason: z.string().nullable().describe('Why it failed, or what it waits for.'),
});
export type ReplayView = z.infer<typeof replayView>;

export const replayPage = z.object({ replays: z.array(replayView) });
export type ReplayPage = z.infer<typeof replayPage>;
