import { describe, expect, test } from '@jest/globals';
import { type Side, type StopReason, stopReasons } from '@parley/contracts/debate';
import { freshText, runDecider, startDebate, turnReplied } from '@parley/testkit';
import fc from 'fast-check';
import { type DebateInput, debate } from './debate.ts';
import { and, type Condition, minRounds, or, reasonsToStop, type StopFacts, stopRules } from './stop.ts';

const calm: StopFacts = {
  at: 0,
  isCancelled: false,
  hasDebaterFailed: false,
  isRoundComplete: true,
  round: 2,
  deadlineAt: 1000,
  tokens: 0,
  tokenBudget: 100,
  maxRounds: 8,
  minRounds: 2,
  staleRounds: 0,
  stopWhenRedundant: true,
};

describe('the rules', () => {
  test('stand in the order of the contract', () => {
    const order = stopRules.map((rule) => rule.reason);
    expect(order).toEqual(stopReasons.filter((reason) => order.includes(reason)));
    expect(new Set(order).size).toBe(order.length);
  });

  test('let a debate go on in which nothing happened', () => {
    expect(reasonsToStop(calm)).toEqual([]);
  });

  test.each<[StopReason, Partial<StopFacts>, Partial<StopFacts>]>([
    ['cancelled', { isCancelled: true }, {}],
    ['debater_failed', { hasDebaterFailed: true }, {}],
    ['deadline', { at: 1000 }, { at: 999 }],
    ['token_budget', { tokens: 100 }, { tokens: 99 }],
    ['token_budget', { tokens: 100 }, { tokens: 1_000_000, tokenBudget: undefined }],
    ['token_budget', { isBudgetSpent: true }, {}],
    ['conceded', { conceded: ['con'], round: 1 }, { conceded: ['pro'], isRoundComplete: false }],
    ['consensus', { conceded: ['pro', 'con'], round: 1 }, { conceded: [] }],
    ['consensus', { isOneSided: true }, { isOneSided: true, round: 1 }],
    ['consensus', { isOneSided: true }, { isOneSided: true, isRoundComplete: false }],
    ['judge_decided_early', { isDecided: true, isRoundComplete: false }, { isDecided: false }],
    ['off_topic', { offTopicRounds: 2 }, { offTopicRounds: 1 }],
    ['off_topic', { offTopicRounds: 2 }, { offTopicRounds: 2, minRounds: 3 }],
    ['max_rounds', { round: 8 }, { round: 7 }],
    ['max_rounds', { round: 8 }, { round: 8, isRoundComplete: false }],
    ['redundant', { staleRounds: 2 }, { staleRounds: 1 }],
    ['redundant', { staleRounds: 2 }, { staleRounds: 2, isRoundComplete: false }],
    ['redundant', { staleRounds: 2 }, { staleRounds: 2, minRounds: 3 }],
    ['redundant', { staleRounds: 2 }, { staleRounds: 2, stopWhenRedundant: false }],
  ])('%s holds with %j, not with %j', (reason, holding, not) => {
    expect(reasonsToStop({ ...calm, ...holding })).toEqual([reason]);
    expect(reasonsToStop({ ...calm, ...not })).toEqual([]);
  });

  test('all that hold are listed, in the fixed order', () => {
    const all: Partial<StopFacts> = {
      isCancelled: true,
      hasDebaterFailed: true,
      at: 1000,
      tokens: 100,
      conceded: ['pro'],
      isOneSided: true,
      isDecided: true,
      offTopicRounds: 2,
      staleRounds: 2,
      round: 8,
    };
    expect(reasonsToStop({ ...calm, ...all })).toEqual(stopRules.map((rule) => rule.reason));
    const standings = fc.record({
      at: fc.constantFrom(0, 1000),
      isCancelled: fc.boolean(),
      hasDebaterFailed: fc.boolean(),
      isRoundComplete: fc.boolean(),
      round: fc.integer({ min: 1, max: 9 }),
      tokens: fc.constantFrom(0, 100),
      staleRounds: fc.integer({ min: 0, max: 3 }),
      conceded: fc.subarray<Side>(['pro', 'con']),
      isOneSided: fc.boolean(),
      isDecided: fc.boolean(),
      offTopicRounds: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(standings, (some) => {
        const found = reasonsToStop({ ...calm, ...some });
        expect(found).toEqual(stopReasons.filter((reason) => found.includes(reason)));
      }),
    );
  });
});

describe('the algebra', () => {
  const isEarly: Condition = (s) => s.round < 3;
  const isTired: Condition = (s) => s.staleRounds > 0;
  const standings = fc
    .record({ round: fc.integer({ min: 1, max: 6 }), staleRounds: fc.integer({ min: 0, max: 2 }) })
    .map((some) => ({ ...calm, ...some }));

  test('and, or and minRounds are those of logic', () => {
    fc.assert(
      fc.property(standings, fc.integer({ min: 0, max: 7 }), (s, rounds) => {
        expect(and(isEarly, isTired)(s)).toBe(isEarly(s) && isTired(s));
        expect(or(isEarly, isTired)(s)).toBe(isEarly(s) || isTired(s));
        expect(minRounds(() => rounds, isTired)(s)).toBe(s.round >= rounds && isTired(s));
        // De Morgan 1847, Formal Logic: neither holds when not both complements do.
        const not =
          (condition: Condition): Condition =>
          (of) =>
            !condition(of);
        expect(not(and(isEarly, isTired))(s)).toBe(or(not(isEarly), not(isTired))(s));
      }),
    );
  });

  test('of nothing: and holds, or does not', () => {
    expect(and()(calm)).toBe(true);
    expect(or()(calm)).toBe(false);
  });
});

describe('redundancy', () => {
  /** Rounds in which the named sides say again what they said before; the others say something new. */
  function debateOf(stale: readonly ('both' | 'pro' | 'con' | 'none')[], overrides = {}): DebateInput[] {
    const said = { pro: '', con: '' };
    const turns = stale.flatMap((who, i) =>
      (['pro', 'con'] as const).map((side) => {
        if (who !== 'both' && who !== side) said[side] = freshText(`${side} ${i}`, 300);
        return turnReplied(i + 1, side, said[side]);
      }),
    );
    return [startDebate({ maxRounds: 8, ...overrides }), ...turns];
  }
  const stopped = (inputs: DebateInput[]) => {
    const event = runDecider(debate, inputs).events.find(({ type }) => type === 'debate-stopped.v1');
    return event?.type === 'debate-stopped.v1' ? event.data : undefined;
  };

  test('ends a debate when both sides said nothing new in two rounds in a row', () => {
    expect(stopped(debateOf(['none', 'both']))).toBeUndefined();
    expect(stopped(debateOf(['none', 'both', 'both']))).toEqual({ stopReason: 'redundant', alsoTrue: [], rounds: 3 });
  });

  test('does not while one side still brings something new', () => {
    expect(stopped(debateOf(['none', 'pro', 'pro', 'pro', 'pro']))).toBeUndefined();
    expect(stopped(debateOf(['none', 'con', 'con', 'con', 'con']))).toBeUndefined();
    expect(stopped(debateOf(['none', 'pro', 'con', 'pro', 'con']))).toBeUndefined();
    expect(stopped(debateOf(['none', 'both', 'pro', 'both', 'con', 'both']))).toBeUndefined();
  });

  test('is not asked about before minRounds, nor when the debate shall go on anyway', () => {
    expect(stopped(debateOf(['none', 'both', 'both'], { minRounds: 4 }))).toBeUndefined();
    const after4 = stopped(debateOf(['none', 'both', 'both', 'both'], { minRounds: 4 }));
    expect(after4).toMatchObject({ stopReason: 'redundant', rounds: 4 });
    const all = stopped(debateOf(['none', ...Array<'both'>(7).fill('both')], { stopWhenRedundant: false }));
    expect(all).toMatchObject({ stopReason: 'max_rounds', alsoTrue: [], rounds: 8 });
  });

  test('in the last round is the reason, and that rounds are used up also true', () => {
    const last = stopped(debateOf(['none', 'both', 'both'], { maxRounds: 3 }));
    expect(last).toEqual({ stopReason: 'redundant', alsoTrue: ['max_rounds'], rounds: 3 });
  });
});
