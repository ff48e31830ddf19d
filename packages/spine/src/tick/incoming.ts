import type { Arrival } from '../kind.ts';
import type { Incoming } from './rows.ts';

/** The arrivals that are not in `seen`, each once, as new inputs; they are in it afterwards. */
export function freshOf(arrivals: readonly Arrival[], seen: Set<string>): Incoming[] {
  return arrivals.flatMap((arrival) => {
    if (seen.has(arrival.id)) return [];
    seen.add(arrival.id);
    return { ...arrival, from: 'new' };
  });
}

/**
 * Each stream's inputs in their order. New streams have no row to lock: in one order everywhere, two replicas that begin
 * the same ones cannot deadlock.
 */
export function byStream(inputs: readonly Incoming[]): ReadonlyMap<string, readonly Incoming[]> {
  return new Map([...Map.groupBy(inputs, ({ stream }) => stream)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Id of an effect among the effects of all streams. */
export function effectId({ stream, key }: { readonly stream: string; readonly key: string }): string {
  return `${stream}\n${key}`;
}
