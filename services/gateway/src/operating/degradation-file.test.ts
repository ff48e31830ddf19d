import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { defaultDegradation } from '../domain/degradation.ts';
import { readDegradation } from './degradation-file.ts';

const prometheus = 'http://127.0.0.1:9090';
const rules = [{ slo: 'debate-completion', budgetBelow: 0.25, maxRounds: 4 }];

test('without a word it is on where Prometheus says how budgets stand', async () => {
  expect(await readDegradation(undefined, prometheus)).toBe(defaultDegradation);
  expect(await readDegradation(undefined, undefined)).toEqual([]);
  expect(await readDegradation('default', undefined)).toBe(defaultDegradation);
  expect(await readDegradation('off', prometheus)).toEqual([]);
});

test('it is YAML, JSON, or a file of either', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'parley-')), 'rules.yaml');
  writeFileSync(file, '- slo: debate-completion\n  budgetBelow: 0.25\n  maxRounds: 4\n');
  const texts = ['[{slo: debate-completion, budgetBelow: 0.25, maxRounds: 4}]', JSON.stringify(rules), file];
  for (const text of texts) expect(await readDegradation(text, undefined)).toEqual(rules);
});

test.each([
  ['[{slo: x, budgetBelow: 0.25}]', /names nothing to lower: maxRounds, panel, model/],
  ['[{slo: x, budgetBelow: 25, maxRounds: 4}]', /0\.budgetBelow/],
  ['[{slo: x, budgetBelow: 0, maxRounds: 4, rounds: 1}]', /rounds/],
  ['[{slo: x', /is not YAML/],
  ['/none/of/it.yaml', /names the file \/none\/of\/it\.yaml, which cannot be read/],
])('%s is refused', async (text, reason) => {
  await expect(readDegradation(text, undefined)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(reason),
  });
});
