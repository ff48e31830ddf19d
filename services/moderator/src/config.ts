import { agentEnv } from '@parley/runtime';
import { z } from 'zod';
import type { CosineByScript } from './domain/cosine-threshold.ts';
import { scripts } from './domain/script.ts';
import type { Sampling } from './in/sampling.ts';

const cosine = /^-?(0(\.\d+)?|1(\.0+)?)$/;

/** A number for every script, or script=number, several separated by commas. */
const cosines = z.string().transform((text, context): CosineByScript => {
  const isOne = cosine.test(text.trim());
  const entries = isOne
    ? scripts.map((script) => [script, text.trim()])
    : text.split(',').map((each) => each.split('=').map((part) => part.trim()));
  const isFit = entries.every(
    ([script, value = '', ...more]) => scripts.some((one) => one === script) && cosine.test(value) && more.length === 0,
  );
  if (!isFit) {
    context.addIssue(`expected a cosine, -1 to 1, or script=cosine of ${scripts.join(', ')}, separated by commas`);
    return z.NEVER;
  }
  return Object.fromEntries(entries.map(([script, value]) => [script, Number(value)]));
});

/** The moderator's own settings, for it alone and for everything in one process. */
export const judgingEnv = z.object({
  PARLEY_REDUNDANCY_COSINE: cosines
    .optional()
    .describe(
      'Cosine from which a turn counts as said before, for an embedding model of your own: 0.8, or latin=0.8,cjk=0.9 by script, where turns in a script that is not named are not compared. `npm run parley -- calibrate` finds it.',
    ),
  PARLEY_ACCURACY_SAMPLE_RATIO: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of finished turns and of verdicts that a model looks at again, 0 to 1; 0 = none.'),
  PARLEY_ACCURACY_TOKENS_PER_DAY: z.coerce
    .number()
    .int()
    .min(0)
    .default(200_000)
    .describe('Tokens that this may cost a tenant in a day (UTC); what would cost more is not looked at.'),
});

/** The environment of the moderator. */
export const moderatorEnv = agentEnv.extend(judgingEnv.shape);

/** Undefined where nothing is looked at again. */
export function samplingOf(env: z.infer<typeof judgingEnv>): Sampling | undefined {
  const ratio = env.PARLEY_ACCURACY_SAMPLE_RATIO;
  return ratio === 0 ? undefined : { ratio, tokensPerDay: env.PARLEY_ACCURACY_TOKENS_PER_DAY };
}
