import {
  checkAvailability,
  createModelClient,
  type Discovery,
  defaultPolicy,
  discoverModel,
  type ModelClient,
  type PolicyOptions,
  refusalsOf,
} from '@parley/model';
import type { Registry } from 'prom-client';
import type { AgentEnv } from './env.ts';
import type { ReadyCheck } from './health.ts';
import type { Logger } from './logger.ts';
import { measureHookFailures, measureModel } from './model-metrics.ts';

interface Outlets {
  readonly registry: Registry;
  readonly logger: Logger;
  readonly policy?: Partial<PolicyOptions> | undefined;
}

/** The client of the models, and which of them an agent asks. */
export interface AgentModel {
  readonly model: ModelClient;
  readonly models: readonly string[];
  /** Makes embeddings; undefined when nothing is known that does. */
  readonly embedModel: string | undefined;
}

/** The client of the models that were found, counted and logged. */
export function createAgentModel(discovery: Discovery, to: Outlets): AgentModel {
  const count = measureModel(to.registry, configuredNames(discovery));
  const countFailure = measureHookFailures(to.registry);
  const model = createModelClient({
    models: discovery.models,
    ...(to.policy === undefined ? {} : { options: to.policy }),
    onEvent: (event) => {
      count(event);
      to.logger.debug(event, 'model');
      if (event.type === 'answered' && event.result.oddities?.includes('field-refused') === true) {
        const refused = refusalsOf(event.model, discovery.models);
        to.logger.warn({ model: event.model }, `A model was asked again${refused}.`);
      }
    },
    onHookFailure(hook, thrown) {
      countFailure(hook);
      to.logger.error({ hook, err: thrown }, 'A listener of model calls failed; the call goes on.');
    },
  });
  return { model, models: [discovery.defaultModel], embedModel: discovery.embedModel };
}

function configuredNames({ defaultModel, embedModel }: Discovery): string[] {
  return embedModel === undefined ? [defaultModel] : [defaultModel, embedModel];
}

/** The limits that depend on the machine the model runs on. */
export function policyOf(env: Pick<AgentEnv, 'OLLAMA_NUM_PARALLEL' | 'PARLEY_FIRST_TOKEN_MS'>): Partial<PolicyOptions> {
  return {
    concurrency: { ...defaultPolicy.concurrency, ollama: env.OLLAMA_NUM_PARALLEL },
    warmFirstTokenMs: env.PARLEY_FIRST_TOKEN_MS,
    coldFirstTokenMs: Math.max(defaultPolicy.coldFirstTokenMs, env.PARLEY_FIRST_TOKEN_MS),
  };
}

/** Time for which a look at the model's server is kept, in milliseconds: readiness is asked every few seconds. */
const lookMs = 15_000;

/** A model that is missing is no reason to restart or to take an agent out: it can be loaded any time, and calls say so, too. */
function modelCheck({ models, defaultModel }: Discovery): ReadyCheck {
  let last: { readonly at: number; readonly look: ReturnType<typeof checkAvailability> } | undefined;
  return async () => {
    if (last === undefined || performance.now() - last.at > lookMs) {
      last = { at: performance.now(), look: checkAvailability(defaultModel, models) };
    }
    const { isAvailable: isThere, sentence } = await last.look;
    return isThere ? sentence + refusalsOf(defaultModel, models) : { warning: sentence };
  };
}

/** Finds a model as the environment says, for a process that is told nothing else; `modelReady` says how it is later. */
export async function openAgentModel(
  env: AgentEnv,
  to: Outlets,
): Promise<AgentModel & { readonly contextTokens: number; readonly modelReady: ReadyCheck }> {
  const latencyMs = env.PARLEY_REHEARSAL_LATENCY_MS;
  const discovery = await discoverModel({
    env,
    model: env.PARLEY_MODEL,
    embedModel: env.PARLEY_EMBED_MODEL,
    ...(latencyMs === undefined ? {} : { rehearsalLatencyMs: latencyMs }),
  });
  to.logger.info({ model: discovery.defaultModel }, discovery.explanation);
  const agent = createAgentModel(discovery, { ...to, policy: policyOf(env) });
  return { ...agent, contextTokens: env.PARLEY_CONTEXT_TOKENS, modelReady: modelCheck(discovery) };
}
