import { expect, test } from '@jest/globals';
import type { StoredEvent } from '@parley/spine';
import { createRecall, rememberedRounds, roundsRemembered, streamsOf } from './recall.ts';

const floor = { round: 1, side: 'pro', profile: { evidence: [{ id: 'E1', text: 'long '.repeat(1_000) }] } };

/** A log of pro's rounds 1 to `rounds`, and the reads it was asked for. */
function log(rounds: number) {
  const events: StoredEvent[] = Array.from({ length: rounds }, (_, i) => i + 1).flatMap((round) => {
    const stream = `d/${round}/pro`;
    return [
      { stream, seq: 1, type: 'floor-given', data: { floor, opponentText: `con ${round - 1}` } },
      { stream, seq: 2, type: 'attempt-failed', data: { reason: 'nothing' } },
      { stream, seq: 3, type: 'turn-replied.v1', data: { text: `pro ${round}`, model: 'm' } },
    ];
  });
  const asked: (readonly string[])[] = [];
  const readStreams = async (streams: readonly string[]) => {
    asked.push(streams);
    return events.filter(({ stream }) => streams.includes(stream));
  };
  return { asked, readStreams };
}
const textsOf = (events: readonly StoredEvent[]) =>
  events.flatMap(({ data }) => (data as { text?: string }).text ?? []);

test('a turn looks back on the last rounds, its own included, and every attempt of them', () => {
  expect(rememberedRounds('d/2/con')).toEqual(['d/1/con', 'd/2/con']);
  for (let round = 1; round <= 32; round++) {
    expect(rememberedRounds(`d/${round}/pro`).length).toBe(Math.min(round, roundsRemembered));
  }
  expect(streamsOf('d/2/con')).toEqual(['d/2/con', 'd/2/con/2', 'd/2/con/3']);
});

test('a turn that was asked for again and again reads its own stream as well', async () => {
  const { asked, readStreams } = log(1);
  await createRecall(readStreams)('d/1/pro/7');
  expect(asked).toEqual([['d/1/pro', 'd/1/pro/2', 'd/1/pro/3', 'd/1/pro/7']]);
});

test('a round that is over is read once', async () => {
  const { asked, readStreams } = log(12);
  const recall = createRecall(readStreams);
  for (let round = 1; round <= 12; round++) {
    const events = await recall(`d/${round}/pro`);
    const first = Math.max(1, round - roundsRemembered + 1);
    expect(textsOf(events)).toEqual(Array.from({ length: round - first + 1 }, (_, i) => `pro ${first + i}`));
  }
  expect(asked.map((streams) => streams.length)).toEqual([3, ...Array(11).fill(6)]);
});

test('another process reads what it has not in mind, and the oldest goes where there is too much', async () => {
  const { asked, readStreams } = log(12);
  const recall = createRecall(readStreams, 2);
  await recall('d/8/pro');
  expect(textsOf(await recall('d/8/pro')).length).toBe(8);
  for (const round of [9, 10, 11]) await recall(`d/${round}/pro`);
  expect(asked.map((streams) => streams.length)).toEqual([24, 3, 6, 6, 18]);
});

test('what is kept of a round are its words, not its floor', async () => {
  const { readStreams } = log(3);
  const recall = createRecall(readStreams);
  await recall('d/2/pro');
  const [first] = await recall('d/3/pro');
  expect(first?.data).toEqual({ opponentText: 'con 0' });
});
