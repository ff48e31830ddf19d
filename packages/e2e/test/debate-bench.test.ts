import { describe, expect, test } from '@jest/globals';
import { readTurnPairs, turnPairsFile } from '@parley/cli/calibrate/turn-pairs.ts';
import type { Fact } from '@parley/contracts';
import type { Novelty, Side, Verdict } from '@parley/contracts/debate';
import { type ChatRequest, createRehearsalModel } from '@parley/model';
import { turnReplied } from '@parley/testkit';
import { countJudging, countStops, countTurns, type Watched } from '../../../bench/debate/count.ts';
import { motions, motionsFor } from '../../../bench/debate/motions.ts';
import { type Planting, planDebate } from '../../../bench/debate/plan.ts';
import { createPlanter } from '../../../bench/debate/planting.ts';
import { placed, type Report, tableOf } from '../../../bench/debate/report.ts';
import { generator } from '../src/random.ts';

const sides = ['pro', 'con'] as const;
const rounds = 8;
const planWith = (seed: number, runsDry = false) =>
  planDebate({ rounds, share: 0.25, side: 'pro', runsDry }, generator(seed));
const placesOf = (plan: ReturnType<typeof planWith>) =>
  sides.map((side) => Array.from({ length: rounds }, (_, n) => plan.at(side, n + 1)));
const seeds = Array.from({ length: 200 }, (_, n) => n);
const isRepetition = (kind: Planting | undefined) => kind !== undefined && kind !== 'original';

describe('the plan of what is planted', () => {
  test('is the same for the same seed', () => {
    expect(placesOf(planWith(7))).toEqual(placesOf(planWith(7)));
    expect(placesOf(planWith(7))).not.toEqual(placesOf(planWith(8)));
  });

  test('repeats a quarter of the turns from the second round on', () => {
    const places = seeds.flatMap((seed) => placesOf(planWith(seed)));
    const share = places.flat().filter(isRepetition).length / (places.length * (rounds - 1));
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.28);
    for (const [first] of places) expect([undefined, 'original']).toContain(first);
  });

  test('has a paraphrase only where its original is among the last two turns of that side', () => {
    let paraphrases = 0;
    for (const seed of seeds) {
      const [pro = [], con = []] = placesOf(planWith(seed, seed % 4 === 3));
      expect(con.filter((kind) => kind !== undefined && kind !== 'verbatim')).toEqual([]);
      for (const [n, kind] of pro.entries()) {
        if (kind !== 'near' && kind !== 'free') continue;
        paraphrases += 1;
        expect(pro.slice(Math.max(0, n - 2), n)).toContain('original');
      }
      expect(pro.filter((kind) => kind === 'original').length).toBeLessThanOrEqual(1);
    }
    expect(paraphrases).toBeGreaterThan(200);
  });

  test('leaves nothing new to either side from where the debate runs dry', () => {
    for (const seed of seeds) {
      const plan = planWith(seed, true);
      const dryFrom = plan.dryFrom ?? 0;
      expect(dryFrom).toBeGreaterThanOrEqual(2);
      expect(dryFrom).toBeLessThan(rounds);
      for (const one of placesOf(plan)) expect(one.map(isRepetition)).toEqual(one.map((_, n) => n + 1 >= dryFrom));
    }
  });
});

test('every debate has a motion of its own, with an original and both paraphrases in the corpus', async () => {
  const pairs = await readTurnPairs(turnPairsFile);
  expect(new Set(motionsFor(60).map(({ motion }) => motion)).size).toBe(60);
  expect(new Set(motions.map(({ language }) => language))).toEqual(new Set(['en', 'zh']));
  for (const { topic, language } of motions) {
    const kinds = pairs.filter((p) => p.topic === topic && p.language === language).map(({ kind }) => kind);
    expect([topic, kinds.includes('near'), kinds.includes('free')]).toEqual([topic, true, true]);
  }
});

test('the planter speaks in the place of the model, and knows where it did', async () => {
  const kinds: Record<string, Planting> = {
    'pro/1': 'original',
    'pro/2': 'free',
    'con/1': 'verbatim',
    'con/2': 'verbatim',
  };
  const plan = { dryFrom: undefined, at: (side: Side, round: number) => kinds[`${side}/${round}`] };
  const texts = { original: 'An original.', near: 'A near one.', free: 'A free one.' };
  const planter = createPlanter(new Map([['A motion', { plan, texts }]]));
  const rehearsal = createRehearsalModel();
  const model = planter.wrap(rehearsal);
  const request = (topic: string, side: Side, round: number): ChatRequest => ({
    model: 'rehearsal',
    messages: [],
    purpose: { kind: 'turn', topic, side, round },
    maxTokens: 400,
    contextTokens: 8_192,
    signal: new AbortController().signal,
  });
  const said = async (topic: string, side: Side, round: number) => (await model.chat(request(topic, side, round))).text;

  expect(await said('A motion', 'pro', 1)).toBe('An original.');
  const ofModel = (await rehearsal.chat(request('A motion', 'con', 1))).text;
  // There is no turn before the first that could be repeated.
  expect(await said('A motion', 'con', 1)).toBe(ofModel);
  expect(await said('A motion', 'pro', 2)).toBe('A free one.');
  expect(await said('A motion', 'con', 2)).toBe(ofModel);
  expect(await said('Another motion', 'con', 2)).not.toBe(ofModel);
  const at = (side: Side, round: number) => planter.plantedAt('A motion', side, round);
  expect([at('pro', 1), at('con', 1), at('pro', 2), at('con', 2)]).toEqual(['original', undefined, 'free', 'verbatim']);
  expect(planter.plantedAt('Another motion', 'con', 2)).toBeUndefined();
});

