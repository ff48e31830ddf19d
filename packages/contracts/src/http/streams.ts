import { z } from 'zod';
import { streamKinds } from '../contexts.ts';
import { runStatuses } from '../stream-kind.ts';

/** A stream of any kind, as lists show it. */
export const streamView = z.object({
  id: z.uuid(),
  kind: z.string().describe('What it is, such as debate or replay.'),
  title: z.string(),
  status: z.enum(runStatuses).describe('Its state in the words that all kinds share.'),
  ownStatus: z.string().describe('Its state in the words of its kind.'),
  createdAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable().describe('When its last event was decided; null while more may follow.'),
});
export type StreamView = z.infer<typeof streamView>;

export const streamPage = z.object({
  streams: z.array(streamView),
  next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
});
export type StreamPage = z.infer<typeof streamPage>;

const kindNames = streamKinds.map(({ name }) => name);
const listOf = <T extends string>(values: readonly T[]) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(
      z
        .array(z.enum(values as readonly [T, ...T[]]))
        .min(1)
        .max(values.length),
    );

export const streamsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z.uuid().optional(),
  kind: listOf(kindNames)
    .optional()
    .describe(`Only streams of these kinds, separated by commas: ${kindNames.join(', ')}.`),
  status: listOf(runStatuses)
    .optional()
    .describe(`Only streams in one of these states, separated by commas: ${runStatuses.join(', ')}.`),
});
export type StreamsQuery = z.infer<typeof streamsQuery>;
