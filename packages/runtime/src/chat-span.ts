import { type Attributes, SpanKind, trace } from '@opentelemetry/api';
import { traceparentFrom, within } from './trace-context.ts';
import { endSpan, isTracing, startSpan } from './tracing.ts';

/** What is known before a model answers. Structural, so that this package need not know the models. */
interface ChatStart {
  readonly provider: string;
  /** The name as the server knows it. */
  readonly model: string;
  readonly maxTokens: number;
}

interface ChatEnd {
  readonly model: string;
  readonly finishReason: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens?: number;
  readonly firstTokenMs: number;
}

interface EmbeddingStart {
  readonly provider: string;
  readonly model: string;
}

interface EmbeddingEnd {
  readonly model: string;
  readonly inputTokens: number;
}

/**
 * A span around one request to a model server, under the effect that asks. Never the prompt and never the answer.
 * Source: OpenTelemetry semantic conventions 1.45, generative AI client spans.
 */
export function traceChat<End extends ChatEnd>(start: ChatStart, run: () => Promise<End>): Promise<End> {
  const asked = { 'gen_ai.request.max_tokens': start.maxTokens };
  return traceModel('chat', start, asked, run, (end) => ({
    'gen_ai.response.model': end.model,
    'gen_ai.response.finish_reasons': [end.finishReason],
    'gen_ai.usage.input_tokens': end.inputTokens,
    'gen_ai.usage.output_tokens': end.outputTokens,
    ...(end.reasoningTokens ? { 'parley.usage.reasoning_tokens': end.reasoningTokens } : {}),
    'gen_ai.response.time_to_first_chunk': end.firstTokenMs / 1000,
  }));
}

/** The same around one request for embeddings. Never the texts and never the vectors. */
export function traceEmbedding<End extends EmbeddingEnd>(start: EmbeddingStart, run: () => Promise<End>): Promise<End> {
  return traceModel('embeddings', start, {}, run, (end) => ({
    'gen_ai.response.model': end.model,
    'gen_ai.usage.input_tokens': end.inputTokens,
  }));
}

async function traceModel<End>(
  operation: 'chat' | 'embeddings',
  start: EmbeddingStart,
  asked: Attributes,
  run: () => Promise<End>,
  answered: (end: End) => Attributes,
): Promise<End> {
  if (!isTracing()) return run();
  const active = trace.getActiveSpan();
  const span = startSpan(`${operation} ${start.model}`, {
    kind: SpanKind.CLIENT,
    parent: active && traceparentFrom(active.spanContext()),
    attributes: {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': start.provider,
      'gen_ai.request.model': start.model,
      ...asked,
    },
  });
  try {
    const end = await within(span, run);
    span.setAttributes(answered(end));
    endSpan(span);
    return end;
  } catch (thrown) {
    endSpan(span, { thrown });
    throw thrown;
  }
}
