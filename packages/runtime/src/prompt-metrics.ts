import { Counter, Histogram, type Registry } from 'prom-client';

/** Length of one prompt by the model's count, as a share of the estimate, and whether the server cut it. */
export interface MeasuredPrompt {
  readonly model: string;
  readonly ratio: number;
  readonly isCut: boolean;
}
export type PromptMeter = (prompt: MeasuredPrompt) => void;

function metricsOf(registry: Registry) {
  const registers = [registry];
  return {
    truncations: new Counter({
      name: 'parley_prompt_truncations_total',
      help: 'Prompts that a model server cut without saying so. Models that are not configured count as "other".',
      labelNames: ['model'] as const,
      registers,
    }),
    ratio: new Histogram({
      name: 'parley_prompt_tokens_ratio',
      help: 'Tokens of a prompt as the model counted them, divided by the estimate from its characters.',
      labelNames: ['model'] as const,
      buckets: [0.25, 0.5, 0.7, 0.85, 1, 1.15, 1.3, 1.6, 2, 3],
      registers,
    }),
  };
}

const known = new WeakMap<Registry, ReturnType<typeof metricsOf>>();

/** Counts prompts. `configured` are the model names that get a label of their own: users may name any other. */
export function measurePrompts(registry: Registry, configured: readonly string[]): PromptMeter {
  const m = known.get(registry) ?? metricsOf(registry);
  known.set(registry, m);
  const names = new Set(configured);
  for (const model of [...names, 'other']) m.truncations.inc({ model }, 0);
  return ({ model, ratio, isCut }) => {
    const label = names.has(model) ? model : 'other';
    m.ratio.observe({ model: label }, ratio);
    if (isCut) m.truncations.inc({ model: label });
  };
}
