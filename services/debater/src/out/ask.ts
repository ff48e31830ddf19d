import { ParleyError } from '@parley/contracts';
import type { Floor } from '@parley/contracts/debate';
import type { ChatCall } from '@parley/model';
import { traceChat } from '@parley/runtime';
import type { EffectCall, Spine } from '@parley/spine';
import type { Prompt } from '../domain/prompt.ts';
import type { ThinkEffect } from '../domain/turn.ts';
import { turnOf } from '../domain/turn-stream.ts';

export interface AskDeps {
  /** Models in order of preference, behind the one that the debate asks for. */
  readonly models: readonly string[];
  readonly contextTokens: number;
  readonly maxTokens: number;
  /** Upper bound of one turn's model calls; the debate's deadline may leave less. */
  readonly budgetMs: number;
  /** The database's clock. */
  now: Spine['now'];
}

/** A call of a turn's models, all but the words. */
export type Ask = (prompt: Prompt, kind: ChatCall['purpose']['kind'], budgetMs: number) => ChatCall;

/**
 * Prepares the calls to models in one attempt at a turn. All of them share the time from now on.
 * @throws ParleyError MODEL_TIMEOUT: the debate's deadline has passed; EFFECT_POISON: only the model is left that is avoided
 */
export function createAsk(
  deps: AskDeps,
  call: EffectCall,
  floor: Floor,
  how: Pick<ThinkEffect['data'], 'attempt'> & { readonly isFirstModelAvoided?: true | undefined },
): { readonly models: readonly string[]; readonly ask: Ask } {
  // The deadline is the database's; within this call time is counted by a clock that never jumps.
  const endsAt = performance.now() + Math.min(deps.budgetMs, floor.deadlineAt - deps.now());
  if (endsAt <= performance.now()) throw new ParleyError('MODEL_TIMEOUT', 'The deadline of the debate has passed.');
  const models = modelsFor(floor.profile?.model, deps.models, how.isFirstModelAvoided === true);
  const { topic, side, round } = floor;
  const ask: Ask = (prompt, kind, budgetMs) => ({
    models,
    messages: [
      { role: 'system', content: prompt.system },
      { role: 'user', content: prompt.user },
    ],
    purpose: { kind, topic, side, round, attempt: how.attempt },
    maxTokens: Math.max(1, Math.min(deps.maxTokens, floor.tokensLeft ?? deps.maxTokens)),
    contextTokens: deps.contextTokens,
    budgetMs: Math.min(budgetMs, endsAt - performance.now()),
    fairKey: turnOf(call.stream).debate,
    signal: call.signal,
    aroundRequest: traceChat,
  });
  return { models, ask };
}

/** The model that the side asks for and those behind it; the first one last where the process died with it. */
function modelsFor(asked: string | undefined, models: readonly string[], isFirstAvoided: boolean): readonly string[] {
  const all = asked === undefined ? models : [asked, ...models.filter((name) => name !== asked)];
  if (isFirstAvoided && all.length < 2) {
    const message = `The process ended again and again while "${all[0]}" was asked, and there is no other model to ask.`;
    throw new ParleyError('EFFECT_POISON', message);
  }
  return isFirstAvoided ? [...all.slice(1), ...all.slice(0, 1)] : all;
}
