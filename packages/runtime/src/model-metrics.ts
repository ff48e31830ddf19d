import { Counter, Histogram, type Registry } from 'prom-client';

/** The part of a model client's events that is counted. Structural, so that this package need not know the models. */
export interface MeasuredModelEvent {
  readonly type: string;
  readonly model?: string;
  readonly afterMs?: number;
  readonly result?: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    /** The part of `outputTokens` that thoughts took. */
    readonly reasoningTokens?: number;
    readonly oddities?: readonly string[];
  };
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
    reasoning: new Counter({
      name: 'parley_model_reasoning_tokens_total',
      help: 'Output tokens that were spent on thoughts, which are no part of an answer.',
      labelNames: ['model'] as const,
      registers,
    }),
    odd: new Counter({
      name: 'parley_model_odd_answers_total',
      help: 'Answers that were used although something was odd about them: usage, cut, thoughts, finish, field-refused, unstreamed, tool-call-from-text, tool-call-repaired, tool-call-refused.',
      labelNames: ['oddity'] as const,
      registers,
    }),
    hooks: new Counter({
      name: 'parley_model_hook_failures_total',
      help: 'Listeners and tracers of model calls that failed; the calls went on.',
      labelNames: ['hook'] as const,
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

function metricsIn(registry: Registry): ReturnType<typeof metricsOf> {
  let metrics = known.get(registry);
  if (metrics === undefined) {
    metrics = metricsOf(registry);
    known.set(registry, metrics);
  }
  return metrics;
}

/**
 * Counts a model client's events, for its `onEvent`. `configured` are the model names that get a label of their own:
 * users may name any other.
 */
export function measureModel(
  registry: Registry,
  configured: readonly string[] = [],
): (event: MeasuredModelEvent) => void {
  const { events, tokens, reasoning, odd, firstToken } = metricsIn(registry);
  const names = new Set(configured);
  return ({ type, model, afterMs, result }) => {
    events.inc({ type });
    const label = model !== undefined && names.has(model) ? model : 'other';
    if (type === 'first-token' && afterMs !== undefined) {
      firstToken.observe({ model: label }, countable(afterMs) / 1000);
    }
    if (result === undefined) return;
    tokens.inc({ model: label, direction: 'input' }, countable(result.inputTokens));
    tokens.inc({ model: label, direction: 'output' }, countable(result.outputTokens));
    reasoning.inc({ model: label }, countable(result.reasoningTokens ?? 0));
    for (const oddity of result.oddities ?? []) odd.inc({ oddity });
  };
}

/** Counts the hooks of model calls that failed, for a model client's `onHookFailure`. */
export function measureHookFailures(registry: Registry): (hook: string) => void {
  const { hooks } = metricsIn(registry);
  return (hook) => hooks.inc({ hook });
}

/** prom-client throws at what is no number or negative. */
function countable(count: number): number {
  return Number.isFinite(count) && count >= 0 ? count : 0;
}
