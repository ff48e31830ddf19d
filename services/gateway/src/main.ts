import { readEnv } from '@parley/runtime';
import { hostService, serviceMain } from '@parley/runtime/host';
import { createGateway, gatewaySchema, readDegradation, readPrices } from './app.ts';
import { accessOf, gatewayEnv } from './config.ts';

await serviceMain('gateway', async () => {
  const env = readEnv(gatewayEnv, process.env);
  const auth = accessOf(env);
  const degradation = await readDegradation(env.PARLEY_DEGRADATION, env.PARLEY_PROMETHEUS_URL);
  await hostService({
    service: 'gateway',
    schema: gatewaySchema,
    port: env.PORT ?? 8080,
    env,
    worksWithoutBus: true,
    trustedProxies: env.PARLEY_TRUSTED_PROXIES,
    create(parts) {
      if (auth === undefined)
        parts.logger.warn({ host: env.HOST }, 'No credentials are asked for: PARLEY_AUTH is off.');
      return createGateway({
        ...parts,
        pollMs: parts.spine.pollMs,
        auth,
        origins: env.PARLEY_CORS_ORIGINS,
        requestsPerMinute: env.PARLEY_TENANT_REQUESTS_PER_MINUTE,
        streamsPerTenant: env.PARLEY_TENANT_STREAMS,
        evidenceOrigins: env.PARLEY_EVIDENCE_ORIGINS,
        traceUrl: env.PARLEY_TRACE_URL,
        prices: readPrices(env.PARLEY_PRICES),
        tokensPerDay: env.PARLEY_TENANT_TOKENS_PER_DAY,
        prometheusUrl: env.PARLEY_PROMETHEUS_URL,
        degradation,
        probe: { everySeconds: env.PARLEY_PROBE_SECONDS, model: env.PARLEY_PROBE_MODEL },
      });
    },
  });
});
