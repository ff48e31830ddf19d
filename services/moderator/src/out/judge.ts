import type { Json } from '@parley/contracts';
import type { DebateStoppedV1, TurnRecordedV1 } from '@parley/contracts/debate';
import type { EffectHandler, Spine } from '@parley/spine';
import type { DebateEffect } from '../domain/debate.ts';
import type { Judges } from './judges.ts';

/** Has a debate judged as it stands in the log: whole rounds when it is over, the first `rounds` while it goes on. */
export function createJudge(judges: Judges, { readStreams, now }: Pick<Spine, 'readStreams' | 'now'>): EffectHandler {
  return async (call) => {
    const { topic, judge, rounds: polled, until } = (call.effect as Extract<DebateEffect, { type: 'judge' }>).data;
    const events = await readStreams([call.stream]);
    const dataOf = <T>(type: string): T[] => events.filter((e) => e.type === type).map((e) => e.data as unknown as T);
    const rounds = polled ?? dataOf<DebateStoppedV1>('debate-stopped.v1')[0]?.rounds ?? 0;
    // A turn that the other side could not answer any more is not held against it.
    const turns = dataOf<TurnRecordedV1>('turn-recorded.v1').filter((turn) => turn.round <= rounds);
    const leftMs = until === undefined ? undefined : until - now();
    const judgement = await judges({ topic, turns, setup: judge, id: call.stream, signal: call.signal, leftMs });
    return judgement as unknown as Json;
  };
}
