import { z } from 'zod';
import { cancelDebateV1 } from '../debate/cancel-debate.v1.ts';
import { debaterProfileSchema } from '../debate/floor.ts';
import { interjectV1 } from '../debate/interject.v1.ts';
import { judgeSetupSchema } from '../debate/judge.ts';
import { stopReasonSchema, verdictSchema, voteSchema } from '../debate/outcome.ts';
import { pauseDebateV1 } from '../debate/pause-debate.v1.ts';
import { resumeDebateV1 } from '../debate/resume-debate.v1.ts';
import {
  checksSchema,
  defaultMaxRounds,
  defaultMinRounds,
  limits,
  type StartDebateV1,
  topicSchema,
} from '../debate/start-debate.v1.ts';
import { turnRecordedV1 } from '../debate/turn-recorded.v1.ts';

export const startDebateBody = z
  .strictObject({
    topic: topicSchema,
    maxRounds: z.int().min(1).max(limits.maxRounds).optional(),
    minRounds: z.int().min(1).max(limits.maxRounds).optional(),
    sides: z
      .strictObject({
        pro: debaterProfileSchema.optional(),
        con: debaterProfileSchema.optional(),
      })
      .optional()
      .describe('Model and persona of each side.'),
    deadlineSeconds: z.int().min(1).max(limits.deadlineSeconds).optional(),
    tokenBudget: z.int().min(1).max(limits.tokenBudget).optional(),
    stopWhenRedundant: z.boolean().optional().describe('False lets a debate that goes in circles use all its rounds.'),
    checks: checksSchema.optional().describe('How closely turns are looked at; each check costs model calls.'),
    judge: judgeSetupSchema.optional().describe('Who judges, and how many.'),
  })
  .refine((body) => (body.minRounds ?? 1) <= (body.maxRounds ?? defaultMaxRounds), {
    path: ['minRounds'],
    message: 'minRounds is at most maxRounds',
  });
export type StartDebateBody = z.infer<typeof startDebateBody>;

const defaultDeadlineSeconds = 60 * 60;

/** The command of a request: what the body left out is filled in here, so that the command says all. */
export function startDebateOf(body: StartDebateBody): StartDebateV1 {
  const maxRounds = body.maxRounds ?? defaultMaxRounds;
  return {
    topic: body.topic,
    maxRounds,
    minRounds: body.minRounds ?? Math.min(defaultMinRounds, maxRounds),
    sides: { pro: body.sides?.pro ?? {}, con: body.sides?.con ?? {} },
    deadlineSeconds: body.deadlineSeconds ?? defaultDeadlineSeconds,
    stopWhenRedundant: body.stopWhenRedundant ?? true,
    ...(body.tokenBudget === undefined ? {} : { tokenBudget: body.tokenBudget }),
    ...(body.checks === undefined ? {} : { checks: body.checks }),
    ...(body.judge === undefined ? {} : { judge: body.judge }),
  };
}

export const debateStatuses = [
  'accepted',
  'debating',
  'paused',
  'judging',
  'closed',
  'cancelled',
  'failed',
  'parked',
] as const;
export const debateStatusSchema = z.enum(debateStatuses);
export type DebateStatus = z.infer<typeof debateStatusSchema>;

export const debateSummary = z.object({
  id: z.uuid(),
  topic: z.string(),
  status: debateStatusSchema,
  maxRounds: z.int(),
  createdAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  stopReason: stopReasonSchema.nullable(),
  alsoTrue: z.array(stopReasonSchema),
  verdict: verdictSchema.nullable(),
});
export type DebateSummary = z.infer<typeof debateSummary>;

export const turnView = turnRecordedV1.omit({ next: true }).extend({ sequence: z.int().min(1) });
export const debateView = debateSummary.extend({
  lastSequence: z.int().min(0),
  detail: z.string().nullable(),
  turns: z.array(turnView),
  votes: z.array(voteSchema).describe('Of the judges, as they were cast; empty before the verdict.'),
});
export type DebateView = z.infer<typeof debateView>;

export const debatePage = z.object({
  debates: z.array(debateSummary),
  next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
});

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.uuid().optional(),
});
export const cancelDebateBody = z.strictObject(cancelDebateV1.shape);
export const pauseDebateBody = z.strictObject(pauseDebateV1.shape);
export const resumeDebateBody = z.strictObject(resumeDebateV1.shape);
export const noteBody = z.strictObject(interjectV1.shape);

export const parkedView = z.object({
  service: z.string(),
  kind: z.string(),
  stream: z.string(),
  input: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
});
export const parkedPage = z.object({ parked: z.array(parkedView) });
