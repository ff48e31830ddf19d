import { z } from 'zod';

/** What tokens of one model cost, per million of them. */
const priceSchema = z.strictObject({
  inputPerMillion: z.number().min(0).max(1_000_000),
  outputPerMillion: z.number().min(0).max(1_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is three capital letters (ISO 4217), such as USD'),
});

/** Prices by the model's name as answers carry it. */
export const pricesSchema = z
  .record(z.string().min(1).max(200), priceSchema)
  .refine((prices) => new Set(Object.values(prices).map(({ currency }) => currency)).size <= 1, {
    message: 'all prices have one currency, so that they can be added up',
  });
export type Prices = z.infer<typeof pricesSchema>;

export const moneySchema = z.object({ amount: z.number().min(0), currency: z.string() });
export type Money = z.infer<typeof moneySchema>;

const costSchema = moneySchema
  .nullable()
  .describe('null where nobody said a price of one of the models; a model of this machine costs nothing.');

export const spentSchema = z.object({
  inputTokens: z.int().min(0),
  outputTokens: z.int().min(0),
  cost: costSchema,
});
export type Spent = z.infer<typeof spentSchema>;

export const usageGroupings = ['agent', 'model', 'day'] as const;
/** First day of usage: nothing was spent before, and days before the year 1 are written otherwise. */
export const firstDay = '1970-01-01';
const day = z.iso.date().refine((text) => text >= firstDay, { message: `days begin with ${firstDay}` });
/** The most days that one answer covers. */
const maxDays = 366;

export const usageQuery = z
  .strictObject({
    from: day.optional().describe('First day, UTC; by default the 30th before the last one.'),
    to: day.optional().describe('Last day, UTC; by default today.'),
    groupBy: z.enum(usageGroupings).optional().describe('By default day.'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['from'],
    message: 'from is at most to',
  })
  .refine(
    ({ from, to }) =>
      from === undefined || to === undefined || Date.parse(to) - Date.parse(from) < maxDays * 24 * 60 * 60 * 1000,
    { path: ['from'], message: `from is at most ${maxDays} days before to` },
  );
export type UsageQuery = z.infer<typeof usageQuery>;

const usageSum = spentSchema.extend({
  calls: z.int().min(0).describe('Answers that were used: turns, looks at turns, votes.'),
});
export const usageView = z.object({
  from: day,
  to: day,
  groupBy: z.enum(usageGroupings),
  groups: z.array(usageSum.extend({ key: z.string() })),
  total: usageSum,
  unpriced: z.array(z.string()).describe('Models without a price, which leave a cost null.'),
});
export type UsageView = z.infer<typeof usageView>;
