import { expect, test } from '@jest/globals';
import { accuracyOf, calibrate, heldOutAccuracy, type MeasuredPair, type PairLabel, trusted } from './calibration.ts';

const pair = (label: PairLabel, cosine: number, isCaught = false, topic = 'tea'): MeasuredPair => ({
  topic,
  label,
  isCaught,
  cosine,
});
const pairs = [
  pair('repetition', 0.99, true),
  pair('paraphrase', 0.9),
  pair('paraphrase', 0.8),
  pair('new', 0.7),
  pair('concession', 0.6),
  pair('off_topic', 0.1),
];

test('the cheap steps alone are measured without a threshold', () => {
  expect(accuracyOf(pairs)).toMatchObject({ precision: 1, recall: 1 / 3, caught: { repetition: 1, paraphrase: 0 } });
});

test('the threshold is the highest of those with the best F1', () => {
  expect(calibrate(pairs)).toMatchObject({ cosine: 0.8, precision: 1, recall: 1, f1: 1 });
});

test('recall is not bought with less precision than is demanded', () => {
  const mixed = [...pairs, pair('new', 0.85), pair('paraphrase', 0.95)];
  expect(calibrate(mixed)).toMatchObject({ cosine: 0.9, precision: 1, recall: 0.75 });
});

test('there is none when the cheap steps already call too much stale', () => {
  expect(calibrate([pair('new', 0.5, true), pair('repetition', 0.9, true)])).toBeUndefined();
});

test('a topic that is held out is judged by the others’ threshold', () => {
  const odd = [pair('paraphrase', 0.5, false, 'coffee'), pair('repetition', 0.99, true, 'coffee')];
  expect(calibrate(odd)).toMatchObject({ cosine: 0.5 });
  expect(heldOutAccuracy([...pairs, ...odd]).caught.paraphrase).toBeLessThan(1);
});

test('a threshold is trusted when it holds for other topics and finds what the cheap steps do not', () => {
  const topics = ['tea', 'rain', 'bread'].flatMap((topic) => pairs.map((one) => ({ ...one, topic })));
  expect(trusted(topics)).toMatchObject({ cosine: 0.8, precision: 1 });
  expect(trusted(topics.map((one) => ({ ...one, isCaught: one.cosine === undefined || one.cosine >= 0.8 })))).toBe(
    undefined,
  );
  // Each topic on a level of its own: every fit is precise, and none holds for the next topic.
  const levels = [0, 0.1, 0.2, 0.3].flatMap((level, at) => [
    pair('paraphrase', 0.6 + level, false, `t${at}`),
    pair('new', 0.59 + level, false, `t${at}`),
  ]);
  expect(calibrate(levels)).toMatchObject({ precision: 1 });
  expect(trusted(levels)).toBeUndefined();
});
