import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readSloFolder, sloFolder } from './folder.ts';
import { readSlos } from './read.ts';

const text = readFileSync(`${sloFolder}/gateway.yaml`, 'utf8').split('\n---\n')[0] ?? '';
const read = (changed: string) => readSlos([{ name: 'one.yaml', text: changed }]);

test('the documents of this repository are read', () => {
  const slos = readSloFolder();
  expect(slos.map(({ id }) => id)).toContain('debater-a-turn-success');
  const availability = slos.find(({ id }) => id === 'gateway-availability');
  expect(availability).toMatchObject({
    service: 'gateway',
    name: 'availability',
    objective: 0.999,
    windowDays: 30,
    alert: 'AvailabilityBudgetBurn',
    runbook: 'docs/runbooks/availability-budget-burn.md',
  });
  expect(availability?.burnRates.map(({ factor }) => factor)).toEqual([14.4, 6, 3, 1]);
  expect(availability?.burnRates.map(({ threshold }) => threshold)).toEqual([0.0144, 0.006, 0.003, 0.001]);
});

describe('a fault is told with file, document and field:', () => {
  test.each([
    [
      'a field that nobody knows',
      (t: string) => t.replace('spec:\n', 'spec:\n  colour: red\n'),
      /one\.yaml, gateway-availability: spec: .*colour/,
    ],
    [
      'a target of 99 instead of 0.99',
      (t: string) => t.replace('target: 0.999', 'target: 99.9'),
      /spec\.objectives\.0\.target/,
    ],
    ['another version', (t: string) => t.replace('openslo/v1', 'openslo/v2'), /apiVersion: .*openslo\/v1/],
    [
      'a query without its range',
      (t: string) => t.replaceAll('{{.window}}', '5m'),
      /query: must contain \{\{\.window\}\}/,
    ],
    [
      'a service that is not the name’s',
      (t: string) => t.replace('service: gateway', 'service: other'),
      /metadata\.name: .*"other-"/,
    ],
    ['no good and no bad', (t: string) => t.replace('        bad:', '        ugly:'), /ratioMetric: .*ugly/],
    ['no YAML', () => 'a: [', /one\.yaml, document 1: /],
    ['the same name twice', (t: string) => `${t}\n---\n${t}`, /"gateway-availability" is there twice/],
    [
      'a burn rate that can never be',
      (t: string) => t.replace('target: 0.999', 'target: 0.9'),
      /burn-rates: 14\.4 at 0\.9 would need 1\.44 .* give four factors below 8/,
    ],
  ])('%s', (_what, change, expected) => {
    expect(() => read(change(text))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(expected) }),
    );
  });

  test('all of them at once', () => {
    const fault = () => read(text.replace('target: 0.999', 'target: 2').replace('kind: SLO', 'kind: Service'));
    expect(fault).toThrow(/kind.*\n.*target/s);
  });
});

test('an objective of 90 % has alerts when it names factors that can be reached', () => {
  const [slo] = read(
    text.replace('target: 0.999', 'target: 0.9').replace('annotations:', 'annotations:\n    burn-rates: 8, 4, 2, 1'),
  );
  expect(slo?.burnRates.map(({ threshold }) => threshold)).toEqual([0.8, 0.4, 0.2, 0.1]);
});
