import type { Delivery } from '../message-bus.ts';
import type { Member } from './member.ts';
import type { PartitionLog, Place, Ticket } from './partition-log.ts';

/** Called after a throw; tells how long to wait before the batch is offered again. */
export type OnFailure = (log: PartitionLog, failures: number, thrown: unknown) => number;

/**
 * A group's place in a partition. Runs one batch at a time with the member that owns the partition, so the order of
 * the partition is the order of handling under any owner. A change of owner takes effect between two batches.
 */
export class Cursor implements Place {
  /** Everything below is acknowledged. */
  committed: number;
  private readonly log: PartitionLog;
  private readonly onFailure: OnFailure;
  private owner: Member | undefined;
  private isRunning = false;
  private isClosed = false;
  private waiting: { readonly until: number; readonly ticket: Ticket }[] = [];
  /** What was thrown at, kept so that the same batch comes again. */
  private failed: readonly Delivery[] = [];
  private failures = 0;
  /** End of the batch in hand; without one, `committed`. */
  private inHandUntil: number;
  private endPause: (() => void) | undefined;

  constructor(log: PartitionLog, onFailure: OnFailure) {
    this.log = log;
    this.onFailure = onFailure;
    this.committed = log.start;
    this.inHandUntil = log.start;
  }

  /** Settles the ticket's share when everything published so far is acknowledged here. */
  await(ticket: Ticket): void {
    ticket.open++;
    this.waiting.push({ until: this.log.end, ticket });
  }

  assign(owner: Member | undefined): void {
    const next = this.isClosed ? undefined : owner;
    if (next === this.owner) return;
    this.owner = next;
    this.failures = 0;
    this.endPause?.();
    this.offer();
  }

  /** Starts running if there is something to read and somebody to read it. The handler is never called from here. */
  offer(): void {
    if (this.isRunning || this.owner === undefined || this.committed >= this.log.end) return;
    this.isRunning = true;
    queueMicrotask(() => void this.run());
  }

  /** No more batches; tickets that the batch in hand does not cover are rejected at once, so no handler waits for them. */
  close(): void {
    this.isClosed = true;
    this.assign(undefined);
    this.rejectFrom(this.inHandUntil);
  }

  private async run(): Promise<void> {
    for (;;) {
      const owner = this.owner;
      if (owner === undefined || this.committed >= this.log.end) break;
      const again = this.failed.length > 0 && this.failed.length <= owner.maxBatch;
      const batch = again ? this.failed : this.log.read(this.committed, owner.maxBatch);
      this.inHandUntil = this.committed + batch.length;
      owner.take();
      let pauseMs: number | undefined;
      try {
        await owner.handler(batch);
        this.acknowledge();
      } catch (thrown) {
        this.failed = batch;
        this.inHandUntil = this.committed;
        pauseMs = this.onFailure(this.log, ++this.failures, thrown);
      }
      if (this.isClosed) this.rejectFrom(this.committed);
      owner.release();
      if (pauseMs !== undefined && this.owner === owner) await this.pause(pauseMs);
    }
    this.isRunning = false;
  }

  private acknowledge(): void {
    this.failed = [];
    this.failures = 0;
    this.committed = this.inHandUntil;
    let done = 0;
    for (const { until, ticket } of this.waiting) {
      if (until > this.committed) break;
      done++;
      if (--ticket.open === 0) ticket.resolve();
    }
    if (done > 0) this.waiting.splice(0, done);
    this.log.trim();
  }

  private rejectFrom(offset: number): void {
    this.waiting = this.waiting.filter(({ until, ticket }) => {
      if (until > offset) ticket.reject();
      return until <= offset;
    });
  }

  /** Waits, or until the owner changes. */
  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.endPause = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.endPause = end;
    });
  }
}
