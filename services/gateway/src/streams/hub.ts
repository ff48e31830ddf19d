import type { DeltaV1 } from '@parley/contracts';
import type { DebateEvent } from './event-store.ts';

/** Who watches a debate hears of its events after they are committed, and of deltas as they come. */
export interface Subscriber {
  onEvent(event: DebateEvent): void;
  /** Another replica has committed events of the debate, or may have. */
  onNews(): void;
  /** It is time to look whether something was missed. */
  onPoll(): void;
  onDelta(delta: DeltaV1): void;
}

interface Subscribed {
  readonly subscribers: Set<Subscriber>;
  readonly polling: NodeJS.Timeout;
}

export function createHub() {
  const subscribed = new Map<string, Subscribed>();
  const asked = new Map<string, Promise<DebateEvent[]>>();
  const subscribersOf = (debate: string): Iterable<Subscriber> => subscribed.get(debate)?.subscribers ?? [];
  return {
    /**
     * All who watch a debate poll in the same moment, as often as the first of them asked for, so that they can read
     * together. @returns stops watching.
     */
    subscribe(debate: string, watcher: Subscriber, pollMs: number): () => void {
      const known = subscribed.get(debate);
      const watchers = known?.subscribers ?? new Set();
      if (known === undefined) {
        const poll = () => {
          for (const each of watchers) each.onPoll();
        };
        subscribed.set(debate, { subscribers: watchers, polling: setInterval(poll, pollMs) });
      }
      watchers.add(watcher);
      return () => {
        if (!watchers.delete(watcher) || watchers.size > 0) return;
        clearInterval(subscribed.get(debate)?.polling);
        subscribed.delete(debate);
      };
    },
    /**
     * One reading for all who ask for the same in one turn of the event loop, as they do after news and polls. Who asks
     * later reads anew: what a reading that has begun will see is not known.
     */
    readTogether(debate: string, after: number, read: () => Promise<DebateEvent[]>): Promise<DebateEvent[]> {
      const key = `${debate}/${after}`;
      const known = asked.get(key);
      if (known !== undefined) return known;
      const reading = Promise.resolve().then(() => {
        asked.delete(key);
        return read();
      });
      asked.set(key, reading);
      return reading;
    },
    publish(debate: string, event: DebateEvent): void {
      for (const watcher of subscribersOf(debate)) watcher.onEvent(event);
    },
    /** @param debate all of them if it is undefined */
    news(debate?: string): void {
      const debates = debate === undefined ? subscribed.keys() : [debate];
      for (const each of debates) for (const watcher of subscribersOf(each)) watcher.onNews();
    },
    delta(debate: string, delta: DeltaV1): void {
      for (const watcher of subscribersOf(debate)) watcher.onDelta(delta);
    },
    count: () => [...subscribed.values()].reduce((sum, { subscribers: watchers }) => sum + watchers.size, 0),
  };
}
export type Hub = ReturnType<typeof createHub>;
