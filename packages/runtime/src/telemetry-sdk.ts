import type { Instrumentation } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { boundExports } from './export-bounds.ts';
import { endTelemetry, onTelemetryEnd } from './telemetry-end.ts';

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

/** Usual instrumentations. Spans of kafkajs, one a poll and one a delta, would bury the product's own of messages. */
const usual = 'http,express,pg,undici';

/** The standard's timeout, where the environment names none. Source: OpenTelemetry, OTLP Exporter Configuration. */
const exportMs = 10_000;
/** Longest time for the last spans. */
const endMs = 5_000;

/**
 * Registers the SDK. Exporter, sampler, resource and limits are the environment's (OTEL_*); metrics are scraped and logs
 * are read from stderr, so of the signals only traces are sent.
 */
export function startTelemetry(): void {
  const { OTEL_EXPORTER_OTLP_TRACES_TIMEOUT, OTEL_EXPORTER_OTLP_TIMEOUT } = process.env;
  const timeoutMs = Number(OTEL_EXPORTER_OTLP_TRACES_TIMEOUT || OTEL_EXPORTER_OTLP_TIMEOUT);
  const bounds = boundExports(timeoutMs > 0 ? timeoutMs : exportMs);
  const enabled = (process.env.OTEL_NODE_ENABLED_INSTRUMENTATIONS || usual).split(',').map((name) => name.trim());
  const sdk = new NodeSDK({
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: enabled.flatMap((name) => instrumentations[name]?.() ?? []),
  });
  sdk.start();
  let ended: Promise<void> | undefined;
  onTelemetryEnd(() => {
    ended ??= new Promise((resolve) => {
      const timer = setTimeout(() => {
        bounds.cut();
        resolve();
      }, endMs);
      // One batch that fails ends the wait; the others still have their time, but do not keep the process by it.
      const settled = () => {
        timer.unref();
        resolve();
      };
      sdk.shutdown().then(settled, settled);
    });
    return ended;
  });
  process.once('beforeExit', () => void endTelemetry());
}
