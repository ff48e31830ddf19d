import { z } from 'zod';
import { addNoteV1 } from '../debate/add-note.v1.ts';
import { cancelDebateV1 } from '../debate/cancel-debate.v1.ts';
import { degradedSchema } from '../debate/degraded.ts';
import { evidenceBodySchema, limitsOfEvidence } from '../debate/evidence.ts';
import { type DebaterProfile, debaterProfileSchema } from '../debate/floor.ts';
import { judgeSetupSchema } from '../debate/judge.ts';
import { modelWaitingV1 } from '../debate/model-waiting.v1.ts';
import { outcomes, stopReasonSchema, verdictSchema, voteSchema } from '../debate/outcome.ts';
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
import { spentSchema } from './usage.ts';

const sideBody = debaterProfileSchema.extend({
  evidence: z
    .array(evidenceBodySchema)
    .max(limitsOfEvidence.pieces)
    .optional()
    .describe('Texts that this side may cite, or addresses of such texts, which are fetched once, now.'),
});

export const startDebateBody = z
  .strictObject({
    topic: topicSchema,
    maxRounds: z.int().min(1).max(limits.maxRounds).optional(),
    minRounds: z.int().min(1).max(limits.maxRounds).optional(),
    sides: z
      .strictObject({
        pro: sideBody.optional(),
        con: sideBody.optional(),
      })
      .optional()
      .describe('Model, persona and evidence of each side.'),
    deadlineSeconds: z.int().min(1).max(limits.deadlineSeconds).optional(),
    tokenBudget: z.int().min(1).max(limits.tokenBudget).optional(),
    stopWhenRedundant: z.boolean().optional().describe('False lets a debate that goes in circles use all its rounds.'),
    checks: checksSchema.optional().describe('How closely turns are looked at; each check costs model calls.'),
    judge: judgeSetupSchema.optional().describe('Who judges, and how many.'),
    judgeEarly: z
      .boolean()
      .optional()
      .describe('Ask the judge after every whole round from minRounds on, and stop when a side is clearly ahead.'),
  })
  .refine((body) => (body.minRounds ?? 1) <= (body.maxRounds ?? defaultMaxRounds), {
    path: ['minRounds'],
    message: 'minRounds is at most maxRounds',
  });
export type StartDebateBody = z.infer<typeof startDebateBody>;

const defaultDeadlineSeconds = 60 * 60;

/**
 * The command of a request: what the body left out is filled in here, so that the command says all. Evidence without
 * an id is numbered by its place, E1 first. An address has no text yet: it is left out unless a text stands in for it.
 */
export function startDebateOf(body: StartDebateBody): StartDebateV1 {
  const maxRounds = body.maxRounds ?? defaultMaxRounds;
  return {
    topic: body.topic,
    maxRounds,
    minRounds: body.minRounds ?? Math.min(defaultMinRounds, maxRounds),
    sides: { pro: profileOf(body.sides?.pro), con: profileOf(body.sides?.con) },
    deadlineSeconds: body.deadlineSeconds ?? defaultDeadlineSeconds,
    stopWhenRedundant: body.stopWhenRedundant ?? true,
    ...(body.tokenBudget === undefined ? {} : { tokenBudget: body.tokenBudget }),
    ...(body.checks === undefined ? {} : { checks: body.checks }),
    ...(body.judge === undefined ? {} : { judge: body.judge }),
    ...(body.judgeEarly === undefined ? {} : { judgeEarly: body.judgeEarly }),
  };
}

function profileOf({ evidence, ...profile }: z.infer<typeof sideBody> = {}): DebaterProfile {
  if (evidence === undefined || evidence.length === 0) return profile;
  const texts = evidence.flatMap((piece, i) => ('text' in piece ? [{ ...piece, id: piece.id ?? `E${i + 1}` }] : []));
  return { ...profile, evidence: texts };
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

/** What the start of a debate is answered with. */
export const acceptedView = debateSummary.extend({
  degraded: degradedSchema.optional().describe('The debate is smaller than it was asked for, and why.'),
  notice: z.string().optional().describe('The same in words, for who named what he does not get.'),
});
export type AcceptedView = z.infer<typeof acceptedView>;

export const turnView = turnRecordedV1.omit({ next: true }).extend({ sequence: z.int().min(1) });
export const debateView = debateSummary.extend({
  lastSequence: z.int().min(0),
  detail: z.string().nullable(),
  turns: z.array(turnView),
  degraded: degradedSchema
    .nullable()
    .describe('Why it is smaller than it was asked for; null where it is not, or has not begun.'),
  waiting: modelWaitingV1
    .extend({ since: z.iso.datetime() })
    .nullable()
    .describe('What is held up by a model that is away or busy, and since when; null while nothing is.'),
  votes: z.array(voteSchema).describe('Of the judges, as they were cast; empty before the verdict.'),
  usage: spentSchema.describe('Of all turns and the verdict.'),
});
export type DebateView = z.infer<typeof debateView>;

export const debatePage = z.object({
  debates: z.array(debateSummary),
  next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
});
export type DebatePage = z.infer<typeof debatePage>;

const statusList = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(debateStatusSchema).min(1).max(debateStatuses.length));

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.uuid().optional(),
  status: statusList
    .optional()
    .describe(`Only debates in one of these states, separated by commas: ${debateStatuses.join(', ')}.`),
  topic: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Only debates whose topic has this text in it; case is nothing.'),
  outcome: z.enum(outcomes).optional().describe('Only debates whose verdict is this.'),
});
export type PageQuery = z.infer<typeof pageQuery>;
export const cancelDebateBody = z.strictObject(cancelDebateV1.shape);
export type CancelDebateBody = z.infer<typeof cancelDebateBody>;
export const pauseDebateBody = z.strictObject(pauseDebateV1.shape);
export const resumeDebateBody = z.strictObject(resumeDebateV1.shape);
export const noteBody = z.strictObject(addNoteV1.shape);
