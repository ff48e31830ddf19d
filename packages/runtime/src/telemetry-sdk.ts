import type { Instrumentation } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** What a cluster asks all the time. */
const quietPaths = new Set(['/livez', '/readyz', '/metrics']);

const instrumentations: Readonly<Record<string, () => Instrumentation>> = {
  http: () =>
    new HttpInstrumentation({
      ignoreIncomingRequestHook: ({ url = '' }) => quietPaths.has(url.split('?', 1)[0] ?? ''),
      requireParentforOutgoingSpans: true,
    }),
  express: () =>
    new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE, ExpressLayerType.ROUTER] }),
  pg: () =>
    new PgInstrumentation({
      // Polls have no parent and would be a trace each.
      requireParentSpan: true,
      ignoreConnectSpans: true,
      // Prepared statements are named by their hash. The text is in db.query.text.
      requestHook: (span, { query }) =>
        span.updateName(`${/^\s*\w+/.exec(query.text)?.[0].trim() ?? 'query'} postgres`),
    }),
  undici: () => new UndiciInstrumentation({ requireParentforSpans: true }),
  kafkajs: () => new KafkaJsInstrumentation(),
};

/** Without kafkajs: the product has its own spans of messages, and one a poll and one a delta would bury them. */
const usual = 'http,express,pg,undici';

/**
 * Registers the SDK. Exporter, sampler, resource and limits are the environment's (OTEL_*); metrics are scraped and logs
 * are read from stderr, so of the signals only traces are sent.
 */
export function startTelemetry(): void {
  const enabled = (process.env.OTEL_NODE_ENABLED_INSTRUMENTATIONS || usual).split(',').map((name) => name.trim());
  const sdk = new NodeSDK({
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: enabled.flatMap((name) => instrumentations[name]?.() ?? []),
  });
  sdk.start();
  process.once('beforeExit', () => void sdk.shutdown().catch(() => {}));
}
