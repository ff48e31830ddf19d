import { problemSchema } from '@parley/contracts/http';
import { z } from 'zod';
import type { Answer } from './openapi-builder.ts';

export const json = (schema: z.ZodType, description: string): Answer => ({
  description,
  content: { 'application/json': { schema } },
});
export const problem = (description: string): Answer => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});
export const unknown = (what: string): Record<404, Answer> => ({ 404: problem(`There is no such ${what}.`) });

/** What any request of a user may be answered with. */
export const faults: Record<number, Answer> = {
  400: problem('The input is not usable; `errors` names the fields.'),
  401: problem('There is no usable credential; `WWW-Authenticate` says how to bring one.'),
  403: problem('The credential does not allow it.'),
  429: problem(
    'The tenant has made its requests of this minute, has no tokens left today or too many streams open; see `Retry-After`.',
  ),
  503: problem('Come back later.'),
};

export const keyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/)
    .optional()
    .describe('Asking again with the same key and body gives the same answer.'),
});

/** What a command may be answered with, beside the faults of any request. */
export const commandAnswers = {
  409: problem('In flight, or already closed.'),
  413: problem('The body is larger than 64 kB.'),
  422: problem('The Idempotency-Key was used with another body.'),
};

export const bareExamples = { bare: { summary: 'There is nothing to add.', value: {} } };

export const tooLarge: Record<413, Answer> = { 413: problem('The body is larger than 64 kB.') };
