import { isParleyError, type Json } from '@parley/contracts';
import type { EffectHandler, Spine } from '@parley/spine';
import type { DebateEvent, Judgement } from '../domain/debate.ts';
import type { ReplayAnswer, ReplayEffect } from '../domain/replay.ts';
import { type Replayed, replayLog } from '../domain/replay-log.ts';
import type { Case, Judges } from './judges.ts';

/** Reads a debate's log by other rules and has what is left of it judged. The log is only read. */
export function createReplay(judges: Judges, { readStreams, now }: Pick<Spine, 'readStreams' | 'now'>): EffectHandler {
  return async (call) => {
    const { debate, rules, until } = (call.effect as ReplayEffect).data;
    const log = (await readStreams([debate])) as unknown as readonly DebateEvent[];
    const replayed = replayLog(log, rules);
    if ('refusal' in replayed) return replayed;
    const { original, replay, tokensSaved, topic, judged: turns } = replayed;
    const leftMs = until === undefined ? undefined : until - now();
    const asked = { topic, turns, setup: rules.judge ?? setupOf(log), id: call.stream, signal: call.signal, leftMs };
    const { verdict, usage, votes = [], positionFlip = false } = await judgement(judges, asked, replayed);
    const answer: ReplayAnswer = {
      original,
      replay: { ...replay, verdict, votes: [...votes], positionFlip },
      tokensSaved,
      usage,
    };
    return answer as unknown as Json;
  };
}

function setupOf(log: readonly DebateEvent[]): Case['setup'] {
  return log.find((event) => event.type === 'debate-started.v1')?.data.judge;
}

/**
 * The judges' verdict, or why there is none: where a debate would have stopped is worth knowing without one, too. A
 * judge that is away is waited for.
 */
async function judgement(judges: Judges, asked: Case, { replay }: Replayed): Promise<Judgement> {
  if (replay.rounds === 0) return without('Not one round was complete: there is nothing to judge.');
  if (asked.leftMs !== undefined && asked.leftMs <= 0) return without('No judge answered in the time of a replay.');
  try {
    return await judges(asked);
  } catch (thrown) {
    if (!isParleyError(thrown) || thrown.retryable || thrown.code === 'CANCELLED') throw thrown;
    return without(`No judge gave an answer: ${thrown.message}`);
  }
}

function without(reason: string): Judgement {
  return { verdict: { outcome: 'unavailable', reason }, usage: { inputTokens: 0, outputTokens: 0 } };
}
