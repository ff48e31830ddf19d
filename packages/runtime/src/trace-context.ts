import { randomBytes } from 'node:crypto';
import { context, isSpanContextValid, ROOT_CONTEXT, type Span, type SpanContext, trace } from '@opentelemetry/api';

/** version 00, trace id, parent id, flags. Source: W3C Trace Context §3.2.2. */
const pattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The context of the span that is active here, else the caller's when it is well-formed, else a new one. */
export function traceparentOf(header: string | undefined): string {
  const active = trace.getActiveSpan()?.spanContext();
  if (active !== undefined && isSpanContextValid(active)) return traceparentFrom(active);
  if (header !== undefined && pattern.test(header)) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

export function traceIdOf(traceparent: string): string {
  return pattern.exec(traceparent)?.[1] ?? '';
}

export function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = (traceparent && pattern.exec(traceparent)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

export function traceparentFrom({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Runs `work` on behalf of `cause`: logs in it carry that trace. */
export function within<T>(cause: Span | string | undefined, work: () => T): T {
  if (typeof cause === 'object') return context.with(trace.setSpan(ROOT_CONTEXT, cause), work);
  const remote = spanContextOf(cause);
  return context.with(remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote), work);
}

/** What a log line says about where it was written: names of OpenTelemetry's log data model. */
export function logFields(): { trace_id: string; span_id: string } | undefined {
  const active = trace.getActiveSpan()?.spanContext();
  return active && isSpanContextValid(active) ? { trace_id: active.traceId, span_id: active.spanId } : undefined;
}