const fresh: Novelty = { score: 1, isStale: false, step: 'none', containment: 0, jaccard: 0, against: 'nothing' };
const stale: Novelty = { ...fresh, score: 0, isStale: true, step: 'hash', against: 'own' };
const recorded = (round: number, side: Side, novelty: Novelty, more: object = {}): Fact => ({
  type: 'turn-recorded.v1',
  data: { ...turnReplied(round, side).data, novelty, flip: false, next: null, ...more },
});
type Replay = Watched['replays'][number];
function replayOf(outcome: Verdict['outcome'], more: Partial<Replay['replay']> = {}, tokensSaved = 0): Replay {
  const end: Replay['original'] = { rounds, stopReason: 'max_rounds', alsoTrue: [], tokens: 1_000, verdict: null };
  const verdict = { outcome, reason: '' } as Verdict;
  const replay = { ...end, verdict, turns: [], votes: [], positionFlip: false, ...more };
  return { original: end, replay, tokensSaved, usage: { inputTokens: 0, outputTokens: 0 } };
}
const watchedOf = (parts: Partial<Watched>): Watched => ({
  facts: [],
  language: 'zh',
  plantedAt: () => undefined,
  dryFrom: undefined,
  replays: [],
  ...parts,
});

test('caught, missed and false alarms are counted by what was planted', () => {
  const kinds: Record<string, Planting> = {
    'pro/1': 'original',
    'pro/2': 'near',
    'con/2': 'verbatim',
    'pro/3': 'free',
  };
  const facts: Fact[] = [
    recorded(1, 'pro', fresh),
    recorded(1, 'con', stale),
    recorded(2, 'pro', fresh),
    { type: 'turn-rejected.v1', data: { ...turnReplied(2, 'con').data, reason: 'switched', next: null } },
    recorded(2, 'con', stale, { flip: true }),
    recorded(3, 'pro', { ...stale, step: 'embedding' }, { concedes: true }),
  ];
  expect(countTurns([watchedOf({ facts, plantedAt: (side, round) => kinds[`${side}/${round}`] })])).toEqual({
    recorded: 5,
    planted: {
      verbatim: { planted: 1, caught: 1 },
      near: { planted: 1, caught: 0 },
      free: { planted: 1, caught: 1 },
    },
    others: { en: { turns: 0, stale: 0 }, zh: { turns: 2, stale: 1 } },
    steps: { hash: 1, embedding: 1 },
    flips: 1,
    concessions: 1,
    askedAgain: 1,
  });
});

test('a debate that ran dry is stopped a round later, or too late, or too soon', () => {
  const redundantAt = (round: number, saved: number) => [
    replayOf('pro', { rounds: round, stopReason: 'redundant' }, saved),
  ];
  const stops = countStops([
    watchedOf({ dryFrom: 3, replays: redundantAt(4, 600) }),
    watchedOf({ dryFrom: 3, replays: redundantAt(6, 200) }),
    watchedOf({ dryFrom: 5, replays: redundantAt(4, 500) }),
    watchedOf({ dryFrom: 7, replays: [replayOf('pro')] }),
    watchedOf({ replays: [replayOf('pro')] }),
    watchedOf({ replays: redundantAt(8, 0) }),
    watchedOf({ dryFrom: 2 }),
  ]);
  expect(stops).toEqual({
    reasons: { redundant: 4, max_rounds: 2 },
    dry: { debates: 4, inTime: 1, late: 1, early: 1 },
    others: { debates: 2, stopped: 1 },
    saved: [0.2, 0.5, 0.6],
    savedOfAll: 1_300 / 6_000,
  });
});

test('verdicts are compared where every judging gave one', () => {
  const judging = countJudging(
    [
      watchedOf({ replays: [replayOf('pro'), replayOf('pro'), replayOf('pro')] }),
      watchedOf({ replays: [replayOf('pro'), replayOf('contested', { positionFlip: true }), replayOf('pro')] }),
      watchedOf({ replays: [replayOf('con'), replayOf('unavailable'), replayOf('con')] }),
      watchedOf({ replays: [replayOf('con')] }),
    ],
    3,
  );
  expect(judging).toEqual({
    replays: 10,
    withoutVerdict: 1,
    compared: 2,
    equal: 1,
    outcomes: { pro: 5, contested: 1, con: 3 },
    positionFlips: 1,
  });
});

test('a run takes the place of the last one of its models on the page, and leaves the others', () => {
  const report = (model: string, seed: number): Report => ({
    model,
    judge: model,
    embedModel: undefined,
    isRehearsal: false,
    date: '2026-01-01',
    machine: 'a machine',
    rounds,
    seed,
    debates: { asked: 2, finished: 1, failed: 1 },
    isPartial: true,
    judgements: 3,
    turns: countTurns([]),
    stops: countStops([]),
    judging: countJudging([], 3),
    context: { truncations: 0, failedCalls: 0, skippedChecks: 0 },
  });
  const write = (page: string, one: Report) => placed(page, one, tableOf(one));
  const empty = '# Benchmarks\n\n<!-- /debates -->\n\nThe end.\n';
  const both = write(write(empty, report('small', 1)), report('large', 2));
  const again = write(both, report('small', 3));
  expect(both.indexOf('**small**')).toBeLessThan(both.indexOf('**large**'));
  expect(again).toBe(both.replace('seed 1.', 'seed 3.'));
  expect(again.endsWith('<!-- /debates -->\n\nThe end.\n')).toBe(true);
  expect(again).toContain('**Partial**');
  expect(again).toContain('1 debates or replays failed');
});
