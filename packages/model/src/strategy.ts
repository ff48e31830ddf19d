import { isParleyError, ParleyError } from '@parley/contracts';

/** `default`: the first model and no other. `priority`: the list in its order, until one answers. */
export type Strategy = 'default' | 'priority';

/** The models a strategy may use, out of those configured. */
export function modelsOf(strategy: Strategy, models: readonly string[]): readonly string[] {
  return strategy === 'default' ? models.slice(0, 1) : models;
}

/** Why one model of the list gave no answer. */
export interface Exclusion {
  readonly model: string;
  readonly error: ParleyError;
}

export interface PriorityHooks {
  /** Whether the failure leaves room for another model. */
  mayMoveOn(error: ParleyError): boolean;
  /** Called before the next model is tried. */
  onMove(from: Exclusion, to: string): void;
}

/** The first model that is not excluded. Whole names: excluding `qwen2.5:7b-instruct` leaves `qwen2.5:7b`. */
export function nextModel(models: readonly string[], excluded: ReadonlySet<string>): string | undefined {
  return models.find((model) => !excluded.has(model));
}

/**
 * Tries the models in the order of the list; each that fails is excluded for the rest of the call. Throws a single
 * model's own error, and of several MODEL_WITHOUT_TOOLS when that was the reason of each, else MODELS_EXHAUSTED.
 */
export async function inPriority<T>(
  models: readonly string[],
  hooks: PriorityHooks,
  attempt: (model: string) => Promise<T>,
): Promise<T> {
  const excluded = new Set<string>();
  const exclusions: Exclusion[] = [];
  for (let model = nextModel(models, excluded); model !== undefined; ) {
    try {
      return await attempt(model);
    } catch (thrown) {
      if (!isParleyError(thrown) || !hooks.mayMoveOn(thrown)) throw thrown;
      const exclusion = { model, error: thrown };
      exclusions.push(exclusion);
      excluded.add(model);
      model = nextModel(models, excluded);
      if (model !== undefined) hooks.onMove(exclusion, model);
    }
  }
  throw exclusions.length === 1 && exclusions[0] ? exclusions[0].error : exhausted(exclusions);
}

/** MODELS_EXHAUSTED with every model and why. Retryable when one of the reasons is, after the shortest wait named. */
export function exhausted(exclusions: readonly Exclusion[]): ParleyError {
  if (exclusions.length === 0) {
    return new ParleyError(
      'MODELS_EXHAUSTED',
      'The list of models is empty. Name at least one model, such as rehearsal.',
    );
  }
  if (exclusions.every(({ error }) => error.code === 'MODEL_WITHOUT_TOOLS')) {
    const names = exclusions.map(({ model }) => `"${model}"`).join(', ');
    const message = `None of the models ${names} takes tools. Ask for the call as JSON, or use another model.`;
    return new ParleyError('MODEL_WITHOUT_TOOLS', message, { cause: exclusions[0]?.error });
  }
  const reasons = exclusions.map(({ model, error }) => `${model} (${error.code}: ${error.message})`).join('; ');
  const passing = exclusions.filter(({ error }) => error.retryable);
  const waits = passing.flatMap(({ error }) => (error.retryAfterMs === undefined ? [] : [error.retryAfterMs]));
  return new ParleyError('MODELS_EXHAUSTED', `None of ${exclusions.length} models gave an answer: ${reasons}`, {
    retryable: passing.length > 0,
    ...(passing.length > 0 && waits.length === passing.length ? { retryAfterMs: Math.min(...waits) } : {}),
    cause: exclusions[0]?.error,
  });
}
