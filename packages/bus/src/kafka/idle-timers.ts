interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

const mended = new WeakSet<object>();

/**
 * kafkajs 2.2.4 sets a timer of at most 1 ms again and again for every idle connection (17,624 timers and 380 ms of CPU
 * in 10 s), with a negative time that newer Nodes warn about. Here it sets one only when there is something to check.
 * Source: kafkajs issue 1704 and its src/network/requestQueue/index.js.
 */
export function mendIdleTimers(Queue: { readonly prototype: RequestQueue }): void {
  const { prototype } = Queue;
  if (mended.has(prototype)) return;
  mended.add(prototype);
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) schedule.call(this);
  };
}
