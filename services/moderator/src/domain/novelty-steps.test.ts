import { describe, expect, test } from '@jest/globals';
import { noveltySchema } from '@parley/contracts/debate';
import fc from 'fast-check';
import { cosine, highestCosine } from './cosine.ts';
import { cosineFrom } from './cosine-threshold.ts';
import { isGrey, measureNovelty } from './novelty.ts';
import { scripts } from './script.ts';
import { sketch } from './sketch.ts';

const earlier = 'Buses that come every ten minutes fill up, because nobody has to plan the day around a timetable.';
const fresh = 'Parking spaces cost a city more than it earns with them, and drivers do not pay the difference.';
const model = 'some-model';
const limit = cosineFrom(model, 'latin') as number;
const measure = (said: string, found: Parameters<typeof measureNovelty>[3], more = {}) =>
  measureNovelty(sketch(said), [sketch(earlier)], undefined, found, more);
const near = (own: number, opponent = 0) => ({ embedding: { model, own, opponent } });

describe('the dear steps', () => {
  test('leave a turn as the cheap ones found it when they saw nothing', () => {
    expect(measure(fresh, {})).toEqual(measure(fresh, undefined));
    expect(measure(fresh, near(0.1))).toMatchObject({
      step: 'none',
      isStale: false,
      cosine: 0.1,
      cosineAgainst: 'own',
    });
  });

  test('begin with the cosine, which is held against the side it is highest with', () => {
    expect(measure(fresh, near(limit))).toMatchObject({ step: 'embedding', isStale: true, against: 'own' });
    expect(measure(fresh, near(0.2, 0.95))).toMatchObject({ step: 'embedding', against: 'opponent', score: 0.05 });
    expect(measure(fresh, near(limit - 0.01))).toMatchObject({ step: 'none', cosineThreshold: limit });
  });

  test('take the threshold of the replay, then that of the operator, then that of the model', () => {
    const configured = { embedding: { model, own: 0.5, opponent: 0, staleFrom: 0.5 } };
    expect(measure(fresh, configured)).toMatchObject({ step: 'embedding', cosineThreshold: 0.5 });
    expect(measure(fresh, configured, { cosine: 0.6 })).toMatchObject({ step: 'none', cosineThreshold: 0.6 });
  });

  test('count claims: a turn without a new one is stale, a turn without claims is not', () => {
    expect(measure(fresh, { claims: { total: 3, fresh: 0 } })).toMatchObject({
      step: 'claims',
      isStale: true,
      score: 0,
    });
    expect(measure(fresh, { claims: { total: 3, fresh: 1 } })).toMatchObject({ step: 'none' });
    expect(measure(fresh, { claims: { total: 0, fresh: 0 } })).toMatchObject({ step: 'none' });
    expect(measure(fresh, { claims: { total: 4, fresh: 1 } }, { freshClaims: 0.25 })).toMatchObject({ step: 'claims' });
  });

  test('do not count claims by a model that contradicts itself', () => {
    const found = { claims: { total: 2, fresh: 0 }, opinion: { isNew: true, reason: 'a new example' } };
    expect(measure(fresh, found)).toMatchObject({ step: 'none', isStale: false });
  });

  test('hear an opinion in the grey zone and nowhere else', () => {
    const opinion = { isNew: false, reason: 'said before' };
    expect(measure(fresh, { ...near(limit - 0.05), opinion })).toMatchObject({ step: 'opinion', isStale: true });
    expect(measure(fresh, { ...near(limit - 0.2), opinion })).toMatchObject({ step: 'none', isStale: false });
    expect(measure(fresh, { ...near(limit - 0.05), opinion: { ...opinion, isNew: true } })).toMatchObject({
      step: 'none',
    });
  });

  test('do not overrule a cheap one, they add their figures', () => {
    const found = measure(earlier, { ...near(0.99), claims: { total: 2, fresh: 2 } });
    expect(found).toMatchObject({ step: 'hash', score: 0, cosine: 0.99, claims: { total: 2, fresh: 2 } });
  });
});

describe('the grey zone', () => {
  const novelty = measure(fresh, undefined);
  test('without embeddings is an overlap that is neither small nor decisive', () => {
    expect(isGrey({ ...novelty, jaccard: 0.35 })).toBe(true);
    expect(isGrey({ ...novelty, containment: 0.4 })).toBe(true);
    expect(isGrey({ ...novelty, jaccard: 0.34 })).toBe(false);
    expect(isGrey({ ...novelty, jaccard: 0.7, isStale: true })).toBe(false);
  });
  test('with them goes by the cosine alone', () => {
    expect(isGrey({ ...novelty, jaccard: 0.5, cosine: 0.3, cosineThreshold: 0.8 })).toBe(false);
    expect(isGrey({ ...novelty, cosine: 0.75, cosineThreshold: 0.8 })).toBe(true);
  });
});

test('every measure keeps to its contract, and is stale exactly when a step caught it', () => {
  const share = fc.double({ min: -1, max: 1, noNaN: true }).map((value) => value + 0);
  const found = fc.record(
    {
      embedding: fc.record({ model: fc.constant(model), own: share, opponent: share }),
      claims: fc.nat(8).chain((total) => fc.record({ total: fc.constant(total), fresh: fc.nat(total) })),
      opinion: fc.record({ isNew: fc.boolean(), reason: fc.string() }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.constantFrom(earlier, fresh, ''), found, (said, assessment) => {
      const novelty = measure(said, assessment);
      expect(noveltySchema.parse(novelty)).toEqual(novelty);
      expect(novelty.isStale).toBe(novelty.step !== 'none');
      expect(noveltySchema.parse(JSON.parse(JSON.stringify(novelty)))).toEqual(novelty);
    }),
  );
});

test('a novelty that was written before there were embeddings is still read', () => {
  const old = { score: 1, isStale: false, step: 'none', containment: 0, jaccard: 0, against: 'nothing' };
  expect(noveltySchema.parse(old)).toEqual(old);
});

test('a model is known with its provider and its tag, and one that nobody measured gets a strict threshold', () => {
  expect(cosineFrom('ollama/all-minilm:latest', 'latin')).toBe(0.81);
  expect(cosineFrom('parley-embed', 'latin')).toBe(0.81);
  expect(cosineFrom('parley-embed', 'cjk')).toBe(0.84);
  expect(cosineFrom('openai/use-multilingual', 'cjk')).toBe(0.67);
  expect(scripts.map((script) => cosineFrom('all-minilm:33m', script))).toEqual([0.95, 0.95, 0.95]);
});

test('a script that a model was not calibrated for has no threshold, unless the operator gives one', () => {
  expect(cosineFrom('parley-embed', 'other')).toBeUndefined();
  expect(cosineFrom('parley-embed', 'other', { other: 0.9 })).toBe(0.9);
  expect(cosineFrom('parley-embed', 'latin', { cjk: 0.9 })).toBeUndefined();
});

describe('a cosine', () => {
  test.each<[number[], number[], number]>([
    [[1, 0], [2, 0], 1],
    [[1, 0], [0, 3], 0],
    [[1, 1], [-1, -1], -1],
    [[0, 0], [1, 1], 0],
    [[1], [1, 1], 0],
  ])('of %j and %j is %d', (a, b, expected) => {
    expect(cosine(a, b)).toBeCloseTo(expected, 12);
  });
  test('that is highest has three decimals, and is 0 when there is nothing to compare with', () => {
    expect(
      highestCosine(
        [1, 2],
        [
          [2, 1],
          [1, 3],
        ],
      ),
    ).toBe(0.99);
    expect(highestCosine([1, 2], [])).toBe(0);
  });
});
