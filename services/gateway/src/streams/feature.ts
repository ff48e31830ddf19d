import { type Fact, readFact, type StreamKind } from '@parley/contracts';
import type { Piece, Presented } from '../domain/presented.ts';
import type { StreamEvent } from './event-store.ts';
import type { Delta } from './hub.ts';
import type { Listed } from './stream-store.ts';

/** What the gateway adds to a kind of stream. */
export interface Feature<Summary extends object = object> {
  readonly kind: StreamKind;
  /**
   * What lists show of a stream after one more fact; undefined for a fact that changes nothing listed, whatever came
   * before. Pure. `before` is undefined for a stream that was not accepted here.
   * @param at when the fact was decided, RFC 3339
   */
  evolve(before: Listed<Summary> | undefined, fact: Fact, at: string): Listed<Summary> | undefined;
  /** What a fact is to every protocol; undefined for one of no interest. Pure. */
  present(fact: Fact): Presented | undefined;
  /** The piece of a text that a delta is; absent for a kind without deltas. Pure. */
  piece?(delta: Delta): Piece | undefined;
}

/** A feature whose summary's form only it knows. */
// biome-ignore lint/suspicious/noExplicitAny: features of different forms stand in one list.
export type AnyFeature = Feature<any>;

/** What an event is to every protocol; nothing of it for one that this build cannot read. */
export function presentedBy(feature: AnyFeature, event: Pick<StreamEvent, 'type' | 'data'>): Presented {
  const read = readFact(event);
  return (read.ok ? feature.present(read.fact) : undefined) ?? {};
}

/** Features by the names of their kinds. */
export type Features = ReadonlyMap<string, AnyFeature>;

export function featuresByKind(features: readonly AnyFeature[]): Features {
  return new Map(features.map((feature) => [feature.kind.name, feature]));
}
