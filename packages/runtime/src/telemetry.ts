// `node --import @parley/runtime/telemetry main.ts`: traces of this process, sent where OTEL_EXPORTER_OTLP_ENDPOINT says.
import { register } from 'node:module';

const { OTEL_SDK_DISABLED, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;

if (
  OTEL_SDK_DISABLED?.toLowerCase() !== 'true' &&
  (OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
) {
  // Before anything that is to be instrumented, and before the SDK: modules that are imported earlier stay as they are.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const { startTelemetry } = await import('./telemetry-sdk.ts');
  startTelemetry();
}
