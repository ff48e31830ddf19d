import { z } from 'zod';

export const sloStatuses = ['ok', 'burning', 'exhausted', 'unknown'] as const;

export const sloView = z.object({
  id: z.string(),
  service: z.string(),
  title: z.string(),
  description: z.string(),
  objective: z.number().describe('The share of good events that is promised.'),
  windowDays: z.int().describe('Days that the promise is about.'),
  sli: z.number().nullable().describe('The share of good events that there was; null where nothing is known.'),
  budgetLeft: z
    .number()
    .nullable()
    .describe('Of the bad events that the objective allows, the share that is left; below 0 it is overspent.'),
  burnRates: z
    .array(z.object({ window: z.string(), rate: z.number() }))
    .describe('How many times faster than allowed the budget was spent, shortest window first.'),
  status: z
    .enum(sloStatuses)
    .describe('"burning": too fast in both windows of an alert; "exhausted": nothing is left; "unknown": see reason.'),
  reason: z.string().optional().describe('Why nothing is known.'),
  runbook: z.string().describe('What to do: a page of the repository.'),
});
export type SloView = z.infer<typeof sloView>;

export const slosView = z.object({
  source: z.enum(['prometheus', 'process']).describe('"process": what this process has counted since it began.'),
  since: z.iso.datetime().optional().describe('When this process began to count.'),
  slos: z.array(sloView),
});
export type SlosView = z.infer<typeof slosView>;
