import type { ErrorCode, ParleyError } from '@parley/contracts';
import type { AroundEmbedding, AroundRequest, Publication } from './attempt.ts';
import type { BreakerState } from './breaker.ts';
import { openBudget } from './budget.ts';
import type { OnModelEvent } from './event.ts';
import { createFairQueue, type FairQueue } from './fair-queue.ts';
import { createHookGuard, type OnHookFailure } from './hooks.ts';
import type { ChatMessage, ChatResult, EmbedResult, Provider, Purpose } from './model.ts';
import { createModelChannel, type ModelChannel } from './model-channel.ts';
import { defaultPolicy, type PolicyOptions } from './policy.ts';
import { type Models, route } from './route.ts';
import { inPriority } from './strategy.ts';
import type { ToolDefinition } from './tool.ts';

export interface ChatCall {
  /** Models in order of preference; each name as `route` takes it. */
  readonly models: readonly string[];
  readonly messages: readonly ChatMessage[];
  readonly purpose: Purpose;
  readonly maxTokens: number;
  readonly contextTokens: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly tools?: readonly ToolDefinition[];
  /** Limit for waiting, every attempt and every model: the smaller of the role's budget and the deadline left. */
  readonly budgetMs: number;
  /** Key by which callers share the queue's turns, such as the debate's id. */
  readonly fairKey: string;
  /** Waits for a place until nobody else does. */
  readonly isBackground?: boolean;
  readonly signal: AbortSignal;
  onText?(text: string): void;
  /** The text published so far is void and another model begins. Without it no model follows published text. */
  onRestart?(): void;
  readonly aroundRequest?: AroundRequest;
}

/** One model and no other in its place: cosines of different models cannot be compared with one threshold. */
export interface EmbedCall {
  /** Name of the model, as `route` takes it. */
  readonly model: string;
  /** At least one text, none of them empty. */
  readonly inputs: readonly string[];
  readonly budgetMs: number;
  readonly fairKey: string;
  readonly signal: AbortSignal;
  readonly aroundRequest?: AroundEmbedding;
}

export interface ClientDescription {
  readonly providers: readonly { readonly provider: Provider; readonly running: number; readonly waiting: number }[];
  readonly models: readonly { readonly model: string; readonly breaker: BreakerState }[];
}

/**
 * `chat` rejects with a ParleyError: CANCELLED, MODEL_TIMEOUT when the budget ran out, a single model's own error,
 * MODEL_WITHOUT_TOOLS when none of the models takes tools, or MODELS_EXHAUSTED when several were tried.
 */
export interface ModelClient {
  chat(call: ChatCall): Promise<ChatResult>;
  /** Rejects like `chat` with a single model. */
  embed(call: EmbedCall): Promise<EmbedResult>;
  /** Says, for readiness pages, what runs, what waits and which models rest. */
  describe(): ClientDescription;
  /** Takes an event from a layer above, such as structured output. */
  report?: OnModelEvent;
  /** Calls the listener whenever a model that had been given a rest answers again. */
  onRecovered?(listener: () => void): void;
}

export interface ModelClientDeps {
  readonly models: Models;
  readonly options?: Partial<PolicyOptions>;
  readonly onEvent?: OnModelEvent;
  /** Hears of hooks that threw, which never fails a call. */
  readonly onHookFailure?: OnHookFailure;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** 0 up to 1, for the jitter. */
  readonly random?: () => number;
}

/** Remembered models. Names come from callers, so they may be many. */
const channelLimit = 1_000;

/** Errors after which no other model is asked: the caller is gone, there is no time left, or the fault is ours. */
const final: ReadonlySet<ErrorCode> = new Set(['CANCELLED', 'INTERNAL']);

