import { messageOf, ParleyError } from '@parley/contracts';
import type { ServiceModule } from '@parley/runtime';
import { accessOf, debateEnv, gatewayEnv } from './config.ts';
import { gatewaySchema } from './schema.ts';

export const gatewayModule: ServiceModule<typeof gatewayEnv, typeof debateEnv> = {
  name: 'gateway',
  image: 'gateway',
  schema: gatewaySchema,
  port: 8080,
  env: gatewayEnv,
  ownEnv: debateEnv,
  worksWithoutBus: true,
  async configure(own, alone) {
    const { createGateway, readDegradation, readPrices } = await import('./app.ts');
    const reading = [
      (async () => alone && accessOf(alone))(),
      (async () => readPrices(own.PARLEY_PRICES))(),
      readDegradation(own.PARLEY_DEGRADATION, own.PARLEY_PROMETHEUS_URL),
    ] as const;
    const read = await Promise.allSettled(reading);
    const problems = read.flatMap((one) => (one.status === 'rejected' ? [messageOf(one.reason)] : []));
    if (problems.length > 1) throw new ParleyError('CONFIG_INVALID', problems.join('\n'));
    const [auth, prices, degradation] = await Promise.all(reading);
    return {
      trustedProxies: own.PARLEY_TRUSTED_PROXIES,
      create(parts) {
        if (alone !== undefined && auth === undefined)
          parts.logger.warn({ host: alone.HOST }, 'No credentials are asked for: PARLEY_AUTH is off.');
        return createGateway({
          ...parts,
          pollMs: parts.spine.pollMs,
          auth,
          origins: own.PARLEY_CORS_ORIGINS,
          requestsPerMinute: own.PARLEY_TENANT_REQUESTS_PER_MINUTE,
          streamsPerTenant: own.PARLEY_TENANT_STREAMS,
          evidenceOrigins: own.PARLEY_EVIDENCE_ORIGINS,
          traceUrl: own.PARLEY_TRACE_URL,
          prices,
          tokensPerDay: own.PARLEY_TENANT_TOKENS_PER_DAY,
          prometheusUrl: own.PARLEY_PROMETHEUS_URL,
          degradation,
          probe: { everySeconds: own.PARLEY_PROBE_SECONDS, model: own.PARLEY_PROBE_MODEL },
        });
      },
    };
  },
};
