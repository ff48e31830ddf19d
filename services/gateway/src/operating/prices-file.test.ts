import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readPrices } from './prices-file.ts';

const table = { 'gpt-x': { inputPerMillion: 0.15, outputPerMillion: 0.6, currency: 'USD' } };

test('prices are JSON or a file of it; without them there are none', () => {
  expect(readPrices(undefined)).toEqual({});
  expect(readPrices(JSON.stringify(table))).toEqual(table);
  const home = mkdtempSync(join(tmpdir(), 'parley-prices-'));
  try {
    writeFileSync(join(home, 'prices.json'), JSON.stringify(table));
    expect(readPrices(join(home, 'prices.json'))).toEqual(table);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test.each([
  ['{"a": ', /is not JSON\. Write it as/],
  ['/nowhere/prices.json', /names the file \/nowhere\/prices\.json, which cannot be read/],
  [{ a: { inputPerMillion: -1, outputPerMillion: 1, currency: 'USD' } }, /a\.inputPerMillion: /],
  [{ a: { inputPerMillion: 1, outputPerMillion: 1, currency: 'euro' } }, /a\.currency: .*three capital letters/],
  [{ a: { inputPerMillion: 1, outputPerMillion: 1 } }, /a\.currency: /],
  [
    { ...table, b: { inputPerMillion: 1, outputPerMillion: 1, currency: 'EUR' } },
    /the table: all prices have one currency/,
  ],
])('%j is refused with the field and the remedy', (value, fault) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  expect(() => readPrices(text)).toThrow(fault);
});
