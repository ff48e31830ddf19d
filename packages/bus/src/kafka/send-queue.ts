import type { SizedRecord } from './record.ts';

/** All of one request stays below the size that a topic takes for one partition's batch. */
const maxBytes = 950_000;
const maxRecords = 2_000;
const retryMs = { initial: 100, max: 1_000 };

/** One `publish` that waits. */
export interface Call {
  readonly topic: string;
  readonly since: number;
  /** Records that are not yet safe. */
  open: number;
  resolve(): void;
  reject(error: Error): void;
}

export interface Waiting {
  readonly record: SizedRecord;
  readonly call: Call;
}

/** What waits for one partition, or for a topic whose partitions are not known; oldest first. */
interface Lane {
  readonly topic: string;
  readonly waiting: Waiting[];
  failures: number;
  notBefore: number;
}

/** What goes out together: of each lane its oldest records. */
export type Chunk = ReadonlyMap<string, { readonly topic: string; readonly taken: readonly Waiting[] }>;

/**
 * Lanes that are emptied in order, each on its own, several at once as long as all goes well. After a failure a lane
 * goes alone, after a pause: what is healthy beside it then is sent once more and not again and again.
 */
export class SendQueue {
  private readonly lanes = new Map<string, Lane>();

  get isEmpty(): boolean {
    return this.lanes.size === 0;
  }

  add(name: string, topic: string, items: readonly Waiting[]): void {
    const lane = this.lanes.get(name) ?? { topic, waiting: [], failures: 0, notBefore: 0 };
    this.lanes.set(name, lane);
    for (const item of items) lane.waiting.push(item);
  }

  /** The next records to send; empty when every lane has to wait. They stay in their lanes until `done`. */
  take(now: number): Chunk {
    const chunk = new Map<string, { topic: string; taken: readonly Waiting[] }>();
    let bytes = 0;
    let records = 0;
    for (const [name, { topic, waiting, failures, notBefore }] of this.lanes) {
      if (notBefore > now || (failures > 0 && chunk.size > 0)) continue;
      let count = 0;
      for (const { record } of waiting) {
        if (records > 0 && (bytes + record.bytes > maxBytes || records >= maxRecords)) break;
        bytes += record.bytes;
        records++;
        count++;
      }
      if (count > 0) chunk.set(name, { topic, taken: waiting.slice(0, count) });
      if (failures > 0 || records >= maxRecords) break;
    }
    return chunk;
  }

  done(chunk: Chunk): void {
    for (const [name, { taken }] of chunk) {
      const lane = this.lanes.get(name);
      lane?.waiting.splice(0, taken.length);
      this.lanes.delete(name);
      // Behind the others, so that a busy lane leaves room for every other one.
      if (lane !== undefined && lane.waiting.length > 0) this.lanes.set(name, { ...lane, failures: 0, notBefore: 0 });
    }
  }

  failed(chunk: Chunk, now: number): { readonly failures: number; readonly retryInMs: number } {
    const lanes = [...chunk.keys()].flatMap((name) => this.lanes.get(name) ?? []);
    const failures = Math.max(...lanes.map((lane) => ++lane.failures));
    const retryInMs = Math.min(retryMs.max, retryMs.initial * 2 ** (failures - 1));
    for (const lane of lanes) lane.notBefore = now + retryInMs;
    return { failures, retryInMs };
  }

  /** Time at which the first lane is due. */
  get dueAt(): number {
    return Math.min(...[...this.lanes.values()].map(({ notBefore }) => notBefore));
  }
}
