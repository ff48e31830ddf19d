import { expect, test } from '@jest/globals';
import type { Floor, Json, Side } from '@parley/contracts';
import type { StoredEvent } from '@parley/spine';
import { remember, rememberedStreams, roundsRemembered } from './memory.ts';

const floor = (round: number, side: Side): Floor => ({
  round,
  side,
  topic: 'Tea',
  maxRounds: 8,
  deadlineAt: 0,
  attempt: 1,
});
const event = (stream: string, seq: number, type: string, data: Json): StoredEvent => ({
  stream,
  seq,
  type,
  data,
});
/** The log of one turn stream: what the opponent had said, a failed attempt, the reply. */
const turnLog = (round: number, side: Side, opponentText: string | null, text?: string): StoredEvent[] => {
  const stream = `d/${round}/${side}`;
  return [
    event(stream, 1, 'floor-given', { opponentText }),
    event(stream, 2, 'attempt-failed', { reason: 'the model said nothing', usage: {} }),
    ...(text === undefined ? [] : [event(stream, 3, 'turn-replied.v1', { text })]),
  ];
};

test('pro opens without a memory', () => {
  expect(rememberedStreams('d', floor(1, 'pro'))).toEqual(['d/1/pro']);
  expect(remember(turnLog(1, 'pro', null), 'pro')).toEqual([]);
});

test('pro remembers that con answered in the round before', () => {
  const log = [
    ...turnLog(1, 'pro', null, 'pro 1'),
    ...turnLog(2, 'pro', 'con 1', 'pro 2'),
    ...turnLog(3, 'pro', 'con 2'),
  ];
  expect(remember(log, 'pro')).toEqual([
    { round: 1, side: 'pro', text: 'pro 1' },
    { round: 1, side: 'con', text: 'con 1' },
    { round: 2, side: 'pro', text: 'pro 2' },
    { round: 2, side: 'con', text: 'con 2' },
  ]);
});

test('con remembers that pro spoke before it in the same round', () => {
  const log = [...turnLog(1, 'con', 'pro 1', 'con 1'), ...turnLog(2, 'con', 'pro 2')];
  expect(remember(log, 'con')).toEqual([
    { round: 1, side: 'pro', text: 'pro 1' },
    { round: 1, side: 'con', text: 'con 1' },
    { round: 2, side: 'pro', text: 'pro 2' },
  ]);
});

test('a debater has the last rounds before its eyes, the present one included', () => {
  expect(rememberedStreams('d', floor(2, 'con'))).toEqual(['d/1/con', 'd/1/con/2', 'd/2/con']);
  expect(rememberedStreams('d', floor(8, 'con'))).toEqual(['d/6/con', 'd/6/con/2', 'd/7/con', 'd/7/con/2', 'd/8/con']);
  for (let round = 1; round <= 32; round++) {
    expect(rememberedStreams('d', floor(round, 'pro')).length).toBe(2 * Math.min(round, roundsRemembered) - 1);
  }
});

test('of a turn that was asked for again the last answer counts, and what it answered is remembered', () => {
  expect(rememberedStreams('d', { ...floor(2, 'con'), attempt: 3 })).toEqual([
    'd/1/con',
    'd/1/con/2',
    'd/2/con',
    'd/2/con/3',
  ]);
  const again = [
    event('d/1/con/2', 1, 'floor-given', { opponentText: null }),
    event('d/1/con/2', 2, 'turn-replied.v1', { text: 'con 1 again' }),
  ];
  expect(remember([...turnLog(1, 'con', 'pro 1', 'con 1'), ...again], 'con')).toEqual([
    { round: 1, side: 'pro', text: 'pro 1' },
    { round: 1, side: 'con', text: 'con 1 again' },
  ]);
});
