import { z } from 'zod';
import { plainParagraphs, plainText } from '../plain-text.ts';

/** Bounds of a side's evidence, in UTF-16 units. Every turn's floor carries it, so its total is bounded, too. */
export const limitsOfEvidence = { pieces: 5, textCharacters: 4_000, totalCharacters: 8_000, citations: 20 } as const;

const id = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,15}$/, 'an evidence id has a letter first, then up to 15 letters, digits or dashes')
  .describe('What it is cited by, as [E1].');
const title = plainText('title', 200);
const text = plainParagraphs('text', limitsOfEvidence.textCharacters);

/** A text that one side may cite. */
export const evidenceSchema = z.object({ id, title: title.optional(), text });
export type Evidence = z.infer<typeof evidenceSchema>;

const tooMuch = `the evidence of a side has at most ${limitsOfEvidence.totalCharacters} characters together; shorten it or leave a piece out`;

/** The evidence of one side, as the debate carries it. */
export const evidenceListSchema = z
  .array(evidenceSchema)
  .max(limitsOfEvidence.pieces)
  .refine((pieces) => new Set(pieces.map((piece) => piece.id.toLowerCase())).size === pieces.length, {
    message: 'every piece of evidence has an id of its own',
  })
  .refine((pieces) => pieces.reduce((sum, piece) => sum + piece.text.length, 0) <= limitsOfEvidence.totalCharacters, {
    message: tooMuch,
  });

/** Evidence as a request gives it: a text, or an address that is fetched once before the debate starts. */
export const evidenceBodySchema = z.union(
  [
    z.strictObject({ id: id.optional(), title: title.optional(), text }),
    z.strictObject({ id: id.optional(), title: title.optional(), url: z.url().max(2_000) }),
  ],
  { error: `give each piece a text of 1 to ${limitsOfEvidence.textCharacters} characters, or a url, not both` },
);
export type EvidenceBody = z.infer<typeof evidenceBodySchema>;

/** A source that a turn named. */
export const citationSchema = z.object({
  id: z.string().max(16),
  isKnown: z.boolean().describe('False for an id that the side was given no evidence of.'),
  quoteFound: z
    .boolean()
    .optional()
    .describe('Whether the words quoted beside it stand in that evidence; absent where nothing was quoted.'),
});
export type Citation = z.infer<typeof citationSchema>;
export const citationsSchema = z.array(citationSchema).max(limitsOfEvidence.citations);
