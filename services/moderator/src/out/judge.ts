import { type DebateStoppedV1, type Json, scoresSchema, type TurnRecordedV1 } from '@parley/contracts';
import { chatStructured, type ModelClient } from '@parley/model';
import { newNonce, traceChat } from '@parley/runtime';
import type { EffectHandler, Spine } from '@parley/spine';
import { z } from 'zod';
import type { DebateEffect, Judgement } from '../domain/debate.ts';
import { judgePrompt, labelsOf, verdictOf } from '../domain/judging.ts';

const rulingSchema = z.object({
  winner: z.enum(['X', 'Y', 'contested']),
  scores: z.object({ X: scoresSchema, Y: scoresSchema }),
  reason: z.string().trim().min(1).max(600),
});

export interface JudgeDeps {
  readonly model: ModelClient;
  readonly models: readonly string[];
  readonly contextTokens: number;
  readonly maxTokens: number;
  readonly budgetMs: number;
  readStreams: Spine['readStreams'];
}

/** Rough, and on the safe side for scripts where a character is a token. */
const charactersPerToken = 2;

/** Asks the judge's model for one ruling over the whole debate, as it stands in the log. */
export function createJudge(deps: JudgeDeps): EffectHandler {
  return async (call) => {
    const { topic } = (call.effect as Extract<DebateEffect, { type: 'judge' }>).data;
    const events = await deps.readStreams([call.stream]);
    const dataOf = <T>(type: string): T[] => events.filter((e) => e.type === type).map((e) => e.data as unknown as T);
    const rounds = dataOf<DebateStoppedV1>('debate-stopped.v1')[0]?.rounds ?? 0;
    // A turn that the other side could not answer any more is not held against it.
    const turns = dataOf<TurnRecordedV1>('turn-recorded.v1')
      .filter((turn) => turn.round <= rounds)
      .map(({ side, round, text }) => ({ side, round, text }));
    const labels = labelsOf(call.stream);
    const room = (deps.contextTokens - deps.maxTokens) * charactersPerToken;
    const prompt = judgePrompt(topic, turns, labels, newNonce(), room);
    const { value, result } = await chatStructured(
      deps.model,
      {
        models: deps.models,
        messages: [
          { role: 'system', content: prompt.system },
          { role: 'user', content: prompt.user },
        ],
        purpose: { kind: 'judge', topic, transcript: turns, labels },
        maxTokens: deps.maxTokens,
        contextTokens: deps.contextTokens,
        budgetMs: deps.budgetMs,
        fairKey: call.stream,
        signal: call.signal,
        aroundRequest: traceChat,
      },
      rulingSchema,
    );
    const by = { model: result.model, isRehearsal: result.provider === 'rehearsal' };
    const judgement: Judgement = {
      verdict: verdictOf(value, labels, by),
      usage: { inputTokens: result.inputTokens, outputTokens: result.outputTokens },
    };
    return judgement as unknown as Json;
  };
}
