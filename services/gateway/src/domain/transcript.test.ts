import { expect, test } from '@jest/globals';
import type { Fact } from '@parley/contracts';
import { isCutShort, wordsOf } from './transcript.ts';

const turn = { round: 2, side: 'con', text: 'Coffee wakes.' } as Fact<'turn-recorded.v1'>['data'];

test('A transcript has the turns, notes, the stop and the verdict, and nothing else.', () => {
  expect(wordsOf({ type: 'turn-recorded.v1', data: turn })).toBe('**Team B (against), round 2**\n\nCoffee wakes.\n\n');
  expect(wordsOf({ type: 'note-added.v1', data: { text: 'Costs?' } })).toBe('**Note**: Costs?\n\n');
  expect(wordsOf({ type: 'debate-stopped.v1', data: { stopReason: 'redundant', alsoTrue: [], rounds: 1 } })).toBe(
    '*Stopped: redundant, after 1 round.*\n\n',
  );
  const none = { verdict: { outcome: 'unavailable', reason: 'Nobody judged.' } } as const;
  expect(wordsOf({ type: 'verdict-given.v1', data: none })).toBe('**Verdict: none.** Nobody judged.\n');
  expect(wordsOf({ type: 'debate-closed.v1', data: { status: 'closed', stopReason: 'redundant' } })).toBeUndefined();
});

test('A deadline and a budget cut a debate short; the last round is its end.', () => {
  expect(['deadline', 'token_budget', 'max_rounds', null].map((one) => isCutShort(one as never))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
