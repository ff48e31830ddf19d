import {
  type Attributes,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { isParleyError } from '@parley/contracts';
import { spanContextOf } from './trace-context.ts';

const scope = 'parley';
const nobody = new ProxyTracerProvider().getDelegate();

/** Whether an SDK is registered. Without one no span is made and contexts pass through as they came. */
export function isTracing(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider && provider.getDelegate() === nobody);
}

export interface SpanStart {
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  /** Traceparent of what caused it; without one the span begins a trace. */
  readonly parent?: string | undefined;
  /** Traceparents of what it serves. */
  readonly links?: readonly (string | undefined)[];
}

export function startSpan(name: string, { kind, attributes, parent, links = [] }: SpanStart): Span {
  const cause = spanContextOf(parent);
  return trace.getTracer(scope).startSpan(
    name,
    { kind, attributes, links: links.flatMap((link) => linkTo(link)) },
    // Never the active span: the one that runs this is not its cause.
    cause === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, cause),
  );
}

function linkTo(traceparent: string | undefined) {
  const context = spanContextOf(traceparent);
  return context === undefined ? [] : [{ context }];
}

/** Ends it with what was thrown, or well. `error.type` is a ParleyError's code or the error's name. */
export function endSpan(span: Span, failure?: { readonly thrown: unknown }): void {
  if (failure !== undefined) {
    const { thrown } = failure;
    const type = isParleyError(thrown) ? thrown.code : thrown instanceof Error ? thrown.name : '_OTHER';
    failSpan(span, type, thrown instanceof Error ? thrown.message : String(thrown));
  }
  span.end();
}

export function failSpan(span: Span, type: string, message: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Ends all spans when the work does. */
export async function spanning<T>(spans: readonly Span[], work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    for (const span of spans) span.end();
    return result;
  } catch (thrown) {
    for (const span of spans) endSpan(span, { thrown });
    throw thrown;
  }
}
