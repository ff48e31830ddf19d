import { isParleyError, type Json, ParleyError } from '@parley/contracts';
import type { ChatCall, ChatMessage, ChatResult, ModelClient } from '@parley/model';
import { traceChat } from '@parley/runtime';
import type { EffectHandler, Spine } from '@parley/spine';
import { conversationOf } from '../conversation.ts';
import type { LastReason, ThinkEffect, Thought } from '../domain/run-state.ts';
import { systemPrompt } from '../prompt.ts';
import { proposedCalls } from '../propose.ts';
import type { AnyTool } from '../tool.ts';
import { type FindAgent, runLog } from './agents.ts';
import { definitionOf } from './offered.ts';
import { askPrompted } from './prompted.ts';

export interface ThinkDeps {
  readonly model: ModelClient;
  /** Models of an agent that names none, in order of preference. */
  readonly models: readonly string[];
  readonly contextTokens: number;
  /** Most tokens of a thought. */
  readonly maxTokens: number;
  /** Upper bound of the model calls for one thought, in milliseconds; the run's deadline may leave less. */
  readonly budgetMs: number;
  readonly findAgent: FindAgent;
  readonly readStreams: Spine['readStreams'];
  /** The database's clock. */
  readonly now: Spine['now'];
}

const why: Readonly<Record<LastReason, string>> = {
  STEPS_SPENT: 'No step is left. Answer now with what you have.',
  LOOPING: 'The same calls gave the same results again and again. Answer now with what you have.',
};

/** Asks the model what to do next, with the run's log as the conversation. */
export function createThink(deps: ThinkDeps): EffectHandler {
  return async (call) => {
    const { lastFailure, isLast } = (call.effect as ThinkEffect).data;
    const { agent, input, deadlineAt, events } = runLog(await deps.readStreams([call.stream]), deps.findAgent);
    const budgetMs = Math.min(deps.budgetMs, deadlineAt - deps.now());
    if (budgetMs <= 0) throw new ParleyError('MODEL_TIMEOUT', 'The deadline of the run has passed.');
    const hints = [
      ...(lastFailure === undefined ? [] : [`Your last answer could not be used: ${lastFailure}`]),
      ...(isLast === undefined ? [] : [why[isLast]]),
    ];
    const messages: ChatMessage[] = [
      { role: 'system', content: systemPrompt(agent) },
      ...conversationOf(events),
      ...hints.map((content): ChatMessage => ({ role: 'user', content })),
    ];
    const asked: ChatCall = {
      models: agent.models ?? deps.models,
      messages,
      purpose: { kind: 'agent', topic: input },
      maxTokens: deps.maxTokens,
      contextTokens: deps.contextTokens,
      budgetMs,
      fairKey: call.stream,
      signal: call.signal,
      aroundRequest: traceChat,
    };
    const offered = isLast === undefined ? agent.tools : [];
    const answer = await askWith(deps.model, asked, offered);
    const { text, model, provider, toolCalls = [], inputTokens, outputTokens } = answer;
    const thought: Thought = {
      text,
      calls: proposedCalls(toolCalls, agent.tools),
      model,
      isRehearsal: provider === 'rehearsal',
      usage: { inputTokens, outputTokens },
    };
    return thought as unknown as Json;
  };
}

/** Offers the tools on the wire, and in words where the server of the model takes none. */
async function askWith(model: ModelClient, asked: ChatCall, tools: readonly AnyTool[]): Promise<ChatResult> {
  if (tools.length === 0) return model.chat(asked);
  try {
    return await model.chat({ ...asked, tools: tools.map(definitionOf) });
  } catch (thrown) {
    if (!isParleyError(thrown) || thrown.code !== 'MODEL_WITHOUT_TOOLS') throw thrown;
    return askPrompted(model, asked, tools);
  }
}
