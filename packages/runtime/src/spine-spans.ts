import { SpanKind } from '@opentelemetry/api';
import type { SpineHooks } from '@parley/spine';
import { type Handling, traceSend } from './message-spans.ts';
import { traceparentFrom, within } from './trace-context.ts';
import { endSpan, failSpan, isTracing, spanning, startSpan } from './tracing.ts';

/** The hooks of a service, with spans around what its spine does. */
export function traceSpine(handling: Handling, hooks: SpineHooks = {}): SpineHooks {
  const { service } = handling;
  return {
    ...hooks,
    aroundTick({ arrivals, completions }, run) {
      if (!isTracing()) return run();
      const causes = [...arrivals, ...completions].map((one) => one.traceparent);
      return traceTick(service, causes, run, ({ report }) => ({
        'parley.tick.streams': report.streams,
        'parley.tick.inputs': report.inputs,
        'parley.tick.events': report.events,
        'parley.tick.duplicates': report.duplicates,
      }));
    },
    async aroundEffect({ stream, key, type, attempt, traceparent }, run) {
      if (!isTracing()) return run(traceparent);
      const span = startSpan(`effect ${type}`, {
        kind: SpanKind.INTERNAL,
        parent: traceparent,
        attributes: {
          'parley.service': service,
          'parley.stream': stream,
          'parley.effect.key': key,
          'parley.effect.attempt': attempt,
        },
      });
      try {
        const outcome = await within(span, () => run(traceparentFrom(span.spanContext())));
        span.setAttribute('parley.effect.outcome', outcome?.type ?? 'abandoned');
        if (outcome?.type === 'effect.failed') failSpan(span, outcome.code, outcome.reason);
        endSpan(span);
        return outcome;
      } catch (thrown) {
        endSpan(span, { thrown });
        throw thrown;
      }
    },
    aroundSend: (topic, messages, publish) => traceSend(handling, topic, messages, publish),
    onParked: (stream) => within(stream.traceparent, () => hooks.onParked?.(stream)),
  };
}

/**
 * A span around a transaction that serves many: it begins a trace and links to them, for it is nobody's child. At most
 * 128 links are kept (OTEL_SPAN_LINK_COUNT_LIMIT).
 */
export function traceTick<T>(
  service: string,
  causes: readonly (string | undefined)[],
  run: () => Promise<T>,
  describe: (result: T) => Record<string, number> = () => ({}),
): Promise<T> {
  if (!isTracing()) return run();
  const span = startSpan(`tick ${service}`, {
    kind: SpanKind.INTERNAL,
    links: causes,
    attributes: { 'parley.service': service },
  });
  return spanning([span], async () => {
    const result = await within(span, run);
    span.setAttributes(describe(result));
    return result;
  });
}
