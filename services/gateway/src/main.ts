import { readEnv } from '@parley/runtime';
import { hostService } from '@parley/runtime/host';
import { createGateway, gatewaySchema, readPrices } from './app.ts';
import { gatewayEnv } from './config.ts';

const env = readEnv(gatewayEnv, process.env);
await hostService({
  service: 'gateway',
  schema: gatewaySchema,
  port: env.PORT ?? 8080,
  env,
  create: (parts) =>
    createGateway({
      ...parts,
      pollMs: parts.spine.pollMs,
      tenantHeader: env.PARLEY_TENANT_HEADER,
      evidenceOrigins: env.PARLEY_EVIDENCE_ORIGINS,
      prices: readPrices(env.PARLEY_PRICES),
      tokensPerDay: env.PARLEY_TENANT_TOKENS_PER_DAY,
      probe: { everySeconds: env.PARLEY_PROBE_SECONDS, model: env.PARLEY_PROBE_MODEL },
    }),
});
