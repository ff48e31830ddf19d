import type { AuditEntry } from '@parley/contracts/http';

/** Hash before the first row of a chain. */
export const noHash = '';

/** What is hashed: the row before, then every field in a fixed order. JSON keeps the fields apart. */
export function sealed(before: string, { tenant, entry }: { tenant: string; entry: Omit<AuditEntry, 'hash'> }): string {
  const { seq, at, subject, action, target, outcome, detail } = entry;
  return JSON.stringify([before, tenant, seq, at, subject, action, target, outcome, detail]);
}

export type Checked =
  | { readonly ok: true; readonly rows: number; readonly head: string }
  | { readonly ok: false; readonly seq: number; readonly reason: string };

/** Walks a chain from where it was left off: a gap, an edit and a swap all show as the first row that does not fit. */
export function checkChain(
  tenant: string,
  rows: readonly AuditEntry[],
  hash: (text: string) => string,
  from: { readonly seq: number; readonly hash: string } = { seq: 0, hash: noHash },
): Checked {
  let { seq, hash: before } = from;
  for (const row of rows) {
    seq += 1;
    if (row.seq !== seq) return { ok: false, seq, reason: `row ${seq} is missing` };
    const { hash: kept, ...entry } = row;
    if (hash(sealed(before, { tenant, entry })) !== kept) return { ok: false, seq, reason: `row ${seq} was changed` };
    before = kept;
  }
  return { ok: true, rows: seq, head: before };
}
