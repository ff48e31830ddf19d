import type { MessageBus } from '@parley/bus';
import { addUsage, type Json, noUsage, ParleyError, topics, type Usage } from '@parley/contracts';
import type { DeltaV1 } from '@parley/contracts/debate';
import type { ChatResult, ModelClient } from '@parley/model';
import { type Logger, newNonce, type PromptMeter } from '@parley/runtime';
import type { EffectCall, EffectHandler, ReachFailpoint, Spine } from '@parley/spine';
import { citationsOf } from '../domain/citations.ts';
import { mayConcede } from '../domain/concession.ts';
import { type Compacted, estimatePrompt, planMemory } from '../domain/context.ts';
import { type Prompt, turnPrompt } from '../domain/prompt.ts';
import { reserve } from '../domain/reservation.ts';
import { judgeText } from '../domain/text.ts';
import type { ThinkEffect, Thought } from '../domain/turn.ts';
import { turnOf } from '../domain/turn-stream.ts';
import { type AskDeps, createAsk } from './ask.ts';
import { createCalibration } from './calibration.ts';
import { compact } from './compact.ts';
import { declaresConcession } from './declare.ts';
import { floorIn, leavingRound, type Memory, remember } from './memory.ts';
import { createRecall } from './recall.ts';

export interface ThinkDeps extends AskDeps {
  readonly service: string;
  readonly bus: MessageBus;
  readonly logger: Logger;
  readonly model: ModelClient;
  readonly failpoint: ReachFailpoint;
  /** Hears how long prompts were, as estimated and as counted by the model. */
  readonly onPrompt?: PromptMeter | undefined;
  readStreams: Spine['readStreams'];
}

/** Asks the model for one turn. Pieces of text go out as they come; the whole text is the effect's answer. */
export function createThink(deps: ThinkDeps): EffectHandler {
  const calibration = createCalibration(deps);
  const recall = createRecall(deps.readStreams);
  return async (call) => {
    const { lastFailure, attempt, isFirstModelAvoided } = (call.effect as ThinkEffect).data;
    const { debate, ...turn } = turnOf(call.stream);
    const events = await recall(call.stream);
    const floor = floorIn(events, call.stream);
    const { models, ask } = createAsk(deps, call, floor, { attempt, isFirstModelAvoided });

    const nonce = newNonce();
    const memory = remember(events, turn);
    const { keep, summary, compacted, spent } = await fit(memory, nonce);
    const prompt = turnPrompt(floor, keep, nonce, { summary, lastFailure });
    const deltas = createDeltas(deps, call, debate, floor.round, floor.side);
    const result = await deps.model.chat({
      ...ask(prompt, 'turn', deps.budgetMs),
      maxTokens: reserved(prompt, floor.tokensLeft === undefined ? undefined : floor.tokensLeft - sizeOf(spent)),
      onText: deltas.add,
      onRestart: deltas.restart,
    });
    calibration.heard(result, estimatePrompt(prompt));
    const usage = [spent, usageOf(result)];
    const judged = judgeText(result.text);
    const declared =
      judged.ok && mayConcede(judged.text)
        ? await declaresConcession(deps, ask, floor, judged.text, result.model)
        : undefined;
    if (declared !== undefined) usage.push(declared.usage);
    const thought: Thought = {
      text: result.text,
      model: result.model,
      isRehearsal: result.provider === 'rehearsal',
      usage: usage.reduce(addUsage),
      ...(judged.ok ? { citations: citationsOf(judged.text, floor.profile?.evidence ?? []) } : {}),
      ...(declared?.concedes === true ? { concedes: true } : {}),
      ...(declared?.undeclared === undefined ? {} : { undeclared: declared.undeclared }),
      ...(compacted === undefined ? {} : { compacted }),
    };
    return { ...thought } as unknown as Json;

    /** The longest answer that the budget pays for, after the prompt. */
    function reserved(prompt: Prompt, tokensLeft: number | undefined): number {
      const promptTokens = Math.ceil(estimatePrompt(prompt) * calibration.ratio(models[0] ?? ''));
      const reservation = reserve(promptTokens, deps.maxTokens, tokensLeft);
      if (reservation.ok) return reservation.maxTokens;
      const { neededTokens } = reservation;
      const reason = `A turn needs about ${neededTokens} tokens, and ${tokensLeft} are left of the debate's tokenBudget.`;
      throw new ParleyError('TOKEN_BUDGET_SPENT', reason);
    }

    /** What of the memory goes into the prompt, with a new summary where the whole does not fit. */
    async function fit(memory: Memory, nonce: string) {
      const before: Compacted | undefined = memory.compacted;
      const fixed = estimatePrompt(turnPrompt(floor, [], nonce, { summary: before?.summary, lastFailure }));
      const room = deps.contextTokens - deps.maxTokens;
      const ratio = calibration.ratio(models[0] ?? '');
      const { keep, compact: old } = planMemory(memory.turns, fixed, ratio, room, leavingRound(memory, floor));
      if (old.length === 0) return { keep, summary: before?.summary, compacted: undefined, spent: noUsage };
      const made = await compact(deps, ask, old, floor.side, before);
      return { keep, summary: made.compacted.summary, compacted: made.compacted, spent: made.usage };
    }
  };
}

function usageOf({ inputTokens, outputTokens }: ChatResult): Usage {
  return { inputTokens, outputTokens };
}

const sizeOf = ({ inputTokens, outputTokens }: Usage): number => inputTokens + outputTokens;

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
