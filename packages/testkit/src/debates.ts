import type { Fact } from '@parley/contracts';
import type { Scores, Side, StartDebateV1, TurnRepliedV1, Verdict } from '@parley/contracts/debate';
import { freshText } from './words.ts';

/** The command that starts a debate of four rounds with nothing special about it. */
export function startDebate(overrides: Partial<StartDebateV1> = {}): Fact<'start-debate.v1'> {
  return {
    type: 'start-debate.v1',
    data: {
      topic: 'Tea is better than coffee',
      maxRounds: 4,
      minRounds: 2,
      sides: { pro: {}, con: {} },
      deadlineSeconds: 3600,
      stopWhenRedundant: true,
      ...overrides,
    },
  };
}

/** A debater's answer; unless a text is given it is one that nobody gave before. */
export function turnReplied(
  round: number,
  side: Side,
  text: string = freshText(`${side} ${round}`, 300),
  overrides: Partial<TurnRepliedV1> = {},
): Fact<'turn-replied.v1'> {
  const usage = { inputTokens: 90, outputTokens: 10 };
  return {
    type: 'turn-replied.v1',
    data: {
      round,
      side,
      text,
      model: 'rehearsal',
      isRehearsal: true,
      usage,
      attempts: 1,
      concedes: false,
      citations: [],
      ...overrides,
    },
  };
}

export function turnFailed(round: number, side: Side, reason = 'the model is gone'): Fact<'turn-failed.v1'> {
  return { type: 'turn-failed.v1', data: { round, side, code: 'MODEL_NOT_FOUND', reason, attempts: 1 } };
}

/** Both sides' answers of rounds 1 to `rounds`, every one new. */
export function fullRounds(rounds: number): Fact<'turn-replied.v1'>[] {
  return Array.from({ length: rounds }, (_, i) => [turnReplied(i + 1, 'pro'), turnReplied(i + 1, 'con')]).flat();
}

/** Marks with this much in all of the four. */
export function marks(each: number): Scores {
  return { argument: each, evidence: each, rebuttal: each, clarity: each };
}

/** A verdict for pro. */
export const proWins: Verdict = {
  outcome: 'pro',
  scores: { pro: marks(8), con: marks(6) },
  reason: 'Pro answered every claim.',
  model: 'rehearsal',
  isRehearsal: true,
};
