import { describe, expect, test } from '@jest/globals';
import type { EffectOutcome, Json } from '@parley/contracts';
import type { Floor } from '@parley/contracts/debate';
import { runDecider, scenario } from '@parley/testkit';
import { maxRetryCount, type Thought, type TurnInput, turn } from './turn.ts';

const floor: Floor = {
  round: 2,
  side: 'con',
  topic: 'Tea is better than coffee',
  maxRounds: 8,
  deadlineAt: 1_000_000,
  attempt: 1,
};
const give: TurnInput = { type: 'give-floor', data: { floor, opponentText: 'Tea calms the nerves.' } };
const withdraw: TurnInput = { type: 'withdraw-floor' };
const said = 'Coffee wakes whole cities every single morning.';
const usage = { inputTokens: 200, outputTokens: 30 };
const none = { inputTokens: 0, outputTokens: 0 };
const thinks = (text: string, attempt = 1): EffectOutcome => {
  const thought: Thought = { text, model: 'qwen3:4b', isRehearsal: false, usage };
  return {
    type: 'effect.succeeded',
    effect: 'think',
    key: `think/${attempt}`,
    result: { ...thought } as unknown as Json,
  };
};
const fails = (code: string, attempt = 1): EffectOutcome => ({
  type: 'effect.failed',
  effect: 'think',
  key: `think/${attempt}`,
  code,
  reason: 'the model server hung up',
});
const think = (attempt: number, lastFailure?: string) => ({
  key: `think/${attempt}`,
  effect: {
    type: 'think' as const,
    data: { attempt, ...(lastFailure === undefined ? {} : { lastFailure }) },
  },
  isIdempotent: true,
});
const after = (...inputs: TurnInput[]) => scenario(turn).given(...runDecider(turn, inputs).events);

describe('the floor', () => {
  test('when it is given, the model is asked', () => {
    scenario(turn)
      .when(give)
      .then([{ type: 'floor-given', data: { floor, opponentText: 'Tea calms the nerves.' } }], [think(1)]);
  });

  test('is given once', () => {
    after(give).when(give).refuses('ALREADY_GIVEN');
    after(give, thinks(said)).when(give).refuses('ALREADY_GIVEN');
  });

  test('can be withdrawn while the model thinks; what it says then is not wanted', () => {
    after(give)
      .when(withdraw)
      .then([{ type: 'floor-withdrawn', data: {} }]);
    after(give, withdraw).when(thinks(said)).refuses('NOT_THINKING');
    after(give, withdraw).when(fails('MODEL_TIMEOUT')).refuses('NOT_THINKING');
  });

  test('can be withdrawn before it came: then it is refused when it comes', () => {
    scenario(turn)
      .when(withdraw)
      .then([{ type: 'floor-withdrawn', data: {} }]);
    after(withdraw).when(give).refuses('ALREADY_GIVEN');
    after(withdraw).when(withdraw).refuses('NOT_THINKING');
  });

  test('cannot be withdrawn after the reply', () => {
    after(give, thinks(said)).when(withdraw).refuses('NOT_THINKING');
  });
});

describe('a reply', () => {
  const replied = {
    type: 'turn-replied.v1' as const,
    data: {
      round: 2,
      side: 'con' as const,
      text: said,
      model: 'qwen3:4b',
      isRehearsal: false,
      usage,
      attempts: 1,
      concedes: false,
      citations: [],
    },
  };

  test('is what the model said, cleaned', () => {
    after(give)
      .when(thinks(`  ${said}\x07\n`))
      .then([replied]);
  });

  test('is given once', () => {
    after(give, thinks(said)).when(thinks(said)).refuses('NOT_THINKING');
  });

  test('carries the tokens of the attempts that came to nothing', () => {
    const twice = after(give, thinks('…'), fails('MODEL_TIMEOUT', 2));
    const sum = { inputTokens: 400, outputTokens: 60 };
    twice.when(thinks(said, 3)).then([{ ...replied, data: { ...replied.data, usage: sum, attempts: 3 } }]);
  });
});

