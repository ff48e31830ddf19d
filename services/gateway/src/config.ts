import { hostEnv } from '@parley/runtime';
import { z } from 'zod';

/** The environment of a gateway. */
export const gatewayEnv = hostEnv.extend({
  PARLEY_TENANT_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'expected the name of a header')
    .optional()
    .describe(
      'Header in which an authenticating proxy names the tenant. Only behind one that sets it on every request; without it everybody is the tenant "default".',
    ),
});