export function createModelClient(deps: ModelClientDeps): ModelClient {
  const policy = { ...defaultPolicy, ...deps.options };
  const recovered = new Set<() => void>();
  const guard = createHookGuard(deps.onHookFailure);
  const { onEvent } = guard.quiet<{ readonly onEvent: OnModelEvent }>({
    onEvent(event) {
      if (event.type === 'breaker-closed') for (const listener of recovered) listener();
      deps.onEvent?.(event);
    },
  });
  const now = deps.now ?? (() => performance.now());
  const queues: Record<Provider, FairQueue> = {
    ollama: createFairQueue(policy.concurrency.ollama, policy.maxWaiting),
    openai: createFairQueue(policy.concurrency.openai, policy.maxWaiting),
    rehearsal: createFairQueue(policy.concurrency.rehearsal, policy.maxWaiting),
  };
  const channels = new Map<string, ModelChannel & { readonly wireName: string }>();

  function channelOf(name: string): ModelChannel & { readonly wireName: string } {
    const known = channels.get(name);
    if (known !== undefined) return known;
    const { model, wireName } = route(name, deps.models);
    const queue = queues[model.provider];
    const random = deps.random ?? Math.random;
    const lane = { ...createModelChannel({ name, model, queue, policy, onEvent, now, random }), wireName };
    for (const oldest of channels.keys()) {
      if (channels.size < channelLimit) break;
      channels.delete(oldest);
    }
    channels.set(name, lane);
    return lane;
  }

  return {
    report: onEvent,
    onRecovered: (listener) => void recovered.add(listener),
    async chat(call) {
      const budget = openBudget(call.signal, call.budgetMs);
      const publication: Publication = { hasText: false };
      const told = guard.quiet({ onText: call.onText, onRestart: call.onRestart });
      const publish = publisher(told, publication);
      const aroundRequest = call.aroundRequest && guard.around(call.aroundRequest);
      try {
        const hooks = {
          mayMoveOn: (error: ParleyError) =>
            budget.failure() === undefined &&
            !final.has(error.code) &&
            (!publication.hasText || call.onRestart !== undefined),
          onMove: (from: { model: string; error: ParleyError }, to: string) => {
            if (publication.hasText) told.onRestart?.();
            publication.hasText = false;
            onEvent({ type: 'fell-back', from: from.model, to, code: from.error.code });
          },
        };
        return await inPriority(call.models, hooks, async (name) => {
          const failure = budget.failure();
          if (failure !== undefined) throw failure;
          const lane = channelOf(name);
          const request = { ...requestOf(call), model: lane.wireName, signal: budget.signal, ...publish };
          const { fairKey, isBackground } = call;
          const modelsLeft = call.models.length - 1 - call.models.indexOf(name);
          const how = { budget, fairKey, isBackground, modelsLeft, publication, aroundRequest };
          const result = await lane.chat({ request, ...how });
          return result.model === name ? result : { ...result, model: name };
        });
      } finally {
        budget.close();
      }
    },
    async embed({ model: name, inputs, budgetMs, fairKey, signal, aroundRequest: around }) {
      const budget = openBudget(signal, budgetMs);
      try {
        const lane = channelOf(name);
        const request = { model: lane.wireName, inputs, signal: budget.signal };
        const aroundRequest = around && guard.around(around);
        const result = await lane.embed({ request, budget, fairKey, aroundRequest });
        return result.model === name ? result : { ...result, model: name };
      } finally {
        budget.close();
      }
    },
    describe: () => ({
      providers: (['ollama', 'openai', 'rehearsal'] as const)
        .filter((provider) => deps.models[provider] !== undefined)
        .map((provider) => ({ provider, running: queues[provider].running, waiting: queues[provider].waiting })),
      models: [...channels].map(([model, lane]) => ({ model, breaker: lane.breaker.state })),
    }),
  };
}

function requestOf(call: ChatCall) {
  const { messages, purpose, maxTokens, contextTokens, temperature, seed, schema, tools } = call;
  return {
    messages,
    purpose,
    maxTokens,
    contextTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(schema === undefined ? {} : { schema }),
    ...(tools === undefined ? {} : { tools }),
  };
}

interface Told {
  readonly onText: ((text: string) => void) | undefined;
  readonly onRestart: (() => void) | undefined;
}

function publisher({ onText, onRestart }: Told, publication: Publication) {
  return {
    ...(onText === undefined
      ? {}
      : {
          onText(text: string) {
            publication.hasText = true;
            onText(text);
          },
        }),
    ...(onRestart === undefined
      ? {}
      : {
          onRestart() {
            publication.hasText = false;
            onRestart();
          },
        }),
  };
}
