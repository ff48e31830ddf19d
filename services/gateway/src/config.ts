import { hostEnv } from '@parley/runtime';
import { z } from 'zod';
import { isSafe } from './out/fetch-text.ts';

const origin = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text && isSafe(new URL(text)), {
    message: 'expected origins such as https://example.org, without a path, several separated by commas',
  });

/** What a gateway reads in every composition. */
export const debateEnv = z.object({
  PARLEY_EVIDENCE_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(origin))
    .optional()
    .describe(
      'Origins that evidence may be fetched from, separated by commas, such as https://example.org; unset = none. An address or localhost in it lets requests into the private network.',
    ),
  PARLEY_PRICES: z
    .string()
    .optional()
    .describe(
      'Price table, as JSON or the name of a file with it: `{"MODEL": {"inputPerMillion": 0.15, "outputPerMillion": 0.6, "currency": "USD"}}`. A model that is not in it has no price.',
    ),
  PARLEY_TENANT_TOKENS_PER_DAY: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      'Tokens that a tenant may spend in a day (UTC) before it can start no further debate; unset = any number.',
    ),
  PARLEY_PROBE_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .describe('How often a debate of one round is held to see whether it works; 0 = never.'),
  PARLEY_PROBE_MODEL: z
    .string()
    .default('rehearsal')
    .describe('The model of such a debate; the rehearsal model costs nothing and tests all but the models.'),
});

/** The environment of a gateway. */
export const gatewayEnv = hostEnv.extend(debateEnv.shape).extend({
  PARLEY_TENANT_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'expected the name of a header')
    .optional()
    .describe(
      'Header in which an authenticating proxy names the tenant. Only behind one that sets it on every request; without it everybody is the tenant "default".',
    ),
});
