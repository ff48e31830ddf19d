import type { DeltaV1 } from '@parley/contracts';
import type { DebateEvent } from '../store/events.ts';

/** Who watches a debate hears of its events after they are committed, and of deltas as they come. */
export interface Watcher {
  onEvent(event: DebateEvent): void;
  /** Another replica has committed events of the debate, or may have. */
  onNews(): void;
  onDelta(delta: DeltaV1): void;
}

export function createHub() {
  const watchers = new Map<string, Set<Watcher>>();
  return {
    /** @returns stops watching. */
    watch(debate: string, watcher: Watcher): () => void {
      const set = watchers.get(debate) ?? new Set();
      set.add(watcher);
      watchers.set(debate, set);
      return () => {
        set.delete(watcher);
        if (set.size === 0 && watchers.get(debate) === set) watchers.delete(debate);
      };
    },
    publish(debate: string, event: DebateEvent): void {
      for (const watcher of watchers.get(debate) ?? []) watcher.onEvent(event);
    },
    /** @param debate all of them if it is undefined */
    news(debate?: string): void {
      const all = debate === undefined ? watchers.values() : [watchers.get(debate) ?? []];
      for (const set of all) for (const watcher of set) watcher.onNews();
    },
    delta(debate: string, delta: DeltaV1): void {
      for (const watcher of watchers.get(debate) ?? []) watcher.onDelta(delta);
    },
    count: () => [...watchers.values()].reduce((sum, set) => sum + set.size, 0),
  };
}
export type Hub = ReturnType<typeof createHub>;
