import { Counter, Histogram, type Registry } from 'prom-client';

/** The part of a model client's events that is counted. Structural, so that this package need not know the models. */
export interface MeasuredModelEvent {
  readonly type: string;
  readonly model?: string;
  readonly afterMs?: number;
  readonly result?: { readonly inputTokens: number; readonly outputTokens: number };
}

function metricsOf(registry: Registry) {
  const registers = [registry];
  return {
    events: new Counter({
      name: 'parley_model_events_total',
      help: 'What happened to calls of models, by type: answered, failed, retrying, timed-out, breaker-opened …',
      labelNames: ['type'] as const,
      registers,
    }),
    tokens: new Counter({
      name: 'parley_model_tokens_total',
      help: 'Tokens of answered calls. Models that are not configured count as "other".',
      labelNames: ['model', 'direction'] as const,
      registers,
    }),
    firstToken: new Histogram({
      name: 'parley_model_first_token_seconds',
      help: 'From a request to the first word of its answer. Models that are not configured count as "other".',
      labelNames: ['model'] as const,
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80],
      registers,
    }),
  };
}

const known = new WeakMap<Registry, ReturnType<typeof metricsOf>>();

/**
 * Counts a model client's events, for its `onEvent`. `configured` are the model names that get a label of their own:
 * users may name any other.
 */
export function measureModel(
  registry: Registry,
  configured: readonly string[] = [],
): (event: MeasuredModelEvent) => void {
  let m = known.get(registry);
  if (m === undefined) {
    m = metricsOf(registry);
    known.set(registry, m);
  }
  const { events, tokens, firstToken } = m;
  const names = new Set(configured);
  return ({ type, model, afterMs, result }) => {
    events.inc({ type });
    const label = model !== undefined && names.has(model) ? model : 'other';
    if (type === 'first-token' && afterMs !== undefined) firstToken.observe({ model: label }, afterMs / 1000);
    if (result === undefined) return;
    tokens.inc({ model: label, direction: 'input' }, result.inputTokens);
    tokens.inc({ model: label, direction: 'output' }, result.outputTokens);
  };
}
