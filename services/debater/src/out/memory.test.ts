import { expect, test } from '@jest/globals';
import type { Json } from '@parley/contracts';
import type { Floor, Side } from '@parley/contracts/debate';
import type { StoredEvent } from '@parley/spine';
import { floorIn, leavingRound, remember } from './memory.ts';
import { rememberedRounds, streamsOf } from './recall.ts';

const floor = (round: number, side: Side, maxRounds = 8): Floor => ({
  round,
  side,
  topic: 'Tea',
  maxRounds,
  deadlineAt: 0,
  attempt: 1,
});
const event = (stream: string, seq: number, type: string, data: Json): StoredEvent => ({ stream, seq, type, data });
/** The log of one turn stream: what the opponent had said, a failed attempt, the reply. */
const turnLog = (round: number, side: Side, opponentText: string | null, text?: string, attempt = 1): StoredEvent[] => {
  const stream = attempt === 1 ? `d/${round}/${side}` : `d/${round}/${side}/${attempt}`;
  return [
    event(stream, 1, 'floor-given', { opponentText }),
    event(stream, 2, 'attempt-failed', { reason: 'the model said nothing', usage: {} }),
    ...(text === undefined ? [] : [event(stream, 3, 'turn-replied.v1', { text })]),
  ];
};

test('pro opens without a memory', () => {
  expect(remember(turnLog(1, 'pro', null), floor(1, 'pro'))).toEqual({ turns: [], compacted: undefined });
});

test('pro remembers that con answered in the round before', () => {
  const log = [
    ...turnLog(1, 'pro', null, 'pro 1'),
    ...turnLog(2, 'pro', 'con 1', 'pro 2'),
    ...turnLog(3, 'pro', 'con 2'),
  ];
  expect(remember(log, floor(3, 'pro')).turns).toEqual([
    { round: 1, side: 'pro', text: 'pro 1' },
    { round: 1, side: 'con', text: 'con 1' },
    { round: 2, side: 'pro', text: 'pro 2' },
    { round: 2, side: 'con', text: 'con 2' },
  ]);
});

test('con remembers that pro spoke before it in the same round', () => {
  const log = [...turnLog(1, 'con', 'pro 1', 'con 1'), ...turnLog(2, 'con', 'pro 2')];
  expect(remember(log, floor(2, 'con')).turns).toEqual([
    { round: 1, side: 'pro', text: 'pro 1' },
    { round: 1, side: 'con', text: 'con 1' },
    { round: 2, side: 'pro', text: 'pro 2' },
  ]);
});

test('an answer that was not taken is not remembered', () => {
  const log = [
    ...turnLog(1, 'con', 'pro 1', 'con 1, flipped'),
    ...turnLog(1, 'con', null, 'con 1', 2),
    ...turnLog(2, 'con', 'pro 2', 'con 2, flipped'),
    ...turnLog(2, 'con', null, undefined, 2),
  ];
  expect(remember(log, floor(2, 'con')).turns.map(({ text }) => text)).toEqual(['pro 1', 'con 1', 'pro 2']);
});

test('a summary stands for the rounds that it covers, the last one for those before it', () => {
  const log = [
    ...turnLog(4, 'con', 'pro 4', 'con 4'),
    event('d/4/con', 4, 'memory-compacted', { upToRound: 2, summary: 'two rounds' }),
    ...turnLog(5, 'con', 'pro 5', 'con 5'),
    event('d/5/con', 4, 'memory-compacted', { upToRound: 4, summary: 'four rounds' }),
    ...turnLog(6, 'con', 'pro 6'),
  ];
  const { turns, compacted } = remember(log, floor(6, 'con'));
  expect(compacted).toEqual({ upToRound: 4, summary: 'four rounds' });
  expect(turns.map(({ text }) => text)).toEqual(['pro 5', 'con 5', 'pro 6']);
});

test('every round is in the turns that are read or in a summary, however long the debate', () => {
  for (const side of ['pro', 'con'] as const) {
    const log: StoredEvent[] = [];
    const summaries: number[] = [];
    for (let round = 1; round <= 32; round++) {
      const heard = side === 'con' ? `pro ${round}` : round === 1 ? null : `con ${round - 1}`;
      const now = floor(round, side, 32);
      const streams = new Set(rememberedRounds(`d/${round}/${side}`).flatMap(streamsOf));
      const memory = remember(
        [...log, ...turnLog(round, side, heard)].filter(({ stream }) => streams.has(stream)),
        now,
      );
      const since = memory.compacted?.upToRound ?? 0;
      const rounds = [...new Set(memory.turns.filter((turn) => turn.side === side).map((turn) => turn.round))];
      expect(rounds).toEqual(Array.from({ length: round - 1 - since }, (_, i) => since + 1 + i));
      log.push(...turnLog(round, side, heard, `${side} ${round}`));
      const upToRound = leavingRound(memory, now);
      if (upToRound > 0) {
        log.push(event(`d/${round}/${side}`, 4, 'memory-compacted', { upToRound, summary: `up to ${upToRound}` }));
        summaries.push(upToRound);
      }
    }
    expect(summaries).toEqual([4, 8, 12, 16, 20, 24]);
  }
  expect(leavingRound(remember(turnLog(1, 'con', 'pro 1', 'con 1'), floor(8, 'con')), floor(8, 'con'))).toBe(0);
});

test("a turn's stream begins with its floor", () => {
  const given = floor(2, 'pro');
  const own = 'd/2/pro/7';
  const log = [event(own, 1, 'floor-given', { floor: given, opponentText: null } as unknown as Json)];
  expect(floorIn(log, own)).toEqual(given);
  expect(() => floorIn(log, 'd/2/pro')).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
});
