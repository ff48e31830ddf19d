import { problemSchema } from '@parley/contracts';
import type { z } from 'zod';
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
