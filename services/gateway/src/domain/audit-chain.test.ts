import { expect, test } from '@jest/globals';
import type { AuditEntry } from '@parley/contracts/http';
import { checkChain, noHash, sealed } from './audit-chain.ts';

const hash = (text: string): string => `h(${text})`;

function chain(n: number): AuditEntry[] {
  const rows: AuditEntry[] = [];
  for (let seq = 1; seq <= n; seq += 1) {
    const entry = {
      seq,
      at: '2026-01-01T00:00:00.000Z',
      subject: 'me',
      action: 'a',
      target: 't',
      outcome: 'ok',
      detail: '',
    };
    rows.push({ ...entry, hash: hash(sealed(rows.at(-1)?.hash ?? noHash, { tenant: 'acme', entry })) });
  }
  return rows;
}
const check = (rows: readonly AuditEntry[]) => checkChain('acme', rows, hash);

test('an untouched chain is whole, page by page too', () => {
  const rows = chain(4);
  expect(check(rows)).toMatchObject({ ok: true, rows: 4 });
  expect(check([])).toMatchObject({ ok: true, rows: 0 });
  const from = { seq: 2, hash: rows[1]?.hash ?? '' };
  expect(checkChain('acme', rows.slice(2), hash, from)).toMatchObject({ ok: true, rows: 4 });
});

test.each<[string, (rows: AuditEntry[]) => readonly AuditEntry[], number, string]>([
  [
    'an edited row',
    (rows) => rows.map((row) => (row.seq === 2 ? { ...row, outcome: 'refused' } : row)),
    2,
    'was changed',
  ],
  ['a row that is gone', (rows) => rows.filter(({ seq }) => seq !== 2), 2, 'is missing'],
  ['rows that changed places', ([a, b, c, d]) => [a, c, b, d] as AuditEntry[], 2, 'is missing'],
  ['another start', (rows) => rows.slice(1), 1, 'is missing'],
])('%s is found', (_, tamper, seq, why) => {
  expect(check(tamper(chain(4)))).toEqual({ ok: false, seq, reason: `row ${seq} ${why}` });
});

test("one tenant's chain is not another's", () => {
  expect(checkChain('umbrella', chain(1), hash)).toMatchObject({ ok: false, seq: 1 });
});
