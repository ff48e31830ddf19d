import type { BatchHandler } from '../message-bus.ts';

/** One subscription: a member of its group on each of its topics. */
export class Member {
  readonly handler: BatchHandler;
  readonly maxBatch: number;
  private inHand = 0;
  private onIdle: (() => void)[] = [];

  constructor(handler: BatchHandler, maxBatch: number) {
    this.handler = handler;
    this.maxBatch = maxBatch;
  }

  take(): void {
    this.inHand++;
  }

  release(): void {
    if (--this.inHand > 0) return;
    for (const resolve of this.onIdle.splice(0)) resolve();
  }

  /** Resolves when no batch is in its hands. */
  async idle(): Promise<void> {
    if (this.inHand > 0) await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }
}