describe('what the debater declares', () => {
  const answers = (thought: Partial<Thought>): EffectOutcome => {
    const result = { text: said, model: 'm', isRehearsal: false, usage, ...thought } as unknown as Json;
    return { type: 'effect.succeeded', effect: 'think', key: 'think/1', result };
  };

  test('is told with the turn', () => {
    expect(
      after(give)
        .when(answers({ concedes: true }))
        .decided().events,
    ).toMatchObject([{ type: 'turn-replied.v1', data: { concedes: true, citations: [] } }]);
  });

  test('are the citations that were found in it', () => {
    const citations = [{ id: 'E1', isKnown: true, quoteFound: true }];
    expect(after(give).when(answers({ citations })).decided().events).toMatchObject([
      { type: 'turn-replied.v1', data: { citations } },
    ]);
  });

  test('it remembers from now on is a fact of its own, also when the turn has to be asked again', () => {
    const compacted = { upToRound: 1, summary: 'Pro: tea calms.' };
    const fact = { type: 'memory-compacted', data: compacted };
    expect(after(give).when(answers({ compacted })).decided().events).toMatchObject([
      fact,
      { type: 'turn-replied.v1' },
    ]);
    const garbage = after(give)
      .when(answers({ compacted, text: '…' }))
      .decided();
    expect(garbage.events).toMatchObject([fact, { type: 'attempt-failed' }]);
    expect(garbage.effects).toHaveLength(1);
  });
});

describe('an attempt that failed', () => {
  const reason = 'the model server hung up';

  test('is made again, and the model is told why', () => {
    after(give)
      .when(fails('MODEL_TIMEOUT'))
      .then([{ type: 'attempt-failed', data: { reason, code: 'MODEL_TIMEOUT', usage: none } }], [think(2, reason)]);
    after(give)
      .when(thinks(' \n '))
      .then(
        [
          {
            type: 'attempt-failed',
            data: { reason: 'the model said nothing', code: 'MODEL_GARBAGE', usage, model: 'qwen3:4b' },
          },
        ],
        [think(2, 'the model said nothing')],
      );
    const unknown = 'the outcome of the model call is unknown';
    after(give)
      .when({ type: 'effect.outcome-unknown', effect: 'think', key: 'think/1' })
      .then(
        [{ type: 'attempt-failed', data: { reason: unknown, code: 'EFFECT_OUTCOME_UNKNOWN', usage: none } }],
        [think(2, unknown)],
      );
  });

  test(`is made again ${maxRetryCount} times; then the turn failed`, () => {
    const failures = Array.from({ length: maxRetryCount }, (_, i) => fails('MODEL_TIMEOUT', i + 1));
    const run = runDecider(turn, [give, ...failures]);
    expect(run.effects.map(({ key }) => key)).toEqual(['think/1', 'think/2', 'think/3', 'think/4']);
    after(give, ...failures)
      .when(fails('MODEL_TIMEOUT', 4))
      .then([
        { type: 'attempt-failed', data: { reason, code: 'MODEL_TIMEOUT', usage: none } },
        { type: 'turn-failed.v1', data: { round: 2, side: 'con', code: 'MODEL_TIMEOUT', reason, attempts: 4 } },
      ]);
  });

  test('for good names what all attempts together have used', () => {
    const { events } = after(give, thinks('…'), thinks('…', 2), thinks('…', 3))
      .when(fails('MODEL_TIMEOUT', 4))
      .decided();
    const [inputTokens, outputTokens] = [3 * usage.inputTokens, 3 * usage.outputTokens];
    expect(events.at(-1)).toMatchObject({
      type: 'turn-failed.v1',
      data: { usage: { inputTokens, outputTokens }, model: 'qwen3:4b' },
    });
  });

  test('and cannot be mended ends the turn at once', () => {
    for (const code of ['MODEL_NOT_FOUND', 'MODEL_REFUSED', 'TOKEN_BUDGET_SPENT']) {
      const { events, effects } = after(give).when(fails(code)).decided();
      expect(events).toMatchObject([
        { type: 'attempt-failed' },
        { type: 'turn-failed.v1', data: { code, attempts: 1 } },
      ]);
      expect(effects).toEqual([]);
    }
  });

  test('after the deadline ends the turn: nobody waits for it any more', () => {
    const before = after(give)
      .when(fails('MODEL_TIMEOUT'), floor.deadlineAt - 1)
      .decided();
    expect(before.effects).toHaveLength(1);
    const late = after(give).when(fails('MODEL_TIMEOUT'), floor.deadlineAt).decided();
    expect(late.events[1]).toMatchObject({
      type: 'turn-failed.v1',
      data: { code: 'DEADLINE_PASSED', attempts: 1 },
    });
    expect(late.effects).toEqual([]);
    const garbage = after(give).when(thinks('…'), floor.deadlineAt).decided();
    expect(garbage.events[1]).toMatchObject({ type: 'turn-failed.v1', data: { code: 'DEADLINE_PASSED' } });
  });

  test('leaves a reason that a database can hold, whatever the model wrote', () => {
    const { events } = after(give)
      .when(thinks(`!${'🍵'.repeat(100)}`))
      .decided();
    expect(events[0]).toMatchObject({ type: 'attempt-failed' });
    expect(JSON.stringify(events)).not.toMatch(/\\ud/);
  });
});

