import { type Json, ParleyError, type Usage } from '@parley/contracts';
import type { TurnRecordedV1, VerdictGivenV1 } from '@parley/contracts/debate';
import type { EffectHandler, Spine, StoredEvent } from '@parley/spine';
import type { AccuracyEffect, CheckAnswer, Sample } from '../domain/accuracy.ts';
import { checkTurn, checkVerdict } from '../domain/accuracy-sample.ts';
import { type ExamineDeps, earlierThan, examine, motionOf } from './assess.ts';
import type { Judges } from './judges.ts';

export interface CheckDeps extends ExamineDeps {
  readonly judges: Judges;
  readStreams: Spine['readStreams'];
}

/**
 * Looks at a turn or a verdict once more, behind every debate's own calls and one at a time in this process: a debate
 * never waits for more than one of them.
 */
export function createCheck(deps: CheckDeps): EffectHandler {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const mine = last.then(async () => {
      call.signal.throwIfAborted();
      const sample = (call.effect as Extract<AccuracyEffect, { type: 'check' }>).data;
      const log = await deps.readStreams([sample.debate]);
      const answer = await (sample.turn === undefined
        ? again(deps, sample, log, call.signal)
        : look(deps, sample, sample.turn, log, call.signal));
      return answer as unknown as Json;
    });
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function look(
  deps: CheckDeps,
  { debate }: Sample,
  { round, side }: NonNullable<Sample['turn']>,
  log: readonly StoredEvent[],
  signal: AbortSignal,
): Promise<CheckAnswer> {
  const turn = factsOf<TurnRecordedV1>(log, 'turn-recorded.v1').find((one) => one.round === round && one.side === side);
  if (turn === undefined) throw gone(debate);
  const asked = { stream: debate, signal };
  const wanted = ['stance', 'topic'] as const;
  const earlier = earlierThan(log, round, side);
  const found = await examine({ ...deps, isBackground: true }, asked, motionOf(log), turn.text, side, earlier, wanted);
  const { part, usage, model, skipped } = found;
  if (skipped[0] !== undefined) throw new ParleyError('MODEL_GARBAGE', skipped[0].reason);
  return { results: checkTurn(turn, { ...part, usage, skipped: [] }), ...paid(model, usage) };
}

async function again(
  deps: CheckDeps,
  { debate }: Sample,
  log: readonly StoredEvent[],
  signal: AbortSignal,
): Promise<CheckAnswer> {
  const [given] = factsOf<VerdictGivenV1>(log, 'verdict-given.v1');
  const [stopped] = factsOf<{ rounds: number }>(log, 'debate-stopped.v1');
  const [started] = factsOf<{ judge?: { model?: string } }>(log, 'debate-started.v1');
  if (given === undefined || stopped === undefined) throw gone(debate);
  const turns = factsOf<TurnRecordedV1>(log, 'turn-recorded.v1').filter((turn) => turn.round <= stopped.rounds);
  const model = started?.judge?.model;
  const setup = model === undefined ? undefined : { model };
  const asked = { topic: motionOf(log), turns, setup, id: debate, signal, isSecondOpinion: true };
  const { verdict, usage } = await deps.judges(asked);
  const judge = verdict.outcome === 'unavailable' ? undefined : verdict.model;
  return { results: checkVerdict(given.verdict, verdict), ...paid(judge, usage) };
}

const factsOf = <T>(log: readonly StoredEvent[], type: string): T[] =>
  log.filter((event) => event.type === type).map((event) => event.data as unknown as T);

const paid = (model: string | undefined, usage: Usage) => ({ usage, ...(model === undefined ? {} : { model }) });

function gone(debate: string): ParleyError {
  return new ParleyError('NOT_FOUND', `What was to be looked at of debate ${debate} is not in its log.`);
}
