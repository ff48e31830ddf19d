import type { MessageBus } from '@parley/bus';
import { type DeltaV1, type Json, ParleyError, topics } from '@parley/contracts';
import type { ModelClient } from '@parley/model';
import { newNonce, traceChat } from '@parley/runtime';
import type { EffectCall, EffectHandler, ReachFailpoint, Spine } from '@parley/spine';
import { turnPrompt } from '../domain/prompt.ts';
import { estimateTokens, reserve } from '../domain/reservation.ts';
import type { ThinkEffect, Thought } from '../domain/turn.ts';
import { remember, rememberedStreams } from './memory.ts';

export interface ThinkDeps {
  readonly service: string;
  readonly bus: MessageBus;
  readonly model: ModelClient;
  /** In order of preference, behind the model that the debate asks for. */
  readonly models: readonly string[];
  readonly contextTokens: number;
  readonly maxTokens: number;
  /** Upper bound of one turn's model call; the debate's deadline may leave less. */
  readonly budgetMs: number;
  readonly failpoint: ReachFailpoint;
  readStreams: Spine['readStreams'];
}

/** Asks the model for one turn. Pieces of text go out as they come; the whole text is the effect's answer. */
export function createThink(deps: ThinkDeps): EffectHandler {
  return async (call) => {
    const { floor, lastFailure, attempt } = (call.effect as ThinkEffect).data;
    const debate = call.stream.slice(0, call.stream.indexOf('/'));
    const leftMs = floor.deadlineAt - Date.now();
    if (leftMs <= 0) throw new ParleyError('MODEL_TIMEOUT', 'The deadline of the debate has passed.');
    const remembered = remember(await deps.readStreams(rememberedStreams(debate, floor)), floor.side);
    const prompt = turnPrompt(floor, remembered, newNonce(), lastFailure);
    const promptTokens = estimateTokens(prompt.system) + estimateTokens(prompt.user);
    const reserved = reserve(promptTokens, deps.maxTokens, floor.tokensLeft);
    if (!reserved.ok) {
      throw new ParleyError(
        'TOKEN_BUDGET_SPENT',
        `A turn needs about ${reserved.neededTokens} tokens, and ${floor.tokensLeft} are left of the debate's tokenBudget.`,
      );
    }
    const asked = floor.profile?.model;
    const deltas = createDeltas(deps, call, debate, floor.round, floor.side);
    const result = await deps.model.chat({
      models: asked === undefined ? deps.models : [asked, ...deps.models.filter((name) => name !== asked)],
      messages: [
        { role: 'system', content: prompt.system },
        { role: 'user', content: prompt.user },
      ],
      purpose: { kind: 'turn', topic: floor.topic, side: floor.side, round: floor.round, attempt },
      maxTokens: reserved.maxTokens,
      contextTokens: deps.contextTokens,
      budgetMs: Math.min(deps.budgetMs, leftMs),
      fairKey: debate,
      signal: call.signal,
      onText: deltas.add,
      onRestart: deltas.restart,
      aroundRequest: traceChat,
    });
    const thought: Thought = {
      text: result.text,
      model: result.model,
      isRehearsal: result.provider === 'rehearsal',
      usage: { inputTokens: result.inputTokens, outputTokens: result.outputTokens },
    };
    return { ...thought } as unknown as Json;
  };
}

function createDeltas(deps: ThinkDeps, call: EffectCall, debate: string, round: number, side: 'pro' | 'con') {
  let offset = 0;
  return {
    add(text: string): void {
      const data: DeltaV1 = { round, side, offset, text };
      deps.bus.broadcast(topics.deltas.name, {
        id: `delta/${call.stream}/${call.attempt}/${offset}`,
        type: 'delta.v1',
        source: deps.service,
        subject: debate,
        time: new Date().toISOString(),
        data,
      });
      offset += text.length;
      deps.failpoint('mid-model-call');
    },
    restart(): void {
      offset = 0;
    },
  };
}