describe('an attempt that killed its process again and again', () => {
  test('is made once more, with another model first where there is one', () => {
    const { effects } = after(give).when(fails('EFFECT_POISON')).decided();
    expect(effects).toMatchObject([{ key: 'think/2', effect: { data: { attempt: 2, isFirstModelAvoided: true } } }]);
  });

  test('ends the turn with its reason the second time, whatever came between', () => {
    for (const between of [[], [fails('MODEL_GARBAGE', 2)]]) {
      const { events, effects } = after(give, fails('EFFECT_POISON'), ...between)
        .when(fails('EFFECT_POISON', 2 + between.length))
        .decided();
      expect(events.at(-1)).toMatchObject({ type: 'turn-failed.v1', data: { code: 'EFFECT_POISON' } });
      expect(effects).toEqual([]);
    }
  });
});

describe('a model that is away', () => {
  const away = (key = 'think/1', retryAfterMs?: number): EffectOutcome => ({
    type: 'effect.failed',
    effect: 'think',
    key,
    code: 'MODEL_UNREACHABLE',
    reason: 'the model server hung up',
    isPassing: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  const rings = (key: string): EffectOutcome => ({ type: 'effect.succeeded', effect: 'timer', key, result: null });
  const timer = (key: string, dueAt: number) => ({
    key,
    effect: { type: 'timer' as const, data: { name: 'model-wait' as const } },
    isIdempotent: true,
    dueAt,
  });
  const told = (since: number) => ({
    type: 'model-waiting.v1' as const,
    data: {
      awaits: 'turn' as const,
      round: 2,
      side: 'con' as const,
      since,
      code: 'MODEL_UNREACHABLE',
      reason: 'the model server hung up',
    },
  });
  const waiting = scenario(turn).given(...runDecider(turn, [give]).events, told(1_000));

  test('is waited for by a timer of the turn, and that is told', () => {
    after(give)
      .when(away(), 1_000)
      .then([told(1_000)], [timer('wait/think/1@1000', 2_000)]);
  });

  test('is told of once an outage, and asked at longer and longer intervals', () => {
    waiting.when(away('think/1@2000'), 2_000).then([], [timer('wait/think/1@2000', 3_000)]);
    waiting.when(away('think/1@9000'), 61_000).then([], [timer('wait/think/1@61000', 76_000)]);
    waiting.when(away('think/1@9000'), 601_000).then([], [timer('wait/think/1@601000', 631_000)]);
  });

  test('is asked again when its server said, and at the latest at the deadline', () => {
    waiting.when(away('think/1', 45_000), 2_000).then([], [timer('wait/think/1@2000', 47_000)]);
    waiting.when(away('think/1', 5_000_000), 2_000).then([], [timer('wait/think/1@2000', floor.deadlineAt)]);
  });

  test('is asked again for the same attempt when the wait is over, however often', () => {
    waiting.when(rings('wait/think/1@1000'), 2_000).then([], [{ ...think(1), key: 'think/1@2000' }]);
    const many = Array.from({ length: 20 }, (_, i) => [away(`think/1@${i}`), rings(`wait/think/1@${i}`)]).flat();
    after(give, ...many)
      .when(thinks(said))
      .decided();
  });

  test('in a later attempt is asked with the reason of the one before', () => {
    after(give, thinks(' '))
      .when(rings('wait/think/2@1000'), 2_000)
      .then([], [{ ...think(2, 'the model said nothing'), key: 'think/2@2000' }]);
  });

  test('costs no attempt, and a new outage is told of anew', () => {
    const { events } = after(give, away(), thinks('…')).when(away('think/2'), 5_000).decided();
    expect(events).toEqual([told(5_000)]);
    expect(runDecider(turn, [give, away(), thinks('…')]).state).toMatchObject({ attempts: 2 });
  });

  test('at the deadline ends the turn for want of time', () => {
    const { events } = waiting.when(away('think/1'), floor.deadlineAt).decided();
    expect(events[1]).toMatchObject({ type: 'turn-failed.v1', data: { code: 'DEADLINE_PASSED' } });
  });

  test('keeps words that may concede until the model says what they mean, and never asks for them twice', () => {
    const undeclared = { code: 'MODEL_UNREACHABLE', reason: 'the model server hung up' };
    const thought: Thought = { text: said, model: 'qwen3:4b', isRehearsal: false, usage };
    const answer = (effect: string, key: string, more: Partial<Thought>): EffectOutcome => ({
      type: 'effect.succeeded',
      effect,
      key,
      result: { ...thought, ...more } as unknown as Json,
    });
    const drafted = answer('think', 'think/1', { undeclared });
    after(give)
      .when(drafted, 1_000)
      .then([{ type: 'turn-drafted', data: { thought } }, told(1_000)], [timer('wait/declare/1@1000', 2_000)]);
    const declare = { type: 'declare' as const, data: {} };
    after(give, drafted)
      .when(rings('wait/declare/1@0'), 2_000)
      .then([], [{ key: 'declare/1@2000', effect: declare, isIdempotent: true }]);
    after(give, drafted).when(rings('wait/think/1@0'), 2_000).refuses('NOT_WAITING');
    const again = after(give, drafted)
      .when(answer('declare', 'declare/1@2000', { undeclared }), 9_000)
      .decided();
    expect([again.events, again.effects.length]).toEqual([[], 1]);
    const { events } = after(give, drafted)
      .when(answer('declare', 'declare/1@2000', { concedes: true }))
      .decided();
    expect(events).toMatchObject([{ type: 'turn-replied.v1', data: { text: said, concedes: true } }]);
    expect(after(give).when(drafted, floor.deadlineAt).decided().events).toMatchObject([{ type: 'turn-replied.v1' }]);
  });

  test('is not asked again by the timer of an attempt that is over, nor after a withdrawal', () => {
    after(give, thinks('…')).when(rings('wait/think/1@1000')).refuses('NOT_WAITING');
    after(give, withdraw).when(rings('wait/think/1@1000')).refuses('NOT_THINKING');
  });
});

test('the state ignores facts that this build does not know', () => {
  const { state } = runDecider(turn, [give]);
  expect(turn.evolve(state, { type: 'turn-paused', data: {} } as never)).toEqual(state);
});
