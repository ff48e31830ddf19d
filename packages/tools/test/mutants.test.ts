import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { planted, verdictOf } from '../src/mutants/planted-fault.ts';
import { plantedFaults } from '../src/mutants/planted-faults.ts';

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

describe('the planted faults', () => {
  test('are at least forty beside each other, each with a name of its own', () => {
    expect(new Set(plantedFaults.map(({ id }) => id)).size).toBe(plantedFaults.length);
    expect(plantedFaults.length).toBeGreaterThanOrEqual(40);
    expect(plantedFaults.filter(({ database }) => database === 'none').length).toBeGreaterThanOrEqual(40);
  });

  test.each(plantedFaults)('$id still applies, and its suite is there', (fault) => {
    const text = readFileSync(at(fault.file), 'utf8');
    expect(text.split(fault.text).length - 1).toBe(1);
    expect(planted(text, fault)).not.toBe(text);
    expect(existsSync(at(`${fault.workspace}/${fault.suite}`))).toBe(true);
  });
});

test('a fault applies where its text stands once, and nowhere else', () => {
  const fault = { text: 'a < b', replacement: 'a <= b' } as Parameters<typeof planted>[1];
  expect(planted('if (a < b)', fault)).toBe('if (a <= b)');
  expect(planted('if (a > b)', fault)).toBeUndefined();
  expect(planted('a < b && a < b', fault)).toBeUndefined();
});

test.each([
  ['a failed test has noticed it', { isTimedOut: false, failed: 1, passed: 4 }, 'killed'],
  ['tests that all pass have not', { isTimedOut: false, failed: 0, passed: 5 }, 'survived'],
  ['a suite without an end has not', { isTimedOut: true, failed: 1, passed: 0 }, 'hung'],
  ['a suite that ran no test has not', { isTimedOut: false, failed: 0, passed: 0 }, 'did not run'],
  ['a run without a report has not', { isTimedOut: false, failed: undefined, passed: 0 }, 'did not run'],
] as const)('%s', (_, run, verdict) => {
  expect(verdictOf(run)).toBe(verdict);
});
