import { z } from 'zod';

export const deadLetterView = z.object({
  id: z.uuid(),
  letter: z.string().describe('How `parley dlq` names it: who could not read it, and where it lay.'),
  service: z.string().describe('Whose reader could not take it.'),
  topic: z.string().describe('The topic it was on, and is sent to again.'),
  reason: z.string(),
  at: z.iso.datetime(),
  stuck: z.string().nullable().describe('Why it cannot be sent again; null when it can.'),
  replayedAt: z.iso.datetime().nullable().describe('When it was last sent again from here.'),
});
export type DeadLetterView = z.infer<typeof deadLetterView>;

export const deadLetterDetail = deadLetterView.extend({
  original: z
    .string()
    .describe('JSON of the message, or of the record with key, headers and value; cut if it was long.'),
});
export type DeadLetterDetail = z.infer<typeof deadLetterDetail>;
export const deadLetterPage = z.object({
  letters: z.array(deadLetterView),
  next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
});
export type DeadLetterPage = z.infer<typeof deadLetterPage>;
export const deadLetterQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.uuid().optional().describe('The last one of the page before.'),
});
export const replayLetterBody = z.strictObject({});
export const replayedView = z.object({ id: z.uuid(), topic: z.string(), replayedAt: z.iso.datetime() });
