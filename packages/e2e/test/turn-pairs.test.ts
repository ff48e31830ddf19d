import { beforeAll, describe, expect, test } from '@jest/globals';
import { byThresholds, measureByMeaning, measureCheaply, reportOf } from '@parley/cli/calibrate/calibrate.ts';
import { readTurnPairs, type TurnPair, turnPairsFile } from '@parley/cli/calibrate/turn-pairs.ts';
import { createModelClient, discoverModel } from '@parley/model';
import { accuracyOf, leastPrecision, pairLabels } from '@parley/moderator/domain/calibration.ts';
import { calibratedModels, cosineFrom } from '@parley/moderator/domain/cosine-threshold.ts';

let pairs: TurnPair[];
beforeAll(async () => {
  pairs = await readTurnPairs(turnPairsFile);
});

describe('the labelled turn pairs', () => {
  test('are at least 200, 70 of them in Chinese, and every label has its share in both languages', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(200);
    const count = (language: string, label: string) =>
      pairs.filter((pair) => pair.language === language && pair.label === label).length;
    const least = pairLabels.map((label) => [label, count('en', label) >= 25, count('zh', label) >= 14]);
    expect(least).toEqual(pairLabels.map((label) => [label, true, true]));
    expect(pairs.filter(({ language }) => language === 'zh').length).toBeGreaterThanOrEqual(70);
  });

  test('have ids and later turns of their own, and one earlier turn for each topic and language', () => {
    expect(new Set(pairs.map(({ id }) => id)).size).toBe(pairs.length);
    expect(new Set(pairs.map(({ later }) => later)).size).toBe(pairs.length);
    const earlier = new Set(pairs.map((pair) => pair.earlier));
    expect(pairs.filter(({ later }) => earlier.has(later))).toEqual([]);
    expect(new Set(pairs.map((pair) => `${pair.language} ${pair.topic}`)).size).toBe(earlier.size);
  });

  test('are as long as turns of a debate: 30 to 90 words, or 40 to 120 Chinese characters', () => {
    const lengthOf = (text: string, language: string) => (language === 'en' ? text.split(/\s+/).length : text.length);
    const isFit = (text: string, language: string) => {
      const length = lengthOf(text, language);
      return language === 'en' ? length >= 30 && length <= 90 : length >= 40 && length <= 120;
    };
    expect(pairs.filter((p) => !isFit(p.earlier, p.language) || !isFit(p.later, p.language))).toEqual([]);
  });

  test('say of a paraphrase, and of nothing else, how near it is', () => {
    expect(pairs.filter(({ label, kind }) => (label === 'paraphrase') !== (kind !== undefined))).toEqual([]);
  });
});

describe('told apart by the cheap steps', () => {
  test.each(['en', 'zh'])('every repetition in %s is caught, and nothing that is new', (language) => {
    const { precision, caught } = accuracyOf(measureCheaply(pairs.filter((pair) => pair.language === language)));
    expect(precision).toBe(1);
    expect(caught).toMatchObject({ repetition: 1, new: 0, concession: 0, off_topic: 0 });
  });
});

const { PARLEY_TEST_OLLAMA_HOST: host } = process.env;
if (host) {
  describe('told apart by MiniLM on a running Ollama', () => {
    test('repetitions and near paraphrases are found with precision 0.9 and recall 0.8', async () => {
      const { models, embedModel = '' } = await discoverModel({ env: { OLLAMA_HOST: host } });
      const of = pairs.filter(({ kind }) => kind !== 'free');
      const client = createModelClient({ models });
      const measured = await measureByMeaning(client, embedModel, of, new AbortController().signal);
      const configured = byThresholds(measured, (script) => cosineFrom(embedModel, script));
      for (const languages of [['en', 'zh'], ['en'], ['zh']]) {
        const found = accuracyOf(configured.filter(({ language }) => languages.includes(language)));
        expect([languages, found.precision >= 0.9, found.recall >= 0.8]).toEqual([languages, true, true]);
      }
      for (const { heldOut } of reportOf(embedModel, measured).scripts) {
        expect(heldOut.precision).toBeGreaterThanOrEqual(0.9);
      }
    }, 120_000);
  });
} else {
  test.skip('told apart by MiniLM on a running Ollama: set PARLEY_TEST_OLLAMA_HOST', () => undefined);
}

test('every threshold kept the precision that is demanded', () => {
  const all = calibratedModels.flatMap(({ scripts }) => Object.values(scripts));
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter(({ precision }) => precision < leastPrecision.fitted)).toEqual([]);
  expect(all.filter(({ heldOutPrecision }) => heldOutPrecision < leastPrecision.heldOut)).toEqual([]);
});
