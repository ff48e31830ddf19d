import { z } from 'zod';
import { addNoteV1 } from './add-note.v1.ts';
import { cancelDebateV1 } from './cancel-debate.v1.ts';
import { evidenceBodySchema, limitsOfEvidence } from './evidence.ts';
import { type DebaterProfile, debaterProfileSchema } from './floor.ts';
import { judgeSetupSchema } from './judge.ts';
import { pauseDebateV1 } from './pause-debate.v1.ts';
import { resumeDebateV1 } from './resume-debate.v1.ts';
import {
  checksSchema,
  defaultMaxRounds,
  defaultMinRounds,
  limits,
  type StartDebateV1,
  topicSchema,
} from './start-debate.v1.ts';

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

export const cancelDebateBody = z.strictObject(cancelDebateV1.data.shape);
export type CancelDebateBody = z.infer<typeof cancelDebateBody>;
export const pauseDebateBody = z.strictObject(pauseDebateV1.data.shape);
export const resumeDebateBody = z.strictObject(resumeDebateV1.data.shape);
export const noteBody = z.strictObject(addNoteV1.data.shape);
