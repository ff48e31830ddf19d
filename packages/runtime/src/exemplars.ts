import {
  Histogram,
  type HistogramConfiguration,
  type LabelValues,
  type Metric,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client';
import { spanContextOf } from './trace-context.ts';
import { isTracing } from './tracing.ts';

/**
 * A histogram whose buckets name the trace of the last observation in them: one a bucket and series, however much is
 * observed. The registry's own form shows none; prom-client refuses to register it there by itself.
 */
export function createTraced<T extends string>(
  registry: Registry,
  config: Omit<HistogramConfiguration<T>, 'registers' | 'enableExemplars'>,
): Histogram<T> {
  const histogram = new Histogram<T>({ ...config, registers: [], enableExemplars: true });
  registry.registerMetric(histogram as unknown as Metric);
  return histogram;
}

/** Observes a value and names the trace that caused it, if that trace is kept somewhere. */
export function observeTraced<T extends string>(
  histogram: Histogram<T>,
  labels: LabelValues<T>,
  value: number,
  traceparent: string | undefined,
): void {
  const cause = isTracing() ? spanContextOf(traceparent) : undefined;
  const isKept = cause !== undefined && (cause.traceFlags & sampled) !== 0;
  const exemplarLabels = (isKept ? { trace_id: cause.traceId } : {}) as LabelValues<T>;
  histogram.observe({ labels, value, exemplarLabels });
}

/** Source: W3C Trace Context §3.2.2.5.1. */
const sampled = 1;

/** What a scraper that takes it is sent: the only form with exemplars. Source: OpenMetrics 1.0, "Exemplars". */
export const openMetricsType = Registry.OPENMETRICS_CONTENT_TYPE;

/** A registry in that form. Writing it renames counters for good, so that they are lent by another name here. */
export function openMetricsOf(registry: Registry): Promise<string> {
  const view = new Registry<OpenMetricsContentType>();
  view.setContentType(openMetricsType);
  for (const metric of registry.getMetricsAsArray()) {
    const isCounter = (metric as unknown as { type: string }).type === 'counter';
    view.registerMetric((isCounter ? Object.create(metric) : metric) as Metric);
  }
  return view.metrics();
}
