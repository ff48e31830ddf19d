import { expect, test } from '@jest/globals';
import type { ChatResult } from '@parley/model';
import { type MeasuredPrompt, silentLogger } from '@parley/runtime';
import { createCalibration } from './calibration.ts';

function calibrating() {
  const prompts: MeasuredPrompt[] = [];
  const calibration = createCalibration({
    logger: silentLogger,
    contextTokens: 1_000,
    onPrompt: (one) => prompts.push(one),
  });
  const heard = (inputTokens: number, estimated: number): void =>
    calibration.heard({ model: 'm', inputTokens } as ChatResult, estimated);
  return { prompts, heard, ratio: () => calibration.ratio('m') };
}

test('the next estimate of a model is as far off as the last one was', () => {
  const { heard, ratio } = calibrating();
  expect(ratio()).toBe(1);
  heard(300, 200);
  expect(ratio()).toBe(1.5);
});

test('a prompt that filled the window was cut, and at least so long: the next one is estimated higher', () => {
  const { prompts, heard, ratio } = calibrating();
  heard(1_000, 600);
  expect(prompts.map(({ isCut }) => isCut)).toEqual([true]);
  expect(ratio()).toBeCloseTo(1_000 / 600);
});

test('a prompt that was cut below its estimate says nothing against the estimate', () => {
  const { prompts, heard, ratio } = calibrating();
  heard(400, 200);
  heard(1_000, 900);
  expect(prompts.map(({ isCut }) => isCut)).toEqual([false, true]);
  expect(ratio()).toBe(2);
});
