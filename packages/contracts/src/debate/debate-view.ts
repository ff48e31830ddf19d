import { z } from 'zod';
import { spentSchema } from '../http/usage.ts';
import { degradedSchema } from './degraded.ts';
import { modelWaitingV1 } from './model-waiting.v1.ts';
import { outcomes, stopReasonSchema, verdictSchema, voteSchema } from './outcome.ts';
import { turnRecordedV1 } from './turn-recorded.v1.ts';

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

export const turnView = turnRecordedV1.data.omit({ next: true }).extend({ sequence: z.int().min(1) });
export const debateView = debateSummary.extend({
  lastSequence: z.int().min(0),
  detail: z.string().nullable(),
  turns: z.array(turnView),
  degraded: degradedSchema
    .nullable()
    .describe('Why it is smaller than it was asked for; null where it is not, or has not begun.'),
  waiting: modelWaitingV1.data
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
