import { z } from 'zod';
import { plainText } from '../plain-text.ts';
import { evidenceListSchema } from './evidence.ts';

export const sides = ['pro', 'con'] as const;
export const sideSchema = z.enum(sides).describe('pro = Team A, for the topic; con = Team B, against it.');
export type Side = z.infer<typeof sideSchema>;
export const otherSide: Readonly<Record<Side, Side>> = { pro: 'con', con: 'pro' };

export const modelNameSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w./:@-]+$/, 'a model name has letters, digits and . / : @ _ - only');

export const debaterProfileSchema = z.strictObject({
  model: modelNameSchema.optional().describe('The model of this side; without one the service decides.'),
  persona: plainText('persona', 500).optional().describe('Who speaks for this side, in a sentence.'),
  evidence: evidenceListSchema.optional().describe('Texts that this side may cite.'),
});
export type DebaterProfile = z.infer<typeof debaterProfileSchema>;

/** A human moderator's word to both sides. */
export const noteSchema = plainText('note', 1_000);

/** Number of newest notes that a floor carries. */
export const notesKept = 3;

/**
 * The right to speak, given by the moderator. A fact that carries one asks that side's debater for exactly one turn.
 * Deadline and tokens are what is left for the whole debate; they shrink at every hop.
 */
export const floorSchema = z.object({
  round: z.int().min(1).max(32),
  side: sideSchema,
  topic: z.string(),
  maxRounds: z.int().min(1).max(32),
  profile: debaterProfileSchema.optional(),
  deadlineAt: z.int().describe('Milliseconds since 1970 after which an answer is of no use.'),
  tokensLeft: z.int().min(0).optional(),
  attempt: z.int().min(1).default(1).describe('How often this turn was asked for, this time included.'),
  objection: z.string().optional().describe('Why the last answer was not taken.'),
  note: z
    .array(noteSchema)
    .max(notesKept)
    .optional()
    .describe("A human moderator's words to both sides, oldest first."),
});
export type Floor = z.infer<typeof floorSchema>;
