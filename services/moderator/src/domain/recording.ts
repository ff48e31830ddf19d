import type { Fact, Usage } from '@parley/contracts';
import { type Floor, type Novelty, otherSide, type TurnRepliedV1 } from '@parley/contracts/debate';
import type { Assessment } from './assessment.ts';
import type { Running } from './debate-state.ts';
import { measureNovelty } from './novelty.ts';
import { sketch } from './sketch.ts';

export function noveltyOf(state: Running, turn: TurnRepliedV1, assessment?: Assessment): Novelty {
  const { said } = state;
  return measureNovelty(sketch(turn.text), said[turn.side], said[otherSide[turn.side]].at(-1), assessment);
}

/** A turn as it goes into the record; without an assessment it was taken as it came. */
export function recordedFact(
  turn: TurnRepliedV1,
  novelty: Novelty,
  assessment: Assessment | undefined,
  next: Floor | null,
): Fact<'turn-recorded.v1'> {
  const { round, side, text, model, isRehearsal, usage, concedes, citations } = turn;
  const { stance, isOnTopic } = assessment ?? {};
  return {
    type: 'turn-recorded.v1',
    data: {
      round,
      side,
      text,
      model,
      isRehearsal,
      usage,
      novelty,
      concedes,
      flip: isFlip(turn, assessment),
      ...(citations === undefined || citations.length === 0 ? {} : { citations }),
      ...(stance === undefined ? {} : { stance }),
      ...(isOnTopic === undefined ? {} : { isOnTopic }),
      ...(assessment === undefined ? {} : { assessed: assessedOf(assessment) }),
      next,
    },
  };
}

/** A concession is declared: it is no flip, whatever it argues for. */
export function isFlip(turn: TurnRepliedV1, assessment: Assessment | undefined): boolean {
  return !turn.concedes && assessment?.stance?.side === otherSide[turn.side];
}

export function assessedOf({ usage, spent, skipped }: Assessment): {
  usage: Usage;
  spent?: (Usage & { model: string })[];
  skipped: { check: string; reason: string }[];
} {
  const byModel = spent === undefined ? {} : { spent: [...spent] };
  return { usage, ...byModel, skipped: skipped.map(({ check, reason }) => ({ check, reason })) };
}
