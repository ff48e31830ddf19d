import { type ComponentOptions, type ComponentPlace, componentPlace } from '../component-place.ts';

export type KafkaOptions = ComponentOptions;
export type Place = ComponentPlace;

/** What is remembered of a cluster between two starts. */
export interface Kept {
  readonly count: number;
  /** Broker n listens on port + n - 1, its controller on port + n + 9. */
  readonly port: number;
  /** Server settings beyond ours. */
  readonly settings: Readonly<Record<string, string>>;
}

export function placeOf(options: KafkaOptions): Place {
  return componentPlace('kafka', options);
}
