// The process of the readers. Its parent says what to do, one thing at a time, and is told when it is done.
import { setTimeout as wait } from 'node:timers/promises';
import { type Place, RawReader, type Receipts } from '../../services/gateway/test/raw-reader.ts';

export type ClientsTask =
  | { readonly type: 'open'; readonly count: number; readonly place: Place }
  /** Cuts all off at once, and has all come back at once. */
  | { readonly type: 'storm' }
  | { readonly type: 'until'; readonly seq: number }
  /** When each event was committed; closes all. */
  | { readonly type: 'report'; readonly committedAt: Readonly<Record<string, string>> };

export interface ClientsReport {
  readonly deliveries: number;
  readonly readers: number;
  readonly faults: readonly string[];
  readonly lateMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** New connections at once: the kernel's queue of those that wait to be taken has room for 511. */
const atOnce = 200;
const limitMs = 60_000;
let readers: RawReader[] = [];
let receipts: Receipts = new Map();

async function until(what: string, holds: (reader: RawReader) => boolean): Promise<void> {
  const end = performance.now() + limitMs;
  while (!readers.every(holds)) {
    const faults = readers.flatMap((reader) => reader.faults);
    if (performance.now() > end || faults.length > 100) {
      throw new Error(
        `${what}: ${readers.filter(holds).length} of ${readers.length}; ${faults.slice(0, 5).join('; ')}`,
      );
    }
    await wait(2);
  }
}

async function open(count: number, place: Place): Promise<void> {
  receipts = new Map();
  readers = [];
  while (readers.length < count) {
    const fresh = Array.from(
      { length: Math.min(atOnce, count - readers.length) },
      () => new RawReader(place, receipts),
    );
    for (const reader of fresh) reader.connect();
    readers.push(...fresh);
    await until('connected', (reader) => reader.isConnected);
  }
}

function report(committedAt: Readonly<Record<string, string>>): ClientsReport {
  const late: number[] = [];
  for (const [seq, all] of receipts) {
    const from = committedAt[seq];
    if (from === undefined) continue;
    for (const at of all) late.push(Number(at - BigInt(from)) / 1e6);
  }
  late.sort((a, b) => a - b);
  const at = (share: number) =>
    Number((late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? 0).toFixed(1));
  const done = {
    deliveries: readers.reduce((sum, { got }) => sum + got, 0),
    readers: readers.length,
    faults: readers.flatMap((reader) => reader.faults),
    lateMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
  };
  for (const reader of readers) reader.cut();
  return done;
}

async function act(task: ClientsTask): Promise<object> {
  switch (task.type) {
    case 'open':
      await open(task.count, task.place);
      return {};
    case 'storm':
      for (const reader of readers) reader.cut();
      for (const reader of readers) reader.connect();
      return {};
    case 'until':
      await until(`event ${task.seq}`, (reader) => reader.last >= task.seq);
      return {};
    case 'report':
      return report(task.committedAt);
    default:
      return task satisfies never;
  }
}

process.on('message', async (task: ClientsTask) => process.send?.(await act(task)));
process.on('disconnect', () => process.exit(0));
process.send?.({});
