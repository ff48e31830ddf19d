import { expect, test } from '@jest/globals';
import { messageTypes } from '@parley/contracts';
import { sides, stopReasons } from '@parley/contracts/debate';
import { foldEquals, proWins, runInterleaved, startDebate, turnFailed, turnReplied, type World } from '@parley/testkit';
import fc from 'fast-check';
import { type DebateEffect, type DebateEvent, type DebateInput, debate } from './debate.ts';

const usage = { inputTokens: 500, outputTokens: 60 };
const arguesForItself = { usage, skipped: [] };
const cancel: DebateInput = { type: 'cancel-debate.v1', data: {} };

/** Debaters that repeat themselves or fail where `flaws` says so, and a judge that fails the first `judgeFails` times. */
function around(
  flaws: readonly ('new' | 'stale' | 'failed')[],
  judgeFails: number,
): World<DebateInput, DebateEvent, DebateEffect> {
  return {
    toEvent(event) {
      const next = event.type === 'debate-started.v1' || event.type === 'turn-recorded.v1' ? event.data.next : null;
      if (next === null) return [];
      const { round, side } = next;
      const flaw = flaws[(round * 2 + sides.indexOf(side)) % flaws.length];
      if (flaw === 'failed') return [turnFailed(round, side)];
      return [
        flaw === 'stale'
          ? turnReplied(round, side, 'We said that before and say it again now.')
          : turnReplied(round, side),
      ];
    },
    toEffect({ key, effect }) {
      if (effect.type === 'assess')
        return [{ type: 'effect.succeeded', effect: 'assess', key, result: arguesForItself }];
      if (effect.type === 'timer') return [{ type: 'effect.succeeded', effect: 'timer', key, result: null }];
      return Number(key.slice('judge/'.length)) <= judgeFails
        ? [{ type: 'effect.failed', effect: 'judge', key, code: 'MODEL_TIMEOUT', reason: 'too slow' }]
        : [{ type: 'effect.succeeded', effect: 'judge', key, result: { verdict: proWins, usage } as never }];
    },
  };
}

/** What is wrong with a log, undefined for one that is right. */
function faultOf(events: readonly DebateEvent[]): string | undefined {
  const count = (type: DebateEvent['type']) => events.filter((event) => event.type === type).length;
  if (events[0]?.type !== 'debate-started.v1' || count('debate-started.v1') !== 1) return 'it does not start once';
  if (events.at(-1)?.type !== 'debate-closed.v1' || count('debate-closed.v1') !== 1)
    return 'it does not close once, last';
  if (count('debate-stopped.v1') !== 1) return 'the floor is not closed once';
  if (count('verdict-given.v1') > 1) return 'more than one verdict';
  if (count('judging-failed.v1') > 3) return 'the judge was asked more than three times';
  let next: { round: number; side: string } | null = null;
  let turn = 0;
  let isStopped = false;
  for (const event of events) {
    const parsed = messageTypes[event.type].safeParse(event.data);
    if (!parsed.success) return `${event.type} breaks its contract: ${parsed.error.message}`;
    if (event.type === 'debate-started.v1') next = event.data.next;
    if (event.type === 'turn-recorded.v1') {
      const { round, side } = event.data;
      if (isStopped || next === null) return 'a turn without the floor';
      if (round !== Math.floor(turn / 2) + 1 || side !== sides[turn % 2])
        return `turn ${turn} is ${side}'s of ${round}`;
      if (next.round !== round || next.side !== side) return 'a turn by somebody else than who had the floor';
      next = event.data.next;
      turn += 1;
    }
    if (event.type === 'debate-stopped.v1') {
      const { stopReason, alsoTrue, rounds, withdrawn } = event.data;
      isStopped = true;
      const all = [stopReason, ...alsoTrue];
      if (all.join() !== stopReasons.filter((reason) => all.includes(reason)).join()) return 'reasons out of order';
      if (rounds !== Math.floor(turn / 2)) return `${rounds} rounds after ${turn} turns`;
      if ((withdrawn === undefined) !== (next === null)) return 'the floor that was given is not what was withdrawn';
    }
    if (event.type === 'verdict-given.v1' && !isStopped) return 'a verdict before the floor was closed';
  }
  const closed = events.at(-1) as Extract<DebateEvent, { type: 'debate-closed.v1' }>;
  const hasVerdict = count('verdict-given.v1') === 1;
  return hasVerdict === (closed.data.status === 'closed') ? undefined : 'a verdict of a debate without an end, or none';
}

const flaw = fc.constantFrom('new' as const, 'new' as const, 'new' as const, 'stale' as const, 'failed' as const);
const flaws = fc.oneof(fc.constant(['stale' as const]), fc.array(flaw, { minLength: 1, maxLength: 5 }));
const strays = fc.array(
  fc.oneof(
    fc.constant(cancel),
    fc
      .record({ round: fc.integer({ min: 1, max: 4 }), side: fc.constantFrom(...sides) })
      .map(({ round, side }) => turnReplied(round, side, 'Nobody asked me, but I say it all the same.')),
    fc.constant<DebateInput>({ type: 'effect.outcome-unknown', effect: 'judge', key: 'judge/1' }),
  ),
  { maxLength: 2 },
);
const start = fc
  .record({
    maxRounds: fc.constantFrom(1, 2, 4, 5),
    minRounds: fc.integer({ min: 1, max: 2 }),
    stopWhenRedundant: fc.boolean(),
    deadlineSeconds: fc.constantFrom(2, 3600, 3600),
    tokenBudget: fc.constantFrom(undefined, undefined, 150, 500),
  })
  .map(({ tokenBudget, ...rest }) => startDebate({ ...rest, ...(tokenBudget === undefined ? {} : { tokenBudget }) }));

test('whatever arrives twice, late, out of order or unasked, the log is right and folds to the state', () => {
  const choices = fc.array(fc.nat(1000), { maxLength: 16 });
  const endings = new Set<string>();
  fc.assert(
    fc.property(
      start,
      flaws,
      fc.integer({ min: 0, max: 3 }),
      strays,
      choices,
      (command, flaw, judgeFails, stray, order) => {
        const run = runInterleaved(debate, [command, command, ...stray], around(flaw, judgeFails), order);
        expect(faultOf(run.events)).toBeUndefined();
        foldEquals(debate, run.events, run.state);
        const keys = run.effects.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const event of run.events) if (event.type === 'debate-stopped.v1') endings.add(event.data.stopReason);
      },
    ),
    { numRuns: 500, examples: [[startDebate(), ['stale'], 0, [], []]] },
  );
  expect([...endings].sort()).toEqual([
    'cancelled',
    'deadline',
    'debater_failed',
    'max_rounds',
    'redundant',
    'token_budget',
  ]);
});

test('the check of the log sees a turn twice, a turn missing, a second end and a fact after the end', () => {
  const { events } = runInterleaved(debate, [startDebate()], around(['new'], 0), []);
  expect(faultOf(events)).toBeUndefined();
  const [started, first, ...rest] = events as [DebateEvent, DebateEvent, ...DebateEvent[]];
  const last = events.at(-1) as DebateEvent;
  expect(faultOf([started, first, first, ...rest])).toBeDefined();
  expect(faultOf([started, ...rest])).toBeDefined();
  expect(faultOf([...events, last])).toBeDefined();
  expect(faultOf([...events, first])).toBeDefined();
  expect(faultOf(events.slice(0, -1))).toBeDefined();
});
